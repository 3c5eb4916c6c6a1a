using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;

namespace Distiller;

/// <summary>
/// From what a provider hands out to the declared value. A conversion answers null where the value does not fit: an integer keeps every digit, a float takes the nearest value,
/// an instant is UTC and floored to microseconds (T1, T2), a time of day is never cut off.
/// </summary>
internal static class ValueReading
{
    private const string InstantFormat = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    private static readonly FrozenDictionary<Type, Func<object, object?>> ByType = new Dictionary<Type, Func<object, object?>>
    {
        [typeof(object)] = static value => value,
        [typeof(bool)] = ToBool,
        [typeof(byte)] = ToWhole<byte>,
        [typeof(sbyte)] = ToWhole<sbyte>,
        [typeof(short)] = ToWhole<short>,
        [typeof(ushort)] = ToWhole<ushort>,
        [typeof(int)] = static value => value switch { int => value, long number => (int)number == number ? (int)number : null, _ => ToWhole<int>(value) },
        [typeof(uint)] = ToWhole<uint>,
        [typeof(long)] = static value => value switch { long => value, int number => (long)number, _ => ToWhole<long>(value) },
        [typeof(ulong)] = ToWhole<ulong>,
        [typeof(float)] = static value => value switch { float => value, double number => Nearest(number), _ => ToFloat(value) },
        [typeof(double)] = static value => value switch { double => value, float number => (double)number, _ => ToDouble(value) },
        [typeof(decimal)] = static value => value is decimal ? value : ToDecimal(value),
        [typeof(string)] = static value => value as string,
        [typeof(byte[])] = ToBytes,
        [typeof(Guid)] = static value => value is Guid ? value : value is string text && Guid.TryParseExact(text, "D", out var id) ? id : null,
        [typeof(DateOnly)] = ToDate,
        [typeof(DateTime)] = static value => ToInstant(value) is { } instant ? instant : null,
        [typeof(DateTimeOffset)] = static value => ToInstant(value) is { } instant ? new DateTimeOffset(instant) : null,
        [typeof(TimeOnly)] = static value => ToTimeOfDay(value) is { } time ? time : null,
        [typeof(TimeSpan)] = static value => value is TimeSpan ? value : ToTimeOfDay(value)?.ToTimeSpan(),
        [typeof(char)] = static value => value switch { char => value, string { Length: 1 } text => text[0], _ => null },
        [typeof(float[])] = ToVector,
    }.ToFrozenDictionary();

    private static readonly Int128 FirstMicrosecond = Instants.Microseconds(DateTime.MinValue);

    private static readonly Int128 LastMicrosecond = Instants.Microseconds(DateTime.MaxValue);

    /// <summary>The value of a declared column.</summary>
    public static Func<object, object?> Of(StoredType type) => type switch
    {
        { Time: TimeKind.EpochSeconds } => static value => FromEpoch(value, 1_000_000),
        { Time: TimeKind.EpochMilliseconds } => static value => FromEpoch(value, 1_000),
        { Time: TimeKind.EpochMicroseconds } => static value => FromEpoch(value, 1),
        { Time: TimeKind.Date } => static value => ToDate(value) is DateOnly date ? date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) : null,
        { Feature: { Kind: FeatureKind.FloatVector, Length: > 0 and var length } } => value => ToVector(value) is { } vector && vector.Length == length ? vector : null,
        _ => ByType[type.ClrType],
    };

    /// <summary>The value of a column that was never declared: the provider's, with an instant in UTC and bytes as an array.</summary>
    public static object? Undeclared(object value) => value switch
    {
        DateTime instant => ToUtc(instant),
        Stream stream => ReadAll(stream),
        _ => value,
    };

    /// <summary>A value of a .NET type from one of another, or null where nothing converts to that type.</summary>
    public static Func<object, object?>? Of(Type type) =>
        ByType.TryGetValue(type, out var known) ? known
        : type.IsEnum ? value => ToEnum(type, value)
        : null;

    /// <summary>Whether values of a declared type can be had as another type, value by value.</summary>
    public static bool Converts(Type from, Type to) =>
        to.IsAssignableFrom(from)
        || (IsNumber(from) && IsNumber(to))
        || (to.IsEnum && (from == typeof(string) || IsWhole(from)))
        || (IsDay(from) && IsDay(to));

    /// <summary>An instant (UTC, floored to microseconds); null where the value is none.</summary>
    public static DateTime? ToInstant(object value) => value switch
    {
        DateTime instant => Instants.Floor(instant),
        DateTimeOffset instant => Instants.Floor(instant).UtcDateTime,
        DateOnly date => date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
        string { Length: 19 or (> 20 and < 28) } text when DateTime.TryParseExact(text, InstantFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) => Instants.Floor(instant),
        _ => null,
    };

    /// <summary>The nearest Single; null where a finite number is beyond its range.</summary>
    public static float? Nearest(double value) => (float)value is var number && (float.IsFinite(number) || !double.IsFinite(value)) ? number : null;

    private static bool IsDay(Type type) => type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(DateOnly);

    private static bool IsNumber(Type type) => IsWhole(type) || type == typeof(float) || type == typeof(double) || type == typeof(decimal);

    private static bool IsWhole(Type type) => !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.UInt64;

    private static DateTime ToUtc(DateTime value) =>
        value.Kind switch { DateTimeKind.Utc => value, DateTimeKind.Local => value.ToUniversalTime(), _ => DateTime.SpecifyKind(value, DateTimeKind.Utc) };

    private static object? FromEpoch(object value, long unit) =>
        Whole(value) is { } count && count * unit is var microseconds && microseconds >= FirstMicrosecond && microseconds <= LastMicrosecond ? Instants.ToDateTime((long)microseconds) : null;

    private static object? ToDate(object value) => value switch
    {
        DateOnly => value,
        DateTime { TimeOfDay.Ticks: 0 } instant => DateOnly.FromDateTime(instant),
        DateTimeOffset { UtcDateTime: { TimeOfDay.Ticks: 0 } instant } => DateOnly.FromDateTime(instant),
        string text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => date,
        _ => null,
    };

    private static TimeOnly? ToTimeOfDay(object value) => value switch
    {
        TimeOnly time => time,
        TimeSpan { Ticks: >= 0 and < TimeSpan.TicksPerDay } time => TimeOnly.FromTimeSpan(time),
        string text when TimeOnly.TryParseExact(text, "HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) => time,
        _ => null,
    };

    private static object? ToBool(object value) => value is bool ? value : Whole(value) is { } number && (number == 0 || number == 1) ? number == 1 : null;

    private static object? ToWhole<T>(object value)
        where T : struct, INumber<T> =>
        value is T ? value : Whole(value) is { } number && T.CreateSaturating(number) is var fitted && Int128.CreateTruncating(fitted) == number ? fitted : null;

    private static Int128? Whole(object value) => value switch
    {
        long number => number,
        int number => number,
        short number => number,
        byte number => number,
        sbyte number => number,
        ushort number => number,
        uint number => number,
        ulong number => number,
        BigInteger number when number >= long.MinValue && number <= ulong.MaxValue => (Int128)number,
        decimal number when decimal.IsInteger(number) => Int128.CreateChecked(number),
        double number when double.IsInteger(number) && Math.Abs(number) < 9.2e18 => (Int128)number,
        float number when float.IsInteger(number) && Math.Abs(number) < 9.2e18f => (Int128)number,
        _ => null,
    };

    private static object? ToFloat(object value) => value switch
    {
        decimal number => (float)number,
        _ => Whole(value) is { } number && (Int128)(float)number == number ? (float)number : null,
    };

    private static object? ToDouble(object value) => value switch
    {
        decimal number => (double)number,
        _ => Whole(value) is { } number && (Int128)(double)number == number ? (double)number : null,
    };

    private static object? ToDecimal(object value) => value switch
    {
        string text => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null,
        double number => Math.Abs(number) < 7.9e28 ? (decimal)number : null,
        float number => Math.Abs(number) < 7.9e28f ? (decimal)number : null,
        _ => Whole(value) is { } number ? decimal.CreateChecked(number) : null,
    };

    private static byte[]? ToBytes(object value) => value switch
    {
        byte[] bytes => bytes,
        Stream stream => ReadAll(stream),
        _ => null,
    };

    // DuckDB's stream looks into memory that the next rows take over: it is copied now or lost.
    private static byte[] ReadAll(Stream stream)
    {
        using (stream)
        {
            if (stream.CanSeek)
            {
                var bytes = new byte[stream.Length - stream.Position];
                stream.ReadExactly(bytes);
                return bytes;
            }

            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
    }

    // In a database without arrays a vector is its floats' bytes, lowest first.
    private static float[]? ToVector(object value) => value switch
    {
        float[] vector => vector,
        List<float> vector => [.. vector],
        IEnumerable<double> vector => Nearest(vector),
        byte[] bytes => FromBytes(bytes),
        Stream stream => FromBytes(ReadAll(stream)),
        _ => null,
    };

    private static float[]? Nearest(IEnumerable<double> vector)
    {
        var fitted = new List<float>();
        foreach (var value in vector)
        {
            if (Nearest(value) is not { } number)
            {
                return null;
            }

            fitted.Add(number);
        }

        return [.. fitted];
    }

    private static float[]? FromBytes(byte[] bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
        {
            return null;
        }

        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return vector;
    }

    // Dapper makes the enum; it wants the number beneath.
    private static object? ToEnum(Type type, object value)
    {
        var number = Enum.GetUnderlyingType(type);
        return value is string text
            ? Enum.TryParse(type, text, ignoreCase: true, out var named) ? Convert.ChangeType(named, number, CultureInfo.InvariantCulture) : null
            : ByType[number](value);
    }
}
