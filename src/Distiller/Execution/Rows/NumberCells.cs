namespace Distiller;

/// <summary>true or false; from a loose source also 1 or 0.</summary>
internal sealed class BoolCell(StageColumn column, bool loose) : ValueCell<bool>(column)
{
    public override string? Put(bool value) => Set(value);

    public override string? Put(object value) => value switch
    {
        bool flag => Set(flag),
        sbyte or byte or short or ushort or int or uint or long or ulong when loose && Exact.Whole(value) is { } number && (number == 0 || number == 1) => Set(number == 1),
        _ => "is no bool; give true or false",
    };
}

internal sealed class IntCell(StageColumn column) : ValueCell<int>(column)
{
    public override string? Put(int value) => Set(value);

    public override string? Put(object value) =>
        value is int same ? Set(same)
        : Exact.Whole(value) is { } whole && whole >= int.MinValue && whole <= int.MaxValue ? Set((int)whole)
        : Exact.WholeReason(value, Column.Type, "is outside the range of an int32; declare the column as int64");
}

internal sealed class LongCell(StageColumn column) : ValueCell<long>(column)
{
    public override string? Put(long value) => Set(value);

    public override string? Put(object value) =>
        value is long same ? Set(same)
        : Exact.Whole(value) is { } whole && whole >= long.MinValue && whole <= long.MaxValue ? Set((long)whole)
        : Exact.WholeReason(value, Column.Type, "is outside the range of an int64; declare the column as a decimal or a string");

    public override Fetch<TRow>? Direct<TRow>(Delegate getter) => getter switch
    {
        Func<TRow, int> get => new ValueFetch<TRow, long>(row => get(row), this),
        Func<TRow, int?> get => new NullableFetch<TRow, long>(row => get(row), this),
        _ => base.Direct<TRow>(getter),
    };
}

internal sealed class FloatCell(StageColumn column, SqlDialect dialect) : ValueCell<float>(column)
{
    public override string? Put(float value) =>
        !float.IsFinite(value) && dialect.Refusal(Column.Type, value) is { } refusal ? $"is refused: {refusal}; give NULL, or leave the row out" : Set(value);

    public override string? Put(object value)
    {
        if (value is float same)
        {
            return Put(same);
        }

        if (Exact.Double(value) is not { } number)
        {
            return Exact.IsNumber(value) ? Inexact : Problem.WrongType(value, Column.Type);
        }

        var narrow = (float)number;
        return double.IsNaN(number) || narrow == number ? Put(narrow) : Inexact;
    }

    private const string Inexact = "is not exactly a float32; round it with (float), or declare the column as float64";
}

internal sealed class DoubleCell(StageColumn column, SqlDialect dialect) : ValueCell<double>(column)
{
    public override string? Put(double value) =>
        !double.IsFinite(value) && dialect.Refusal(Column.Type, value) is { } refusal ? $"is refused: {refusal}; give NULL, or leave the row out" : Set(value);

    public override string? Put(object value) =>
        Exact.Double(value) is { } number ? Put(number)
        : Exact.IsNumber(value) ? "has more digits than a float64 keeps; round it with (double), or declare the column as a decimal"
        : Problem.WrongType(value, Column.Type);

    public override Fetch<TRow>? Direct<TRow>(Delegate getter) => getter switch
    {
        Func<TRow, float> get => new ValueFetch<TRow, double>(row => get(row), this),
        Func<TRow, float?> get => new NullableFetch<TRow, double>(row => get(row), this),
        _ => base.Direct<TRow>(getter),
    };
}

/// <summary>A decimal within its precision and scale; zeros after the scale are dropped, other digits are not.</summary>
internal sealed class DecimalCell(StageColumn column, bool loose) : ValueCell<decimal>(column)
{
    private readonly int scale = column.Type.Feature!.Scale;

    private readonly decimal bound = Exact.PowerOfTen(column.Type.Feature!.Precision - column.Type.Feature!.Scale);

    public override string? Put(decimal value)
    {
        var kept = value;
        if (value.Scale > scale)
        {
            kept = decimal.Round(value, scale);
            if (kept != value)
            {
                return $"has more than {scale} digits after the point, which {Column.Type} does not keep; round it, or declare a greater scale";
            }
        }

        return kept >= bound || kept <= -bound ? $"has too many digits before the point for {Column.Type}; declare a greater precision" : Set(kept);
    }

    public override string? Put(object value) => value switch
    {
        decimal same => Put(same),
        double or float or Half => Exact.FromFloating(value) is { } number ? Put(number) : $"cannot be a {Column.Type}; give NULL, or declare the column as float64",
        string text when loose => Exact.FromText(text) is { } number ? Put(number) : $"is no number that {Column.Type} keeps in full",
        string => "is text, not a number; parse it in the source",
        _ when Exact.Whole(value) is { } whole => whole < (Int128)bound && whole > -(Int128)bound ? Put((decimal)whole) : $"has too many digits before the point for {Column.Type}; declare a greater precision",
        _ => Problem.WrongType(value, Column.Type),
    };
}
