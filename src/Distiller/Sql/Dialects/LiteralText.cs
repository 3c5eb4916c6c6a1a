using System.Globalization;

namespace Distiller;

/// <summary>Values in the invariant text that several engines read alike.</summary>
internal static class LiteralText
{
    public static string Of(object value) => value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    /// <summary>A floating point literal that stays one: <c>1</c> becomes <c>1.0</c>.</summary>
    public static string Floating(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny(".eE") < 0 ? text + ".0" : text;
    }

    /// <summary>All digits of a scale. Zero has no sign: equal numbers are equal texts.</summary>
    public static string Decimal(decimal number, int scale) => (number == 0 ? 0 : number).ToString("F" + scale.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    public static string Hex(byte[] bytes) => Convert.ToHexString(bytes);

    /// <summary>A date kept as an instant of midnight, or an instant of a coarse kind, as a count of the kind's unit.</summary>
    public static long Count(TimeKind kind, object value)
    {
        if (kind == TimeKind.Ordinal)
        {
            return Convert.ToInt64(value, CultureInfo.InvariantCulture);
        }

        var microseconds = Instants.Microseconds((DateTime)value);
        return kind switch
        {
            TimeKind.EpochSeconds => Instants.FloorDivide(microseconds, 1_000_000),
            TimeKind.EpochMilliseconds => Instants.FloorDivide(microseconds, 1_000),
            _ => microseconds,
        };
    }
}
