namespace Distiller;

/// <summary>
/// What everybody who writes or reads the same online values must agree on: prefix, buckets, and how long values are kept. Kept as one value, so that a job and a service share it.
/// </summary>
public sealed record OnlineOptions
{
    /// <summary>The most buckets there can be: the hash slots of a Redis Cluster.</summary>
    internal const int MostBuckets = 16384;

    /// <summary>What every key begins with. Letters, digits and <c>- . _ ~</c>.</summary>
    /// <exception cref="ArgumentException">It is empty, or holds another character.</exception>
    public string Prefix
    {
        get;
        init => field = OnlineKeys.CheckPrefix(value);
    } = "distiller";

    /// <summary>
    /// How many groups the keys of a feature set fall into, by a hash tag in the key, so that on a cluster one group is one slot (O2); null = none, each key has its own slot.
    /// Changing it changes every key: unload whole afterwards.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 or more than 16384.</exception>
    public int? Buckets
    {
        get;
        init => field = value is < 1 or > MostBuckets
            ? throw new ArgumentOutOfRangeException(nameof(value), value, $"The keys fall into 1 to {MostBuckets} buckets; null is none.")
            : value;
    }

    /// <summary>The clock by which max ages are judged on reading (O5).</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The feature sets whose values are kept longer than their own max age.</summary>
    internal ValueList<KeptFor> Kept { get; init; } = ValueList<KeptFor>.Empty;

    /// <summary>Keeps the values of a feature set for longer than its own max age, for serving joins that allow older ones (O5). The set's own max age still judges what is read as the set itself.</summary>
    /// <param name="set">The feature set.</param>
    /// <param name="maxAge">At least the set's own max age; finer than a microsecond is floored.</param>
    /// <exception cref="ArgumentException">The set has no max age, so that its values never expire, or a longer one.</exception>
    public OnlineOptions KeepFor(FeatureSet set, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(set);
        var age = Ages.Check(maxAge, $"The time the values of feature set '{set.Name}' are kept");
        return set.MaximumAge is not { } own
            ? throw new ArgumentException($"Feature set '{set.Name}' has no max age, so its online values never expire; there is nothing to keep longer.", nameof(set))
            : age < own
                ? throw new ArgumentException($"Feature set '{set.Name}' has a max age of {own}, and {age} is shorter; its values are kept at least as long as they may be served.", nameof(maxAge))
                : this with { Kept = ValueList<KeptFor>.Of(Kept.Where(kept => kept.FeatureSet != set.Name).Append(new(set.Name, age))) };
    }

    /// <summary>After which age the online values of a set expire; null = never.</summary>
    internal TimeSpan? ExpiryOf(FeatureSet set) =>
        set.MaximumAge is not { } own ? null : Kept.FirstOrDefault(kept => kept.FeatureSet == set.Name) is { } kept && kept.Age > own ? kept.Age : own;

    /// <summary>How long the values of one feature set are kept.</summary>
    internal sealed record KeptFor(string FeatureSet, TimeSpan Age);
}
