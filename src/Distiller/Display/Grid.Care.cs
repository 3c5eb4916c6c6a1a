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

    private static string? Cell(object? value) => value is null ? null : WhyWords.Show(value);
}
