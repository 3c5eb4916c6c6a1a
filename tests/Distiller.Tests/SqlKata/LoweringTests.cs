using Distiller.SqlKataInterop;

namespace Distiller.Tests.SqlKata;

/// <summary>What becomes of a statement's names, texts and steps on the way to SqlKata. That the rows are the same is for the tests on databases.</summary>
public sealed class LoweringTests
{
    private static readonly FeatureSet Spend = Entity.Create("customer").Key<long>("customer_id").FeatureSet("spend").Feature<double>("spend_7d").Feature<int>("orders_7d");

    private static readonly Spine Labels = Spine.From("labels").Columns("customer_id", "event_timestamp", "label");

    [Fact]
    public void Plain_names_are_clauses_and_only_windows_and_expressions_are_text()
    {
        var query = Lowered(Labels.Join(Spend), SqlDialect.PostgreSql);
        var inner = Assert.IsType<LoweredQuery>(query);
        Assert.All(inner.Columns, column => Assert.IsType<NamedOutput>(column));
        Assert.Equal(["spine.customer_id", "spine.event_timestamp", "spine.label", "spend.spend_7d as spend__spend_7d", "spend.orders_7d as spend__orders_7d"], inner.Columns.Select(column => ((NamedOutput)column).Name));
        var join = Assert.Single(inner.Joins);
        Assert.Equal("left join lateral", join.Kind);
        var probe = Assert.IsType<QuerySource>(join.Source);
        Assert.Equal(("spend", 1), (probe.Alias, probe.Query.Limit));
        Assert.Contains(new ColumnsCondition("history.customer_id", "=", "spine.customer_id"), probe.Query.Where);

        var union = Lowered(Labels.Join(Spend).Using(AsOf.Union), SqlDialect.Sqlite);
        Assert.Equal(["numbered_spine", "spend_ranked", "spend_merged", "spend_carried"], union.With.Select(cte => cte.Name));
        Assert.All(union.With, cte => Assert.NotNull(cte.Query));
        Assert.NotNull(union.With[2].Query!.UnionAll);
        var raw = Assert.Single(union.With[1].Query!.Columns.OfType<RawOutput>());
        Assert.StartsWith("ROW_NUMBER() OVER (", raw.Text.Text, StringComparison.Ordinal);

        var asof = Lowered(Labels.Join(Spend), SqlDialect.DuckDb);
        Assert.Equal("asof left join", Assert.Single(asof.Joins).Kind);
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a as b")]
    [InlineData("as b")]
    [InlineData("with blank")]
    [InlineData("*")]
    [InlineData("a[b]")]
    [InlineData("t.{a,b}")]
    [InlineData("a\\")]
    [InlineData("\u00a0a")]
    public void A_name_SqlKata_would_change_is_text_and_its_brackets_are_escaped(string name)
    {
        var set = Entity.Create("customer").Key<long>("customer_id").FeatureSet("spend").Feature<double>(name);
        var query = Lowered(Labels.Join(set, prefix: "p"), SqlDialect.PostgreSql);
        var column = Assert.IsType<RawOutput>(query.Columns[^1]);
        var escaped = string.Concat(name.Select(c => c is '[' or ']' or '{' or '}' ? @"\" + c : c.ToString()));
        Assert.Equal($"\"p\".\"{escaped}\" AS \"p__{escaped}\"", column.Text.Text);
    }

    [Fact]
    public void A_question_mark_in_a_name_is_refused_and_named()
    {
        var set = Entity.Create("customer").Key<long>("customer_id").FeatureSet("spend").Feature<double>("a?b");
        foreach (var dialect in SqlDialect.All)
        {
            foreach (var lower in new Action[] { () => Lowered(Labels.Join(set), dialect), () => new Lowering(dialect).CteText(Statements.Of(Labels.Join(set), dialect).Query!) })
            {
                var refused = Assert.Throws<NotSupportedException>(lower);
                Assert.Contains("SqlKata takes every '?' for a parameter", refused.Message, StringComparison.Ordinal);
                Assert.Contains("a?b", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Text_and_plain_numbers_are_bindings_and_all_else_stands_in_the_text()
    {
        var set = Entity.Create("customer").Key<string>("id").Key<Guid>("other").FeatureSet("spend").Feature<double>("v");
        var training = Spine.From("labels").Join(set).KnownAt(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var why = Why.Of(training, "spend", ["it's a [?] {}", new Guid("00112233-4455-6677-8899-aabbccddeeff")], DateTimeOffset.UnixEpoch);
        foreach (var dialect in SqlDialect.All)
        {
            var text = new Lowering(dialect).CteText(Statements.Of(why, dialect).Query!).With[0].Text!;
            Assert.Equal(["it's a [?] {}"], text.Bindings);
            Assert.Equal(1, text.Text.Count(c => c == '?'));
            Assert.Contains("2026-01-02 03:04:05.000000", text.Text, StringComparison.Ordinal);
            Assert.Contains("00112233-4455-6677-8899-aabbccddeeff", text.Text, StringComparison.OrdinalIgnoreCase);
        }

        var structured = Lowered(Why.Of(training, "spend", ["x", Guid.Empty], DateTimeOffset.UnixEpoch), SqlDialect.Sqlite).With[0].Query!;
        Assert.Contains(new ValueCondition("history.id", "=", "x"), structured.Where);
    }

    [Fact]
    public void The_answers_name_hides_no_table()
    {
        var set = Entity.Create("customer").Key<long>("id").FeatureSet("spend").Feature<double>("v").History("ANSWER").Latest("l");
        var query = new Lowering(SqlDialect.Sqlite).CteText(Statements.Of(Spine.From("answer_").Columns("id", "event_timestamp").Join(set), SqlDialect.Sqlite).Query!);
        Assert.Equal(new PlainSource("answer__"), query.From);
    }

    [Fact]
    public void What_is_no_SELECT_and_no_INSERT_of_one_is_refused_with_its_cause()
    {
        var training = Labels.Join(Spend);
        Assert.Contains("SqlKata has no CREATE TABLE. Append to a table that is there", Refusal(training.Into("train")), StringComparison.Ordinal);
        Assert.Contains("it takes 4 steps", Refusal(training.Into("train", IfExists.Replace)), StringComparison.Ordinal);
        Assert.Contains("its rows in memory are loaded into a temporary table first. Give the spine or the keys as a table or a query", Refusal(Spine.Rows(new[] { new { customer_id = 1L, event_timestamp = DateTime.UnixEpoch } }).Join(Spend)), StringComparison.Ordinal);
        Assert.Contains("steps", Refusal(Publish.From(Spend, "incoming")), StringComparison.Ordinal);
        Assert.Contains("steps", Refusal(CreateTables.For(Spend)), StringComparison.Ordinal);
        Assert.Contains("steps", Refusal(DropTables.For(Spend)), StringComparison.Ordinal);
        var insert = new Lowering(SqlDialect.DuckDb).Insert(Statements.Of(training.Into("train", IfExists.Append), SqlDialect.DuckDb).Insert!, SqlKataShape.Structured);
        Assert.Equal((new PlainSource("train"), 5), (insert.Table, insert.Columns.Count));
        var dotted = Statements.Of(Spine.From("labels").Columns("customer_id", "event_timestamp", "la.bel").Join(Spend).Into("train", IfExists.Append), SqlDialect.DuckDb).Insert!;
        Assert.Contains("the name of the column 'la.bel' of table 'train'", Assert.Throws<NotSupportedException>(() => new Lowering(SqlDialect.DuckDb).Insert(dotted, SqlKataShape.CteText)).Message, StringComparison.Ordinal);

        static string Refusal(Statement statement) => Assert.Throws<NotSupportedException>(() => Statements.Of(statement, SqlDialect.Sqlite)).Message;
    }

    [Fact]
    public void A_query_with_bindings_becomes_text_that_stands_alone()
    {
        object?[] bindings = [1, "it's ?", null, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), true, 1.5m];
        Assert.Equal(
            "SELECT 1, 'it''s ?', NULL, TIMESTAMPTZ '2026-01-02 03:04:05.000000+00', TRUE, CAST('1.5' AS DECIMAL(28,1)), \"\\?\"",
            BoundText.Of("SELECT ?, ?, ?, ?, ?, ?, \"\\?\"", bindings, SqlDialect.DuckDb));
        Assert.Contains("has 1 places for 2 bindings", Assert.Throws<ArgumentException>(() => BoundText.Of("SELECT ?", [1, 2], SqlDialect.DuckDb)).Message, StringComparison.Ordinal);
        Assert.Contains("has 2 places for 1 bindings", Assert.Throws<ArgumentException>(() => BoundText.Of("SELECT ?, '?'", [1], SqlDialect.DuckDb)).Message, StringComparison.Ordinal);
        Assert.Contains("Binding 1 of the SqlKata query is a TimeSpan", Assert.Throws<NotSupportedException>(() => BoundText.Of("SELECT ?", [TimeSpan.Zero], SqlDialect.Sqlite)).Message, StringComparison.Ordinal);
        Assert.Contains("SQLite keeps NaN as NULL", Assert.Throws<NotSupportedException>(() => BoundText.Of("SELECT ?", [double.NaN], SqlDialect.Sqlite)).Message, StringComparison.Ordinal);
    }

    private static LoweredQuery Lowered(Statement statement, SqlDialect dialect) => new Lowering(dialect).Structured(Statements.Of(statement, dialect).Query!);
}
