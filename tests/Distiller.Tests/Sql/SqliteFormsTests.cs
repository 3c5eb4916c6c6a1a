using Dapper;
using Distiller.Tests.Goldens;
using Microsoft.Data.Sqlite;

namespace Distiller.Tests.Sql;

/// <summary>SQLite keeps decimals and guids as text: published set-based, equal values become one text, and what would lose a digit is refused (B4, B6).</summary>
public sealed class SqliteFormsTests
{
    private static readonly DateTimeOffset Created = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(5, 2, "'10.5'", "10.50")]
    [InlineData(5, 2, "'10.50'", "10.50")]
    [InlineData(5, 2, "'10.5000'", "10.50")]
    [InlineData(5, 2, "'10.'", "10.00")]
    [InlineData(5, 2, "'100'", "100.00")]
    [InlineData(5, 2, "'100.0'", "100.00")]
    [InlineData(5, 2, "10", "10.00")]
    [InlineData(5, 2, "-7", "-7.00")]
    [InlineData(5, 2, "10.5", "10.50")]
    [InlineData(5, 2, "-0.25", "-0.25")]
    [InlineData(5, 2, "0.1", "0.10")]
    [InlineData(5, 2, "-0.0", "0.00")]
    [InlineData(5, 2, "0", "0.00")]
    [InlineData(5, 2, "NULL", null)]
    [InlineData(5, 2, "999.99", "999.99")]
    [InlineData(3, 0, "'12.000'", "12")]
    [InlineData(3, 0, "'120'", "120")]
    [InlineData(3, 0, "'100'", "100")]
    [InlineData(3, 0, "-12.0", "-12")]
    [InlineData(2, 2, "0.25", "0.25")]
    [InlineData(2, 2, "'0.5'", "0.50")]
    public async Task B4_equal_decimals_become_one_text(int precision, int scale, string value, string? kept)
    {
        var (store, connection, set) = await OpenAsync(FeatureType.Decimal(precision, scale));
        await using var disposing = connection;

        await store.PublishFromQueryAsync(set, Source(value), new() { CreatedAt = Created }, TestContext.Current.CancellationToken);
        var again = await store.PublishFromQueryAsync(set, Source(value), new() { CreatedAt = Created }, TestContext.Current.CancellationToken);

        Assert.Equal(kept, await connection.ExecuteScalarAsync<string?>("SELECT value FROM s_history"));
        Assert.Equal(kept is null ? "null" : "text", await connection.ExecuteScalarAsync<string>("SELECT typeof(value) FROM s_latest"));
        Assert.Equal(1, again.AlreadyPresent);
        if (kept is not null)
        {
            var number = decimal.Parse(kept, System.Globalization.CultureInfo.InvariantCulture);
            var fromMemory = await store.PublishAsync(set, new[] { new { k = 1L, feature_timestamp = Created, value = number } }, new() { CreatedAt = Created }, TestContext.Current.CancellationToken);
            Assert.Equal(1, fromMemory.AlreadyPresent);
        }
    }

    [Theory]
    [InlineData(5, 2, "'abc'")]
    [InlineData(5, 2, "''")]
    [InlineData(5, 2, "' 1'")]
    [InlineData(5, 2, "'1e2'")]
    [InlineData(5, 2, "'+1'")]
    [InlineData(5, 2, "'1.2.3'")]
    [InlineData(5, 2, "'..'")]
    [InlineData(5, 2, "'-'")]
    [InlineData(5, 2, "'.5'")]
    [InlineData(5, 2, "'01.5'")]
    [InlineData(5, 2, "'--1'")]
    [InlineData(5, 2, "'1-1'")]
    [InlineData(5, 2, "'-0.00'")]
    [InlineData(5, 2, "'1000'")]
    [InlineData(5, 2, "1000")]
    [InlineData(5, 2, "-1000.5")]
    [InlineData(5, 2, "'10.125'")]
    [InlineData(5, 2, "10.125")]
    [InlineData(5, 2, "9e99")]
    [InlineData(5, 2, "9e999")]
    [InlineData(5, 2, "x'31'")]
    [InlineData(3, 0, "'1.5'")]
    [InlineData(3, 0, "1.5")]
    [InlineData(3, 0, "'1000'")]
    [InlineData(2, 2, "1")]
    [InlineData(2, 2, "'1.25'")]
    public async Task B6_text_that_is_no_such_decimal_is_refused(int precision, int scale, string value)
    {
        var (store, connection, set) = await OpenAsync(FeatureType.Decimal(precision, scale));
        await using var disposing = connection;

        var refused = await Assert.ThrowsAsync<RowRefusedException>(() => store.PublishFromQueryAsync(set, Source(value), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("column 'value' does not fit decimal", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM s_history"));
    }

    [Fact]
    public async Task B4_guids_are_one_text_in_any_case_and_anything_else_is_refused()
    {
        var (store, connection, set) = await OpenAsync(FeatureType.Guid);
        await using var disposing = connection;
        var id = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e");

        await store.PublishFromQueryAsync(set, Source($"'{id}'"), new() { CreatedAt = Created }, TestContext.Current.CancellationToken);
        var again = await store.PublishAsync(set, new[] { new { k = 1L, feature_timestamp = Created, value = id } }, new() { CreatedAt = Created }, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<RowRefusedException>(() => store.PublishFromQueryAsync(set, Source($"'{id:N}'"), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(1, again.AlreadyPresent);
        Assert.Contains("column 'value' does not fit guid", refused.Message, StringComparison.Ordinal);
    }

    private static string Source(string value) => $"SELECT 1 AS k, '2026-03-02 00:00:00.000000' AS feature_timestamp, {value} AS value";

    private static async Task<(FeatureStore Store, SqliteConnection Connection, FeatureSet Set)> OpenAsync(FeatureType type)
    {
        var connection = (SqliteConnection)GoldenDatabase.Open(SqlDialect.Sqlite);
        var set = Entity.Create("e").Key<long>("k").FeatureSet("s").Feature("value", type);
        var store = new FeatureStore(connection);
        await store.CreateTablesAsync([set], TestContext.Current.CancellationToken);
        return (store, connection, set);
    }
}
