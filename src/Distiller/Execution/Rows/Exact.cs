using System.Globalization;
using System.Numerics;

namespace Distiller;

/// <summary>Numbers from one type to another without losing a digit; null where one would be lost.</summary>
internal static class Exact
{
    // A decimal type ends at 28 digits, so a text with more is too long whatever they are.
    private const int MostDigits = 28;

    /// <summary>The whole number a number is.</summary>
    public static Int128? Whole(object value) => value switch
    {
        int number => number,
        long number => number,
        sbyte number => number,
        byte number => number,
        short number => number,
        ushort number => number,
        uint number => number,
        ulong number => number,
        nint number => number,
        nuint number => number,
        Int128 number => number,
        UInt128 number => number <= (UInt128)Int128.MaxValue ? (Int128)number : null,
        BigInteger number => number >= (BigInteger)Int128.MinValue && number <= (BigInteger)Int128.MaxValue ? (Int128)number : null,
        decimal number => decimal.Truncate(number) == number ? (Int128)number : null,
        double number => Whole(number),
        float number => Whole((double)number),
        Half number => Whole((double)number),
        _ => null,
    };

    /// <summary>Why a value is no whole number of its column's range.</summary>
    public static string WholeReason(object value, StoredType type, string outside) => value switch
    {
        string => "is text, not a number; parse it in the source",
        _ when Whole(value) is not null || value is BigInteger or UInt128 => outside,
        _ when IsNumber(value) => $"is no whole number, as {type} needs; round it, or declare another type",
        _ => Problem.WrongType(value, type),
    };

    public static bool IsNumber(object value) => value is double or float or Half or decimal || Whole(value) is not null || value is BigInteger or UInt128;

    /// <summary>The double a number is: a whole number exactly, a decimal if it comes back from it.</summary>
    public static double? Double(object value)
    {
        switch (value)
        {
            case double number:
                return number;
            case float number:
                return number;
            case Half number:
                return (double)number;
            case decimal number:
                var near = (double)number;
                return FromFloating(near) == number ? near : null;
            default:
                return Whole(value) is { } whole && Whole((double)whole) == whole ? (double)whole : null;
        }
    }

    /// <summary>The decimal with the digits that a floating point number prints with, which are those that make it and no other; null where a decimal ends before them.</summary>
    public static decimal? FromFloating(object floating) => floating switch
    {
        double number => Parsed(number.ToString("R", CultureInfo.InvariantCulture)) is { } value && (double)value == number ? value : null,
        float number => Parsed(number.ToString("R", CultureInfo.InvariantCulture)) is { } value && (float)value == number ? value : null,
        _ => FromFloating((double)(Half)floating),
    };

    /// <summary>A decimal from text such as <c>-12.50</c>.</summary>
    public static decimal? FromText(string text)
    {
        var digits = text.AsSpan();
        if (digits is ['-' or '+', ..])
        {
            digits = digits[1..];
        }

        var point = digits.IndexOf('.');
        var whole = (point < 0 ? digits : digits[..point]).TrimStart('0');
        var fraction = point < 0 ? default : digits[(point + 1)..].TrimEnd('0');
        return whole.Length + fraction.Length <= MostDigits
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }

    public static decimal PowerOfTen(int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }

    private static decimal? Parsed(string digits) => decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static Int128? Whole(double number) => double.IsInteger(number) && Math.Abs(number) < 1e38 ? (Int128)number : null;
}
