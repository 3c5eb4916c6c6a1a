namespace Distiller;

/// <summary>
/// Ends keys at an instant: appends a tombstone per key to history (every feature NULL, <c>deleted</c> true) and brings latest up to date, as a publish does (B1 to B10).
/// Instants before it see what they saw; at and after it a training set, latest and an online store see nothing, until a newer row. The set needs <see cref="FeatureSet.Tombstones"/>.
/// </summary>
public sealed record Retract : Statement
{
    private Retract(FeatureSet set, Spine keys, DateTimeOffset instant)
    {
        Set = set;
        Keys = keys;
        Instant = instant;
    }

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; }

    /// <summary>The keys that end, as a spine whose columns are named as the entity's keys.</summary>
    public Spine Keys { get; }

    /// <summary>The event time of the tombstones: the instant from which the keys have no value. UTC, whole microseconds.</summary>
    public DateTimeOffset Instant { get; }

    /// <summary>The created time of the tombstones; null = the clock, once per call (B4).</summary>
    public DateTimeOffset? CreatedInstant { get; private init; }

    /// <summary>Ends keys found in a table, a query or rows in memory.</summary>
    /// <param name="set">A set with tombstones.</param>
    /// <param name="keys">The keys; a key that history does not know ends too, so that a late row does not bring it up.</param>
    /// <param name="at">The instant from which they have no value; floored to a microsecond.</param>
    /// <exception cref="InvalidOperationException">The set has no tombstones.</exception>
    /// <exception cref="ArgumentException">The keys' columns are known, and a key of the entity is not among them.</exception>
    public static Retract Of(FeatureSet set, Spine keys, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.HasTombstones
            ? new(set, set.Entity.CheckKeys(keys), Instants.Floor(at))
            : throw new InvalidOperationException($"Feature set '{set.Name}' has no tombstones; turn them on with Tombstones() and add their column with EvolveAsync.");
    }

    /// <summary>Gives the created time of the tombstones: with it, the same retraction again changes nothing (B4).</summary>
    public Retract CreatedAt(DateTimeOffset instant) => this with { CreatedInstant = Instants.Floor(instant) };

    internal Publish ToPublish()
    {
        var publish = Publish.Tombstones(Set, Keys, Instant);
        return CreatedInstant is { } instant ? publish.CreatedAt(instant) : publish;
    }

    internal override CompiledScript Build(PlanScope context) => PublishPlanner.Build([ToPublish()], context);
}
