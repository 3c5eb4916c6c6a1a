namespace Distiller;

/// <summary>From entity info to keys, to one request, to features.</summary>
internal static class OnlineReader
{
    public static async Task<IReadOnlyList<OnlineFeatures>> ReadAsync<T>(IOnlineStore store, IReadOnlyList<T> entities, ServingSet serving, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(serving);
        RefuseOlderThanKept(store.Options, serving);
        using var measured = Telemetry.Start("get", store.SystemName, serving.Name);
        var joins = serving.Joins;
        var keys = new List<string>(entities.Count * joins.Count);
        var places = new int[entities.Count * joins.Count];
        var starts = serving.Plan.Starts(store.Options);
        for (var e = 0; e < entities.Count; e++)
        {
            var entity = serving.Plan.Entity(entities[e]);
            for (var j = 0; j < joins.Count; j++)
            {
                places[(e * joins.Count) + j] = Key(store.Options, serving, j, starts[j], entity) is { } key ? Add(keys, key) : -1;
            }
        }

        IReadOnlyList<ReadOnlyMemory<byte>?> stored = keys.Count == 0 ? [] : await store.ReadAsync(keys, cancellationToken).ConfigureAwait(false);
        if (stored.Count != keys.Count)
        {
            throw new OnlineStoreException(FormattableString.Invariant($"The online store '{store.SystemName}' was asked for {keys.Count} keys and answered {stored.Count}."));
        }

        var now = Instants.Floor(store.Options.TimeProvider.GetUtcNow().UtcDateTime);
        var answers = new OnlineFeatures[entities.Count];
        for (var e = 0; e < answers.Length; e++)
        {
            answers[e] = Answer(serving, keys, stored, places.AsSpan(e * joins.Count, joins.Count), now);
        }

        Telemetry.Read(store.SystemName, answers);
        measured.Done();
        return answers;
    }

    private static OnlineFeatures Answer(ServingSet serving, List<string> keys, IReadOnlyList<ReadOnlyMemory<byte>?> stored, ReadOnlySpan<int> places, DateTime now)
    {
        var joins = serving.Joins;
        var values = new object?[serving.Plan.Columns.Count];
        var sets = new OnlineFeatureSet[joins.Count];
        for (var j = 0; j < sets.Length; j++)
        {
            var join = joins[j];
            var reading = places[j] >= 0 && stored[places[j]] is { } value
                ? serving.Plan.Decoders[j].Read(value.Span, keys[places[j]], now, values.AsSpan(serving.Plan.Firsts[j], join.Features.Count))
                : new(OnlineStatus.Missing, null, null);
            sets[j] = new(join.Prefix, join.Set, reading.Status, reading.EventTime, reading.CreatedTime);
        }

        return new(serving, values, sets);
    }

    private static string? Key(OnlineOptions options, ServingSet serving, int join, string start, object?[] entity)
    {
        var slots = serving.Plan.KeySlots[join];
        var parts = new object?[slots.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = entity[slots[i]];
        }

        return OnlineKeys.Text(serving.Joins[join].Set.Entity.Keys, parts) is { } text ? OnlineKeys.Whole(start, text, options.Buckets) : null;
    }

    private static int Add(List<string> keys, string key)
    {
        keys.Add(key);
        return keys.Count - 1;
    }

    /// <summary>A value that the store lets expire before a join would call it too old cannot be served as in the training set (O5).</summary>
    private static void RefuseOlderThanKept(OnlineOptions options, ServingSet serving)
    {
        foreach (var join in serving.Joins)
        {
            if (join.MaximumAge is { } wanted && options.ExpiryOf(join.Set) is { } kept && wanted > kept)
            {
                throw new InvalidOperationException(
                    $"The join '{join.Prefix}' of the serving set '{serving.Name}' allows values of {wanted}, and the online store keeps those of feature set '{join.Set.Name}' for {kept}: keep them longer with OnlineOptions.KeepFor, where they are loaded and here.");
            }
        }
    }
}
