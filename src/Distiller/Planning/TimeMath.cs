namespace Distiller;

/// <summary>
/// Comparisons of instants kept in different ways (T5). In a search condition the instant is converted to the column's kind, never the column, so that an index stays usable;
/// a judge after the win may convert the column.
/// </summary>
internal static class TimeMath
{
    /// <summary>No instant Distiller holds (years 1 to 9999) is older than this at another, so a greater max age expires nothing.</summary>
    private static readonly long Forever = 10_000L * 366 * Instants.MicrosecondsPerDay;

    public static Scalar AtOrBefore(TimeColumn column, Scalar value, TimeKind kind, Scalar instant) =>
        column.Kind == TimeKind.Text
            ? new Compare(CompareOp.Less, value, new Concatenation(FixedText(kind, instant), new Text(":")))
            : new Compare(CompareOp.LessOrEqual, value, Convert(kind, instant, column.Kind));

    /// <summary>A coarse value before an instant is at or before the microsecond before it: rounded up instead, the last day of all would have no next.</summary>
    public static Scalar Before(TimeColumn column, Scalar value, TimeKind kind, Scalar instant) =>
        column.Kind == TimeKind.Text ? new Compare(CompareOp.Less, value, new TrimmedInstantText(FixedText(kind, instant)))
        : column.Kind != kind && Unit(column.Kind) > 1
            ? new Compare(CompareOp.LessOrEqual, value, Convert(TimeKind.EpochMicroseconds, new Arithmetic(ArithmeticOp.Subtract, Microseconds(kind, instant), new Number(1)), column.Kind))
        : new Compare(CompareOp.Less, value, Convert(kind, instant, column.Kind));

    /// <summary>Whether an interval that ends there (exclusive, NULL = open) holds at an instant; strictly, whether it holds just before it.</summary>
    public static Scalar NotEnded(TimeColumn end, Scalar value, TimeKind kind, Scalar instant, bool strictly)
    {
        var ended = (Compare)(strictly ? Before(end, value, kind, instant) : AtOrBefore(end, value, kind, instant));
        return Scalar.Or(new IsNull(value), ended with { Op = ended.Op == CompareOp.Less ? CompareOp.GreaterOrEqual : CompareOp.Greater });
    }

    /// <summary>A fixed instant compared with a column: at or before.</summary>
    public static Scalar AtOrBefore(TimeColumn column, Scalar value, DateTime instant) =>
        column.Kind == TimeKind.Text
            ? new Compare(CompareOp.Less, value, new Concatenation(new Value(StoredType.Instant, instant), new Text(":")))
            : new Compare(CompareOp.LessOrEqual, value, Constant(column.Kind, instant));

    /// <summary>Whether the winner is young enough: event + age at or after the instant (W4). Null where nothing can be too old.</summary>
    public static Scalar? YoungEnough(SqlDialect dialect, TimeColumn column, Scalar winner, TimeSpan? age, TimeKind kind, Scalar instant)
    {
        if (age is not { } limit || limit.Microseconds() >= Forever)
        {
            return null;
        }

        return dialect.AddsIntervals && column.Kind == kind && (kind is TimeKind.Instant or TimeKind.Timestamp)
            ? new Compare(CompareOp.GreaterOrEqual, new AddMicroseconds(winner, limit.Microseconds()), instant)
            : new Compare(CompareOp.GreaterOrEqual, new Arithmetic(ArithmeticOp.Add, Microseconds(column.Kind, winner), new Number(limit.Microseconds())), Microseconds(kind, instant));
    }

    /// <summary>A value that orders alike for both kinds: as they are where they are the same, else microseconds.</summary>
    public static Scalar Position(TimeKind kind, Scalar value, bool asItIs) => asItIs ? value : Microseconds(kind, value);

    public static Scalar Microseconds(TimeKind kind, Scalar value) => kind switch
    {
        TimeKind.Ordinal or TimeKind.EpochMicroseconds => value,
        _ => new ToMicroseconds(kind, value),
    };

    /// <summary>The greatest value of a coarse kind that is not after an instant.</summary>
    public static Value Constant(TimeKind kind, DateTime instant)
    {
        var microseconds = Instants.Microseconds(instant);
        return new(StoredType.Of(kind), Instants.ToDateTime(microseconds - PositiveRemainder(microseconds, Unit(kind))));
    }

    private static long PositiveRemainder(long value, long unit) => ((value % unit) + unit) % unit;

    /// <summary>A value of one kind as another: the greatest that is not after it.</summary>
    public static Scalar Convert(TimeKind from, Scalar instant, TimeKind to)
    {
        if (from == to)
        {
            return instant;
        }

        var microseconds = Microseconds(from, instant);
        var unit = Unit(to);
        if (unit > 1)
        {
            Scalar step = new Number(unit);
            var rest = new Arithmetic(ArithmeticOp.Remainder, microseconds, step);
            microseconds = new Arithmetic(ArithmeticOp.Subtract, microseconds, new Arithmetic(ArithmeticOp.Remainder, new Arithmetic(ArithmeticOp.Add, rest, step), step));
        }

        return to switch
        {
            TimeKind.EpochMicroseconds => microseconds,
            TimeKind.EpochMilliseconds or TimeKind.EpochSeconds => new Arithmetic(ArithmeticOp.Divide, microseconds, new Number(unit)),
            _ => new FromMicroseconds(to, microseconds),
        };
    }

    /// <summary>A time as text for a message: an instant in UTC, whatever the session's zone (T3).</summary>
    public static Scalar Shown(TimeKind kind, Scalar value) => kind == TimeKind.Instant ? new AsText(FeatureType.Timestamp, value) : new TextOf(value);

    private static long Unit(TimeKind kind) => kind switch
    {
        TimeKind.Date => Instants.MicrosecondsPerDay,
        TimeKind.EpochSeconds => 1_000_000,
        TimeKind.EpochMilliseconds => 1_000,
        _ => 1,
    };

    private static Scalar FixedText(TimeKind kind, Scalar instant) =>
        kind == TimeKind.Instant ? instant : new FromMicroseconds(TimeKind.Instant, Microseconds(kind, instant));
}
