using System.Globalization;
using System.Net;

namespace Distiller;

/// <summary>A diagram as SVG: entities, feature sets and the training set from left to right.</summary>
internal static class DiagramPicture
{
    private const int BoxWidth = 220;
    private const int Gap = 130;
    private const int LineHeight = 15;
    private const int Between = 16;
    private const int Longest = 34;

    public static string Of(DiagramParts parts)
    {
        var tops = new int[parts.Boxes.Count];
        var next = new int[] { Between, Between, Between };
        for (var i = 0; i < tops.Length; i++)
        {
            tops[i] = next[parts.Boxes[i].Column];
            next[parts.Boxes[i].Column] += HeightOf(parts.Boxes[i]) + Between;
        }

        var width = parts.Boxes.Select(box => LeftOf(box) + BoxWidth).DefaultIfEmpty(0).Max() + Between;
        using var svg = new StringWriter(CultureInfo.InvariantCulture);
        svg.Write($"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {width} {next.Max()}\" width=\"{width}\" height=\"{next.Max()}\" style=\"font-family:sans-serif;font-size:12px;background:#fff\"><title>Entities, feature sets and training set</title>");
        for (var i = 0; i < parts.Links.Count; i++)
        {
            Link(parts.Links[i], i);
        }

        for (var i = 0; i < tops.Length; i++)
        {
            Box(parts.Boxes[i], tops[i]);
        }

        svg.Write("</svg>");
        return svg.ToString();

        void Box(DiagramBox box, int top)
        {
            var (fill, stroke) = box.Column switch { 0 => ("#ddf4ff", "#0969da"), 1 => ("#dafbe1", "#1a7f37"), _ => ("#fff8c5", "#9a6700") };
            svg.Write($"<rect x=\"{LeftOf(box)}\" y=\"{top}\" width=\"{BoxWidth}\" height=\"{HeightOf(box)}\" rx=\"5\" fill=\"{fill}\" stroke=\"{stroke}\"/>");
            Text(LeftOf(box) + 8, top + 17, box.Title, "font-weight=\"bold\"");
            for (var line = 0; line < box.Lines.Count; line++)
            {
                Text(LeftOf(box) + 8, top + 17 + ((line + 1) * LineHeight), box.Lines[line], "fill=\"#57606a\"");
            }
        }

        void Link(DiagramLink link, int number)
        {
            var (from, to) = (parts.Boxes[link.From], parts.Boxes[link.To]);
            var (x1, y1) = (LeftOf(from) + BoxWidth, tops[link.From] + (HeightOf(from) / 2));
            var arrivals = parts.Links.Where(other => other.To == link.To).ToList();
            var (x2, y2) = (LeftOf(to), tops[link.To] + (HeightOf(to) * (arrivals.IndexOf(link) + 1) / (arrivals.Count + 1)));
            var middle = (x1 + x2) / 2;
            svg.Write($"<path d=\"M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}\" fill=\"none\" stroke=\"#8c959f\"/>");
            if (link.Label.Length > 0)
            {
                Text(x1 + 6, y1 - 4 - (parts.Links.Take(number).Count(other => other.From == link.From && other.Label.Length > 0) * LineHeight), link.Label, "font-size=\"10\" fill=\"#24292f\"", 22);
            }
        }

        void Text(int x, int y, string text, string style, int longest = Longest)
        {
            svg.Write($"<text x=\"{x}\" y=\"{y}\" {style}>");
            WebUtility.HtmlEncode(Cut(text, longest), svg);
            if (text.Length > longest)
            {
                svg.Write("<title>");
                WebUtility.HtmlEncode(text, svg);
                svg.Write("</title>");
            }

            svg.Write("</text>");
        }
    }

    private static int LeftOf(DiagramBox box) => Between + (box.Column * (BoxWidth + Gap));

    private static int HeightOf(DiagramBox box) => 26 + (box.Lines.Count * LineHeight);

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)] + "…";
}
