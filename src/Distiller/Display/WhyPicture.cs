using System.Globalization;
using System.Net;

namespace Distiller;

/// <summary>The timeline of an answer why: event time along, created time up.</summary>
internal static class WhyPicture
{
    private const double Left = 24;
    private const double Right = 696;
    private const double Top = 34;
    private const double Bottom = 190;
    private const double Height = 262;
    private const double Width = 720;

    public static string Of(WhyAnswer answer)
    {
        var why = answer.Question;
        var instant = Position(why.Instant);
        var known = why.Training.Knowledge switch
        {
            Knowledge.AtInstant => Position(why.Training.KnowledgeInstant!.Value.UtcDateTime),
            Knowledge.AtEvent => instant,
            _ => null,
        };
        var from = instant is { } at && why.Join.MaximumAge is { } age ? at - age.Microseconds() : (double?)null;
        var rows = answer.Rows.Where(row => row.EventTime is not null).ToList();
        var along = new Axis(rows.Select(row => Position(row.EventTime)).Append(instant), Left, Right);
        var up = new Axis(rows.Select(row => Position(row.CreatedTime)).Append(known), Bottom - 8, Top + 8);
        var hasCreated = rows.Any(row => row.CreatedTime is not null);

        using var svg = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        svg.Write(FormattableString.Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" style=\"font-family:sans-serif;font-size:11px;background:#fff\"><title>"));
        WebUtility.HtmlEncode(WhyWords.Question(why), svg);
        svg.Write("</title>");
        if (from is { } start && instant is { } end)
        {
            var x = Math.Max(Left, along.Of(start));
            Rectangle(x, along.Of(end), "#dafbe1");
            Label(Math.Max(x, Left) + 3, Bottom - 4, "within the max age", "#1a7f37");
        }

        Line(Left, Bottom, Right, Bottom, "#57606a", dashed: false);
        Label(Left, Bottom + 15, $"event time {along.First(rows.Select(row => row.EventTime).Append(why.Instant))}", "#57606a");
        Label(Right, Bottom + 15, along.Last(rows.Select(row => row.EventTime).Append(why.Instant)), "#57606a", "end");
        if (hasCreated)
        {
            Line(Left, Top, Left, Bottom, "#57606a", dashed: false);
            Label(Left + 4, Top + 4, "created time ↑", "#57606a");
        }

        if (instant is { } line)
        {
            var x = along.Of(line);
            Line(x, Top - 8, x, Bottom, "#0969da", dashed: true);
            Label(x, Top - 14, $"the instant {WhyWords.ShowInstant(why.Instant)}", "#0969da", x > Width / 2 ? "end" : "start");
        }

        if (known is { } limit && hasCreated)
        {
            var y = up.Of(limit);
            Line(Left, y, Right, y, "#8250df", dashed: true);
            Label(Right, y - 4, "known until here", "#8250df", "end");
        }

        foreach (var row in rows)
        {
            Dot(row);
        }

        Legend();
        svg.Write("</svg>");
        return svg.ToString();

        void Line(double x1, double y1, double x2, double y2, string colour, bool dashed) =>
            svg.Write(FormattableString.Invariant($"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{colour}\"{(dashed ? " stroke-dasharray=\"5 3\"" : "")}/>"));

        void Rectangle(double x, double until, string colour) =>
            svg.Write(FormattableString.Invariant($"<rect x=\"{x:0.#}\" y=\"{Top:0.#}\" width=\"{Math.Max(1, until - x):0.#}\" height=\"{Bottom - Top:0.#}\" fill=\"{colour}\"/>"));

        void Label(double x, double y, string text, string colour, string anchor = "start")
        {
            svg.Write(FormattableString.Invariant($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" fill=\"{colour}\" text-anchor=\"{anchor}\">"));
            WebUtility.HtmlEncode(text, svg);
            svg.Write("</text>");
        }

        void Dot(WhyRow row)
        {
            var y = Position(row.CreatedTime) is { } created ? up.Of(created) : hasCreated ? Bottom : (Top + Bottom) / 2;
            Circle(along.Of(Position(row.EventTime)!.Value), y, row.Verdict, () =>
            {
                svg.Write("<title>");
                WebUtility.HtmlEncode($"{WhyWords.Of(row.Verdict)}: event {WhyWords.ShowInstant(row.EventTime)}{(hasCreated ? $", created {WhyWords.ShowInstant(row.CreatedTime)}" : "")}; {(row.IsTombstone ? "tombstone" : string.Join(", ", answer.Question.Join.Features.Select((feature, i) => $"{feature.Name} = {WhyWords.Show(row.Values[i])}{(row.Verdicts.Count > 0 ? $" ({WhyWords.Of(row.Verdicts[i])})" : "")}")))}", svg);
                svg.Write("</title>");
            });
        }

        void Circle(double x, double y, Verdict verdict, Action inside)
        {
            var (fill, stroke) = Colours(verdict);
            svg.Write(FormattableString.Invariant($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"{(verdict is Verdict.Winner or Verdict.Expired or Verdict.Deleted ? 7 : 5)}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"2\">"));
            inside();
            svg.Write("</circle>");
        }

        void Legend()
        {
            var x = Left + 6;
            var verdicts = answer.Rows.Select(row => row.Verdict).Distinct().Order().ToList();
            foreach (var verdict in verdicts)
            {
                Circle(x, Bottom + 40, verdict, () => { });
                Label(x + 12, Bottom + 44, WhyWords.Of(verdict), "#24292f");
                x += Math.Min(130, (Right - Left) / verdicts.Count);
            }

            Label(Left, Height - 8, answer.Summary.Length > 110 ? answer.Summary[..110] + "…" : answer.Summary, "#24292f");
        }
    }

    private static (string Fill, string Stroke) Colours(Verdict verdict) => verdict switch
    {
        Verdict.Winner => ("#2da44e", "#116329"),
        Verdict.Expired => ("#d4a72c", "#7d4e00"),
        Verdict.Older => ("#8c959f", "#57606a"),
        Verdict.AfterInstant => ("#fff", "#0969da"),
        Verdict.NotYetKnown => ("#fff", "#8250df"),
        Verdict.Deleted => ("#cf222e", "#82071e"),
        Verdict.NothingNew => ("#eaeef2", "#8c959f"),
        _ => ("#fff", "#8c959f"),
    };

    private static double? Position(object? time) => time switch
    {
        DateTime at => Instants.Microseconds(at),
        long ordinal => ordinal,
        _ => null,
    };

    /// <summary>From a time to a place between two edges.</summary>
    private sealed class Axis
    {
        private readonly double least;
        private readonly double most;
        private readonly double begin;
        private readonly double end;

        public Axis(IEnumerable<double?> values, double begin, double end)
        {
            var known = values.OfType<double>().DefaultIfEmpty(0).ToList();
            (least, most) = (known.Min(), known.Max());
            var margin = Math.Abs(end - begin) * 0.04 * Math.Sign(end - begin);
            (this.begin, this.end) = (begin + margin, end - margin);
        }

        public double Of(double value) => most > least ? begin + ((value - least) / (most - least) * (end - begin)) : (begin + end) / 2;

        public string First(IEnumerable<object?> times) => Shown(times, least);

        public string Last(IEnumerable<object?> times) => Shown(times, most);

        private static string Shown(IEnumerable<object?> times, double value) => times.FirstOrDefault(time => Position(time) == value) is { } time ? WhyWords.ShowInstant(time) : "";
    }
}
