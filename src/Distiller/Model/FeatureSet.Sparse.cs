namespace Distiller;

public sealed partial record FeatureSet
{
    private const string TimeSuffix = "__at";

    /// <summary>Whether each feature has a winner of its own: the newest row in which it is not NULL (W3).</summary>
    public bool IsSparse { get; private init; }

    /// <summary>Whether rows can be ended by tombstones: history and latest carry the column <c>deleted</c>.</summary>
    public bool HasTombstones { get; private init; }

    /// <summary>
    /// Makes NULL mean "nothing new" instead of "no value": each feature is served from the newest row in which it is not NULL, and its max age is judged by that row's event time (W3, W4).
    /// An owned latest then keeps, beside each feature, its event time in a column <c>{feature}__at</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The set uses tables that exist and names a latest table, which lacks those columns.</exception>
    /// <exception cref="ArgumentException">A feature's name ends the way those columns do, and is taken.</exception>
    public FeatureSet Sparse() => (this with { IsSparse = true }).Checked();

    /// <summary>
    /// Lets keys end: a retraction is a history row of its own, with every feature NULL and <c>deleted</c> true. Instants at or after it see nothing until a newer row (W4);
    /// latest keeps it, hidden, so that a late row does not bring the key back.
    /// </summary>
    /// <exception cref="InvalidOperationException">The set uses tables that exist, which Distiller never alters.</exception>
    public FeatureSet Tombstones() => (this with { HasTombstones = true }).Checked();

    /// <summary>The column of an owned sparse latest that keeps a feature's event time.</summary>
    internal static string TimeOf(string feature) => feature + TimeSuffix;

    private void CheckOwned(Action<string, string> take)
    {
        if (IsExisting && HasTombstones)
        {
            throw new InvalidOperationException($"Feature set '{Name}' uses tables that exist, which are never altered, so it has no tombstones: '{Names.Deleted}' is a column of owned tables. Leave the rows that ended out in a view.");
        }

        if (!IsSparse)
        {
            return;
        }

        if (IsExisting && LatestTable is not null)
        {
            throw new InvalidOperationException($"Feature set '{Name}' is sparse and uses the latest table '{LatestTable}', which keeps no event time per feature; leave Latest(...) out, and latest is answered from history.");
        }

        foreach (var feature in Features)
        {
            take(TimeOf(feature.Name), $"the event time of the sparse feature '{feature.Name}'");
        }
    }
}
