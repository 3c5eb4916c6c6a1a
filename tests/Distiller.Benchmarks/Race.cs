using System.Diagnostics;

namespace Distiller.Benchmarks;

/// <summary>One side of a comparison.</summary>
/// <param name="Run">What is timed.</param>
internal sealed record Contender(Func<Task> Run)
{
    /// <summary>What is done before each run, untimed.</summary>
    public Func<Task>? Before { get; init; }

    /// <summary>What is done after each run, untimed: checks of the result, and its removal.</summary>
    public Func<Task>? After { get; init; }
}

/// <summary>What one run took.</summary>
/// <param name="Milliseconds">By the wall clock.</param>
/// <param name="CpuMilliseconds">Of this process, all threads, and of the server's process where it can be seen.</param>
internal readonly record struct Taken(double Milliseconds, double CpuMilliseconds);

/// <summary>
/// Two sides, run in turn. The ratio is the median of the pairs' ratios, because on a shared machine the two runs of a pair meet the same neighbours; who goes first changes from pair to pair.
/// </summary>
internal sealed record Race(double Ours, double Rival, double Ratio, double CpuRatio)
{
    public static async Task<Race> RunAsync(int pairs, Contender ours, Contender rival, BenchmarkDatabase? database = null)
    {
        await TimeAsync(ours, database);
        await TimeAsync(rival, database);

        var taken = new List<(Taken Ours, Taken Rival)>();
        for (var i = 0; i < pairs; i++)
        {
            if (i % 2 == 0)
            {
                var first = await TimeAsync(ours, database);
                taken.Add((first, await TimeAsync(rival, database)));
            }
            else
            {
                var first = await TimeAsync(rival, database);
                taken.Add((await TimeAsync(ours, database), first));
            }
        }

        return new(
            Median(taken.Select(pair => pair.Ours.Milliseconds)),
            Median(taken.Select(pair => pair.Rival.Milliseconds)),
            Median(taken.Select(pair => pair.Ours.Milliseconds / pair.Rival.Milliseconds)),
            Median(taken.Select(pair => pair.Ours.CpuMilliseconds / pair.Rival.CpuMilliseconds)));
    }

    public static async Task<Taken> TimeAsync(Contender contender, BenchmarkDatabase? database = null)
    {
        if (contender.Before is { } before)
        {
            await before();
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        var cpu = Cpu(database);
        var started = Stopwatch.GetTimestamp();
        await contender.Run();
        var taken = new Taken(Stopwatch.GetElapsedTime(started).TotalMilliseconds, (Cpu(database) - cpu).TotalMilliseconds);
        if (contender.After is { } after)
        {
            await after();
        }

        return taken;
    }

    public static TimeSpan Cpu(BenchmarkDatabase? database) => Environment.CpuUsage.TotalTime + (database?.ServerCpu ?? TimeSpan.Zero);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
