namespace Distiller;

/// <summary>
/// Compares latest with what history says it must be (F3), and on request repairs it: what is missing is inserted, what differs is updated, what history does not know is deleted,
/// in one transaction that no publisher of the set writes in meanwhile. The report alone writes nothing.
/// </summary>
/// <remarks>
/// The report's columns: how many keys are <c>missing</c>, <c>extra</c> and <c>differing</c> (on every row, also where nothing differs); then for the first keys of each kind the difference, the side
/// (<c>history</c>: what latest must be, <c>latest</c>: what it is), keys, times, features. <c>published_timestamp</c>, which no history determines, is not compared.
/// </remarks>
public sealed record Reconcile : Statement
{
    private Reconcile(FeatureSet set) => Set = set;

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; }

    /// <summary>Whether latest is repaired, not only compared.</summary>
    public bool Repairs { get; private init; }

    /// <summary>The most keys of each kind that are shown.</summary>
    public int ShownKeys { get; private init; } = 20;

    /// <summary>The comparison of a feature set's latest with its history.</summary>
    /// <exception cref="InvalidOperationException">The set has no latest table.</exception>
    public static Reconcile Of(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.LatestTable is not null
            ? new(set)
            : throw new InvalidOperationException($"Feature set '{set.Name}' has no latest table: its latest is a query over '{set.HistoryTable}', so nothing can differ. Name one with Latest(table) if there is one.");
    }

    /// <summary>Repairs what differs, too.</summary>
    public Reconcile Repair() => this with { Repairs = true };

    /// <summary>Sets how many keys of each kind are shown, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public Reconcile Showing(int keys)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keys, 1);
        return this with { ShownKeys = keys };
    }

    internal override CompiledScript Build(PlanScope context) => ReconcilePlanner.Build(this, context);
}
