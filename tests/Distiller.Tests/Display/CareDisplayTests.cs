using System.Xml.Linq;
using Microsoft.Data.Sqlite;
using Microsoft.DotNet.Interactive.Formatting;

namespace Distiller.Tests.Display;

/// <summary>Reports on tables and training sets, as a person sees them.</summary>
public sealed class CareDisplayTests
{
    private const string Hostile = "<script>alert('x')</script> & \"b\"";

    private static readonly DateTime Noon = new(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc);

    private static readonly FeatureSet Spend = Entity.Create("customer").Key<string>("customer_id").FeatureSet("spend").Feature<double>("spend_7d").Feature<string>("tier").MaxAge(TimeSpan.FromDays(30));

    [Fact]
    public async Task Every_report_is_a_table_in_a_notebook_and_aligned_text_elsewhere()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        var token = TestContext.Current.CancellationToken;
        await connection.OpenAsync(token);
        var store = new FeatureStore(connection);
        await store.CreateTablesAsync([Spend], token);
        await store.PublishAsync(Spend, new[] { Row(Hostile, -1, "old"), Row(Hostile, 0, Hostile), Row("plain", 0, null) }, cancellationToken: token);
        var training = Spine.Rows(new[] { new { customer_id = Hostile, event_timestamp = Noon.AddHours(1) } }).Join(Spend);
        var manifest = await store.ManifestAsync(training, token);
        await store.PublishAsync(Spend, new[] { Row(Hostile, 0, "corrected", created: 2) }, cancellationToken: token);
        var restated = await store.RestateAsync(training, Noon.AddHours(1), cancellationToken: token);
        var coverage = await store.CoverageAsync(training, token);
        var pruned = await store.PruneAsync(Spend, Noon, report: true, token);
        await using (var damage = connection.CreateCommand())
        {
            damage.CommandText = "UPDATE spend_latest SET tier = 'damaged' WHERE customer_id <> 'plain'";
            await damage.ExecuteNonQueryAsync(token);
        }

        var reconciled = await store.ReconcileAsync(Spend, cancellationToken: token);
        var filled = await store.BackfillAsync(Spend, "spend_history", TimeSpan.FromHours(1), cancellationToken: token);
        var catalog = await store.CatalogAsync([Spend.Describe(Hostile)], token);

        Assert.Contains("damaged → corrected", reconciled.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 of 1 rows differ between what was known at 2026-01-05 13:00:00.000000 UTC and today", restated.ToString(), StringComparison.Ordinal);
        Assert.Contains("spend  spend_7d  2026-01     1    1", coverage.ToString(), StringComparison.Ordinal);
        Assert.Contains("age of 1 rows found: 0 % 01:00:00", coverage.ToString(), StringComparison.Ordinal);
        Assert.Equal("spend: 0 of 4 history rows would be deleted, 1 of 1 before 2026-01-05 12:00:00.000000 UTC kept", pruned.ToString());
        Assert.Equal("spend: 2 slices, 4 rows offered, 0 appended, 4 already present", filled.ToString());
        Assert.Contains("1 rows of customer_id, event_timestamp, spend__spend_7d, spend__tier", manifest.ToString(), StringComparison.Ordinal);
        foreach (var shown in new object[] { reconciled, restated, coverage, pruned, filled, manifest, catalog })
        {
            var html = shown.ToDisplayString("text/html");
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.NotEmpty(XDocument.Parse($"<root>{html}</root>").Descendants("td"));
            Assert.Equal(shown.ToString(), shown.ToDisplayString("text/plain"));
        }

        var consistent = await store.ReconcileAsync(Spend, repair: true, token) is not null ? await store.ReconcileAsync(Spend, cancellationToken: token) : null;
        Assert.Contains("latest is what history says", consistent.ToDisplayString("text/html"), StringComparison.Ordinal);

        static SpendRow Row(string customer, double hours, string? tier, double? created = null) => new(customer, Noon.AddHours(hours), Noon.AddHours(created ?? hours), 1.5, tier);
    }

    private sealed record SpendRow(string CustomerId, DateTime FeatureTimestamp, DateTime CreatedTimestamp, double Spend7d, string? Tier);
}
