namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>Compares feature sets with their tables (F4): the differences in words, and the DDL that closes those that adding closes. Nothing is changed.</summary>
    /// <param name="sets">The feature sets.</param>
    /// <param name="keepUndeclared">Whether columns that no set declares any more are let be; else each is refused. Never those that mark tombstones or keep sparse features' times.</param>
    /// <param name="cancellationToken">Watched before each statement.</param>
    public Task<Evolution> CompareAsync(IEnumerable<FeatureSet> sets, bool keepUndeclared = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return CompareAsync(Begin(), [.. sets.Distinct()], keepUndeclared, cancellationToken);
    }

    /// <summary>
    /// Brings the tables of feature sets up to their declaration by adding (F4): tables and columns that are not there. Rows older than a column have NULL in it, and <c>deleted</c> false.
    /// Where a set has become sparse, its latest is found anew in history. Everything in one transaction, with no publisher meanwhile; where something would be lost or reinterpreted, nothing is changed.
    /// </summary>
    /// <param name="sets">The feature sets.</param>
    /// <param name="keepUndeclared">Whether columns that no set declares any more are let be, NULL in new rows; else each is refused.</param>
    /// <param name="cancellationToken">Watched before each statement.</param>
    /// <returns>What was closed.</returns>
    /// <exception cref="TableMismatchException">A difference is refused; the message explains each.</exception>
    public async Task<Evolution> EvolveAsync(IEnumerable<FeatureSet> sets, bool keepUndeclared = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var session = Begin();
        List<FeatureSet> list = [.. sets.Distinct()];
        using var measured = Telemetry.Start("evolve", Dialect, string.Join(", ", list.Select(set => set.Name)));
        var evolution = await CompareAsync(session, list, keepUndeclared, cancellationToken).ConfigureAwait(false);
        if (evolution.IsRefused)
        {
            throw new TableMismatchException([.. evolution.Differences.Where(difference => difference.IsRefused).Select(difference => difference.Explanation)]);
        }

        if (evolution.Script.Steps.Count > 0)
        {
            await new Publisher(session, options, evolution.Script, null).RunAsync([], (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        }

        measured.Done();
        return evolution;
    }

    private async Task<Evolution> CompareAsync(Session session, IReadOnlyList<FeatureSet> sets, bool keepsUndeclared, CancellationToken cancellationToken)
    {
        var tables = new List<FoundTable>();
        var differences = new List<TableDifference>();
        foreach (var set in sets)
        {
            foreach (var (table, columns) in EvolutionPlanner.Declared(set))
            {
                var found = new FoundTable(set, table, columns, await session.FactsAsync(table, cancellationToken).ConfigureAwait(false));
                tables.Add(found);
                var own = EvolutionPlanner.Differences(Dialect, found, keepsUndeclared).ToList();
                differences.AddRange(own);
                differences.AddRange(await MisfitsAsync(session, found, own, cancellationToken).ConfigureAwait(false));
            }
        }

        var text = EvolutionPlanner.Script(new(Dialect, SqlStyle.Literals), tables, differences).ToSql();
        return new(differences, EvolutionPlanner.Script(Context(), tables, differences), text);
    }

    /// <summary>Where columns hold anything, the values are looked at too.</summary>
    private static async Task<IEnumerable<TableDifference>> MisfitsAsync(Session session, FoundTable found, IReadOnlyList<TableDifference> differences, CancellationToken cancellationToken)
    {
        var there = found.Columns.Where(column => session.Dialect.ChecksForm(column.Type) && !differences.Any(difference => difference.Column == column.Name)).ToList();
        if (!found.IsOwned || found.Facts is null or { IsView: true } || there.Count == 0 || await session.RowAsync(ValueCheck.Step(session.Dialect, found.Set, found.Table, there), cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return [];
        }

        return
        [
            new(found.Set.Name, found.Table, null, DifferenceKind.ColumnRetyped, IsRefused: true,
                $"Feature set '{found.Set.Name}': the table '{found.Table}' holds a value of another type than declared: {row["problem"]}. A column is never retyped, for that would change or lose what its rows say: declare it as it is, or declare a feature of another name and publish its values."),
        ];
    }
}
