namespace Distiller;

/// <summary>
/// A key-value store that holds the newest value of each entity key for serving. What is stored under which key is Distiller's business; a store only keeps bytes:
/// it reads many keys at once, and writes values so that an older one never replaces a newer one.
/// </summary>
/// <remarks>Loading and reading are extension methods, alike for every store: see <see cref="OnlineStoreExtensions"/>.</remarks>
public interface IOnlineStore
{
    /// <summary>What writers and readers of the store agree on.</summary>
    OnlineOptions Options { get; }

    /// <summary>The store's name in traces and metrics, such as <c>redis</c>.</summary>
    string SystemName { get; }

    /// <summary>Reads the values of many keys in one request.</summary>
    /// <param name="keys">The keys: ASCII text.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A value for each key, in the order of the keys; null where there is none.</returns>
    /// <exception cref="OnlineStoreException">The store does not answer, or a key holds what is no value.</exception>
    Task<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>
    /// Writes values, each only where <see cref="OnlineWrite.Replaces"/> says so of what is stored: the comparison and the write of one key are one step that no other writer can come between.
    /// </summary>
    /// <param name="writes">The values, in order; the memory behind them is taken back when the call ends.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How many were written; the others met newer ones.</returns>
    /// <exception cref="OnlineStoreException">The store does not answer, refuses to write, or a key holds what is no value. Values written before stay; writing all again does no harm.</exception>
    Task<int> WriteAsync(IReadOnlyList<OnlineWrite> writes, CancellationToken cancellationToken);
}

/// <summary>One value to write.</summary>
/// <param name="Key">The key: ASCII text.</param>
/// <param name="Value">The value: UTF-8 JSON whose first bytes order its versions.</param>
/// <param name="RankLength">How many of the first bytes, compared as unsigned numbers, decide between two versions of a key.</param>
/// <param name="ExpiresAt">The last instant at which the value may be served, UTC; null = for ever. A coarser store rounds it up.</param>
public readonly record struct OnlineWrite(string Key, ReadOnlyMemory<byte> Value, int RankLength, DateTimeOffset? ExpiresAt)
{
    /// <summary>Whether the value may take the place of what is stored: that is not newer (O4).</summary>
    /// <exception cref="OnlineStoreException">What is stored is no value of Distiller's, or one in a newer layout.</exception>
    public bool Replaces(ReadOnlySpan<byte> stored)
    {
        OnlineLayout.Check(stored, Key);
        return stored[..Math.Min(RankLength, stored.Length)].SequenceCompareTo(Value.Span[..RankLength]) <= 0;
    }
}
