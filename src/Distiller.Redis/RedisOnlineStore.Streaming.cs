using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Text;
using StackExchange.Redis;

namespace Distiller;

/// <summary>What a streaming publish did.</summary>
public sealed record StreamedEvents
{
    /// <summary>The events accepted: logged, each with a created time.</summary>
    public long Accepted { get; init; }

    /// <summary>Those that became their key's online value at once; the others are late.</summary>
    public long Served { get; init; }

    /// <summary>The created time of each event, in the order of the events, UTC.</summary>
    public IReadOnlyList<DateTimeOffset> CreatedTimes { get; init; } = [];
}

public sealed partial class RedisOnlineStore
{
    // An event is one step of the server; so many share a round trip.
    private const int EventsAtOnce = 256;

    /// <summary>
    /// Publishes events as they happen (O7): in one step of the server each becomes its key's online value, unless that is newer, and is appended to a log, from which <see cref="DrainAsync"/> moves it to history and latest.
    /// An event that brings no created time gets one from the server's clock, later than every other of its key; an event that may be sent twice should bring its own, or it is two events.
    /// </summary>
    /// <typeparam name="T">As for <see cref="FeatureStore.PublishAsync{T}(FeatureSet, IEnumerable{T}, PublishOptions, CancellationToken)"/>.</typeparam>
    /// <param name="set">The feature set: one that can be published to, with a created time that keeps microseconds.</param>
    /// <param name="events">The events.</param>
    /// <param name="cancellationToken">Gives up waiting; events sent before stay accepted.</param>
    /// <exception cref="RowRefusedException">An event lacks a key or event time, or has a value that does not fit. Events before it in the call may have been accepted.</exception>
    /// <exception cref="OnlineStoreException">The server failed, or an event brings the version of the value that is there with other features: it is neither written nor logged.</exception>
    /// <exception cref="NotSupportedException">The server has no streams (Garnet), or is a cluster and there are no buckets.</exception>
    public async Task<StreamedEvents> PublishAsync<T>(FeatureSet set, IEnumerable<T> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(events);
        StreamedSet.Check(set);
        await RefuseWithoutStreamsAsync(set, cancellationToken).ConfigureAwait(false);
        using var measured = Telemetry.Start("stream", SystemName, set.Name);
        using var streamed = new StreamedSet(Options, set);
        var created = new List<DateTimeOffset>();
        var served = 0L;
        using var rows = streamed.Open(events);
        try
        {
            for (var more = true; more;)
            {
                var batch = new List<StreamedEvent>();
                while (batch.Count < EventsAtOnce && (more = rows.Read()))
                {
                    batch.Add(streamed.Take(rows));
                }

                // The events of one bucket share a log, and on a cluster a slot.
                var accepted = new DateTimeOffset[batch.Count];
                foreach (var bucket in batch.Select((item, place) => (Event: item, Place: place)).GroupBy(item => item.Event.Bucket))
                {
                    var answers = await AcceptAsync(set, bucket.Key, [.. bucket.Select(item => item.Event)], cancellationToken).ConfigureAwait(false);
                    foreach (var (item, answer) in bucket.Zip(answers))
                    {
                        accepted[item.Place] = answer.Created;
                        served += answer.Served ? 1 : 0;
                    }
                }

                created.AddRange(accepted);
            }
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw RedisFailures.Explained(failure, "streaming", redis);
        }

        measured.Done();
        return new() { Accepted = created.Count, Served = served, CreatedTimes = created };
    }

    private async Task<IEnumerable<(DateTimeOffset Created, bool Served)>> AcceptAsync(FeatureSet set, int? bucket, StreamedEvent[] events, CancellationToken cancellationToken)
    {
        var keys = new RedisKey[events.Length + 2];
        keys[0] = StreamedSet.Log(Options, set, bucket);
        keys[1] = StreamedSet.Clock(Options, set, bucket);
        var arguments = new RedisValue[5 * events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            keys[i + 2] = events[i].Key;
            arguments[5 * i] = events[i].Head;
            arguments[(5 * i) + 1] = events[i].Created;
            arguments[(5 * i) + 2] = events[i].Tail;
            arguments[(5 * i) + 3] = Milliseconds(events[i].ExpiresAt);
            arguments[(5 * i) + 4] = events[i].KeyText;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = (RedisResult[])(await database.ScriptEvaluateAsync(RedisScripts.Accept, keys, arguments).WaitAsync(cancellationToken).ConfigureAwait(false))!;
                return Enumerable.Range(0, events.Length).Select(i => (new DateTimeOffset(OnlineLayout.Instant(Encoding.ASCII.GetBytes((string)answer[2 * i]!))!.Value), (int)answer[(2 * i) + 1] == 1));
            }
            catch (RedisServerException moving) when (RedisFailures.IsMoving(moving) && attempt < 100)
            {
                // A bucket that moves to another node is whole again in a moment; nothing was accepted.
                await Task.Delay(TimeSpan.FromMilliseconds(50), Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (RedisServerException refusal) when (RedisFailures.OfKey(refusal, keys.AsSpan(2)) is { } explained)
            {
                throw explained;
            }
        }
    }

    private async Task RefuseWithoutStreamsAsync(FeatureSet set, CancellationToken cancellationToken)
    {
        if (Options.Buckets is null && redis.HashSlot("any") >= 0)
        {
            throw new NotSupportedException(
                $"Streaming publish of feature set '{set.Name}' needs OnlineOptions.Buckets on a Redis Cluster: a value and its log can only be written in one step where they lie in one slot. Set Buckets, to 64 for example, for all who write or read, and load the set whole again.");
        }

        try
        {
            // Garnet has no streams and says so of the command.
            await database.ExecuteAsync("XLEN", [(RedisKey)StreamedSet.Log(Options, set, Options.Buckets is null ? null : 0)]).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException unknown) when (unknown.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase))
        {
            throw new NotSupportedException($"Streaming publish of feature set '{set.Name}' needs streams, which this server does not have: use Redis 5 or later. (Garnet serves unload and reading only.)", unknown);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw RedisFailures.Explained(failure, "streaming", redis);
        }
    }
}

/// <summary>An event as the server gets it: the value is head, created time, tail.</summary>
internal sealed record StreamedEvent(string Key, string KeyText, int? Bucket, ReadOnlyMemory<byte> Head, string Created, ReadOnlyMemory<byte> Tail, DateTimeOffset? ExpiresAt);

/// <summary>A feature set whose events are streamed: its logs, and its rows as events and back.</summary>
internal sealed class StreamedSet : IDisposable
{
    private readonly OnlineOptions options;
    private readonly FeatureSet set;
    private readonly OnlineEncoder encoder;
    private readonly OnlineDecoder decoder;
    private readonly string start;
    private readonly int keys;

    public StreamedSet(OnlineOptions options, FeatureSet set)
    {
        this.options = options;
        this.set = set;
        encoder = new(options, set);
        decoder = new(TrainingJoin.Of(set));
        start = OnlineKeys.Start(options, set);
        keys = set.Entity.Keys.Count;
    }

    public static void Check(FeatureSet set)
    {
        if (set.LatestTable is null)
        {
            throw new ArgumentException($"Feature set '{set.Name}' has no latest table, so nothing can be published to it; name one with Latest(table).", nameof(set));
        }

        if (set.IsSparse)
        {
            throw new ArgumentException($"Feature set '{set.Name}' is sparse: its online value is made of several rows, which only the database has; publish to it there and load it.", nameof(set));
        }

        if (set.CreatedTimeColumn is not { Kind: TimeKind.Instant or TimeKind.Timestamp or TimeKind.EpochMicroseconds or TimeKind.Text })
        {
            throw new ArgumentException(
                $"Feature set '{set.Name}' {(set.CreatedTimeColumn is { } created ? $"keeps its created time '{created.Name}' as {created.Kind}" : "has no created time")}, and streaming publish gives every event one in microseconds; publish it to the database and load it.",
                nameof(set));
        }
    }

    public static string Log(OnlineOptions options, FeatureSet set, int? bucket) => Beside(options, "events", set, bucket);

    public static string Clock(OnlineOptions options, FeatureSet set, int? bucket) => Beside(options, "clock", set, bucket);

    public static string Parked(OnlineOptions options, FeatureSet set, int? bucket) => Beside(options, "parked", set, bucket);

    /// <summary>The events' columns, checked as a publish checks them (B6); only the created time may be absent.</summary>
    public DbDataReader Open<T>(IEnumerable<T> events)
    {
        // What one engine alone refuses shows when the event is drained.
        var columns = PublishBatch.Columns(set).Where(column => !PublishBatch.IsDeleted(set, column.Name)).Select(column => column.Name == set.CreatedTimeColumn!.Name
            ? new StageColumn(column.Name, column.Type, NotNull: false) { MayBeAbsent = true }
            : new StageColumn(column.Name, column.Type, column.NotNull));
        return StageReader.Over(events, [.. columns], new(set.Name, "the log of events"), SqlDialect.DuckDb);
    }

    public StreamedEvent Take(DbDataReader row)
    {
        var cells = new object?[row.FieldCount];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = row.IsDBNull(i) ? null : row.GetValue(i);
        }

        var keyText = encoder.KeyText(cells[..keys]);
        var head = new ArrayBufferWriter<byte>();
        head.Write(OnlineLayout.BeforeEvent);
        head.Write(Encoding.ASCII.GetBytes(OnlineLayout.Time(cells[keys])));
        head.Write(OnlineLayout.BeforeCreated);
        var tail = new ArrayBufferWriter<byte>();
        encoder.AppendFeatures(cells[(keys + 2)..(keys + 2 + set.Features.Count)], tail);
        return new(
            OnlineKeys.Whole(start, keyText, options.Buckets),
            keyText,
            options.Buckets is { } buckets ? OnlineKeys.Bucket(keyText, buckets) : null,
            head.WrittenMemory,
            cells[keys + 1] is { } created ? OnlineLayout.Time(created) : "",
            tail.WrittenMemory,
            OnlineEncoder.ExpiresAt(cells[keys]!, options.ExpiryOf(set)));
    }

    /// <summary>A logged event as a row to publish.</summary>
    /// <exception cref="OnlineStoreException">It cannot be read.</exception>
    public Dictionary<string, object?> Row(string keyText, ReadOnlySpan<byte> value)
    {
        var values = new object?[set.Features.Count];
        var reading = decoder.ReadAnyAge(value, keyText, values);
        var row = new Dictionary<string, object?>(StringComparer.Ordinal);
        var key = OnlineKeys.Values(set.Entity.Keys, keyText);
        for (var i = 0; i < keys; i++)
        {
            row.Add(set.Entity.Keys[i].Name, key[i]);
        }

        row.Add(set.EventTimeColumn.Name, reading.EventTime);
        row.Add(set.CreatedTimeColumn!.Name, reading.CreatedTime);
        for (var i = 0; i < values.Length; i++)
        {
            row.Add(set.Features[i].Name, values[i]);
        }

        return row;
    }

    public void Dispose() => encoder.Dispose();

    private static string Beside(OnlineOptions options, string what, FeatureSet set, int? bucket) =>
        OnlineKeys.Beside(options, what, set) + (bucket is { } number ? string.Create(CultureInfo.InvariantCulture, $":{{{number}}}") : "");
}
