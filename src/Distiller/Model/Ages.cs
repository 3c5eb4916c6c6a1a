namespace Distiller;

/// <summary>What holds for every max age (W4).</summary>
internal static class Ages
{
    public static TimeSpan Check(TimeSpan age, string what) =>
        age < TimeSpan.Zero
            ? throw new ArgumentOutOfRangeException(nameof(age), age, $"{what} is zero or more.")
            : TimeSpan.FromTicks(age.Ticks - (age.Ticks % TimeSpan.TicksPerMicrosecond));

    public static long Microseconds(this TimeSpan age) => age.Ticks / TimeSpan.TicksPerMicrosecond;
}
