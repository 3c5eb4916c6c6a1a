namespace Distiller;

/// <summary>What each kind of value shows as.</summary>
internal static class Shown
{
    public static string? Html(object value) => value switch
    {
        Preview preview => Grid.Of(preview).ToHtml(),
        FeatureSet set => Grid.Of(set).ToHtml(),
        Entity entity => Grid.Of(entity).ToHtml(),
        PublishResult result => Grid.Of(result).ToHtml(),
        LatestRow row => Grid.Of(row).ToHtml(),
        ReconcileResult result => Grid.Of(result).ToHtml(),
        PruneResult result => Grid.Of(result).ToHtml(),
        CoverageResult result => Grid.Of(result).ToHtml(),
        RestatementResult result => Grid.Of(result).ToHtml(),
        BackfillResult result => Grid.Of(result).ToHtml(),
        Manifest manifest => Grid.Of(manifest).ToHtml(),
        LoadResult result => Grid.Of(result).ToHtml(),
        OnlineFeatures features => Grid.Of(features).ToHtml(),
        EraseResult result => Grid.Of(result).ToHtml(),
        Evolution evolution => Grid.Of(evolution).ToHtml(evolution.IsEmpty ? null : SqlColours.Folded(evolution.Script.Dialect, evolution.ToSql(), isOpen: false)),
        WhyAnswer answer => Grid.Of(answer).ToHtml(answer.ToSvg()),
        Diagram diagram => diagram.ToSvg(),
        Explanation explanation => SqlColours.Block(explanation.Dialect, explanation.Text),
        CompiledScript script => SqlColours.Block(script.Dialect, script.ToSql()),
        Statement statement => string.Concat(SqlDialect.All.Select((dialect, i) => SqlColours.Folded(dialect, Printed(statement, dialect), isOpen: i == 0))),
        _ => null,
    };

    public static string? Text(object value) => value switch
    {
        FeatureSet set => Grid.Of(set).ToText(),
        Entity entity => Grid.Of(entity).ToText(),
        LatestRow row => Grid.Of(row).ToText(),
        CompiledScript script => script.ToSql(),
        Statement statement => string.Join('\n', SqlDialect.All.Select(dialect => $"-- {dialect.Name}\n{Printed(statement, dialect)}")),
        _ => value.ToString(),
    };

    // A notebook's cell shall not fail because a dialect cannot do something.
    private static string Printed(Statement statement, SqlDialect dialect)
    {
        try
        {
            return statement.ToSql(dialect);
        }
        catch (Exception refused) when (refused is UnsupportedByDialectException or ArgumentException or InvalidOperationException or RowRefusedException)
        {
            return $"-- {refused.Message.ReplaceLineEndings(" ")}\n";
        }
    }
}
