using System.Buffers;

namespace Distiller;

/// <summary>How an online store is loaded.</summary>
public sealed record LoadOptions
{
    /// <summary>Whether everything is unloaded, also where a watermark would allow less: after a change of buckets or retention by hand, or when a transaction stayed open for longer than the overlap.</summary>
    public bool Whole { get; init; }

    /// <summary>How far before the watermark rows are read again; null = 10 minutes.</summary>
    public TimeSpan? Overlap { get; init; }

    /// <summary>The most rows of one batch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A batch has at least one row.");
    } = 512;

    /// <summary>How many batches may be on their way at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int BatchesAtOnce
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one batch is on its way.");
    } = 4;

    /// <summary>Hears of the rows acknowledged, batch by batch.</summary>
    public IProgress<StoreProgress>? Progress { get; init; }
}

/// <summary>What a load did.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record LoadResult
{
    /// <summary>The rows read.</summary>
    public long Read { get; init; }

    /// <summary>The values written.</summary>
    public long Written { get; init; }

    /// <summary>The rows that met a newer value, which stayed.</summary>
    public long Older => Read - Written;

    /// <summary>Whether everything was unloaded, and not only what was published since the watermark.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The watermark as it is now, UTC; null where none is kept.</summary>
    public DateTimeOffset? Watermark { get; init; }

    /// <summary>What should be known of it, for people; null = nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The result in one line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Read} read, {Written} written, {Older} older than what was there{(IsWhole ? ", whole" : "")}{(Note is null ? "" : "; " + Note)}");
}

/// <summary>Rows in, batches out: a few are on their way while the next is filled, and each has a buffer of its own that is filled again once it is acknowledged.</summary>
internal sealed class OnlineLoader(IOnlineStore store, LoadOptions options)
{
    // Values that are large make batches that are short.
    private const int MostBatchBytes = 1 << 20;

    private readonly Queue<Batch> underway = new();
    private readonly Stack<Batch> free = new();
    private readonly Dictionary<FeatureSet, OnlineEncoder> encoders = [];
    private readonly DateTimeOffset began = store.Options.TimeProvider.GetUtcNow();
    private FeatureSet? last;
    private OnlineEncoder? lastEncoder;
    private long read;
    private long written;

    public async Task<LoadResult> LoadAsync(FeatureStore source, FeatureSet set, CancellationToken cancellationToken)
    {
        using var measured = Telemetry.Start("load", store.SystemName, set.Name);
        var carries = set.LatestTable is not null && !set.IsExisting;
        var known = carries ? await Watermark.ReadAsync(store, set, cancellationToken).ConfigureAwait(false) : null;
        var keptOtherwise = known is { } before && before.Expiry != store.Options.ExpiryOf(set);
        var since = options.Whole || keptOtherwise ? null : known?.Published;
        DateTimeOffset? greatest = null;
        await WriteAsync(Watched(), cancellationToken).ConfigureAwait(false);
        if (greatest is { } published)
        {
            await Watermark.WriteAsync(store, set, published, cancellationToken).ConfigureAwait(false);
        }

        measured.Done();
        return new()
        {
            Read = read,
            Written = written,
            IsWhole = since is null,
            Watermark = carries ? (await Watermark.ReadAsync(store, set, cancellationToken).ConfigureAwait(false))?.Published : null,
            Note = !carries ? $"the latest of '{set.Name}' carries no {Names.PublishedTimestamp}, so it is loaded whole each time"
                : keptOtherwise && !options.Whole ? $"the values of '{set.Name}' are kept for another time than at the last load, so it was loaded whole"
                : null,
        };

        async IAsyncEnumerable<LatestRow> Watched()
        {
            await foreach (var row in source.UnloadAsync(Unload.Of(set, since, options.Overlap), null, cancellationToken).ConfigureAwait(false))
            {
                if (row.PublishedTimestamp is { } published && (greatest is null || published > greatest.Value.UtcDateTime))
                {
                    greatest = new DateTimeOffset(published);
                }

                yield return row;
            }
        }
    }

    public async Task<LoadResult> LoadAsync(IAsyncEnumerable<LatestRow> rows, CancellationToken cancellationToken)
    {
        using var measured = Telemetry.Start("load", store.SystemName, "rows");
        await WriteAsync(rows, cancellationToken).ConfigureAwait(false);
        measured.Done();
        return new() { Read = read, Written = written };
    }

    private async Task WriteAsync(IAsyncEnumerable<LatestRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            var batch = new Batch();
            await foreach (var row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                batch.Add(EncoderOf(row.FeatureSet), row, began);
                if (batch.Count >= options.BatchSize || batch.Bytes >= MostBatchBytes)
                {
                    await SendAsync(batch, cancellationToken).ConfigureAwait(false);
                    batch = free.Count > 0 ? free.Pop() : new();
                }
            }

            if (batch.Count > 0)
            {
                await SendAsync(batch, cancellationToken).ConfigureAwait(false);
            }

            while (underway.Count > 0)
            {
                await AcknowledgeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            // After a failure the others end as they may: what they wrote does no harm, and what they say is no news.
            foreach (var left in underway)
            {
                await ((Task)left.Sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            foreach (var encoder in encoders.Values)
            {
                encoder.Dispose();
            }
        }
    }

    private async Task SendAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (underway.Count >= options.BatchesAtOnce)
        {
            await AcknowledgeAsync().ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        batch.Sent = store.WriteAsync(batch.Writes(), cancellationToken);
        underway.Enqueue(batch);
    }

    private async Task AcknowledgeAsync()
    {
        var batch = underway.Dequeue();
        var replaced = await batch.Sent.ConfigureAwait(false);
        read += batch.Count;
        written += replaced;
        Telemetry.Loaded(batch.FeatureSet, batch.Count, replaced);
        options.Progress?.Report(new(batch.FeatureSet, "load", read));
        batch.Clear();
        free.Push(batch);
    }

    private OnlineEncoder EncoderOf(FeatureSet set)
    {
        // Rows of an unload share one instance of their set, and to hash one takes longer than to write a row.
        if (ReferenceEquals(set, last))
        {
            return lastEncoder!;
        }

        if (!encoders.TryGetValue(set, out var encoder))
        {
            encoders.Add(set, encoder = new(store.Options, set));
        }

        (last, lastEncoder) = (set, encoder);
        return encoder;
    }

    /// <summary>Values that are written in one call, one after another in one buffer.</summary>
    private sealed class Batch
    {
        private readonly ArrayBufferWriter<byte> buffer = new(64 * 1024);
        private readonly List<(string Key, int First, int RankLength, DateTimeOffset? ExpiresAt)> rows = [];

        public int Count => rows.Count;

        public int Bytes => buffer.WrittenCount;

        public string FeatureSet { get; private set; } = "";

        public Task<int> Sent { get; set; } = Task.FromResult(0);

        public void Add(OnlineEncoder encoder, LatestRow row, DateTimeOffset readAt)
        {
            var first = buffer.WrittenCount;
            var (key, rankLength, expiresAt) = encoder.Append(row, readAt, buffer);
            rows.Add((key, first, rankLength, expiresAt));
            FeatureSet = row.FeatureSet.Name;
        }

        public OnlineWrite[] Writes()
        {
            var writes = new OnlineWrite[rows.Count];
            for (var i = 0; i < writes.Length; i++)
            {
                var (key, first, rankLength, expiresAt) = rows[i];
                var end = i + 1 < writes.Length ? rows[i + 1].First : buffer.WrittenCount;
                writes[i] = new(key, buffer.WrittenMemory[first..end], rankLength, expiresAt);
            }

            return writes;
        }

        public void Clear()
        {
            buffer.ResetWrittenCount();
            rows.Clear();
        }
    }
}
