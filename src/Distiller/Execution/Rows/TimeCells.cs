using System.Globalization;

namespace Distiller;

/// <summary>An instant in UTC, floored to microseconds (T1, T2); a kind of coarser unit takes only whole units, for nothing is cut (B6).</summary>
internal sealed class InstantCell : ValueCell<DateTime>
{
    private const string TextFormat = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    private static readonly long First = Instants.Microseconds(DateTime.MinValue);

    private static readonly long Last = Instants.Microseconds(DateTime.MaxValue);

    private readonly bool loose;
    private readonly TimeKind kind;
    private readonly long unit;

    public InstantCell(StageColumn column, bool loose)
        : base(column)
    {
        this.loose = loose;
        kind = column.Type.Time!.Value;
        unit = kind switch
        {
            TimeKind.Date => Instants.MicrosecondsPerDay,
            TimeKind.EpochSeconds => 1_000_000,
            TimeKind.EpochMilliseconds => 1_000,
            _ => 1,
        };
    }

    public static DateTime? Parse(string text) =>
        text.Length >= 19 && text[^1] != '.' && DateTime.TryParseExact(text, TextFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;

    public override string? Put(DateTime value) => PutMicroseconds(Instants.Microseconds(value));

    public override string? Put(object value) => value switch
    {
        DateTime instant => Put(instant),
        DateTimeOffset instant => PutMicroseconds(Instants.Microseconds(instant)),
        DateOnly date => PutDate(date),
        string text when loose => PutText(text),
        string => "is text, not an instant; parse it in the source",
        _ when kind is TimeKind.EpochSeconds or TimeKind.EpochMilliseconds or TimeKind.EpochMicroseconds && Exact.Whole(value) is { } count => PutCount(count),
        _ => Problem.WrongType(value, Column.Type),
    };

    /// <summary>A clock has no digits of its own that would be missed: it is floored to the column's unit.</summary>
    public override string? PutClock(DateTime instant) => Set(Instants.ToDateTime(Instants.FloorDivide(Instants.Microseconds(instant), unit) * unit));

    public override Fetch<TRow>? Direct<TRow>(Delegate getter) => getter switch
    {
        Func<TRow, DateTimeOffset> get => new ValueFetch<TRow, DateTime>(row => get(row).UtcDateTime, this),
        Func<TRow, DateTimeOffset?> get => new NullableFetch<TRow, DateTime>(row => get(row)?.UtcDateTime, this),
        _ => base.Direct<TRow>(getter),
    };

    private string? PutMicroseconds(long microseconds) =>
        unit > 1 && microseconds % unit != 0
            ? kind == TimeKind.Date
                ? "is no midnight in UTC, and the column keeps dates; give a DateOnly, or declare the column's kind"
                : $"would be cut: the column keeps {Column.Type}; cut it in the source, or declare the column's kind"
            : Set(Instants.ToDateTime(microseconds));

    private string? PutDate(DateOnly date) =>
        kind == TimeKind.Date ? PutMicroseconds(Instants.Microseconds(date)) : "is a date without a time; give the instant, or declare the column as TimeKind.Date";

    private string? PutText(string text) =>
        Parse(text) is { } instant ? Put(instant)
        : DateCell.Parse(text) is { } date ? PutDate(date)
        : "is no instant written as yyyy-MM-dd HH:mm:ss with 0 to 7 fraction digits; write it so in UTC, without T, Z or offset";

    private string? PutCount(Int128 count) =>
        count < First / unit || count > Last / unit ? $"is outside the years 1 to 9999 as {Column.Type}; check what the column counts" : Set(Instants.ToDateTime((long)count * unit));
}

/// <summary>A calendar date; from an instant only where that is a midnight in UTC.</summary>
internal sealed class DateCell(StageColumn column, bool loose) : ValueCell<DateOnly>(column)
{
    private const string NoMidnight = "is no midnight in UTC, and a date would cut its time; give a DateOnly, or declare the column as a timestamp";

    public static DateOnly? Parse(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    public override string? Put(DateOnly value) => Set(value);

    public override string? Put(object value) => value switch
    {
        DateOnly same => Set(same),
        DateTime instant => PutInstant(instant.Kind == DateTimeKind.Local ? instant.ToUniversalTime() : instant),
        DateTimeOffset instant => PutInstant(instant.UtcDateTime),
        string text when loose => Parse(text) is { } date ? Set(date) : InstantCell.Parse(text) is { } instant ? PutInstant(instant) : "is no date written as yyyy-MM-dd",
        string => "is text, not a date; parse it in the source",
        _ => Problem.WrongType(value, Column.Type),
    };

    private string? PutInstant(DateTime utc) => utc.TimeOfDay == TimeSpan.Zero ? Set(DateOnly.FromDateTime(utc)) : NoMidnight;
}
