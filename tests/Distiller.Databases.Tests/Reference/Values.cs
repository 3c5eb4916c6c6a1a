using System.Globalization;
using System.Text;

namespace Distiller.Databases.Tests.Reference;

/// <summary>When two values are the same, which is greater, and how a store keeps one.</summary>
public static class Values
{
    /// <summary>The value as a store keeps it: instants in UTC, floored to microseconds (T1, T2); everything else as it is.</summary>
    public static object? Stored(object? value) => value switch
    {
        DBNull => null,
        DateTimeOffset instant => Floor(instant.UtcDateTime),
        DateTime instant => Floor(Utc(instant)),
        _ => value,
    };

    /// <summary>Ticks count from year 1, so cutting the remainder off floors before 1970 too.</summary>
    public static DateTime Floor(DateTime instant) => new(instant.Ticks - (instant.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    /// <summary>By type: NaN is NaN, -0.0 is 0.0, arrays by content, decimals by number, strings by code unit, instants by tick. NULL is the same as NULL here, never in keys.</summary>
    public static bool Same(object? left, object? right) => (Plain(left), Plain(right)) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (double a, double b) => a == b || (double.IsNaN(a) && double.IsNaN(b)),
        (float a, float b) => SameFloat(a, b),
        (decimal a, decimal b) => a == b,
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (float[] a, float[] b) => a.Length == b.Length && a.Zip(b).All(pair => SameFloat(pair.First, pair.Second)),
        (DateTime a, DateTime b) => a.Ticks == b.Ticks,
        var (a, b) => a.GetType() == b.GetType() && a.Equals(b),
    };

    public static int Hash(object? value) => Plain(value) switch
    {
        null => 0,
        double number => HashOf(number),
        float number => HashOf(number),
        byte[] bytes => bytes.Aggregate(17, (hash, item) => HashCode.Combine(hash, item)),
        float[] vector => vector.Aggregate(19, (hash, item) => HashCode.Combine(hash, HashOf(item))),
        DateTime instant => instant.Ticks.GetHashCode(),
        var other => other.GetHashCode(),
    };

    /// <summary>The order that decides ties (W2): NULL lowest, text and bytes byte by byte (text as UTF-8).</summary>
    public static int Compare(object? left, object? right) => (Stored(left), Stored(right)) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
        (Guid a, Guid b) => a.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(b.ToByteArray(bigEndian: true)),
        (IComparable a, { } b) when a.GetType() == b.GetType() => a.CompareTo(b),
        var (a, b) => throw new ArgumentException($"{Show(a)} and {Show(b)} have no order."),
    };

    public static string Show(object? value)
    {
        var text = Plain(value) switch
        {
            null => "NULL",
            string s => $"\"{s.ReplaceLineEndings("\\n")}\"",
            byte[] bytes => $"0x{Convert.ToHexString(bytes)}",
            float[] vector => $"[{string.Join(", ", vector.Select(item => item.ToString("R", CultureInfo.InvariantCulture)))}]",
            DateTime instant => instant.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            double number => number.ToString("R", CultureInfo.InvariantCulture) + "d",
            float number => number.ToString("R", CultureInfo.InvariantCulture) + "f",
            decimal number => number.ToString(CultureInfo.InvariantCulture) + "m",
            long number => number.ToString(CultureInfo.InvariantCulture) + "L",
            var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
        };
        return text.Length > 80 ? $"{text[..80]}… ({text.Length} characters)" : text;
    }

    /// <summary>One form per instant (T1); nothing is floored, so that a store that kept too many digits is found out.</summary>
    private static object? Plain(object? value) => value switch
    {
        DBNull => null,
        DateTimeOffset instant => instant.UtcDateTime,
        DateTime instant => Utc(instant),
        _ => value,
    };

    private static DateTime Utc(DateTime instant) => instant.Kind == DateTimeKind.Local ? instant.ToUniversalTime() : DateTime.SpecifyKind(instant, DateTimeKind.Utc);

    private static bool SameFloat(float a, float b) => a == b || (float.IsNaN(a) && float.IsNaN(b));

    private static int HashOf(double number) => double.IsNaN(number) ? 1 : number == 0 ? 2 : number.GetHashCode();
}

/// <summary>Lists of values that are the same item by item.</summary>
public sealed class ValuesComparer : IEqualityComparer<IReadOnlyList<object?>>
{
    public static ValuesComparer Instance { get; } = new();

    public bool Equals(IReadOnlyList<object?>? x, IReadOnlyList<object?>? y) =>
        x is not null && y is not null && x.Count == y.Count && x.Zip(y).All(pair => Values.Same(pair.First, pair.Second));

    public int GetHashCode(IReadOnlyList<object?> obj) => obj.Aggregate(obj.Count, (hash, value) => HashCode.Combine(hash, Values.Hash(value)));
}
