using System.Globalization;
using System.Text;

namespace Distiller.Benchmarks;

/// <summary>How a ratio is judged.</summary>
internal enum BoundKind
{
    /// <summary>Reported beside; no bound.</summary>
    None,

    /// <summary>The ratio must not be greater.</summary>
    AtMost,

    /// <summary>The ratio must not be less.</summary>
    AtLeast,
}

/// <summary>One line of the table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Ours">Ours, as text with its unit where it is not milliseconds.</param>
/// <param name="Rival">The rival's, likewise.</param>
/// <param name="Ratio">What the bound is about.</param>
internal sealed record ReportLine(string Name, string Ours, string Rival, double Ratio)
{
    public BoundKind Kind { get; init; }

    public double Bound { get; init; }

    /// <summary>What ratio and bound are counted in: nothing, "%" or "MB".</summary>
    public string Unit { get; init; } = "";

    public string Remark { get; init; } = "";

    public bool IsMissed => (Kind == BoundKind.AtMost && Ratio > Bound) || (Kind == BoundKind.AtLeast && Ratio < Bound);

    public static ReportLine Of(string name, Race race) => new(name, Milliseconds(race.Ours), Milliseconds(race.Rival), race.Ratio);

    public static string Milliseconds(double value) => value.ToString(value < 10 ? "0.000" : "0", CultureInfo.InvariantCulture);

    public ReportLine AtMost(double bound) => this with { Kind = BoundKind.AtMost, Bound = bound };

    public ReportLine AtLeast(double bound) => this with { Kind = BoundKind.AtLeast, Bound = bound };

    public ReportLine With(string remark) => this with { Remark = Remark.Length == 0 ? remark : Remark + "; " + remark };

    public string RatioText => Number(Ratio);

    public string BoundText => Kind switch
    {
        BoundKind.AtMost => "≤ " + Number(Bound),
        BoundKind.AtLeast => "≥ " + Number(Bound),
        _ => "",
    };

    private string Number(double value) => Unit switch
    {
        "%" => value.ToString("0 %", CultureInfo.InvariantCulture),
        "MB" => value.ToString("0.0 MB", CultureInfo.InvariantCulture),
        _ => value.ToString(value >= 20 ? "0" : "0.00", CultureInfo.InvariantCulture),
    };
}

/// <summary>The lines of a run, printed as they come and as one Markdown table at the end.</summary>
internal sealed class Report(TextWriter output, bool isFullSize)
{
    private const string Header = "| benchmark | ours (ms) | rival (ms) | ratio | bound | verdict | remark |";

    private readonly List<ReportLine> lines = [];

    public bool HasMissed => isFullSize && lines.Any(line => line.IsMissed);

    /// <summary>What is going on, for the person who waits.</summary>
    public void Say(string text) => output.WriteLine(text);

    public void Add(ReportLine line)
    {
        lines.Add(line);
        output.WriteLine(Header);
        output.WriteLine(Text(line));
    }

    public string Markdown()
    {
        var text = new StringBuilder();
        text.Append(Header).Append('\n').Append("|---|---:|---:|---:|---:|---|---|\n");
        foreach (var line in lines)
        {
            text.Append(Text(line)).Append('\n');
        }

        return text.ToString();
    }

    private string Text(ReportLine line) => $"| {line.Name} | {line.Ours} | {line.Rival} | {line.RatioText} | {line.BoundText} | {Verdict(line)} | {line.Remark} |";

    private string Verdict(ReportLine line) => line switch
    {
        { Kind: BoundKind.None } => "beside",
        _ when !isFullSize => "not judged",
        { IsMissed: true } => "MISSED",
        _ => "met",
    };
}
