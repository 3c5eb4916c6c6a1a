namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>
    /// Brings a feature set's SCD2 table up to date (F1): the intervals of every key whose history has grown are written anew, from the one before its first new row on, in one transaction. Publishers of the set wait meanwhile; readers do not.
    /// Repeating it changes nothing.
    /// </summary>
    /// <param name="set">A feature set that declares <c>Scd2(table)</c>, whose tables were created.</param>
    /// <param name="anew">Whether every key is recomputed: after rows of history were changed or removed by hand.</param>
    /// <param name="cancellationToken">Watched before each statement; a cancelled refresh leaves the table as it was.</param>
    /// <exception cref="TableMismatchException">A table is not there, or not as declared.</exception>
    public async Task<Scd2Result> RefreshScd2Async(FeatureSet set, bool anew = false, CancellationToken cancellationToken = default)
    {
        var statement = RefreshScd2.Of(set);
        var session = Begin();
        using var measured = Telemetry.Start("scd2", Dialect, set.Name);
        var problems = TableCheck.Problems(Dialect, set, set.HistoryTable, await session.FactsAsync(set.HistoryTable, cancellationToken).ConfigureAwait(false), TablesPlanner.HistoryColumns(set)).ToList();
        problems.AddRange(await Scd2ProblemsAsync(session, set, cancellationToken).ConfigureAwait(false));
        if (problems.Count > 0)
        {
            throw new TableMismatchException(problems);
        }

        var publisher = new Publisher(session, options, (anew ? statement.Anew() : statement).Build(Context()), null);
        await publisher.RunAsync((_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        measured.Done();
        return new()
        {
            FeatureSet = set.Name,
            Keys = publisher.Count(set.Name, Scd2Refresh.Keys),
            Removed = publisher.Count(set.Name, Scd2Refresh.Removed),
            Written = publisher.Count(set.Name, Scd2Refresh.Written),
            FoundByCounting = publisher.Count(set.Name, Scd2Refresh.Unexplained) != 0,
        };
    }

    /// <summary>Creates a view of what a statement answers, such as <c>Scd2.Of(set).AsView("intervals")</c>.</summary>
    public async Task CreateViewAsync(CreateStatementView view, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(view);
        await ExecuteAsync("create", view, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<string>> Scd2ProblemsAsync(Session session, FeatureSet set, CancellationToken cancellationToken) => set.Scd2Table is not { } scd2
        ? []
        :
        [
            .. TableCheck.Owned(session.Dialect, set, scd2.Table, await session.FactsAsync(scd2.Table, cancellationToken).ConfigureAwait(false), Scd2Planner.TableColumns(set, scd2.Columns)),
            .. TableCheck.Owned(session.Dialect, set, scd2.PendingTable, await session.FactsAsync(scd2.PendingTable, cancellationToken).ConfigureAwait(false), Scd2Planner.PendingColumns(set)),
        ];
}

/// <summary>What a refresh of an SCD2 table did. Every count comes from a query.</summary>
public sealed record Scd2Result
{
    /// <summary>The feature set.</summary>
    public required string FeatureSet { get; init; }

    /// <summary>The keys whose intervals were recomputed.</summary>
    public long Keys { get; init; }

    /// <summary>The intervals that were replaced: those of the keys from the one before the first new row on, or all of them where the rows before tell more than themselves (sparse sets), or the keys were found by counting.</summary>
    public long Removed { get; init; }

    /// <summary>The intervals that took their place.</summary>
    public long Written { get; init; }

    /// <summary>Whether the keys had to be found by counting the history's rows, because rows came by other means than publishing.</summary>
    public bool FoundByCounting { get; init; }

    /// <summary>The result in one line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{FeatureSet}: {Keys} keys recomputed{(FoundByCounting ? " (found by counting)" : "")}; {Removed} intervals replaced by {Written}");
}
