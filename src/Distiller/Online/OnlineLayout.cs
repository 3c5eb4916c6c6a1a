using System.Buffers.Text;
using System.Globalization;

namespace Distiller;

/// <summary>
/// The first bytes of an online value (O3): <c>{"t":"EVENT TIME","c":"CREATED TIME","v":1</c>, so that a script tells the newer of two values by comparing bytes.
/// A time has 26 characters; one that is NULL or that the set does not have is 26 blanks, which is lower than any. Tie-breakers stand in the created time's place.
/// </summary>
internal static class OnlineLayout
{
    /// <summary>The version of the layout. A reader refuses a greater one.</summary>
    public const int Version = 1;

    public const int TimeLength = 26;

    /// <summary>Where the event time begins.</summary>
    public const int EventStart = 6;

    /// <summary>Where the created time, or what stands for it, begins.</summary>
    public const int CreatedStart = EventStart + TimeLength + 7;

    /// <summary>How many bytes decide between versions where a created time does.</summary>
    public const int RankLength = CreatedStart + TimeLength;

    private const string NoTime = "                          ";

    public static ReadOnlySpan<byte> BeforeEvent => "{\"t\":\""u8;

    public static ReadOnlySpan<byte> BeforeCreated => "\",\"c\":\""u8;

    public static ReadOnlySpan<byte> BeforeVersion => "\",\"v\":"u8;

    /// <summary>An event or created time as it is compared: an instant as text, an ordinal moved up by 2^63 and padded with zeros.</summary>
    public static string Time(object? value) => value switch
    {
        null => NoTime,
        DateTime instant => Instants.Text(Instants.Microseconds(instant)),
        DateTimeOffset instant => Instants.Text(Instants.Microseconds(instant)),
        long ordinal => Lifted(ordinal).ToString("D26", CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A time is a DateTime, or a long where it is an ordinal, and {Problem.Of(value, $"is a {Problem.TypeName(value.GetType())}")}.", nameof(value)),
    };

    /// <summary>A time read back; null where there is none.</summary>
    public static object? Time(ReadOnlySpan<byte> text, TimeKind kind)
    {
        if (text.Length != TimeLength || text[0] == (byte)' ')
        {
            return null;
        }

        if (kind == TimeKind.Ordinal)
        {
            return Utf8Parser.TryParse(text, out ulong lifted, out var used) && used == TimeLength ? unchecked((long)(lifted - (1UL << 63))) : null;
        }

        return Instant(text);
    }

    /// <summary>The instant of 26 characters; null where they are none.</summary>
    public static DateTime? Instant(ReadOnlySpan<byte> text)
    {
        if (text.Length != TimeLength || text[4] != '-' || text[7] != '-' || text[10] != ' ' || text[13] != ':' || text[16] != ':' || text[19] != '.')
        {
            return null;
        }

        var year = Digits(text[..4]);
        var month = Digits(text[5..7]);
        var day = Digits(text[8..10]);
        var hour = Digits(text[11..13]);
        var minute = Digits(text[14..16]);
        var second = Digits(text[17..19]);
        var fraction = Digits(text[20..]);
        return year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59 || fraction < 0
            ? null
            : new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).AddTicks(fraction * TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>
    /// Tie-breakers as text that orders as they do (W2): each is a blank where it is NULL, and else a plus sign, characters that order as the values do, and a full stop, which is lower than any of them.
    /// </summary>
    public static string Ties(FeatureSet set, IReadOnlyList<object?> values) => string.Concat(values.Select((value, i) => value is null ? " " : $"+{Ordered(set, i, value)}."));

    /// <summary>Says whether stored bytes are a value this version reads and may replace.</summary>
    /// <exception cref="OnlineStoreException">They are not.</exception>
    public static void Check(ReadOnlySpan<byte> stored, string key)
    {
        if (VersionOf(stored) is not { } version)
        {
            throw Foreign(key);
        }

        if (version > Version)
        {
            throw Newer(key, version);
        }
    }

    public static OnlineStoreException Foreign(string key) => new($"The key '{key}' holds something that Distiller did not write; remove it, or give the online store another prefix. It was left as it is.") { Key = key };

    public static OnlineStoreException Newer(string key, long version) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The key '{key}' holds a value of layout version {version}, and this Distiller knows versions up to {Version}: update it here too. The value was left as it is.")) { Key = key };

    /// <summary>The layout version of stored bytes; null where they are no value.</summary>
    private static int? VersionOf(ReadOnlySpan<byte> stored)
    {
        if (stored.Length < CreatedStart || !stored.StartsWith(BeforeEvent) || !stored[(EventStart + TimeLength)..].StartsWith(BeforeCreated))
        {
            return null;
        }

        var end = stored[CreatedStart..].IndexOf(BeforeVersion);
        return end >= 0 && Utf8Parser.TryParse(stored[(CreatedStart + end + BeforeVersion.Length)..], out int version, out _) ? version : null;
    }

    private static ulong Lifted(long ordinal) => unchecked((ulong)ordinal + (1UL << 63));

    private static string Ordered(FeatureSet set, int index, object value) => value switch
    {
        long number => Lifted(number).ToString("D20", CultureInfo.InvariantCulture),
        int number => Lifted(number).ToString("D20", CultureInfo.InvariantCulture),
        bool flag => flag ? "1" : "0",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime instant => Instants.Text(Instants.Microseconds(instant)),
        string text => Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text)),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        Guid id => id.ToString("N"),
        double number => Lifted(Bits(number)).ToString("D20", CultureInfo.InvariantCulture),
        float number => Lifted(Bits(number)).ToString("D20", CultureInfo.InvariantCulture),
        decimal number => Lifted(number),
        _ => throw new ArgumentException($"Feature set '{set.Name}' breaks ties by '{set.TieBreakers[index].Name}', a {Problem.TypeName(value.GetType())}, which has no order an online store could keep; name another tie-breaker."),
    };

    // NaN is the greatest, as databases have it; a negative number's other bits count down.
    private static long Bits(double number) => double.IsNaN(number) ? long.MaxValue : BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number) is var bits && bits < 0 ? long.MinValue - bits : bits;

    // 29 digits before and 28 after the point; below zero they count down.
    private static string Lifted(decimal number)
    {
        var text = Math.Abs(number).ToString("00000000000000000000000000000.0000000000000000000000000000", CultureInfo.InvariantCulture);
        return number >= 0 ? "1" + text : "0" + string.Concat(text.Select(digit => digit == '.' ? '.' : (char)('0' + '9' - digit)));
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            number = (number * 10) + (digit - '0');
        }

        return number;
    }
}
