namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>Compares the latest of a feature set with its history (F3): what is missing, extra or differing, counts and the first keys. With <paramref name="repair"/> it is repaired, too, in one transaction with no publisher meanwhile.</summary>
    /// <param name="set">The feature set.</param>
    /// <param name="repair">Whether what differs is repaired.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    /// <exception cref="InvalidOperationException">The set has no latest table.</exception>
    /// <exception cref="TableMismatchException">The tables are not as declared.</exception>
    public Task<ReconcileResult> ReconcileAsync(FeatureSet set, bool repair = false, CancellationToken cancellationToken = default)
    {
        var reconcile = Reconcile.Of(set);
        return ReconcileAsync(repair ? reconcile.Repair() : reconcile, cancellationToken);
    }

    /// <summary>Runs a reconcile statement.</summary>
    public async Task<ReconcileResult> ReconcileAsync(Reconcile statement, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var session = Begin();
        var set = statement.Set;
        using var measured = Telemetry.Start("reconcile", Dialect, set.Name);
        await PublishSource.CheckAsync(session, set, cancellationToken).ConfigureAwait(false);
        var script = statement.Build(await ShapedAsync(session, [set], cancellationToken).ConfigureAwait(false));
        IReadOnlyList<IReadOnlyList<object?>> rows;
        if (statement.Repairs)
        {
            var runner = new Publisher(session, options, script, null);
            await runner.RunAsync([], (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
            rows = runner.Told;
        }
        else
        {
            rows = await session.RowsAsync(script.Single, cancellationToken).ConfigureAwait(false);
        }

        measured.Done();
        return ReconcileReading.Result(statement, rows);
    }

    /// <summary>A context that knows the shapes of the sets' histories.</summary>
    private async Task<PlanScope> ShapedAsync(Session session, IEnumerable<FeatureSet> sets, CancellationToken cancellationToken)
    {
        var shapes = new Dictionary<TableName, TableShape>();
        foreach (var set in sets)
        {
            if (await session.FactsAsync(set.HistoryTable, cancellationToken).ConfigureAwait(false) is { } facts)
            {
                shapes[set.HistoryTable] = TableCheck.Shape(set, facts);
            }
        }

        return Context() with { Shapes = shapes };
    }
}

/// <summary>The answer of a reconcile as values.</summary>
internal static class ReconcileReading
{
    private const int Totals = 3;

    public static ReconcileResult Result(Reconcile statement, IReadOnlyList<IReadOnlyList<object?>> rows)
    {
        var set = statement.Set;
        var columns = LatestFromHistory.Columns(set).ToDictionary(column => column.Name, column => column.Type);
        var content = LatestFromHistory.Content(set);
        var keys = set.Entity.Keys.Select(key => key.Name).ToList();
        var types = keys.Concat(content).Select(name => columns[name]).ToList();
        var found = new List<ReconciledKey>();
        foreach (var row in rows.Where(row => row[Totals] is not null))
        {
            // The totals, the side, the kind, then keys and content.
            var cells = ValueList<object?>.Of(types.Select((type, i) => RawValues.Typed(row[Totals + 2 + i], type)));
            var (key, values) = (ValueList<object?>.Of(cells.Take(keys.Count)), ValueList<object?>.Of(cells.Skip(keys.Count)));
            var isHistory = (string)row[Totals]! == ReconcilePlanner.History;
            var kind = (string)row[Totals + 1]! switch { ReconcilePlanner.Missing => LatestDifference.Missing, ReconcilePlanner.Extra => LatestDifference.Extra, _ => LatestDifference.Differing };
            if (kind == LatestDifference.Differing && !isHistory)
            {
                var before = found[^1];
                found[^1] = before with { Is = values, DifferingColumns = ValueList<string>.Of(content.Where((_, i) => !RawValues.Same(before.MustBe![i], values[i]))) };
            }
            else
            {
                found.Add(new() { Difference = kind, Key = key, MustBe = isHistory ? values : null, Is = isHistory ? null : values });
            }
        }

        return new()
        {
            FeatureSet = set.Name,
            Missing = RawValues.Count(rows[0][0]),
            Extra = RawValues.Count(rows[0][1]),
            Differing = RawValues.Count(rows[0][2]),
            IsRepaired = statement.Repairs,
            KeyColumns = ValueList<string>.Of(keys),
            Columns = content,
            Keys = ValueList<ReconciledKey>.Of(found),
        };
    }
}
