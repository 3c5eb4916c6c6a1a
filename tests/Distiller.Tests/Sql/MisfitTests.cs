using Distiller.Tests.Goldens;

namespace Distiller.Tests.Sql;

/// <summary>B6 for a source inside the database: a value that does not fit is refused naming row and column, never rounded, and never the engine's own overflow.</summary>
public sealed class MisfitTests
{
    private static readonly FeatureSet Set = Entity.Create("e").Key<int>("k").FeatureSet("s").Feature<int>("whole").Feature("exact", FeatureType.Decimal(5, 2)).Feature<float>("single");

    public static TheoryData<string, string, string> Values =>
        [.. GoldenDatabase.Dialects.SelectMany(dialect => new[] { ("whole", "2147483648"), ("whole", "-9223372036854775807"), ("whole", "1.5"), ("exact", "1000"), ("exact", "999.999"), ("exact", "1.234"), ("single", "1e300") }
            .Select(one => (dialect.Name, one.Item1, one.Item2)))];

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_of_a_table_that_does_not_fit_is_refused(string dialectName, string column, string value)
    {
        var dialect = SqlDialect.All.Single(dialect => dialect.Name == dialectName);
        var cancellation = TestContext.Current.CancellationToken;
        await using var connection = GoldenDatabase.Open(dialect);
        var store = new FeatureStore(connection);
        await store.CreateTablesAsync([Set], cancellation);
        var at = $"CAST('2026-03-01 00:00:00.000000' AS {dialect.TypeName(StoredType.Instant)})";
        string Rows(string which) => $"SELECT {{0}} AS k, {at} AS feature_timestamp, {(which == "whole" ? value : "1")} AS whole, {(which == "exact" ? value : "1")} AS exact, {(which == "single" ? value : "1")} AS single";

        var refused = await Assert.ThrowsAsync<RowRefusedException>(() => store.PublishFromQueryAsync(Set, $"{Rows("").Replace("{0}", "1", StringComparison.Ordinal)} UNION ALL {Rows(column).Replace("{0}", "2", StringComparison.Ordinal)}", cancellationToken: cancellation));

        Assert.Contains($"'{column}' does not fit", refused.Message, StringComparison.Ordinal);
    }
}
