namespace Distiller;

/// <summary>What holds for every max age (W4).</summary>
internal static class Ages
{
    public static TimeSpan Check(TimeSpan age) =>
        age < TimeSpan.Zero
            ? throw new ArgumentOutOfRangeException(nameof(age), age, "A max age is zero or more.")
            : TimeSpan.FromTicks(age.Ticks - (age.Ticks % TimeSpan.TicksPerMicrosecond));

    public static long Microseconds(this TimeSpan age) => age.Ticks / TimeSpan.TicksPerMicrosecond;
}
