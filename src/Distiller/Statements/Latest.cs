namespace Distiller;

/// <summary>
/// The latest row of every key, or of given keys: from the latest table, or for a set without one by a query over history (B12). Columns: keys, event time, created time where the set has one, features.
/// </summary>
public sealed record Latest : Statement
{
    private Latest(FeatureSet set) => Set = set;

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; private init; }

    /// <summary>The instant at which the max age is judged; null = the rows as they are.</summary>
    public DateTimeOffset? Instant { get; private init; }

    /// <summary>The keys to answer, as a spine whose columns are named as the entity's keys; null = all.</summary>
    public Spine? KeySpine { get; private init; }

    /// <summary>The latest of a feature set.</summary>
    public static Latest Of(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new(set);
    }

    /// <summary>Judges the max age at an instant: the features of a row that is too old then are NULL, its times stay.</summary>
    public Latest At(DateTimeOffset instant) => this with { Instant = Instants.Floor(instant) };

    /// <summary>Answers only keys found in a table, a query or rows in memory.</summary>
    /// <exception cref="ArgumentException">The keys' columns are known, and a key of the entity is not among them.</exception>
    public Latest Keys(Spine keys)
    {
        return this with { KeySpine = Set.Entity.CheckKeys(keys) };
    }

    internal override CompiledScript Build(PlanScope context) => LatestPlanner.Build(this, context);
}

/// <summary>
/// Reads latest for an online store (O1): whole, or only rows published at or after a watermark less an overlap.
/// Columns: keys, event time, created time where the set has one, features, and <c>published_timestamp</c> where latest carries it.
/// </summary>
public sealed record Unload : Statement
{
    private Unload(FeatureSet set, DateTimeOffset? since, TimeSpan overlap)
    {
        Set = set;
        Since = since;
        Overlap = overlap;
    }

    /// <summary>How far before the watermark an incremental unload reads again: a transaction open for longer needs a full unload.</summary>
    public static TimeSpan DefaultOverlap { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; }

    /// <summary>The watermark; null = everything.</summary>
    public DateTimeOffset? Since { get; }

    /// <summary>How far before the watermark rows are read again.</summary>
    public TimeSpan Overlap { get; }

    /// <summary>The unload of a feature set, whole or since a watermark.</summary>
    /// <param name="set">The feature set.</param>
    /// <param name="since">The greatest published timestamp of the last complete unload; null = everything.</param>
    /// <param name="overlap">How far before it rows are read again; null = 10 minutes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The overlap is negative.</exception>
    public static Unload Of(FeatureSet set, DateTimeOffset? since = null, TimeSpan? overlap = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new(set, since is { } instant ? Instants.Floor(instant) : null, Ages.Check(overlap ?? DefaultOverlap, $"The overlap of the unload of feature set '{set.Name}'"));
    }

    internal override CompiledScript Build(PlanScope context) => LatestPlanner.Build(this, context);
}
