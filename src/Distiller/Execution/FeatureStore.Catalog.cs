namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>Lists feature sets: entities, columns with roles, types and descriptions, and how fresh each set is.</summary>
    /// <param name="sets">The feature sets.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    public async Task<Preview> CatalogAsync(IEnumerable<FeatureSet> sets, CancellationToken cancellationToken = default)
    {
        var catalog = FeatureCatalog.Of(sets);
        var session = Begin();
        using var measured = Telemetry.Start("catalog", Dialect, nameof(FeatureCatalog));
        var script = catalog.Build(Context());
        var rows = await session.RowsAsync(script.Single, cancellationToken).ConfigureAwait(false);
        measured.Done();
        return new(
            script.Comments[0],
            FeatureCatalogPlanner.Answer.Select(column => column.Name),
            rows.Select(row => ValueList<object?>.Of(row.Select((cell, i) => RawValues.Typed(cell, FeatureCatalogPlanner.Answer[i].Type)))),
            hasMore: false);
    }

    /// <summary>Creates a view that lists feature sets and how fresh they are; a view of that name is replaced.</summary>
    /// <param name="sets">The feature sets.</param>
    /// <param name="view">The view.</param>
    /// <param name="cancellationToken">Watched before each statement.</param>
    public async Task CreateCatalogAsync(IEnumerable<FeatureSet> sets, TableName view, CancellationToken cancellationToken = default) =>
        await ExecuteAsync("catalog", FeatureCatalog.Of(sets).AsView(view), cancellationToken).ConfigureAwait(false);

    /// <summary>Writes the descriptions of feature sets that own their tables as comments on tables and columns, for every tool that shows them.</summary>
    /// <param name="sets">The feature sets.</param>
    /// <param name="cancellationToken">Watched before each statement.</param>
    /// <exception cref="UnsupportedByDialectException">The engine keeps no comments (SQLite).</exception>
    public async Task DescribeTablesAsync(IEnumerable<FeatureSet> sets, CancellationToken cancellationToken = default) =>
        await ExecuteAsync("describe", DescribeTables.For(sets), cancellationToken).ConfigureAwait(false);
}
