using System.Diagnostics;

namespace Distiller.Benchmarks;

/// <summary>Times the steps of a publish by what it reports as it goes.</summary>
internal sealed class StepClock(BenchmarkDatabase database) : IProgress<StoreProgress>
{
    private readonly List<(string Step, Moment At)> reports = [];
    private Moment started;

    public void Start()
    {
        reports.Clear();
        started = Now();
    }

    public void Report(StoreProgress value) => reports.Add((value.Step, Now()));

    /// <summary>One line per step: the time until the next one.</summary>
    public IEnumerable<string> Lines()
    {
        var end = Now();
        var at = started;
        var step = "before the first step";
        foreach (var (next, since) in reports.Append(("", end)))
        {
            if (next == step)
            {
                continue;
            }

            yield return FormattableString.Invariant($"{Stopwatch.GetElapsedTime(at.Wall, since.Wall).TotalMilliseconds,8:0} ms {(since.Cpu - at.Cpu).TotalMilliseconds,8:0} ms CPU  {step}");
            (step, at) = (next, since);
        }
    }

    private Moment Now() => new(Stopwatch.GetTimestamp(), Race.Cpu(database));

    private readonly record struct Moment(long Wall, TimeSpan Cpu);
}
