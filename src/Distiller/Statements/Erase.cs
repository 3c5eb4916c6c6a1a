namespace Distiller;

/// <summary>
/// Removes entities from every table Distiller writes for feature sets of theirs: history, latest and intervals, in one transaction. Nothing of them is left there, not even that they were:
/// training sets lose what they saw. To end a key and keep its past, retract it.
/// </summary>
public sealed record Erase : Statement
{
    private Erase(ValueList<FeatureSet> sets, Spine keys)
    {
        Sets = sets;
        Keys = keys;
    }

    /// <summary>The feature sets, all of one entity.</summary>
    public IReadOnlyList<FeatureSet> Sets { get; }

    /// <summary>The keys, as a spine whose columns are named as the entity's keys.</summary>
    public Spine Keys { get; }

    /// <summary>Erases keys found in a table, a query or rows in memory.</summary>
    /// <param name="sets">Feature sets of one entity. A set without a latest table is only read: its source is named as not reached.</param>
    /// <param name="keys">The keys.</param>
    /// <exception cref="ArgumentException">There is no set, the sets are of several entities, or a key of the entity is not among the keys' known columns.</exception>
    public static Erase Of(IEnumerable<FeatureSet> sets, Spine keys)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var list = ValueList<FeatureSet>.Of(sets.Distinct());
        if (list.Count == 0)
        {
            throw new ArgumentException("Name the feature sets to erase from.", nameof(sets));
        }

        var entity = list[0].Entity;
        return list.FirstOrDefault(set => set.Entity != entity) is { } other
            ? throw new ArgumentException($"Feature set '{list[0].Name}' is of entity '{entity.Name}', '{other.Name}' of '{other.Entity.Name}'; erase from the sets of one entity at a time.", nameof(sets))
            : new(list, entity.CheckKeys(keys));
    }

    internal override CompiledScript Build(PlanScope context) => ErasePlanner.Build(this, context);
}
