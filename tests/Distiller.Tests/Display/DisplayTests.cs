using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Data.Sqlite;
using Microsoft.DotNet.Interactive.Formatting;

namespace Distiller.Tests.Display;

/// <summary>What a person sees in a notebook, asked of the formatting library notebooks use; it finds our formats by convention, and we reference nothing of it.</summary>
public sealed partial class DisplayTests
{
    private const string Hostile = "<script>alert('x')</script>--*/\"]; end & `b` #quot;";

    private static readonly DateTime Noon = new(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc);

    private static readonly FeatureSet Spend = Entity.Create("customer").Key<long>("customer_id").Describe("somebody who buys")
        .FeatureSet("spend").Feature<double>("spend_7d", "euro, seven days").Feature<string>("tier").MaxAge(TimeSpan.FromDays(30));

    private static readonly FeatureSet HostileSet = Entity.Create(Hostile).Key<long>("k" + Hostile).FeatureSet("s" + Hostile).Describe("d" + Hostile)
        .Feature<string>("f" + Hostile, "e" + Hostile).History("h" + Hostile).Latest("l" + Hostile);

    private static readonly TrainingSet Training = Spine.From("labels").Columns("customer_id", "event_timestamp").Join(Spend).KnownAtEvent();

    [Fact]
    public void SQL_is_coloured_and_every_character_is_there()
    {
        foreach (var dialect in SqlDialect.All)
        {
            var script = Training.Compile(dialect);
            var html = script.ToDisplayString("text/html");
            Assert.Contains($">{dialect.Name}</span>", html, StringComparison.Ordinal);
            Assert.Contains("<span style=\"color:#d73a49\">SELECT</span>", html, StringComparison.Ordinal);
            Assert.Contains("<span style=\"color:#6a737d\">-- Training set", html, StringComparison.Ordinal);
            Assert.Equal(script.ToSql(), Plain(Pre().Match(html).Groups["text"].Value));
            Assert.Equal(script.ToSql(), script.ToDisplayString("text/plain"));
        }
    }

    [Fact]
    public void A_statement_shows_its_SQL_for_every_dialect_and_a_refusal_where_there_is_none()
    {
        var html = Training.ToDisplayString("text/html");
        Assert.Equal(SqlDialect.All.Select(dialect => Training.ToSql(dialect)), Pre().Matches(html).Select(block => Plain(block.Groups["text"].Value)));
        Assert.Single(Regex.Matches(html, "<details open=\"open\">"));
        var refused = Spine.From("labels").Columns("customer_id", "event_timestamp").Join(Spend).Using(AsOf.AsofJoin);
        Assert.Contains("-- SQLite", refused.ToDisplayString("text/html"), StringComparison.Ordinal);
        Assert.Contains("AsofJoin", Plain(refused.ToDisplayString("text/html")), StringComparison.Ordinal);
        Assert.Contains("-- DuckDB\n", Training.ToDisplayString("text/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_feature_set_and_an_entity_show_as_tables()
    {
        var html = Spend.ToDisplayString("text/html");
        Assert.Equal([["column", "type", "role", "description"], ["customer_id", "int64", "key", ""], ["feature_timestamp", "timestamp", "event time", ""], ["created_timestamp", "timestamp", "created time", ""],
            ["spend_7d", "float64", "feature", "euro, seven days"], ["tier", "string", "feature", ""]], Table(html));
        Assert.Contains("history spend_history, latest spend_latest, max age 30.00:00:00", Plain(html), StringComparison.Ordinal);
        Assert.Equal(
            """
            Feature set spend of customer
            history spend_history, latest spend_latest, max age 30.00:00:00
            column             type       role          description
            -----------------  ---------  ------------  ----------------
            customer_id        int64      key
            feature_timestamp  timestamp  event time
            created_timestamp  timestamp  created time
            spend_7d           float64    feature       euro, seven days
            tier               string     feature

            """.ReplaceLineEndings("\n"),
            Spend.ToDisplayString("text/plain"));
        Assert.Equal([["key", "type"], ["customer_id", "int64"]], Table(Spend.Entity.ToDisplayString("text/html")));
    }

    [Fact]
    public async Task A_preview_is_a_flat_table_with_numbers_on_the_right_and_NULL_to_see()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        var store = await FilledAsync(connection);
        var training = Spine.Rows(Enumerable.Range(1, 25).Select(i => new { customer_id = (long)i, event_timestamp = Noon.AddHours(1) }).ToList()).Join(Spend).OrderBy("customer_id");
        var preview = await store.PreviewAsync(training, 3);
        Assert.Equal((3, true), (preview.Rows.Count, preview.HasMore));
        var html = preview.ToDisplayString("text/html");
        Assert.Equal([["customer_id", "event_timestamp", "spend__spend_7d", "spend__tier"], ["1", "2026-01-05 13:00:00.000000", "90.5", "gold"], ["2", "2026-01-05 13:00:00.000000", "15", Hostile], ["3", "2026-01-05 13:00:00.000000", "NULL", "NULL"]], Table(html));
        Assert.Contains("text-align:right\">90.5</td>", html, StringComparison.Ordinal);
        Assert.Contains("text-align:left\">gold</td>", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "<span style=\"color:#999;font-style:italic\">NULL</span>"));
        Assert.Contains("the first 3 rows; there are more", Plain(html), StringComparison.Ordinal);
        Assert.Equal(preview.ToString(), preview.ToDisplayString("text/plain"));
        Assert.Equal($"customer_id,event_timestamp,spend__spend_7d,spend__tier\r\n1,2026-01-05 13:00:00.000000,90.5,gold\r\n2,2026-01-05 13:00:00.000000,15,\"{Hostile.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\r\n3,2026-01-05 13:00:00.000000,,\r\n", preview.ToDisplayString("text/csv"));
        var whole = await store.PreviewAsync(training, 25);
        Assert.Equal((25, false), (whole.Rows.Count, whole.HasMore));
        Assert.Contains("25 rows, all there are", whole.ToString(), StringComparison.Ordinal);
        Assert.Equal((1, true), ((await store.PreviewAsync(Latest.Of(Spend), 1)).Rows.Count, (await store.PreviewAsync(Latest.Of(Spend), 1)).HasMore));
        Assert.Equal((1, true), ((await store.PreviewAsync(Unload.Of(Spend), 1)).Rows.Count, (await store.PreviewAsync(Unload.Of(Spend), 1)).HasMore));
    }

    [Fact]
    public async Task Results_of_publish_unload_explain_and_why_show()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        var store = await FilledAsync(connection);
        var result = await store.PublishAsync(Spend, new[] { new { customer_id = 1L, feature_timestamp = Noon.AddHours(2), spend_7d = 1.0, tier = "gold" } });
        Assert.Equal([["offered", "appended", "already present", "unchanged", "late", "latest inserted", "latest updated"], ["1", "1", "0", "0", "0", "0", "1"]], Table(result.ToDisplayString("text/html")));
        Assert.Equal(result.ToString(), result.ToDisplayString("text/plain"));
        var row = await store.UnloadAsync(Spend).FirstAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["column", "value"], Table(row.ToDisplayString("text/html"))[0]);
        var training = Spine.Rows(new[] { new { customer_id = 1L, event_timestamp = Noon.AddHours(1) } }).Join(Spend);
        var explanation = await store.ExplainAsync(training, TestContext.Current.CancellationToken);
        Assert.Equal(explanation.Text, Plain(Pre().Match(explanation.ToDisplayString("text/html")).Groups["text"].Value));
        string text = explanation;
        Assert.Equal(text, explanation.ToDisplayString("text/plain"));
        var why = await store.WhyAsync(training, "spend", [1], new DateTimeOffset(Noon.AddHours(1)));
        var html = why.ToDisplayString("text/html");
        Assert.Equal([["#", "verdict", "feature_timestamp", "created_timestamp", "spend_7d", "tier"], ["1", "after the instant", "2026-01-05 14:00:00.000000", Table(html)[1][3], "1", "gold"], ["2", "winner", "2026-01-05 12:00:00.000000", "2026-01-05 12:00:00.000000", "90.5", "gold"]], Table(html));
        Assert.Equal(why.ToString(), why.ToDisplayString("text/plain"));
        var svg = Svg(html);
        Assert.Equal(["winner", "after the instant"], svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).Where(text => text is "winner" or "after the instant"));
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "title" && element.Value.StartsWith("winner: event 2026-01-05 12:00:00.000000 UTC", StringComparison.Ordinal));
        Assert.Contains("within the max age", svg.Value, StringComparison.Ordinal);
    }

    /// <summary><c>DISTILLER_GOLDENS=write</c> draws it anew.</summary>
    [Fact]
    public void The_picture_of_the_README_is_what_is_drawn()
    {
        var training = Spine.From("labels").Columns("customer_id", "event_timestamp").Join(Spend, ["spend_7d"], maxAge: TimeSpan.FromDays(6)).KnownAtEvent();
        var answer = new WhyAnswer(
            Why.Of(training, "spend", [42L], new DateTimeOffset(Noon.AddDays(5))),
            [
                Row(1, Verdict.AfterInstant, 8, 8.2, 130), Row(2, Verdict.AfterInstant, 6, 6.1, 115), Row(3, Verdict.NotYetKnown, 4, 7, 97), Row(4, Verdict.Winner, 2.5, 2.7, 90), Row(5, Verdict.NotYetKnown, 1, 5.5, 61),
                Row(6, Verdict.Older, 1, 1.2, 60), Row(7, Verdict.Older, -2, -1.8, 40),
            ]);
        var path = Path.Combine(Path.GetDirectoryName(Goldens.Golden.Folder)!, "..", "..", "src", "package", "why.svg");
        if (Goldens.Golden.Writes)
        {
            File.WriteAllText(path, answer.ToSvg() + "\n");
        }

        Assert.Equal(File.ReadAllText(path), answer.ToSvg() + "\n");

        static WhyRow Row(long position, Verdict verdict, double happened, double known, double value) =>
            new() { Position = position, Verdict = verdict, EventTime = Noon.AddDays(happened), CreatedTime = Noon.AddDays(known), Values = [value] };
    }

    [Fact]
    public void A_diagram_shows_how_sets_entities_and_a_training_set_hang_together()
    {
        var orders = Entity.Create("route").Key<string>("origin").Key<string>("dest").FeatureSet("delay").Feature<float>("minutes");
        var training = Spine.From("labels").At("label_ts").Join(Spend, prefix: "sender", keys: new Dictionary<string, string> { ["customer_id"] = "sender_id" }).Join(Spend, prefix: "recipient").Join(orders);
        var diagram = Diagram.Of(training);
        Assert.Equal(
            """
            flowchart LR
              n0(["customer<br/>customer_id int64"])
              n1(["route<br/>origin string<br/>dest string"])
              n2["spend<br/>spend_7d float64<br/>tier string<br/>max age 30.00#58;00#58;00<br/>history spend_history"]
              n3["delay<br/>minutes float32<br/>history delay_history"]
              n4[["training set<br/>spine labels<br/>as of label_ts<br/>known today"]]
              n0 --> n2
              n1 --> n3
              n2 -->|"sender on customer_id = sender_id"| n4
              n2 -->|"recipient on customer_id"| n4
              n3 -->|"delay on origin, dest"| n4

            """.ReplaceLineEndings("\n"),
            diagram.ToMermaid());
        Assert.Equal(diagram.ToMermaid(), diagram.ToDisplayString("text/vnd.mermaid"));
        Assert.Contains("  <- spend as sender on customer_id = sender_id\n", diagram.ToDisplayString("text/plain"), StringComparison.Ordinal);
        var svg = Svg(diagram.ToDisplayString("text/html"));
        Assert.Equal((5, 5), (svg.Descendants().Count(element => element.Name.LocalName == "rect"), svg.Descendants().Count(element => element.Name.LocalName == "path")));
        Assert.Equal(2, Svg(Diagram.Of(Spend).ToSvg()).Descendants().Count(element => element.Name.LocalName == "rect"));
    }

    [Fact]
    public void Hostile_names_and_values_stay_text()
    {
        var training = Spine.From("t" + Hostile).Join(HostileSet);
        var row = new LatestRow { FeatureSet = HostileSet, Key = [1L], EventTime = Noon, CreatedTime = Noon, Values = [Hostile] };
        var why = new WhyAnswer(Why.Of(training, HostileSet.Name, [1L], new DateTimeOffset(Noon)), [new() { Position = 1, Verdict = Verdict.Winner, EventTime = Noon, CreatedTime = Noon, Values = [Hostile] }]);
        object[] shown = [HostileSet, HostileSet.Entity, training, training.Compile(SqlDialect.DuckDb), row, why, Diagram.Of(training), new PublishResult { FeatureSet = Hostile }, new Preview(Hostile, [Hostile], [[Hostile]], false)];
        foreach (var value in shown)
        {
            var html = value.ToDisplayString("text/html");
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("alert('x')", html, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"<(style|iframe|img|a|object|link)\b|\son\w+=|javascript:", html);
            var parsed = XDocument.Parse($"<root>{html}</root>");
            Assert.Contains(parsed.Descendants(), element => element.Value.Contains("alert('x')", StringComparison.Ordinal));
        }

        Assert.Equal([Hostile], Table(new Preview(Hostile, [Hostile], [[Hostile]], false).ToDisplayString("text/html"))[1]);

        // Between quotes stands nothing that ends them, begins a tag or is an entity of its own.
        var mermaid = Diagram.Of(training).ToMermaid();
        Assert.All(mermaid.Split('\n').Skip(1), line => Assert.Matches(@"^(  n\d+(\(\[|\[\[|\[)""(<br/>|#\d+;|[\p{L}\p{N} _,.=…])*""(\]\)|\]\]|\])|  n\d+ -->(\|""(#\d+;|[\p{L}\p{N} _,.=…])*""\|)? n\d+|)$", line));
    }

    private static async Task<FeatureStore> FilledAsync(SqliteConnection connection)
    {
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var store = new FeatureStore(connection);
        await store.CreateTablesAsync([Spend], TestContext.Current.CancellationToken);
        await store.PublishAsync(
            Spend,
            new[] { new { customer_id = 1L, feature_timestamp = Noon, created_timestamp = Noon, spend_7d = 90.5, tier = "gold" }, new { customer_id = 2L, feature_timestamp = Noon, created_timestamp = Noon, spend_7d = 15.0, tier = Hostile } });
        return store;
    }

    private static List<string[]> Table(string html) =>
        [.. TableRow().Matches(html).Select(row => Cell().Matches(row.Groups["cells"].Value).Select(cell => Plain(cell.Groups["text"].Value)).ToArray())];

    private static string Plain(string html) => WebUtility.HtmlDecode(Tag().Replace(html, ""));

    private static XElement Svg(string html) => XElement.Parse(SvgElement().Match(html).Value);

    [GeneratedRegex(@"<pre[^>]*>(?<text>[\s\S]*?)</pre>")]
    private static partial Regex Pre();

    [GeneratedRegex(@"<tr>(?<cells>[\s\S]*?)</tr>")]
    private static partial Regex TableRow();

    [GeneratedRegex(@"<t[hd][^>]*>(?<text>[\s\S]*?)</t[hd]>")]
    private static partial Regex Cell();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"<svg[\s\S]*</svg>")]
    private static partial Regex SvgElement();
}
