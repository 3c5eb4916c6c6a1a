using System.Buffers;
using System.Globalization;

namespace Distiller;

/// <summary>
/// The keys of online values (O2): <c>prefix:feature_set:key</c>, or <c>prefix:feature_set:{b}:key</c> with buckets, where the parts of a composite key are joined by colons too.
/// Whatever is not an RFC 3986 unreserved character is percent-encoded as UTF-8, so that parts never meet and any language can spell a key.
/// </summary>
internal static class OnlineKeys
{
    private static readonly SearchValues<char> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    public static string CheckPrefix(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return prefix.AsSpan().ContainsAnyExcept(Unreserved)
            ? throw new ArgumentException($"The prefix '{Names.Printable(prefix)}' holds a character other than letters, digits and - . _ ~; colons and braces have a meaning in keys, so choose another prefix.", nameof(prefix))
            : prefix;
    }

    /// <summary>What the keys of a feature set begin with.</summary>
    public static string Start(OnlineOptions options, FeatureSet set) => $"{options.Prefix}:{Escape(set.Name)}:";

    /// <summary>A name outside the keys of feature sets: no prefix holds an exclamation mark.</summary>
    public static string Beside(OnlineOptions options, string what, FeatureSet set) => $"{options.Prefix}!{what}:{Escape(set.Name)}";

    /// <summary>The whole key from its start and its key text.</summary>
    public static string Whole(string start, string keyText, int? buckets) =>
        buckets is { } count ? string.Create(CultureInfo.InvariantCulture, $"{start}{{{Bucket(keyText, count)}}}:{keyText}") : string.Concat(start, keyText);

    public static int Bucket(string keyText, int buckets) => Crc16(keyText) % buckets;

    /// <summary>The values of an entity key as text; null where one is NULL, which equals nothing.</summary>
    /// <exception cref="ArgumentException">A value does not fit the key's type.</exception>
    public static string? Text(IReadOnlyList<EntityKey> keys, IReadOnlyList<object?> values)
    {
        if (keys.Count == 1)
        {
            return values[0] is { } only ? Part(keys[0], only) : null;
        }

        var parts = new string[keys.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            if (values[i] is not { } value)
            {
                return null;
            }

            parts[i] = Part(keys[i], value);
        }

        return string.Join(':', parts);
    }

    /// <summary>The values of an entity key from its text.</summary>
    public static object[] Values(IReadOnlyList<EntityKey> keys, string text)
    {
        var parts = text.Split(':');
        if (parts.Length != keys.Count)
        {
            throw new OnlineStoreException($"The key '{Names.Printable(text)}' has {parts.Length} parts, and the entity has {keys.Count} keys.");
        }

        var values = new object[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            values[i] = Parse(keys[i].Type, Uri.UnescapeDataString(parts[i]))
                ?? throw new OnlineStoreException($"The key '{Names.Printable(text)}' holds '{Names.Printable(parts[i])}', which is no {keys[i].Type} for the key '{keys[i].Name}'.");
        }

        return values;
    }

    /// <summary>The hash that Redis Cluster divides keys by (CRC-16/XMODEM).</summary>
    public static int Crc16(ReadOnlySpan<char> ascii)
    {
        var crc = 0;
        foreach (var character in ascii)
        {
            crc ^= character << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }
        }

        return crc & 0xFFFF;
    }

    private static string Part(EntityKey key, object value) => value switch
    {
        long number when key.Type.Kind == FeatureKind.Int64 => number.ToString(CultureInfo.InvariantCulture),
        int number when key.Type.Kind == FeatureKind.Int32 => number.ToString(CultureInfo.InvariantCulture),
        string text when key.Type.Kind == FeatureKind.String => Escape(Whole(key, text)),
        _ => ValueReading.Of(StoredType.Key(key.Type))(value) switch
        {
            long number => number.ToString(CultureInfo.InvariantCulture),
            int number => number.ToString(CultureInfo.InvariantCulture),
            string text => Escape(Whole(key, text)),
            Guid id => id.ToString("D"),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            _ => throw new ArgumentException($"Key '{key.Name}' is a {key.Type}, and {Problem.Of(value, $"(a {Problem.TypeName(value.GetType())}) is none")}."),
        },
    };

    private static object? Parse(FeatureType type, string text) => type.Kind switch
    {
        FeatureKind.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        FeatureKind.Int32 => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        FeatureKind.Guid => Guid.TryParseExact(text, "D", out var id) ? id : null,
        FeatureKind.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null,
        FeatureKind.Bool => text switch { "true" => true, "false" => false, _ => null },
        _ => text,
    };

    private static string Escape(string text) => text.AsSpan().ContainsAnyExcept(Unreserved) ? Uri.EscapeDataString(text) : text;

    /// <summary>Half a surrogate pair would be replaced, and two keys become one.</summary>
    private static string Whole(EntityKey key, string text) =>
        CheckedTextCell.HasLoneSurrogate(text)
            ? throw new ArgumentException($"Key '{key.Name}' holds half of a surrogate pair, which is no character; repair the text in the source.")
            : text;
}
