using System.Globalization;

namespace Distiller;

/// <summary>What a value is, apart from any database.</summary>
public enum FeatureKind
{
    /// <summary>true or false.</summary>
    Bool,

    /// <summary>A 32-bit integer.</summary>
    Int32,

    /// <summary>A 64-bit integer.</summary>
    Int64,

    /// <summary>A 32-bit floating point number.</summary>
    Float32,

    /// <summary>A 64-bit floating point number.</summary>
    Float64,

    /// <summary>An exact decimal number with a precision and a scale.</summary>
    Decimal,

    /// <summary>Text of any length, compared byte by byte.</summary>
    String,

    /// <summary>A byte array.</summary>
    Bytes,

    /// <summary>A calendar date without a time.</summary>
    Date,

    /// <summary>An instant: UTC, microseconds.</summary>
    Timestamp,

    /// <summary>A 128-bit identifier.</summary>
    Guid,

    /// <summary>A JSON document, held as text.</summary>
    Json,

    /// <summary>A vector of 32-bit floats.</summary>
    FloatVector,
}

/// <summary>The declared type of a feature or of an entity key.</summary>
public sealed record FeatureType
{
    private const int MaxDecimalPrecision = 28;

    private FeatureType(FeatureKind kind, int precision = 0, int scale = 0, int length = 0)
    {
        Kind = kind;
        Precision = precision;
        Scale = scale;
        Length = length;
    }

    /// <summary>true or false; <see cref="bool"/>.</summary>
    public static FeatureType Bool { get; } = new(FeatureKind.Bool);

    /// <summary>A 32-bit integer; <see cref="int"/>.</summary>
    public static FeatureType Int32 { get; } = new(FeatureKind.Int32);

    /// <summary>A 64-bit integer; <see cref="long"/>.</summary>
    public static FeatureType Int64 { get; } = new(FeatureKind.Int64);

    /// <summary>A 32-bit float; <see cref="float"/>.</summary>
    public static FeatureType Float32 { get; } = new(FeatureKind.Float32);

    /// <summary>A 64-bit float; <see cref="double"/>.</summary>
    public static FeatureType Float64 { get; } = new(FeatureKind.Float64);

    /// <summary>Text; <see cref="string"/>.</summary>
    public static FeatureType String { get; } = new(FeatureKind.String);

    /// <summary>A byte array.</summary>
    public static FeatureType Bytes { get; } = new(FeatureKind.Bytes);

    /// <summary>A calendar date; <see cref="DateOnly"/>.</summary>
    public static FeatureType Date { get; } = new(FeatureKind.Date);

    /// <summary>An instant, UTC, microseconds (T1); <see cref="DateTime"/> of kind Utc or <see cref="DateTimeOffset"/>.</summary>
    public static FeatureType Timestamp { get; } = new(FeatureKind.Timestamp);

    /// <summary>A 128-bit identifier; <see cref="System.Guid"/>.</summary>
    public static FeatureType Guid { get; } = new(FeatureKind.Guid);

    /// <summary>A JSON document as text; <see cref="string"/>.</summary>
    public static FeatureType Json { get; } = new(FeatureKind.Json);

    /// <summary>A vector of 32-bit floats of any length.</summary>
    public static FeatureType FloatVector { get; } = new(FeatureKind.FloatVector);

    /// <summary>What the value is.</summary>
    public FeatureKind Kind { get; }

    /// <summary>Digits in all of a decimal; 0 for other kinds.</summary>
    public int Precision { get; }

    /// <summary>Digits after the point of a decimal; 0 for other kinds.</summary>
    public int Scale { get; }

    /// <summary>The fixed number of elements of a vector; 0 where any length is legal.</summary>
    public int Length { get; }

    /// <summary>The .NET type a value of this type is read as, not nullable.</summary>
    public Type ClrType => Kind switch
    {
        FeatureKind.Bool => typeof(bool),
        FeatureKind.Int32 => typeof(int),
        FeatureKind.Int64 => typeof(long),
        FeatureKind.Float32 => typeof(float),
        FeatureKind.Float64 => typeof(double),
        FeatureKind.Decimal => typeof(decimal),
        FeatureKind.Bytes => typeof(byte[]),
        FeatureKind.Date => typeof(DateOnly),
        FeatureKind.Timestamp => typeof(DateTime),
        FeatureKind.Guid => typeof(Guid),
        FeatureKind.FloatVector => typeof(float[]),
        _ => typeof(string),
    };

    /// <summary>Whether an entity key may have this type: int32, int64, string, guid, date and bool may.</summary>
    public bool CanBeKey => Kind is FeatureKind.Int32 or FeatureKind.Int64 or FeatureKind.String or FeatureKind.Guid or FeatureKind.Date or FeatureKind.Bool;

    /// <summary>An exact decimal number.</summary>
    /// <param name="precision">Digits in all, 1 to 28 (what <see cref="decimal"/> holds).</param>
    /// <param name="scale">Digits after the point, 0 to <paramref name="precision"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Precision or scale is out of range.</exception>
    public static FeatureType Decimal(int precision, int scale)
    {
        if (precision is < 1 or > MaxDecimalPrecision)
        {
            throw new ArgumentOutOfRangeException(nameof(precision), precision, $"A decimal feature has a precision of 1 to {MaxDecimalPrecision}.");
        }

        if (scale < 0 || scale > precision)
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, $"A decimal feature of precision {precision} has a scale of 0 to {precision}.");
        }

        return new(FeatureKind.Decimal, precision, scale);
    }

    /// <summary>A vector of 32-bit floats of one fixed length.</summary>
    /// <param name="length">The number of elements, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public static FeatureType Vector(int length) =>
        length < 1
            ? throw new ArgumentOutOfRangeException(nameof(length), length, "A vector feature has at least one element; use FeatureType.FloatVector for any length.")
            : new(FeatureKind.FloatVector, length: length);

    /// <summary>The feature type for a .NET type.</summary>
    /// <typeparam name="T">bool, int, long, float, double, string, byte[], DateOnly, DateTime, DateTimeOffset, Guid or float[], or the nullable form of one.</typeparam>
    /// <exception cref="ArgumentException">The type has no feature type, or (decimal) needs more than its name.</exception>
    public static FeatureType Of<T>() => Of(typeof(T));

    internal static FeatureType Of(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return Type.GetTypeCode(plain) switch
        {
            TypeCode.Boolean => Bool,
            TypeCode.Int32 when !plain.IsEnum => Int32,
            TypeCode.Int64 when !plain.IsEnum => Int64,
            TypeCode.Single => Float32,
            TypeCode.Double => Float64,
            TypeCode.String => String,
            TypeCode.DateTime => Timestamp,
            TypeCode.Decimal => throw new ArgumentException("A decimal needs its precision and scale: use Feature(name, FeatureType.Decimal(precision, scale)).", nameof(type)),
            _ when plain == typeof(DateTimeOffset) => Timestamp,
            _ when plain == typeof(DateOnly) => Date,
            _ when plain == typeof(Guid) => Guid,
            _ when plain == typeof(byte[]) => Bytes,
            _ when plain == typeof(float[]) => FloatVector,
            _ => throw new ArgumentException(
                $"No feature type holds {plain.Name}. Use bool, int, long, float, double, string, byte[], DateOnly, DateTime, DateTimeOffset, Guid or float[], or name a FeatureType.", nameof(type)),
        };
    }

    /// <summary>The type in words, as errors and tables show it: <c>int64</c>, <c>decimal(10,2)</c>, <c>float vector[3]</c>.</summary>
    public override string ToString() => Kind switch
    {
        FeatureKind.Decimal => string.Create(CultureInfo.InvariantCulture, $"decimal({Precision},{Scale})"),
        FeatureKind.FloatVector => Length == 0 ? "float vector" : string.Create(CultureInfo.InvariantCulture, $"float vector[{Length}]"),
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
