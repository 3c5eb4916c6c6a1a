using System.Diagnostics;

namespace Distiller.Benchmarks;

/// <summary>Times the steps of a publish by what it reports as it goes.</summary>
internal sealed class StepClock : IProgress<StoreProgress>
{
    private readonly List<(string Step, long At)> reports = [];
    private long started;

    public void Start()
    {
        reports.Clear();
        started = Stopwatch.GetTimestamp();
    }

    public void Report(StoreProgress value) => reports.Add((value.Rows > 0 ? value.Step + " (done)" : value.Step, Stopwatch.GetTimestamp()));

    /// <summary>One line per report: the time until the next one.</summary>
    public IEnumerable<string> Lines()
    {
        var end = Stopwatch.GetTimestamp();
        var at = started;
        var step = "before the first step";
        foreach (var (next, since) in reports.Append(("", end)))
        {
            yield return FormattableString.Invariant($"{Stopwatch.GetElapsedTime(at, since).TotalMilliseconds,8:0} ms  {step}");
            (step, at) = (next, since);
        }
    }
}
