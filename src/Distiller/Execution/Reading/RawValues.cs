namespace Distiller;

/// <summary>Values of a report's rows as a provider hands them out.</summary>
internal static class RawValues
{
    // A sum of 64-bit numbers comes back as a wider one: DuckDB's as a BigInteger, PostgreSQL's as a decimal.
    private static readonly Func<object, object?> ToLong = ValueReading.Of(typeof(long))!;

    public static long Count(object? value) => value is null ? 0 : (long)ToLong(value)!;

    /// <summary>The declared value; where it has another form than declared, as the provider hands it out, so that a report can show it.</summary>
    public static object? Typed(object? value, StoredType? type) => value is null ? null
        : type is { } known && ValueReading.Of(known)(value) is { } typed ? typed
        : ValueReading.Undeclared(value);

    /// <summary>Whether two values of one column are the same: arrays by their items, NaN as NaN.</summary>
    public static bool Same(object? left, object? right) => (left, right) switch
    {
        (byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other),
        (float[] one, float[] other) => one.Length == other.Length && one.Zip(other).All(pair => pair.First.Equals(pair.Second)),
        _ => Equals(left, right),
    };
}
