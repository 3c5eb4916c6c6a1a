namespace Distiller;

/// <summary>Comparisons of a time column with an instant that is fixed: the instant is converted to the column's kind, never the column (T5).</summary>
internal static class FixedInstants
{
    /// <summary>Whether a value is before an instant.</summary>
    public static Compare Before(TimeColumn column, Scalar value, DateTime instant) => Compared(column, value, instant, CompareOp.Less);

    /// <summary>Whether a value is at or after an instant.</summary>
    public static Compare AtOrAfter(TimeColumn column, Scalar value, DateTime instant) => Compared(column, value, instant, CompareOp.GreaterOrEqual);

    /// <summary>A coarse value before an instant within its unit is at or before the unit's begin.</summary>
    private static Compare Compared(TimeColumn column, Scalar value, DateTime instant, CompareOp op)
    {
        if (column.Kind == TimeKind.Text)
        {
            return new(op, value, new TrimmedInstantText(new Value(StoredType.Instant, instant)));
        }

        var held = TimeMath.Constant(column.Kind, instant);
        var isExact = Equals(held.Content, instant);
        return new(isExact ? op : op == CompareOp.Less ? CompareOp.LessOrEqual : CompareOp.Greater, value, held);
    }
}
