using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;

namespace Distiller.Tests.Reading;

/// <summary>Declared types come out of a database, whatever its provider hands out (I2, T1).</summary>
public sealed class TypedReaderTests
{
    private static readonly DateTime Noon = new(2024, 2, 29, 12, 0, 0, DateTimeKind.Utc);

    private static readonly Guid Id = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    private static readonly float[] Vector = [0.1f, -2f, float.MaxValue];

    private static readonly byte[] Bytes = [0, 1, 255];

    private static StoredType Of(FeatureType type) => StoredType.Of(type);

    private static StoredType Of(TimeKind kind) => StoredType.Of(kind);

    internal static readonly List<(string Engine, string Sql, StoredType Type, object Expected)> Values =
    [
        ("SQLite", "1", Of(FeatureType.Bool), true),
        ("SQLite", "0", Of(FeatureType.Bool), false),
        ("SQLite", "-5", Of(FeatureType.Int32), -5),
        ("SQLite", "2147483647", Of(FeatureType.Int32), int.MaxValue),
        ("SQLite", "9223372036854775807", Of(FeatureType.Int64), long.MaxValue),
        ("SQLite", "CAST(3.0 AS REAL)", Of(FeatureType.Int64), 3L),
        ("SQLite", "0.1", Of(FeatureType.Float32), 0.1f),
        ("SQLite", "9e999", Of(FeatureType.Float32), float.PositiveInfinity),
        ("SQLite", "0.1", Of(FeatureType.Float64), 0.1d),
        ("SQLite", "7", Of(FeatureType.Float64), 7d),
        ("SQLite", "'-12.340'", Of(FeatureType.Decimal(10, 3)), -12.340m),
        ("SQLite", "7922816251426433759354395033.5", Of(FeatureType.Decimal(28, 0)), 7922816251426430000000000000m),
        ("SQLite", "12.34", Of(FeatureType.Decimal(10, 2)), 12.34m),
        ("SQLite", "12", Of(FeatureType.Decimal(10, 2)), 12m),
        ("SQLite", "'it''s'", Of(FeatureType.String), "it's"),
        ("SQLite", "''", Of(FeatureType.String), ""),
        ("SQLite", "x'0001ff'", Of(FeatureType.Bytes), Bytes),
        ("SQLite", "x''", Of(FeatureType.Bytes), Array.Empty<byte>()),
        ("SQLite", "'2024-02-29'", Of(FeatureType.Date), new DateOnly(2024, 2, 29)),
        ("SQLite", "'2024-02-29 12:00:00.000000'", Of(FeatureType.Timestamp), Noon),
        ("SQLite", "'0F8FAD5B-D9CB-469F-A165-70867728950E'", Of(FeatureType.Guid), Id),
        ("SQLite", "'{\"a\": 1}'", Of(FeatureType.Json), "{\"a\": 1}"),
        ("SQLite", "x'cdcccc3d000000c0ffff7f7f'", Of(FeatureType.FloatVector), Vector),
        ("SQLite", "x'cdcccc3d000000c0ffff7f7f'", Of(FeatureType.Vector(3)), Vector),
        ("SQLite", "'2024-02-29 12:00:00'", Of(TimeKind.Text), Noon),
        ("SQLite", "'2024-02-29 12:00:00.1'", Of(TimeKind.Text), Noon.AddMilliseconds(100)),
        ("SQLite", "'2024-02-29 12:00:00.1234567'", Of(TimeKind.Text), Noon.AddMicroseconds(123456)),
        ("SQLite", "'1969-12-31 23:59:59.9999999'", Of(TimeKind.Text), DateTime.UnixEpoch.AddMicroseconds(-1)),
        ("SQLite", "'2024-02-29 12:00:00.123456'", Of(TimeKind.Instant), Noon.AddMicroseconds(123456)),
        ("SQLite", "'2024-02-29 12:00:00.000001'", Of(TimeKind.Timestamp), Noon.AddMicroseconds(1)),
        ("SQLite", "'2024-02-29'", Of(TimeKind.Date), Noon.Date),
        ("SQLite", "1709208000", Of(TimeKind.EpochSeconds), Noon),
        ("SQLite", "1709208000001", Of(TimeKind.EpochMilliseconds), Noon.AddMilliseconds(1)),
        ("SQLite", "-1", Of(TimeKind.EpochMicroseconds), DateTime.UnixEpoch.AddMicroseconds(-1)),
        ("SQLite", "42", Of(TimeKind.Ordinal), 42L),

        ("DuckDB", "TRUE", Of(FeatureType.Bool), true),
        ("DuckDB", "5::TINYINT", Of(FeatureType.Int32), 5),
        ("DuckDB", "5", Of(FeatureType.Int32), 5),
        ("DuckDB", "sum(5)", Of(FeatureType.Int64), 5L),
        ("DuckDB", "5::BIGINT", Of(FeatureType.Int64), 5L),
        ("DuckDB", "5::BIGINT", Of(FeatureType.Int32), 5),
        ("DuckDB", "0.1::FLOAT", Of(FeatureType.Float32), 0.1f),
        ("DuckDB", "'nan'::DOUBLE", Of(FeatureType.Float32), float.NaN),
        ("DuckDB", "'nan'::DOUBLE", Of(FeatureType.Float64), double.NaN),
        ("DuckDB", "0.1", Of(FeatureType.Float64), 0.1d),
        ("DuckDB", "0.1::DECIMAL(10,2)", Of(FeatureType.Decimal(10, 2)), 0.1m),
        ("DuckDB", "'ü'", Of(FeatureType.String), "ü"),
        ("DuckDB", "'\\x00\\x01\\xFF'::BLOB", Of(FeatureType.Bytes), Bytes),
        ("DuckDB", "DATE '2024-02-29'", Of(FeatureType.Date), new DateOnly(2024, 2, 29)),
        ("DuckDB", "TIMESTAMPTZ '2024-02-29 12:00:00.000001+00'", Of(FeatureType.Timestamp), Noon.AddMicroseconds(1)),
        ("DuckDB", "'0f8fad5b-d9cb-469f-a165-70867728950e'::UUID", Of(FeatureType.Guid), Id),
        ("DuckDB", "'{\"a\": 1}'::JSON", Of(FeatureType.Json), "{\"a\": 1}"),
        ("DuckDB", "[0.1, -2, 3.4028235e38]::FLOAT[]", Of(FeatureType.FloatVector), Vector),
        ("DuckDB", "[0.1, -2, 3.4028235e38]::FLOAT[3]", Of(FeatureType.Vector(3)), Vector),
        ("DuckDB", "[0.1, -2, 3.4028235e38]::DOUBLE[]", Of(FeatureType.FloatVector), Vector),
        ("DuckDB", "TIMESTAMPTZ '2024-02-29 13:00:00+01'", Of(TimeKind.Instant), Noon),
        ("DuckDB", "TIMESTAMP '2024-02-29 12:00:00'", Of(TimeKind.Timestamp), Noon),
        ("DuckDB", "TIMESTAMP_NS '2024-02-29 12:00:00.000001999'", Of(TimeKind.Timestamp), Noon.AddMicroseconds(1)),
        ("DuckDB", "DATE '2024-02-29'", Of(TimeKind.Date), Noon.Date),
        ("DuckDB", "1709208000::BIGINT", Of(TimeKind.EpochSeconds), Noon),
        ("DuckDB", "1709208000000::BIGINT", Of(TimeKind.EpochMilliseconds), Noon),
        ("DuckDB", "1709208000000001::BIGINT", Of(TimeKind.EpochMicroseconds), Noon.AddMicroseconds(1)),
        ("DuckDB", "42::BIGINT", Of(TimeKind.Ordinal), 42L),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Values.Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_declared_value_comes_out_with_its_declared_type(int number)
    {
        var (engine, sql, type, expected) = Values[number];
        using var query = OpenedQuery.On(engine, $"SELECT {sql} AS x", type);
        Assert.Equal(type.ClrType, query.Reader.GetFieldType(0));
        var reader = query.First();

        Assert.Equal(expected, reader.GetValue(0));
        Assert.IsType(type.ClrType, reader.GetValue(0));
        Assert.Equal(expected, reader[0]);
        Assert.Equal(expected, reader["x"]);
        Assert.Equal(expected, reader.GetFieldValue<object>(0));
        Assert.False(reader.IsDBNull(0));
        var all = new object[1];
        Assert.Equal(1, reader.GetValues(all));
        Assert.Equal(expected, all[0]);
        Assert.Equal(type.ClrType, reader.GetFieldType(0));
        Assert.Equal(expected, ByGetter(reader, type));
        Assert.Equal(expected, Tried(reader, type));
        if (expected is DateTime instant)
        {
            Assert.Equal(DateTimeKind.Utc, reader.GetDateTime(0).Kind);
            Assert.Equal(DateTimeKind.Utc, ((DateTime)reader[0]).Kind);
            Assert.Equal(new DateTimeOffset(instant), reader.GetFieldValue<DateTimeOffset>(0));
            Assert.Equal(TimeSpan.Zero, reader.GetFieldValue<DateTimeOffset>(0).Offset);
            Assert.Equal(instant, reader.GetFieldValue<DateTime?>(0));
        }
    }

    [Fact]
    public void Every_kind_is_read_from_both_engines()
    {
        foreach (var engine in new[] { "SQLite", "DuckDB" })
        {
            var read = Values.Where(value => value.Engine == engine).Select(value => value.Type).ToList();
            Assert.Empty(Enum.GetValues<FeatureKind>().Except(read.Where(type => !type.IsTime).Select(type => type.Feature!.Kind)).Except([FeatureKind.Timestamp]));
            Assert.Empty(Enum.GetValues<TimeKind>().Except(read.Where(type => type.IsTime).Select(type => type.Time!.Value)).Except(engine == "DuckDB" ? [TimeKind.Text] : Array.Empty<TimeKind>()));
        }
    }

    private static object ByGetter(TypedReader reader, StoredType type) => type.ClrType switch
    {
        var clr when clr == typeof(bool) => reader.GetBoolean(0),
        var clr when clr == typeof(int) => reader.GetInt32(0),
        var clr when clr == typeof(long) => reader.GetInt64(0),
        var clr when clr == typeof(float) => reader.GetFloat(0),
        var clr when clr == typeof(double) => reader.GetDouble(0),
        var clr when clr == typeof(decimal) => reader.GetDecimal(0),
        var clr when clr == typeof(string) => reader.GetString(0),
        var clr when clr == typeof(Guid) => reader.GetGuid(0),
        var clr when clr == typeof(DateTime) => reader.GetDateTime(0),
        var clr when clr == typeof(DateOnly) => reader.GetFieldValue<DateOnly>(0),
        var clr when clr == typeof(byte[]) => reader.GetFieldValue<byte[]>(0),
        _ => reader.GetFieldValue<float[]>(0),
    };

    /// <summary>As columns are filled: without a box where the provider holds what the type is made of; null = NULL.</summary>
    private static object? Tried(TypedReader reader, StoredType type)
    {
        return type.ClrType switch
        {
            var clr when clr == typeof(bool) => Of<bool>(),
            var clr when clr == typeof(int) => Of<int>(),
            var clr when clr == typeof(long) => Of<long>(),
            var clr when clr == typeof(float) => Of<float>(),
            var clr when clr == typeof(double) => Of<double>(),
            var clr when clr == typeof(decimal) => Of<decimal>(),
            var clr when clr == typeof(Guid) => Of<Guid>(),
            var clr when clr == typeof(DateTime) => Of<DateTime>(),
            var clr when clr == typeof(DateOnly) => Of<DateOnly>(),
            var clr when clr == typeof(string) => reader.TryReadText(0),
            _ => reader.IsDBNull(0) ? null : ByGetter(reader, type),
        };

        object? Of<T>()
            where T : struct => reader.TryRead<T>(0, out var value) ? value : null;
    }

    internal static readonly List<(string Engine, string Sql, StoredType Type, string Shown)> Misfits =
    [
        ("SQLite", "2", Of(FeatureType.Bool), "2 (Int64)"),
        ("SQLite", "'true'", Of(FeatureType.Bool), "'true' (String)"),
        ("SQLite", "2147483648", Of(FeatureType.Int32), "2147483648 (Int64)"),
        ("SQLite", "1.5", Of(FeatureType.Int64), "1.5 (Double)"),
        ("SQLite", "9.3e18", Of(FeatureType.Int64), "9.3E+18 (Double)"),
        ("SQLite", "'12'", Of(FeatureType.Int64), "'12' (String)"),
        ("SQLite", "1e300", Of(FeatureType.Float32), "1E+300 (Double)"),
        ("SQLite", "9007199254740993", Of(FeatureType.Float64), "9007199254740993 (Int64)"),
        ("SQLite", "'1,5'", Of(FeatureType.Decimal(10, 2)), "'1,5' (String)"),
        ("SQLite", "7", Of(FeatureType.String), "7 (Int64)"),
        ("SQLite", "'abc'", Of(FeatureType.Bytes), "'abc' (String)"),
        ("SQLite", "'2024-02-29 00:00:00'", Of(FeatureType.Date), "'2024-02-29 00:00:00' (String)"),
        ("SQLite", "'{0f8fad5b-d9cb-469f-a165-70867728950e}'", Of(FeatureType.Guid), "'{0f8fad5b-d9cb-469f-a165-70867728950e}' (String)"),
        ("SQLite", "x'0001ff'", Of(FeatureType.FloatVector), "3 elements (Byte[])"),
        ("SQLite", "x'cdcccc3d'", Of(FeatureType.Vector(3)), "4 elements (Byte[])"),
        ("SQLite", "'2024-02-29T12:00:00'", Of(TimeKind.Text), "'2024-02-29T12:00:00' (String)"),
        ("SQLite", "'2024-02-29 12:00:00Z'", Of(TimeKind.Instant), "'2024-02-29 12:00:00Z' (String)"),
        ("SQLite", "'2024-02-29 12:00:00.'", Of(TimeKind.Text), "'2024-02-29 12:00:00.' (String)"),
        ("SQLite", "'2024-02-29'", Of(TimeKind.Instant), "'2024-02-29' (String)"),
        ("SQLite", "1709208000", Of(TimeKind.Instant), "1709208000 (Int64)"),
        ("SQLite", "1709208000000", Of(TimeKind.EpochSeconds), "1709208000000 (Int64)"),
        ("SQLite", "'2024-02-29 12:00:00'", Of(TimeKind.EpochSeconds), "'2024-02-29 12:00:00' (String)"),
        ("DuckDB", "1::HUGEINT << 70", Of(FeatureType.Int64), "1180591620717411303424 (BigInteger)"),
        ("DuckDB", "TRUE", Of(FeatureType.Int32), "True (Boolean)"),
        ("DuckDB", "TIMESTAMP '2024-02-29 12:00:00'", Of(FeatureType.Date), "02/29/2024 12:00:00 (DateTime)"),
        ("DuckDB", "TIMESTAMP '2024-02-29 12:00:00'", Of(TimeKind.Date), "02/29/2024 12:00:00 (DateTime)"),
        ("DuckDB", "TIMESTAMP '2024-02-29 00:00:00'", Of(TimeKind.EpochSeconds), "02/29/2024 00:00:00 (DateTime)"),
        ("DuckDB", "[1, 2]::FLOAT[]", Of(FeatureType.Vector(3)), "2 elements (System.Collections.Generic.List`1[System.Single])"),
    ];

    public static TheoryData<int> MisfitCases => [.. Enumerable.Range(0, Misfits.Count)];

    [Theory]
    [MemberData(nameof(MisfitCases))]
    public void A_value_that_does_not_fit_names_column_value_and_types(int number)
    {
        var (engine, sql, type, shown) = Misfits[number];
        using var query = OpenedQuery.On(engine, $"SELECT {sql} AS \"the column\"", type);
        var reader = query.First();

        var refusal = Assert.Throws<InvalidCastException>(() => reader.GetValue(0));
        Assert.Equal($"Column 'the column' holds {shown}, which does not fit {type}; correct the stored value, or declare the column as a type that holds it.", refusal.Message);
        Assert.Throws<InvalidCastException>(() => ByGetter(reader, type));
        Assert.Throws<InvalidCastException>(() => Tried(reader, type));
    }

    public static TheoryData<string> Engines => ["DuckDB", "SQLite"];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Null_is_null_in_every_type(string engine)
    {
        foreach (var type in Values.Select(value => value.Type).Distinct())
        {
            using var query = OpenedQuery.On(engine, "SELECT NULL AS x", type);
            var reader = query.First();

            Assert.True(reader.IsDBNull(0));
            Assert.Null(Tried(reader, type));
            Assert.Equal(DBNull.Value, reader[0]);
            Assert.Equal(DBNull.Value, reader.GetFieldValue<object>(0));
            Assert.Contains("'x'", Assert.Throws<InvalidCastException>(() => ByGetter(reader, type)).Message, StringComparison.Ordinal);
            Assert.Null(reader.GetFieldValue<int?>(0));
            Assert.Null(reader.GetFieldValue<DateTimeOffset?>(0));
        }
    }

    [Fact]
    public void Null_in_a_column_of_just_the_declared_type_is_refused_by_the_columns_name()
    {
        foreach (var (sql, type) in new[]
        {
            ("BOOLEAN", Of(FeatureType.Bool)), ("INTEGER", Of(FeatureType.Int32)), ("BIGINT", Of(FeatureType.Int64)), ("FLOAT", Of(FeatureType.Float32)), ("DOUBLE", Of(FeatureType.Float64)),
            ("DECIMAL(10,2)", Of(FeatureType.Decimal(10, 2))), ("UUID", Of(FeatureType.Guid)), ("DATE", Of(FeatureType.Date)), ("TIMESTAMPTZ", Of(TimeKind.Instant)),
        })
        {
            using var query = OpenedQuery.DuckDb($"SELECT CAST(NULL AS {sql}) AS x", type);
            var reader = query.First();

            Assert.Contains("Column 'x' is NULL", Assert.Throws<InvalidCastException>(() => ByGetter(reader, type)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Numbers_are_read_as_other_numbers_where_they_fit(string engine)
    {
        using var query = OpenedQuery.On(engine, "SELECT 300 AS a, CAST(0.5 AS REAL) AS b", Of(FeatureType.Int64), Of(FeatureType.Float64));
        var reader = query.First();

        Assert.Equal(300, reader.GetInt32(0));
        Assert.Equal((short?)300, reader.GetFieldValue<short?>(0));
        Assert.Equal(300d, reader.GetDouble(0));
        Assert.Equal(300m, reader.GetDecimal(0));
        Assert.Equal(DayOfWeek.Monday + 299, reader.GetFieldValue<DayOfWeek>(0));
        Assert.Equal("Column 'a' holds 300 (Int64), which does not fit Byte.", Assert.Throws<InvalidCastException>(() => reader.GetByte(0)).Message);
        Assert.Throws<InvalidCastException>(() => reader.GetInt64(1));
        Assert.Throws<InvalidCastException>(() => reader.GetGuid(1));
    }

    [Fact]
    public void An_undeclared_column_comes_as_the_provider_has_it_in_utc_and_without_streams()
    {
        using var query = OpenedQuery.DuckDb("SELECT TIMESTAMPTZ '2024-02-29 12:00:00+00' AS a, 'ab'::BLOB AS b, 7::SMALLINT AS c, TIMESTAMP_NS '2024-02-29 12:00:00.0000001' AS d, TIME '12:30:00' AS e");
        Assert.Equal([typeof(DateTime), typeof(byte[]), typeof(short)], [query.Reader.GetFieldType(0), query.Reader.GetFieldType(1), query.Reader.GetFieldType(2)]);
        var reader = query.First();

        Assert.Equal((Noon, DateTimeKind.Utc), ((DateTime)reader[0], ((DateTime)reader[0]).Kind));
        Assert.Equal((Noon, DateTimeKind.Utc), (reader.GetDateTime(0), reader.GetDateTime(0).Kind));
        Assert.Equal("ab"u8.ToArray(), reader[1]);
        Assert.Equal((short)7, reader[2]);
        Assert.Equal(7L, reader.GetInt64(2));
        Assert.Equal(Noon.AddTicks(1), reader[3]);
        Assert.Equal(new TimeOnly(12, 30), reader.GetFieldValue<TimeOnly>(4));
        Assert.Equal(new TimeSpan(12, 30, 0), reader.GetFieldValue<TimeSpan>(4));
    }

    [Fact]
    public void An_undeclared_column_changes_its_type_with_its_rows()
    {
        using var query = OpenedQuery.Sqlite("SELECT 1 AS x UNION ALL SELECT 'two' UNION ALL SELECT NULL UNION ALL SELECT 4.5");
        var values = new List<object>();
        while (query.Reader.Read())
        {
            values.Add(query.Reader[0]);
        }

        Assert.Equal([1L, "two", DBNull.Value, 4.5], values);
    }

    [Fact]
    public void Columns_are_found_by_their_own_name_first()
    {
        using var query = OpenedQuery.Sqlite("SELECT 1 AS a, 2 AS A, 3 AS \"B b\"");

        Assert.Equal([0, 1, 2, 2], [query.Reader.GetOrdinal("a"), query.Reader.GetOrdinal("A"), query.Reader.GetOrdinal("B b"), query.Reader.GetOrdinal("b B")]);
        Assert.Contains("'c'", Assert.Throws<IndexOutOfRangeException>(() => query.Reader.GetOrdinal("c")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_and_characters_can_be_read_in_pieces()
    {
        using var query = OpenedQuery.DuckDb("SELECT 'abcdef'::BLOB AS b, 'abcdef' AS c", Of(FeatureType.Bytes), Of(FeatureType.String));
        var reader = query.First();
        var bytes = new byte[4];
        var characters = new char[4];

        Assert.Equal(6, reader.GetBytes(0, 0, null, 0, 0));
        Assert.Equal(2, reader.GetBytes(0, 4, bytes, 1, 3));
        Assert.Equal([0, (byte)'e', (byte)'f', 0], bytes);
        Assert.Equal(3, reader.GetChars(1, 1, characters, 0, 3));
        Assert.Equal(['b', 'c', 'd', '\0'], characters);
        Assert.Equal(0, reader.GetBytes(0, 9, bytes, 0, 3));
        using var stream = new StreamReader(reader.GetStream(0));
        Assert.Equal("abcdef", stream.ReadToEnd());
        Assert.Equal("abcdef", reader.GetTextReader(1).ReadToEnd());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_data_table_takes_the_declared_types(string engine)
    {
        var time = engine == "SQLite" ? "'2024-02-29 12:00:00.000000'" : "TIMESTAMPTZ '2024-02-29 12:00:00+00'";
        using var query = OpenedQuery.On(engine, $"SELECT 1 AS a, {time} AS t, 'x' AS s UNION ALL SELECT NULL, NULL, NULL", Of(FeatureType.Int32), Of(TimeKind.Instant));
        Assert.Equal([("a", typeof(int)), ("t", typeof(DateTime)), ("s", typeof(string))], query.Reader.GetColumnSchema().Select(column => (column.ColumnName, column.DataType!)));
        using var table = new DataTable { Locale = CultureInfo.InvariantCulture };
        table.Load(query.Reader);

        Assert.Equal([typeof(int), typeof(DateTime), typeof(string)], table.Columns.Cast<DataColumn>().Select(column => column.DataType));
        Assert.Equal([1, Noon, "x"], table.Rows[0].ItemArray);
        Assert.Equal([DBNull.Value, DBNull.Value, DBNull.Value], table.Rows[1].ItemArray);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task It_closes_the_providers_reader_and_shows_one_result(string engine)
    {
        await using DbConnection connection = engine == "SQLite" ? new SqliteConnection("Data Source=:memory:") : new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var close in new Func<TypedReader, Task>[] { reader => reader.DisposeAsync().AsTask(), reader => reader.CloseAsync(), reader => Task.Run(reader.Dispose), reader => Task.Run(reader.Close) })
        {
            var inner = await connection.ExecuteReaderAsync("SELECT 1 AS x; SELECT 2 AS y");
            var reader = new TypedReader(inner, [new("x", Of(FeatureType.Int32))]);
            Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
            Assert.Equal(1, reader[0]);
            Assert.False(await reader.ReadAsync(TestContext.Current.CancellationToken));
            Assert.False(await reader.NextResultAsync(TestContext.Current.CancellationToken));
            Assert.False(reader.NextResult());
            Assert.False(reader.IsClosed);
            await close(reader);
            Assert.True(inner.IsClosed);
        }
    }

    [Fact]
    public void The_columns_declared_are_the_columns_there_are()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        using var inner = (DbDataReader)connection.ExecuteReader("SELECT 1 AS a, 2 AS b");

        Assert.Throws<ArgumentException>(() => new TypedReader(inner, [new("a", null)]));
    }
}
