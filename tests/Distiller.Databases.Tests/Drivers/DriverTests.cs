using System.Data.Common;
using System.Globalization;
using Dapper;
using Xunit.Sdk;

namespace Distiller.Databases.Tests.Drivers;

/// <summary>What every driver owes the store: all types go in as they are, failures come out as they are, and the connection lives on.</summary>
public sealed class DriverTests
{
    private const string Stage = "Stage \"of\" é.1";

    private static readonly StoredType[] Types =
    [
        StoredType.RowNumber,
        StoredType.Of(FeatureType.Bool),
        StoredType.Of(FeatureType.Int32),
        StoredType.Of(FeatureType.Int64),
        StoredType.Of(FeatureType.Float32),
        StoredType.Of(FeatureType.Float64),
        StoredType.Of(FeatureType.Decimal(4, 2)),
        StoredType.Of(FeatureType.Decimal(9, 2)),
        StoredType.Of(FeatureType.Decimal(18, 4)),
        StoredType.Of(FeatureType.Decimal(28, 10)),
        StoredType.Of(FeatureType.String),
        StoredType.Key(FeatureType.String),
        StoredType.Of(FeatureType.Bytes),
        StoredType.Of(FeatureType.Date),
        StoredType.Of(FeatureType.Guid),
        StoredType.Of(FeatureType.Json),
        StoredType.Of(FeatureType.FloatVector),
        StoredType.Of(FeatureType.Vector(3)),
        StoredType.Of(TimeKind.Instant),
        StoredType.Of(TimeKind.Timestamp),
        StoredType.Of(TimeKind.Date),
        StoredType.Of(TimeKind.EpochSeconds),
        StoredType.Of(TimeKind.EpochMilliseconds),
        StoredType.Of(TimeKind.EpochMicroseconds),
        StoredType.Of(TimeKind.Ordinal),
        StoredType.Of(TimeKind.Text),
    ];

    public static TheoryData<string> Cases => DriverCase.Names;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_type_goes_in_as_it_is_NULL_included(string name)
    {
        var one = DriverCase.Of(name);
        await using var connection = await one.OpenAsync();
        var types = Types.Where(type => type.Time != TimeKind.Text || one.Dialect == SqlDialect.Sqlite).ToArray();
        var target = await CreateAsync(connection, one, types);
        var kinds = Enumerable.Range(0, 3).Select(variant => types.Select(type => Value(type, variant)).ToArray()).Append(new object?[types.Length]).ToArray();
        var rows = Enumerable.Range(1, 2_250).Select(row => (object?[])[(long)row, .. kinds[row % kinds.Length][1..]]).ToList();

        var loaded = await one.Driver.LoadAsync(connection, null, target, new ListedRows(rows, types.Length), Cancellation);

        Assert.Equal(rows.Count, loaded);
        foreach (var row in rows.Take(8).Concat(rows.TakeLast(4)))
        {
            for (var i = 1; i < types.Length; i++)
            {
                var same = await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {Table(one)} WHERE \"c0\" = {row[0]} AND \"c{i}\" IS NOT DISTINCT FROM {Literal(one, types[i], row[i])}");
                if (same != 1)
                {
                    var found = await connection.ExecuteScalarAsync<string>($"SELECT CAST(\"c{i}\" AS VARCHAR(200)) FROM {Table(one)} WHERE \"c0\" = {row[0]}");
                    throw new XunitException($"{types[i]}: {Literal(one, types[i], row[i])} went in as {found ?? "NULL"}");
                }
            }
        }
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("DuckDB")]
    [InlineData("DuckDB by INSERT")]
    [InlineData("PostgreSQL")]
    public async Task The_first_and_the_last_day_are_days_and_no_infinities(string name)
    {
        var one = DriverCase.Of(name);
        await using var connection = await one.OpenAsync();
        StoredType[] types = [StoredType.Of(FeatureType.Date), StoredType.Of(TimeKind.Date), StoredType.Instant, StoredType.Of(TimeKind.Timestamp)];
        var target = await CreateAsync(connection, one, types);
        object?[][] rows =
        [
            [DateOnly.MinValue, Utc(1, 1, 1), Utc(1, 1, 1), Utc(1, 1, 1)],
            [DateOnly.MaxValue, Utc(9999, 12, 31), DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)],
        ];

        await one.Driver.LoadAsync(connection, null, target, new ListedRows(rows, types.Length), Cancellation);

        foreach (var row in rows)
        {
            var found = string.Join(" AND ", types.Select((type, i) => $"\"c{i}\" = {Literal(one, type, row[i])}"));
            Assert.Equal(1, await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {Table(one)} WHERE {found}"));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Rows_belong_to_the_open_transaction(string name)
    {
        var one = DriverCase.Of(name);
        await using var connection = await one.OpenAsync();
        var target = await CreateAsync(connection, one, [StoredType.RowNumber, StoredType.Of(FeatureType.String)]);

        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await one.Driver.LoadAsync(connection, transaction, target, new ListedRows(Numbered(5_000), 2), Cancellation);
            Assert.Equal(5_000, await CountAsync(connection, one, transaction));
            await transaction.RollbackAsync(Cancellation);
        }

        Assert.Equal(0, await CountAsync(connection, one));
        Assert.Equal(0, await one.Driver.LoadAsync(connection, null, target, new ListedRows([], 2), Cancellation));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_failing_source_is_told_as_it_is_and_the_connection_lives_on(string name)
    {
        var one = DriverCase.Of(name);
        await using var connection = await one.OpenAsync();
        var target = await CreateAsync(connection, one, [StoredType.RowNumber, StoredType.Of(FeatureType.String)]);

        foreach (var good in new[] { 0, 1, 2_500, 5_000 })
        {
            // One source fails between rows, the other within one: its second value has no such getter.
            var broken = await Assert.ThrowsAsync<RowRefusedException>(() => one.Driver.LoadAsync(connection, null, target, new ListedRows(Numbered(good).Concat(Broken()), 2), Cancellation));
            Assert.Equal("no more", broken.Message);
            await Assert.ThrowsAsync<InvalidCastException>(() => one.Driver.LoadAsync(connection, null, target, new ListedRows(Numbered(good).Append([7L, 7]), 2), Cancellation));
        }

        await connection.ExecuteAsync($"DELETE FROM {Table(one)}");
        Assert.Equal(3, await one.Driver.LoadAsync(connection, null, target, new ListedRows(Numbered(3), 2), Cancellation));
        Assert.Equal(3, await CountAsync(connection, one));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_load_can_be_cancelled(string name)
    {
        var one = DriverCase.Of(name);
        await using var connection = await one.OpenAsync();
        var target = await CreateAsync(connection, one, [StoredType.RowNumber, StoredType.Of(FeatureType.String)]);
        using var cancelling = new CancellationTokenSource();
        var taken = 0;
        var endless = Numbered(int.MaxValue).Select(row =>
        {
            if (++taken == 3_000)
            {
                cancelling.Cancel();
            }

            return row;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.Driver.LoadAsync(connection, null, target, new ListedRows(endless, 2), cancelling.Token));

        Assert.InRange(taken, 3_000, 6_000);
        Assert.Equal(1, await connection.ExecuteScalarAsync<int>("SELECT 1"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_driver_knows_its_connections(string name)
    {
        var one = DriverCase.Of(name);
        await using var connection = one.Connect();

        Assert.True(one.Driver.Serves(connection));
        Assert.Same(one.Dialect, AnyDriver.ForConnection(connection));
        foreach (var other in Cases.Select(other => DriverCase.Of(other.Data)).Where(other => other.Dialect != one.Dialect))
        {
            Assert.False(other.Driver.Serves(connection));
        }
    }

    private static async Task<LoadTarget> CreateAsync(DbConnection connection, DriverCase one, IReadOnlyList<StoredType> types)
    {
        var columns = types.Select((type, i) => new LoadColumn($"c{i}", type.ToString()) { Stored = type }).ToList();
        await connection.ExecuteAsync($"CREATE TEMP TABLE {Name(one, Stage)} ({string.Join(", ", columns.Select(column => $"{Name(one, column.Name)} {one.Dialect.TypeName(column.Stored)}"))})");
        return new(TableName.Of(Stage), columns);
    }

    private static Task<long> CountAsync(DbConnection connection, DriverCase one, DbTransaction? transaction = null) =>
        connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {Table(one)}", transaction: transaction);

    private static string Table(DriverCase one) => one.Dialect.TemporarySchema + Name(one, Stage);

    private static string Name(DriverCase one, string name)
    {
        var text = new SqlText(SqlStyle.Literals);
        one.Dialect.WriteName(text, name);
        return text.ToString();
    }

    private static string Literal(DriverCase one, StoredType type, object? value)
    {
        if (value is null)
        {
            return "NULL";
        }

        var text = new SqlText(SqlStyle.Literals);
        one.Dialect.WriteLiteral(text, type, value);
        return text.ToString();
    }

    private static IEnumerable<object?[]> Numbered(int count) => Enumerable.Range(1, count).Select(row => (object?[])[(long)row, $"row {row} é"]);

    private static IEnumerable<object?[]> Broken() => Enumerable.Range(0, 1).Select<int, object?[]>(_ => throw new RowRefusedException("no more"));

    /// <summary>A plain value, one near the low end, one near the high end.</summary>
    private static object Value(StoredType type, int variant) => type switch
    {
        { Time: TimeKind.Ordinal } => Pick(variant, 5L, long.MinValue, long.MaxValue),
        { Time: TimeKind.Date } => Pick(variant, Utc(2024, 2, 29), Utc(1, 1, 2), Utc(9999, 12, 30)),
        { Time: TimeKind.EpochSeconds } => Pick(variant, Utc(2024, 2, 29), Utc(1, 1, 1), Utc(9999, 12, 31)),
        { Time: not null } => Pick(variant, Utc(2024, 2, 29).AddTicks(864_000_123_450), Utc(1, 1, 2), Instants.Floor(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc))),
        _ => type.Feature!.Kind switch
        {
            FeatureKind.Bool => Pick(variant, true, false, true),
            FeatureKind.Int32 => Pick(variant, -42, int.MinValue, int.MaxValue),
            FeatureKind.Int64 => Pick(variant, 1L << 40, long.MinValue + 1, long.MaxValue),
            FeatureKind.Float32 => Pick(variant, 0.1f, float.MinValue, float.Epsilon),
            FeatureKind.Float64 => Pick(variant, 0.1, double.MinValue, double.PositiveInfinity),
            FeatureKind.Decimal => Pick(variant, 1.5m, -Greatest(type.Feature), Greatest(type.Feature)),
            FeatureKind.String => Pick(variant, "it's \\ \"é\" 😀\n", "", new string('x', 40_000)),
            FeatureKind.Json => Pick(variant, "{\"a\": [1, 2.5, null, \"é\"]}", "[]", "\"text\""),
            FeatureKind.Bytes => Pick(variant, new byte[] { 0, 1, 255 }, Array.Empty<byte>(), new byte[5_000]),
            FeatureKind.Date => Pick(variant, new DateOnly(2024, 2, 29), DateOnly.MinValue.AddDays(1), DateOnly.MaxValue.AddDays(-1)),
            FeatureKind.Guid => Pick(variant, new Guid("a0b1c2d3-0001-0002-8003-ffeeddccbbaa"), Guid.Empty, Guid.AllBitsSet),
            _ => Pick(variant, new[] { 0.1f, -2, 3e30f }, new float[] { 0, 0, 0 }, new[] { float.MaxValue, float.Epsilon, 1 }),
        },
    };

    private static T Pick<T>(int variant, T plain, T low, T high) => variant switch { 0 => plain, 1 => low, _ => high };

    private static DateTime Utc(int year, int month, int day) => new(year, month, day, 0, 0, 0, DateTimeKind.Utc);

    private static decimal Greatest(FeatureType type)
    {
        var digits = decimal.Parse(new string('9', type.Precision), CultureInfo.InvariantCulture);
        return digits / (decimal)Math.Pow(10, type.Scale);
    }
}
