namespace Distiller;

/// <summary>The grids of what was done, found or served.</summary>
internal sealed partial record Grid
{
    public static Grid Of(Evolution evolution) => new(
        evolution.IsEmpty ? "The tables are as declared." : "The tables differ from the declaration",
        evolution.IsEmpty ? ValueList<GridColumn>.Empty : Named("feature set", "table", "column", "difference", "closed by", "in words"),
        Cells(evolution.Differences.Select(difference => new object?[]
        {
            difference.FeatureSet, difference.Table, difference.Column ?? "", difference.Kind, difference.IsRefused ? "you: it is refused" : "EvolveAsync", difference.Explanation,
        })));

    public static Grid Of(EraseResult result) => new(
        FormattableString.Invariant($"Erased {result.Keys} keys of {result.Entity}; {result.MissingKeys} of them were in no table"),
        ValueList<GridColumn>.Of([new("feature set"), new("table"), new("rows", IsNumber: true)]),
        Cells(result.Tables.Select(table => new object?[] { table.FeatureSet, table.Table, table.Rows })))
    {
        Lines = ValueList<string>.Of(result.NotReached),
    };

    public static Grid Of(LoadResult result) => new(
        "Load of an online store",
        ValueList<GridColumn>.Of([new("read", IsNumber: true), new("written", IsNumber: true), new("older than what was there", IsNumber: true), new("whole"), new("watermark")]),
        Cells([[result.Read, result.Written, result.Older, result.IsWhole, result.Watermark?.UtcDateTime]]))
    {
        Footer = result.Note,
    };

    /// <summary>A feature that is not there has the status for its reason.</summary>
    public static Grid Of(OnlineFeatures features)
    {
        var statuses = features.Serving.Joins.SelectMany((join, i) => join.Features.Select(_ => features.Sets[i])).ToList();
        return new(
            $"Features of {features.Serving.Name}",
            Named("feature", "value", "status", "event time"),
            Cells(features.Values.Select((value, i) => new[] { features.Columns[i], value, statuses[i].Status, statuses[i].EventTime })));
    }
}
