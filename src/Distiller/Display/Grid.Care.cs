namespace Distiller;

/// <summary>The grids of reports on tables and training sets.</summary>
internal sealed partial record Grid
{
    public static Grid Of(ReconcileResult result) => new(
        $"Reconcile of {result.FeatureSet}",
        result.Keys.Count > 0 ? Named([.. result.KeyColumns.Concat(result.Columns).Prepend("difference")]) : Named(),
        ValueList<ValueList<string?>>.Of(result.Keys.Select(key => ValueList<string?>.Of(
            key.Key.Select(Cell).Prepend(key.Difference.ToString().ToLowerInvariant())
                .Concat(result.Columns.Select((column, i) => key.DifferingColumns.Contains(column) ? $"{WhyWords.Show(key.Is![i])} → {WhyWords.Show(key.MustBe![i])}" : Cell((key.MustBe ?? key.Is)![i])))))))
    {
        Lines = ValueList<string>.Of([result.Summary]),
        Footer = result.Keys.Count == 0 ? null : result.Keys.Count < result.Missing + result.Extra + result.Differing ? "the first keys of each kind; what latest is → what history says" : "what latest is → what history says",
    };

    public static Grid Of(PruneResult result) => new(
        $"Prune of {result.FeatureSet}",
        ValueList<GridColumn>.Of(new[] { "history rows", "before", "kept", result.IsReport ? "would be deleted" : "deleted" }.Select(name => new GridColumn(name, IsNumber: true))),
        Cells([[result.Rows, result.RowsBefore, result.Kept, result.Pruned]]))
    {
        Lines = ValueList<string>.Of([$"before {WhyWords.ShowInstant(result.Before.UtcDateTime)}"]),
    };

    public static Grid Of(CoverageResult result) => new(
        "Coverage. " + result.Training,
        ValueList<GridColumn>.Of(new[] { "rows", "hit", "null", "expired", "no history", "no key", "deleted" }.Select(name => new GridColumn(name, IsNumber: true)).Prepend(new("month")).Prepend(new("feature")).Prepend(new("join"))),
        Cells(result.Rows.Select(row => new object?[] { row.Join, row.Feature, row.Month?.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture), row.Rows, row.Hit, row.Null, row.Expired, row.NoHistory, row.NoKey, row.Deleted })))
    {
        Lines = ValueList<string>.Of(result.AgeLines()),
    };

    public static Grid Of(RestatementResult result) => new(
        "Restatement. " + result.Training,
        result.FirstRows.Count > 0 ? Named([.. result.SpineColumns.Concat(result.Columns)]) : Named(),
        ValueList<ValueList<string?>>.Of(result.FirstRows.Select(row => ValueList<string?>.Of(
            row.Spine.Select(Cell).Concat(result.Columns.Select((column, i) => row.ChangedColumns.Contains(column) ? $"{WhyWords.Show(row.Then[i])} → {WhyWords.Show(row.Now[i])}" : Cell(row.Then[i])))))))
    {
        Lines = ValueList<string>.Of(result.Lines()),
        Footer = result.FirstRows.Count == 0 ? null : result.FirstRows.Count < result.Differing ? "the first rows that differ; then → now" : "then → now",
    };

    public static Grid Of(Manifest manifest) => new(
        "Manifest. " + manifest.Training,
        ValueList<GridColumn>.Of([new("feature set"), new("history"), new("rows", IsNumber: true), new("newest created")]),
        Cells(manifest.Sets.Select(set => new object?[] { set.FeatureSet, set.History, set.Rows, set.NewestCreated?.UtcDateTime })))
    {
        Lines = ValueList<string>.Of(
        [
            $"made {WhyWords.ShowInstant(manifest.CreatedAt.UtcDateTime)} on {manifest.Dialect}; {(manifest.KnownAt is { } known ? $"known at {WhyWords.ShowInstant(known.UtcDateTime)}" : "known at each row's instant")}",
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{manifest.Rows} rows of {string.Join(", ", manifest.Columns)}"),
            $"checksum {manifest.Checksum} ({manifest.ChecksumAlgorithm})",
        ]),
    };

    public static Grid Of(BackfillResult result) => new(
        $"Backfill of {result.FeatureSet}",
        ValueList<GridColumn>.Of(new[] { "offered", "appended", "already present", "unchanged", "late" }.Select(name => new GridColumn(name, IsNumber: true)).Prepend(new("to before")).Prepend(new("from"))),
        Cells(result.Slices.Select(slice => new object?[] { slice.From.UtcDateTime, slice.To.UtcDateTime, slice.Published.Offered, slice.Published.Appended, slice.Published.AlreadyPresent, slice.Published.Unchanged, slice.Published.Late })))
    {
        Lines = ValueList<string>.Of([result.ToString()]),
    };

    private static string? Cell(object? value) => value is null ? null : WhyWords.Show(value);
}
