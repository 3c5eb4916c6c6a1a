using System.Data;
using System.Data.Common;
using System.Dynamic;
using System.Runtime.CompilerServices;
using Dapper;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using static Distiller.Tests.Rows.OneValue;

namespace Distiller.Tests.Rows;

/// <summary>Rows come from sequences, streams, dictionaries and readers (B8), with NULLs and absent columns told apart (B4).</summary>
public sealed class SourceTests
{
    private static readonly DateTime Clock = Utc("2024-05-01 10:00:00.123456");

    private static readonly StageColumn[] Columns =
    [
        StageColumn.RowNumber("row_no"),
        new("customer_id", StoredType.Key(FeatureType.Int64), NotNull: true),
        new("feature_timestamp", StoredType.Instant, NotNull: true),
        new("created_timestamp", StoredType.Instant, NotNull: true) { MayBeAbsent = true, WhenAbsent = Clock, WhenNull = Clock },
        new("balance", StoredType.Of(FeatureType.Float64), NotNull: false),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Rows_are_counted_from_1_and_a_missing_created_time_is_the_calls()
    {
        var at = Utc("2024-01-01");
        using var reader = Over([new Fact(7, at, null, 0.5), new Fact(8, at, at, null)]);

        Assert.True(reader.Read());
        Assert.Equal((1L, 7L, at, Clock, 0.5), (reader.GetInt64(0), reader.GetInt64(1), reader.GetDateTime(2), reader.GetDateTime(3), reader.GetDouble(4)));
        Assert.True(reader.Read());
        Assert.Equal((2L, 8L, at, at), (reader.GetInt64(0), reader.GetInt64(1), reader.GetDateTime(2), reader.GetDateTime(3)));
        Assert.True(reader.IsDBNull(4));
        Assert.Equal(DBNull.Value, reader.GetValue(4));
        Assert.Throws<InvalidCastException>(() => reader.GetDouble(4));
        Assert.False(reader.Read());
    }

    [Fact]
    public void An_absent_created_time_is_the_calls()
    {
        using var reader = StageReader.Over([new { CustomerId = 7, FeatureTimestamp = Clock, Balance = 1.0 }], Columns, Owner, SqlDialect.DuckDb);

        Assert.True(reader.Read());
        Assert.Equal(Clock, reader.GetDateTime(3));
    }

    [Fact]
    public void The_calls_instant_is_floored_to_the_columns_unit_and_is_no_ordinal()
    {
        Assert.Equal(Utc("2024-05-01 10:00:00"), Created(TimeKind.EpochSeconds));
        Assert.Equal(Utc("2024-05-01"), Created(TimeKind.Date));
        Assert.Contains("is the clock's, which a column of type time (Ordinal) does not take; let the rows bring it", Assert.Throws<RowRefusedException>(() => Created(TimeKind.Ordinal)).Message, StringComparison.Ordinal);

        static DateTime Created(TimeKind kind)
        {
            using var reader = StageReader.Over([new { Id = 1 }], [new StageColumn("created", StoredType.Of(kind), NotNull: false) { MayBeAbsent = true, WhenAbsent = Clock }], Owner, SqlDialect.DuckDb);
            Assert.True(reader.Read());
            return reader.GetDateTime(0);
        }
    }

    [Fact]
    public void An_absent_column_with_no_stand_in_is_NULL()
    {
        using var reader = StageReader.Over([new { Id = 1 }], [new StageColumn("created", StoredType.Instant, NotNull: false) { MayBeAbsent = true }], Owner, SqlDialect.DuckDb);

        Assert.True(reader.Read());
        Assert.True(reader.IsDBNull(0));
    }

    [Fact]
    public void A_NULL_key_or_event_time_is_refused_with_its_row_and_column()
    {
        using var reader = Over([new Fact(7, Clock, null, 1), new Fact(null, Clock, null, 1)]);
        Assert.True(reader.Read());

        var refusal = Assert.Throws<RowRefusedException>(() => reader.Read());

        Assert.Equal("Feature set 'orders', table 'orders_history', row 2, column 'customer_id': the value is NULL, which the column refuses; give it a value, or leave the row out. Nothing was written.", refusal.Message);
        Assert.Equal(("orders", 2L, "customer_id"), (refusal.FeatureSet, refusal.Row, refusal.Column));
        using var second = Over([new Fact(7, null, null, 1)]);
        Assert.Equal("feature_timestamp", Assert.Throws<RowRefusedException>(() => second.Read()).Column);
    }

    [Fact]
    public void A_row_that_is_null_is_refused()
    {
        using var reader = Over([null!]);

        var refusal = Assert.Throws<RowRefusedException>(() => reader.Read());

        Assert.Equal(1L, refusal.Row);
        Assert.Null(refusal.Column);
        Assert.Contains("row 1: the row itself is null", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_read_as_it_arrives_and_closed()
    {
        var source = new Stream();
        await using (var reader = StageReader.Over(source.Rows(Token), Columns, Owner, SqlDialect.DuckDb, Token))
        {
            Assert.Throws<NotSupportedException>(() => reader.Read());
            Assert.True(await reader.ReadAsync(Token));
            Assert.Equal((1L, 1L), (reader.GetInt64(0), reader.GetInt64(1)));
            Assert.True(await reader.ReadAsync(Token));
            Assert.Equal((2L, 2L), (reader.GetInt64(0), reader.GetInt64(1)));
            Assert.False(source.IsClosed);
        }

        Assert.True(source.IsClosed);
    }

    [Fact]
    public async Task A_stream_refuses_as_a_sequence_does()
    {
        await using var reader = StageReader.Over(new Stream { Third = null }.Rows(Token), Columns, Owner, SqlDialect.DuckDb, Token);
        Assert.True(await reader.ReadAsync(Token));
        Assert.True(await reader.ReadAsync(Token));

        var refusal = await Assert.ThrowsAsync<RowRefusedException>(() => reader.ReadAsync(Token));

        Assert.Equal((3L, "customer_id"), (refusal.Row, refusal.Column));
    }

    [Fact]
    public async Task A_sources_own_failure_passes_unchanged()
    {
        var failure = new FormatException("mine");
        using var reader = Over(Failing());
        Assert.True(reader.Read());
        Assert.Same(failure, Assert.Throws<FormatException>(() => reader.Read()));
        await using var stream = StageReader.Over(new Stream { Failure = failure }.Rows(Token), Columns, Owner, SqlDialect.DuckDb, Token);
        Assert.Same(failure, await Assert.ThrowsAsync<FormatException>(async () =>
        {
            while (await stream.ReadAsync(Token))
            {
            }
        }));
        using var getter = StageReader.Over([new Throwing(failure)], [new StageColumn("amount", StoredType.Of(FeatureType.Int64), NotNull: true)], Owner, SqlDialect.DuckDb);
        Assert.Same(failure, Assert.Throws<FormatException>(() => getter.Read()));

        IEnumerable<Fact> Failing()
        {
            yield return new(1, Clock, null, 1);
            throw failure;
        }
    }

    [Fact]
    public async Task A_cancelled_read_takes_no_row()
    {
        using var reader = Over([new Fact(1, Clock, null, 1)]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.ReadAsync(new CancellationToken(canceled: true)));

        Assert.True(await reader.ReadAsync(Token));
        Assert.Equal(1L, reader.GetInt64(0));
    }

    [Fact]
    public void A_sequence_is_closed_with_the_reader()
    {
        var isClosed = false;
        using (var reader = Over(Rows()))
        {
            Assert.True(reader.Read());
            Assert.False(reader.IsClosed);
            reader.Close();
            Assert.True(reader.IsClosed);
            Assert.True(isClosed);
        }

        IEnumerable<Fact> Rows()
        {
            try
            {
                yield return new(1, Clock, null, 1);
                yield return new(2, Clock, null, 1);
            }
            finally
            {
                isClosed = true;
            }
        }
    }

    [Fact]
    public void Dictionaries_are_read_by_key()
    {
        dynamic dynamicRow = new ExpandoObject();
        dynamicRow.CustomerId = 9;
        dynamicRow.feature_timestamp = Clock;
        dynamicRow.balance = 2;
        object[] rows =
        [
            new Dictionary<string, object?> { ["customer_id"] = 7L, ["FEATURE_TIMESTAMP"] = Clock, ["created_timestamp"] = null, ["balance"] = null },
            dynamicRow,
        ];
        using var reader = StageReader.Over(rows, Columns, Owner, SqlDialect.Sqlite);

        Assert.True(reader.Read());
        Assert.Equal((1L, 7L, Clock, Clock, true), (reader.GetInt64(0), reader.GetInt64(1), reader.GetDateTime(2), reader.GetDateTime(3), reader.IsDBNull(4)));
        Assert.True(reader.Read());
        Assert.Equal((2L, 9L, Clock, Clock, 2.0), (reader.GetInt64(0), reader.GetInt64(1), reader.GetDateTime(2), reader.GetDateTime(3), reader.GetDouble(4)));
    }

    [Fact]
    public void A_key_that_a_dictionary_lacks_is_refused()
    {
        using var reader = StageReader.Over([new Dictionary<string, object?> { ["customer_id"] = 7L, ["feature_timestamp"] = Clock, ["balanc"] = 1.0 }], Columns, Owner, SqlDialect.Sqlite);

        var refusal = Assert.Throws<RowRefusedException>(() => reader.Read());

        Assert.Equal((1L, "balance"), (refusal.Row, refusal.Column));
        Assert.Contains("the row has no such key (its keys are customer_id, feature_timestamp, balanc); add it, with null where there is no value", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_declared_as_object_must_be_dictionaries()
    {
        using var reader = StageReader.Over(new object[] { new Fact(1, Clock, null, 1) }, Columns, Owner, SqlDialect.Sqlite);

        Assert.Contains("this one is a Fact; declare the rows as what they are, with Cast<Fact>() for example", Assert.Throws<ArgumentException>(() => reader.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dynamic_rows_of_Dapper_are_read_by_key()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        var rows = connection.Query("SELECT 7 AS customer_id, '2024-05-01 10:00:00.123456' AS feature_timestamp, NULL AS created_timestamp, 1 AS balance");
        using var reader = StageReader.Over(rows, Columns, Owner, SqlDialect.Sqlite);

        Assert.True(reader.Read());
        Assert.Equal((7L, Clock, Clock, 1.0), (reader.GetInt64(1), reader.GetDateTime(2), reader.GetDateTime(3), reader.GetDouble(4)));
    }

    [Fact]
    public async Task A_reader_of_SQLite_is_read_by_name_and_left_open()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Token);
        using var source = await connection.ExecuteReaderAsync("""
            SELECT 1.5 AS Balance, 7 AS "CustomerId", '2024-05-01 10:00:00' AS feature_timestamp
            UNION ALL SELECT NULL, 9007199254740993, '2024-05-01 10:00:00.1234567'
            """);
        await using (var reader = StageReader.Over(source, Columns, Owner, SqlDialect.Sqlite))
        {
            Assert.True(await reader.ReadAsync(Token));
            Assert.Equal((1L, 7L, Utc("2024-05-01 10:00:00"), Clock, 1.5), (reader.GetInt64(0), reader.GetInt64(1), reader.GetDateTime(2), reader.GetDateTime(3), reader.GetDouble(4)));
            Assert.True(await reader.ReadAsync(Token));
            Assert.Equal((2L, 9007199254740993, Clock, true), (reader.GetInt64(0), reader.GetInt64(1), reader.GetDateTime(2), reader.IsDBNull(4)));
            Assert.False(await reader.ReadAsync(Token));
        }

        Assert.False(source.IsClosed);
    }

    [Fact]
    public void A_text_that_SQLites_reader_would_take_for_0_is_refused()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        using var source = connection.ExecuteReader("SELECT 'seven' AS amount");
        using var reader = StageReader.Over((DbDataReader)source, [new StageColumn("amount", StoredType.Of(FeatureType.Int64), NotNull: false)], Owner, SqlDialect.Sqlite);

        Assert.Contains("'seven' is text, not a number", Assert.Throws<RowRefusedException>(() => reader.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_of_DuckDB_hands_on_every_type()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var source = (DbDataReader)connection.ExecuteReader("""
            SELECT true AS a, sum(7) AS b, 12.50::DECIMAL(10,2) AS c, 'x' AS d, DATE '2024-03-01' AS e, 'ab'::BLOB AS f, [1.0, 2.5]::FLOAT[] AS g,
                '01234567-89ab-cdef-0123-456789abcdef'::UUID AS h, TIMESTAMPTZ '2024-05-01 12:00:00.123456+02' AS i, 0.5::FLOAT AS j
            """);
        FeatureType[] types = [FeatureType.Bool, FeatureType.Int64, FeatureType.Decimal(5, 1), FeatureType.String, FeatureType.Date, FeatureType.Bytes, FeatureType.Vector(2), FeatureType.Guid, FeatureType.Timestamp, FeatureType.Float32];
        using var reader = StageReader.Over(source, [.. types.Select((type, i) => new StageColumn(((char)('a' + i)).ToString(), StoredType.Of(type), NotNull: true))], Owner, SqlDialect.DuckDb);

        Assert.True(reader.Read());
        Assert.True(reader.GetBoolean(0));
        Assert.Equal(7L, reader.GetInt64(1));
        Assert.Equal(12.5m, reader.GetDecimal(2));
        Assert.Equal("x", reader.GetString(3));
        Assert.Equal(new DateOnly(2024, 3, 1), reader.GetFieldValue<DateOnly>(4));
        Assert.Equal("ab"u8.ToArray(), reader.GetFieldValue<byte[]>(5));
        Assert.Equal([1f, 2.5f], reader.GetFieldValue<float[]>(6));
        Assert.Equal(Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"), reader.GetGuid(7));
        Assert.Equal(Clock, reader.GetDateTime(8));
        Assert.Equal(0.5f, reader.GetFloat(9));
    }

    [Fact]
    public void A_column_that_a_reader_lacks_is_an_error_that_tells_what_there_is()
    {
        using var table = new DataTable { Columns = { "customer_id", "feature_timestamp" } };

        var error = Assert.Throws<ArgumentException>(() => StageReader.Over(table.CreateDataReader(), Columns, Owner, SqlDialect.Sqlite));

        Assert.Contains("Feature set 'orders', table 'orders_history': the source has no column 'balance'; it has customer_id, feature_timestamp. Add it to the query.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reader_describes_its_columns()
    {
        using var reader = Over([new Fact(7, Clock, null, 0.5)]);

        Assert.Equal(5, reader.FieldCount);
        Assert.Equal("customer_id", reader.GetName(1));
        Assert.Equal(4, reader.GetOrdinal("BALANCE"));
        Assert.Equal([typeof(long), typeof(long), typeof(DateTime), typeof(DateTime), typeof(double)], Enumerable.Range(0, 5).Select(reader.GetFieldType));
        Assert.Equal("float64", reader.GetDataTypeName(4));
        Assert.True(reader.Read());
        var values = new object[5];
        Assert.Equal(5, reader.GetValues(values));
        Assert.Equal([1L, 7L, Clock, Clock, 0.5], values);
        Assert.Equal(0.5, reader["balance"]);
        Assert.Contains("Column 'balance' is a float64: read it as Double, not as Int32", Assert.Throws<InvalidCastException>(() => reader.GetInt32(4)).Message, StringComparison.Ordinal);
        Assert.False(reader.NextResult());
    }

    private static DbDataReader Over(IEnumerable<Fact> rows) => StageReader.Over(rows, Columns, Owner, SqlDialect.DuckDb);

    private sealed record Fact(long? CustomerId, DateTime? FeatureTimestamp, DateTime? CreatedTimestamp, double? Balance);

    private sealed class Throwing(Exception failure)
    {
        public long Amount => throw failure;
    }

    private sealed class Stream
    {
        public bool IsClosed { get; private set; }

        public long? Third { get; init; } = 3;

        public Exception? Failure { get; init; }

        public async IAsyncEnumerable<Fact> Rows([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                yield return new(1, Clock, null, 1);
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return new(2, Clock, null, 1);
                yield return Failure is null ? new(Third, Clock, null, 1) : throw Failure;
            }
            finally
            {
                IsClosed = true;
            }
        }
    }
}
