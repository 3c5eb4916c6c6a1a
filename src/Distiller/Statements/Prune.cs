namespace Distiller;

/// <summary>
/// Retention: deletes history before an instant as far as nothing from that instant on needs it. The last row of each key before it stays (of a sparse set, each feature's last; a tombstone that is the last, too),
/// and rows that became known only after it, as far as somebody who knew less would have seen them. So every training set whose instants are at or after it answers as before,
/// with today's knowledge, with that of each row's instant, and with that of any instant at or after it; and so do latest, unload and a reconcile. No key loses its last row.
/// </summary>
/// <remarks>What a training set says of earlier instants, or knew before it, changes. A row that was pruned and is published again is appended again.</remarks>
public sealed record Prune : Statement
{
    private Prune(FeatureSet set, DateTimeOffset before)
    {
        Set = set;
        Before = before;
    }

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; }

    /// <summary>The instant before which history is pruned. UTC, whole microseconds.</summary>
    public DateTimeOffset Before { get; }

    /// <summary>Whether rows are only counted.</summary>
    public bool IsReport { get; private init; }

    /// <summary>The retention of a feature set's history.</summary>
    /// <param name="set">A set that is written by Distiller: one with a latest table.</param>
    /// <param name="before">The instant from which on nothing changes; floored to a microsecond.</param>
    /// <exception cref="InvalidOperationException">The set is only read, or keeps its event time as an ordinal, which no instant is before.</exception>
    public static Prune Of(FeatureSet set, DateTimeOffset before)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.LatestTable is null)
        {
            throw new InvalidOperationException($"Feature set '{set.Name}' has no latest table, so it is read only: its history '{set.HistoryTable}' is not Distiller's to prune. Name its latest with Latest(table) if Distiller writes it, or delete rows by your own means.");
        }

        return set.EventTimeColumn.Kind == TimeKind.Ordinal
            ? throw new InvalidOperationException($"Feature set '{set.Name}' keeps its event time '{set.EventTimeColumn.Name}' as an ordinal, which no instant is before or after; delete rows by your own means.")
            : new(set, Instants.Floor(before));
    }

    /// <summary>Only counts what would be deleted; nothing is.</summary>
    public Prune Report() => this with { IsReport = true };

    internal override CompiledScript Build(PlanScope context) => PrunePlanner.Build(this, context);
}
