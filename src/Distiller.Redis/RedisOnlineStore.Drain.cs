using StackExchange.Redis;

namespace Distiller;

/// <summary>How a log of events is drained.</summary>
public sealed record DrainOptions
{
    /// <summary>The name of this drain among others that drain at the same time. A drain that starts again under its name goes on with what it had.</summary>
    public string Consumer { get; init; } = Environment.MachineName;

    /// <summary>The most events published in one transaction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A batch has at least one event.");
    } = 500;

    /// <summary>After how long events that another drain took and did not acknowledge are taken over: longer than a transaction takes. Taking over too early does no harm but work.</summary>
    public TimeSpan ClaimAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Hears of the events drained, batch by batch.</summary>
    public IProgress<StoreProgress>? Progress { get; init; }
}

/// <summary>What a drain did.</summary>
public sealed record DrainResult
{
    /// <summary>The events taken from the log and acknowledged, those put aside among them.</summary>
    public long Events { get; init; }

    /// <summary>The events appended to history; the others were there already, or were put aside.</summary>
    public long Appended { get; init; }

    /// <summary>The events that were taken over from a drain that did not acknowledge them.</summary>
    public long Claimed { get; init; }

    /// <summary>The events that cannot be published, put aside with their errors: see <see cref="RedisOnlineStore.ParkedAsync"/>.</summary>
    public long Parked { get; init; }

    /// <summary>The result in one line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Events} events, {Appended} appended, {Claimed} taken over, {Parked} put aside");
}

/// <summary>An event that could not be published.</summary>
/// <param name="Id">Its id in the log it was put aside in.</param>
/// <param name="EntityKey">The entity key, as in the online key.</param>
/// <param name="Value">The event: times and features as UTF-8 JSON.</param>
/// <param name="Error">Why it was refused.</param>
public sealed record ParkedEvent(string Id, string EntityKey, string Value, string Error);

public sealed partial class RedisOnlineStore
{
    private const string DrainGroup = "distiller";

    /// <summary>
    /// Moves logged events to history and latest (O7), until the log is empty: in batches, each published in one transaction and acknowledged after its commit. Run it as often as you like, in as many processes as you like.
    /// At least once: after a crash events are published again, which changes nothing, because each keeps its created time (B4). An event the database refuses is put aside with its error, and does not hold up the others.
    /// </summary>
    /// <param name="store">The store of the database.</param>
    /// <param name="set">The feature set.</param>
    /// <param name="options">Name, sizes, patience; null = the defaults.</param>
    /// <param name="cancellationToken">Watched between batches and within a publish.</param>
    /// <exception cref="OnlineStoreException">The server failed. What was published stays; draining again goes on.</exception>
    /// <exception cref="StatementFailedException">The database failed. The batch stays in the log.</exception>
    public async Task<DrainResult> DrainAsync(FeatureStore store, FeatureSet set, DrainOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(set);
        StreamedSet.Check(set);
        await RefuseWithoutStreamsAsync(set, cancellationToken).ConfigureAwait(false);
        using var measured = Telemetry.Start("drain", SystemName, set.Name);
        using var streamed = new StreamedSet(Options, set);
        var drain = new RedisDrain(database, store, set, streamed, options ?? new(), DrainGroup);
        try
        {
            foreach (var bucket in BucketsOf())
            {
                await drain.RunAsync(StreamedSet.Log(Options, set, bucket), StreamedSet.Parked(Options, set, bucket), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw RedisFailures.Explained(failure, "draining", redis);
        }

        measured.Done();
        return drain.Result;
    }

    /// <summary>The events that were put aside, oldest first.</summary>
    public async Task<IReadOnlyList<ParkedEvent>> ParkedAsync(FeatureSet set, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        var parked = new List<ParkedEvent>();
        try
        {
            foreach (var bucket in BucketsOf())
            {
                var entries = await database.StreamRangeAsync(StreamedSet.Parked(Options, set, bucket)).WaitAsync(cancellationToken).ConfigureAwait(false);
                parked.AddRange(entries.Select(entry => new ParkedEvent(entry.Id.ToString(), entry["key"].ToString(), entry["value"].ToString(), entry["error"].ToString())));
            }
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw RedisFailures.Explained(failure, "reading what was put aside of", redis);
        }

        return parked;
    }

    /// <summary>How many events of a feature set wait to be drained.</summary>
    public async Task<long> WaitingAsync(FeatureSet set, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        try
        {
            var lengths = await Task.WhenAll(BucketsOf().Select(bucket => database.StreamLengthAsync(StreamedSet.Log(Options, set, bucket)))).WaitAsync(cancellationToken).ConfigureAwait(false);
            return lengths.Sum();
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw RedisFailures.Explained(failure, "counting events of", redis);
        }
    }

    private IEnumerable<int?> BucketsOf() => Options.Buckets is { } count ? Enumerable.Range(0, count).Select(bucket => (int?)bucket) : [null];
}

/// <summary>One drain at work: what it had before, what others left, what is new.</summary>
internal sealed class RedisDrain(IDatabase database, FeatureStore store, FeatureSet set, StreamedSet streamed, DrainOptions options, string group)
{
    public DrainResult Result { get; private set; } = new();

    public async Task RunAsync(string log, string parked, CancellationToken cancellationToken)
    {
        if (!await database.KeyExistsAsync(log).WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        await JoinAsync(log, cancellationToken).ConfigureAwait(false);
        while (await database.StreamReadGroupAsync(log, group, options.Consumer, "0", options.BatchSize).WaitAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } had)
        {
            await PublishAsync(log, parked, had, cancellationToken).ConfigureAwait(false);
        }

        var next = (RedisValue)"0-0";
        do
        {
            var claim = await database.StreamAutoClaimAsync(log, group, options.Consumer, (long)options.ClaimAfter.TotalMilliseconds, next, options.BatchSize).WaitAsync(cancellationToken).ConfigureAwait(false);
            Result = Result with { Claimed = Result.Claimed + claim.ClaimedEntries.Length };
            await PublishAsync(log, parked, claim.ClaimedEntries, cancellationToken).ConfigureAwait(false);
            next = claim.NextStartId;
        }
        while (next != "0-0");

        while (await database.StreamReadGroupAsync(log, group, options.Consumer, ">", options.BatchSize).WaitAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } fresh)
        {
            await PublishAsync(log, parked, fresh, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task JoinAsync(string log, CancellationToken cancellationToken)
    {
        try
        {
            await database.StreamCreateConsumerGroupAsync(log, group, "0-0").WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException known) when (known.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
        }
    }

    private async Task PublishAsync(string log, string parked, StreamEntry[] entries, CancellationToken cancellationToken)
    {
        var events = new List<(StreamEntry Entry, Dictionary<string, object?> Row)>();
        foreach (var entry in entries)
        {
            // An entry that is pending and was taken off the log has nothing left to publish.
            if (entry.Values is not { Length: > 0 })
            {
                await AcknowledgeAsync(log, [entry], cancellationToken).ConfigureAwait(false);
                continue;
            }

            try
            {
                events.Add((entry, streamed.Row(entry["key"].ToString(), ((ReadOnlyMemory<byte>)entry["value"]).Span)));
            }
            catch (OnlineStoreException unreadable)
            {
                await ParkAsync(log, parked, entry, unreadable, cancellationToken).ConfigureAwait(false);
            }
        }

        if (events.Count == 0)
        {
            return;
        }

        try
        {
            Add(await store.PublishAsync(set, events.Select(item => item.Row), null, cancellationToken).ConfigureAwait(false));
        }
        catch (RowRefusedException) when (events.Count > 1)
        {
            // One of them: each alone shows which, and holds up no other.
            foreach (var (entry, row) in events)
            {
                await PublishAsync(log, parked, entry, row, cancellationToken).ConfigureAwait(false);
            }

            return;
        }
        catch (RowRefusedException refused)
        {
            await ParkAsync(log, parked, events[0].Entry, refused, cancellationToken).ConfigureAwait(false);
            return;
        }

        await AcknowledgeAsync(log, [.. events.Select(item => item.Entry)], cancellationToken).ConfigureAwait(false);
    }

    private async Task PublishAsync(string log, string parked, StreamEntry entry, Dictionary<string, object?> row, CancellationToken cancellationToken)
    {
        try
        {
            Add(await store.PublishAsync(set, [row], null, cancellationToken).ConfigureAwait(false));
        }
        catch (RowRefusedException refused)
        {
            await ParkAsync(log, parked, entry, refused, cancellationToken).ConfigureAwait(false);
            return;
        }

        await AcknowledgeAsync(log, [entry], cancellationToken).ConfigureAwait(false);
    }

    private void Add(PublishResult published) => Result = Result with { Appended = Result.Appended + published.Appended };

    private async Task AcknowledgeAsync(string log, IReadOnlyList<StreamEntry> entries, CancellationToken cancellationToken)
    {
        RedisValue[] arguments = [group, .. entries.Select(entry => entry.Id)];
        await database.ScriptEvaluateAsync(RedisScripts.Acknowledge, [log], arguments).WaitAsync(cancellationToken).ConfigureAwait(false);
        Result = Result with { Events = Result.Events + entries.Count };
        options.Progress?.Report(new(set.Name, "drain", Result.Events));
    }

    private async Task ParkAsync(string log, string parked, StreamEntry entry, Exception error, CancellationToken cancellationToken)
    {
        await database.ScriptEvaluateAsync(RedisScripts.Park, [log, parked], [group, entry.Id, entry["key"], entry["value"], error.Message]).WaitAsync(cancellationToken).ConfigureAwait(false);
        Result = Result with { Events = Result.Events + 1, Parked = Result.Parked + 1 };
    }
}
