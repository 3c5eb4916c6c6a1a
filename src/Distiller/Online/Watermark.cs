using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Distiller;

/// <summary>
/// Up to where a feature set was loaded (O1). It is a value like any other, under a key that no feature set has, so that it never moves back either; and it says how long values were kept, because a change of that is no news to latest.
/// </summary>
internal sealed record Watermark(DateTimeOffset Published, TimeSpan? Expiry)
{
    private static ReadOnlySpan<byte> BeforeAge => "\",\"v\":1,\"f\":{\"max_age_us\":"u8;

    public static async Task<Watermark?> ReadAsync(IOnlineStore store, FeatureSet set, CancellationToken cancellationToken)
    {
        var key = Key(store.Options, set);
        return (await store.ReadAsync([key], cancellationToken).ConfigureAwait(false))[0] is { } stored ? Parse(stored.Span, key) : null;
    }

    public static async Task WriteAsync(IOnlineStore store, FeatureSet set, DateTimeOffset published, CancellationToken cancellationToken)
    {
        var age = store.Options.ExpiryOf(set) is { } expiry ? expiry.Microseconds().ToString(CultureInfo.InvariantCulture) : "null";
        var value = $"{{\"t\":\"{OnlineLayout.Time(published)}\",\"c\":\"{OnlineLayout.Time(null)}\",\"v\":1,\"f\":{{\"max_age_us\":{age}}}}}";
        await store.WriteAsync([new(Key(store.Options, set), Encoding.ASCII.GetBytes(value), OnlineLayout.RankLength, null)], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>With other buckets the values have other keys, and so has the watermark.</summary>
    private static string Key(OnlineOptions options, FeatureSet set) =>
        OnlineKeys.Beside(options, options.Buckets is { } buckets ? string.Create(CultureInfo.InvariantCulture, $"watermark.{buckets}") : "watermark", set);

    private static Watermark Parse(ReadOnlySpan<byte> stored, string key)
    {
        OnlineLayout.Check(stored, key);
        if (OnlineLayout.Instant(stored.Slice(OnlineLayout.EventStart, OnlineLayout.TimeLength)) is not { } published || !stored[OnlineLayout.RankLength..].StartsWith(BeforeAge))
        {
            throw OnlineLayout.Foreign(key);
        }

        var age = stored[(OnlineLayout.RankLength + BeforeAge.Length)..];
        return new(new(published), Utf8Parser.TryParse(age, out long microseconds, out _) ? TimeSpan.FromMicroseconds(microseconds) : null);
    }
}
