namespace Distiller.Tests.Docs;

/// <summary>I4: what a dialect cannot do is refused, with dialect, need and way out.</summary>
public sealed class DialectLimitsTests
{
    private static readonly FeatureSet Clicks = Entity.Create("user").Key<long>("user_id").FeatureSet("clicks").Feature<int>("clicks");

    private static readonly FeatureSet KeptAsText = Clicks.Existing("clicks").EventTime("happened", TimeKind.Text);

    private static readonly TrainingSet Undeclared = Spine.From("labels").Join(Clicks);

    public static TheoryData<string, Statement, string, string> Limits => new()
    {
        { "DuckDB", Undeclared.WithSpine(Spine.From("labels").Columns("user_id", "event_timestamp")).WithJoins(Spine.From("labels").Join(KeptAsText).Joins), "kept as text", "in a view" },
        { "PostgreSQL", Publish.Rows(KeptAsText.Latest("latest")), "kept as text", "in a view" },
        { "SQLite", Spine.From(TableName.Of("main", "dbo", "labels")).Join(Clicks), "main.dbo.labels", "" },
        { "SQLite", Undeclared.Using(AsOf.AsofJoin), "AsofJoin", "pin Lookup" },
        { "DuckDB", Undeclared.Into("training", IfExists.Append), "not known", "Columns(...)" },
        { "PostgreSQL", CreateTables.For(Clicks.Feature<int>("ctid")), "ctid", "another name" },
        { "SQLite", CreateTables.For(Clicks.History("sqlite_history")), "sqlite_history", "another name" },
        { "SQLite", Undeclared.WithJoins(Spine.From("labels").Join(Clicks.Feature<int>("true")).Joins), "'true'", "another name" },
    };

    [Theory]
    [MemberData(nameof(Limits), DisableDiscoveryEnumeration = true)]
    public void I4_what_a_dialect_cannot_do_is_refused_with_the_way_out(string dialect, Statement statement, string need, string wayOut)
    {
        var refused = Assert.Throws<UnsupportedByDialectException>(() => statement.ToSql(SqlDialect.All.Single(known => known.Name == dialect)));
        Assert.StartsWith(dialect + " cannot do this: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(need, refused.Message, StringComparison.Ordinal);
        Assert.Contains(wayOut, refused.Message, StringComparison.Ordinal);
    }
}
