namespace Distiller;

/// <summary>An online store in this process, for tests and small services. It keeps what it is given until that expires by its clock, or the process ends. Any number of threads may use it.</summary>
public sealed class InMemoryOnlineStore : IOnlineStore
{
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>An empty store.</summary>
    /// <param name="options">What writers and readers agree on; null = the defaults.</param>
    public InMemoryOnlineStore(OnlineOptions? options = null) => Options = options ?? new();

    /// <inheritdoc/>
    public OnlineOptions Options { get; }

    /// <inheritdoc/>
    public string SystemName => "memory";

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        cancellationToken.ThrowIfCancellationRequested();
        var now = Options.TimeProvider.GetUtcNow();
        var values = new ReadOnlyMemory<byte>?[keys.Count];
        lock (gate)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = Find(keys[i], now);
            }
        }

        return Task.FromResult<IReadOnlyList<ReadOnlyMemory<byte>?>>(values);
    }

    /// <inheritdoc/>
    public Task<int> WriteAsync(IReadOnlyList<OnlineWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        cancellationToken.ThrowIfCancellationRequested();
        var now = Options.TimeProvider.GetUtcNow();
        var written = 0;
        lock (gate)
        {
            foreach (var write in writes)
            {
                if (Find(write.Key, now) is not { } stored || write.Replaces(stored.Span))
                {
                    entries[write.Key] = new(write.Value.ToArray(), write.ExpiresAt);
                    written++;
                }
            }
        }

        return Task.FromResult(written);
    }

    private ReadOnlyMemory<byte>? Find(string key, DateTimeOffset now)
    {
        if (!entries.TryGetValue(key, out var entry))
        {
            return null;
        }

        if (entry.ExpiresAt < now)
        {
            entries.Remove(key);
            return null;
        }

        return entry.Value;
    }

    private sealed record Entry(ReadOnlyMemory<byte> Value, DateTimeOffset? ExpiresAt);
}
