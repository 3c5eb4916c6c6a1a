using System.Globalization;
using System.Net;
using System.Text;

namespace Distiller.Benchmarks;

/// <summary>A preview of twenty rows as HTML and as text, against a loop written by hand that builds the same.</summary>
internal static class PreviewBenchmark
{
    private const int Times = 2_000;
    private const double Bound = 2;

    private static readonly string[] Columns = ["customer_id", "event_timestamp", "label", "spend__spend_7d", "spend__orders_7d", "tier__tier"];

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var noon = new DateTime(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc);
        var rows = Enumerable.Range(0, 20).Select(i => (IReadOnlyList<object?>)[1000L + i, noon.AddHours(i), i % 2 == 0, i * 1.25, i % 3 == 0 ? null : i, $"tier <{i % 4}>"]).ToList();
        var preview = new Preview("Training set", Columns, rows, hasMore: true);
        Check(Grid.Of(preview).ToText(), TextByHand(preview));
        Check(Grid.Of(preview).ToHtml(), HtmlByHand(preview));
        var text = await Race.RunAsync(options.Runs, Repeat(() => Grid.Of(preview).ToText()), Repeat(() => TextByHand(preview)));
        report.Add(ReportLine.Of($"preview of 20 rows x {Columns.Length} columns as text, {Times} times", text).AtMost(Bound).With(FormattableString.Invariant($"CPU ratio {text.CpuRatio:0.00}")));
        var html = await Race.RunAsync(options.Runs, Repeat(() => Grid.Of(preview).ToHtml()), Repeat(() => HtmlByHand(preview)));
        report.Add(ReportLine.Of($"preview of 20 rows x {Columns.Length} columns as HTML, {Times} times", html).AtMost(Bound).With(FormattableString.Invariant($"CPU ratio {html.CpuRatio:0.00}")));
    }

    private static Contender Repeat(Func<string> build) => new(() =>
    {
        for (var i = 0; i < Times; i++)
        {
            build();
        }

        return Task.CompletedTask;
    });

    private static void Check(string ours, string byHand)
    {
        if (ours != byHand)
        {
            throw new InvalidOperationException($"The two differ:\n{ours}\n{byHand}");
        }
    }

    private static string TextByHand(Preview preview)
    {
        var cells = preview.Rows.Select(row => row.Select(Cell).ToArray()).ToArray();
        var widths = Columns.Select((name, i) => Math.Max(name.Length, cells.Max(row => row[i].Length))).ToArray();
        var text = new StringBuilder();
        text.Append(preview.Title).Append('\n');
        Line(text, Columns, widths);
        Line(text, [.. widths.Select(width => new string('-', width))], widths);
        foreach (var row in cells)
        {
            Line(text, row, widths);
        }

        return text.Append("the first 20 rows; there are more\n").ToString();

        static void Line(StringBuilder text, string[] cells, int[] widths)
        {
            var start = text.Length;
            for (var i = 0; i < cells.Length; i++)
            {
                text.Append(i > 0 ? "  " : "").Append(IsNumber(i) ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]));
            }

            while (text.Length > start && text[^1] == ' ')
            {
                text.Length--;
            }

            text.Append('\n');
        }
    }

    private static string HtmlByHand(Preview preview)
    {
        var html = new StringBuilder("<div style=\"font-family:sans-serif;font-size:13px\"><div style=\"font-weight:bold\">");
        html.Append(WebUtility.HtmlEncode(preview.Title)).Append("</div><table style=\"border-collapse:collapse;margin-top:4px\"><thead><tr>");
        for (var i = 0; i < Columns.Length; i++)
        {
            html.Append("<th style=\"padding:2px 8px;border:1px solid #ccc;text-align:").Append(IsNumber(i) ? "right" : "left").Append("\">").Append(WebUtility.HtmlEncode(Columns[i])).Append("</th>");
        }

        html.Append("</tr></thead><tbody>");
        foreach (var row in preview.Rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < row.Count; i++)
            {
                html.Append("<td style=\"padding:2px 8px;border:1px solid #ccc;text-align:").Append(IsNumber(i) ? "right" : "left").Append("\">")
                    .Append(row[i] is null ? "<span style=\"color:#999;font-style:italic\">NULL</span>" : WebUtility.HtmlEncode(Cell(row[i]))).Append("</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table><div style=\"color:#666\">the first 20 rows; there are more</div></div>").ToString();
    }

    private static bool IsNumber(int column) => column is 0 or 3 or 4;

    private static string Cell(object? value) => value switch
    {
        null => "NULL",
        bool flag => flag ? "true" : "false",
        DateTime at => at.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        string text => text,
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
