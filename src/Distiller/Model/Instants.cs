using System.Globalization;

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

    public static DateTime Floor(DateTime value) => ToDateTime(Microseconds(value));

    /// <summary>The fixed-width text <c>yyyy-MM-dd HH:mm:ss.ffffff</c>: 26 characters that order as the instants do.</summary>
    public static string Text(long microseconds) => ToDateTime(microseconds).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    public static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((-value + by - 1) / by);
}
