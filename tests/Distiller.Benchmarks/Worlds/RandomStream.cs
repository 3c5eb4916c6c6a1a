namespace Distiller.Benchmarks;

/// <summary>SplitMix64: the same numbers on every machine and runtime.</summary>
internal sealed class RandomStream(ulong seed)
{
    private ulong state = seed;

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    public long Below(long bound)
    {
        state += 0x9E3779B97F4A7C15;
        return (long)Math.BigMul(Mix(state), (ulong)bound, out _);
    }

    public bool Chance(int percent) => Below(100) < percent;
}
