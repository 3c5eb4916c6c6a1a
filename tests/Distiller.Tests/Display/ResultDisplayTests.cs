using Microsoft.Data.Sqlite;
using Microsoft.DotNet.Interactive.Formatting;

namespace Distiller.Tests.Display;

/// <summary>Results that are done, found or served show as tables, too.</summary>
public sealed class ResultDisplayTests
{
    private static readonly FeatureSet Spend = Entity.Create("customer").Key<long>("customer_id").FeatureSet("spend").Feature<double>("spend_7d").Feature<string>("tier");

    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Difference_erasure_load_and_online_features_show_as_tables_and_hostile_values_stay_text()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var store = new FeatureStore(connection);
        await store.CreateTablesAsync([Spend], TestContext.Current.CancellationToken);
        const string hostile = "<b>&\"x\"</b>";
        await store.PublishAsync(Spend, new[] { new { customer_id = 1L, feature_timestamp = Noon, spend_7d = (double?)null, tier = hostile } });

        var evolution = await store.CompareAsync([Spend.Feature<bool>(hostile)], cancellationToken: TestContext.Current.CancellationToken);
        var html = evolution.ToDisplayString("text/html");
        Assert.Contains("<td style=\"padding:2px 8px;border:1px solid #ccc;text-align:left\">&lt;b&gt;&amp;&quot;x&quot;&lt;/b&gt;</td>", html, StringComparison.Ordinal);
        Assert.Contains("EvolveAsync", html, StringComparison.Ordinal);
        Assert.Contains("ALTER TABLE", System.Net.WebUtility.HtmlDecode(html.Replace("</span>", "", StringComparison.Ordinal).Replace("<span style=\"color:#d73a49\">", "", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(hostile, html, StringComparison.Ordinal);
        Assert.Equal(evolution.ToString(), evolution.ToDisplayString("text/plain"));
        Assert.Contains("The tables are as declared.", (await store.CompareAsync([Spend], cancellationToken: TestContext.Current.CancellationToken)).ToDisplayString("text/html"), StringComparison.Ordinal);

        var online = new InMemoryOnlineStore();
        var loaded = await online.LoadAsync(store, Spend, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(">older than what was there</th>", loaded.ToDisplayString("text/html"), StringComparison.Ordinal);
        Assert.Equal(loaded.ToString(), loaded.ToDisplayString("text/plain"));
        var features = await online.GetAsync(new { customer_id = 1L }, [Spend], TestContext.Current.CancellationToken);
        Assert.DoesNotContain(hostile, features.ToDisplayString("text/html"), StringComparison.Ordinal);
        Assert.Equal(
            """
            Features of features
            feature          value        status  event time
            ---------------  -----------  ------  --------------------------
            spend__spend_7d  NULL         Hit     2026-01-05 12:00:00.000000
            spend__tier      <b>&"x"</b>  Hit     2026-01-05 12:00:00.000000

            """.ReplaceLineEndings("\n"),
            features.ToDisplayString("text/plain"));

        var erased = await store.EraseAsync([Spend], new[] { new { customer_id = 1L } }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(">spend_history</td>", erased.ToDisplayString("text/html"), StringComparison.Ordinal);
        Assert.Equal(erased.ToString(), erased.ToDisplayString("text/plain"));
    }
}
