namespace Distiller;

/// <summary>Instants as Distiller counts them: microseconds since 1970-01-01, UTC (T1, T2).</summary>
internal static class Instants
{
    private static readonly long EpochTicks = DateTime.UnixEpoch.Ticks;

    public const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>Unspecified is taken as UTC, Local is converted; finer than a microsecond is floored, also before 1970 (T1, T2).</summary>
    public static long Microseconds(DateTime value) =>
        FloorDivide((value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value).Ticks - EpochTicks, TimeSpan.TicksPerMicrosecond);

    public static long Microseconds(DateTimeOffset value) => FloorDivide(value.UtcTicks - EpochTicks, TimeSpan.TicksPerMicrosecond);

    public static long Microseconds(DateOnly value) => Microseconds(value.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));

    public static DateTime ToDateTime(long microseconds) => new((microseconds * TimeSpan.TicksPerMicrosecond) + EpochTicks, DateTimeKind.Utc);

    public static DateTimeOffset Floor(DateTimeOffset value) => new(ToDateTime(Microseconds(value)));

    public static DateTime Floor(DateTime value) => value.Kind == DateTimeKind.Utc && value.Ticks % TimeSpan.TicksPerMicrosecond == 0 ? value : ToDateTime(Microseconds(value));

    /// <summary>The fixed-width text <c>yyyy-MM-dd HH:mm:ss.ffffff</c>: 26 characters that order as the instants do.</summary>
    public static string Text(long microseconds) => string.Create(26, ToDateTime(microseconds), static (text, value) =>
    {
        var date = DateOnly.FromDateTime(value);
        TwoDigits(text, 0, date.Year / 100);
        TwoDigits(text, 2, date.Year % 100);
        text[4] = '-';
        TwoDigits(text, 5, date.Month);
        text[7] = '-';
        TwoDigits(text, 8, date.Day);
        text[10] = ' ';
        var (seconds, fraction) = Math.DivRem(value.TimeOfDay.Ticks / TimeSpan.TicksPerMicrosecond, 1_000_000);
        var second = (int)seconds;
        TwoDigits(text, 11, second / 3600);
        text[13] = ':';
        TwoDigits(text, 14, second / 60 % 60);
        text[16] = ':';
        TwoDigits(text, 17, second % 60);
        text[19] = '.';
        var microsecond = (int)fraction;
        TwoDigits(text, 20, microsecond / 10_000);
        TwoDigits(text, 22, microsecond / 100 % 100);
        TwoDigits(text, 24, microsecond % 100);
    });

    public static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((-value + by - 1) / by);

    private static void TwoDigits(Span<char> text, int at, int number)
    {
        text[at] = (char)('0' + (number / 10));
        text[at + 1] = (char)('0' + (number % 10));
    }
}
