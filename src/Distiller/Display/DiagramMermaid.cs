using System.Globalization;
using System.Text;

namespace Distiller;

/// <summary>A diagram as a Mermaid flowchart. Names stand between quotes, and all that could be syntax or HTML is written as a character's number.</summary>
internal static class DiagramMermaid
{
    public static string Of(DiagramParts parts)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        text.WriteLine("flowchart LR");
        for (var i = 0; i < parts.Boxes.Count; i++)
        {
            var box = parts.Boxes[i];
            var (open, close) = box.Column switch { 0 => ("([", "])"), 1 => ("[", "]"), _ => ("[[", "]]") };
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  n{i}{open}\"{string.Join("<br/>", box.Lines.Prepend(box.Title).Select(Label))}\"{close}"));
        }

        foreach (var link in parts.Links)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  n{link.From} -->{(link.Label.Length > 0 ? $"|\"{Label(link.Label)}\"|" : "")} n{link.To}"));
        }

        return text.ToString();
    }

    private static string Label(string name) => string.Concat(name.EnumerateRunes().Select(Safe));

    private static string Safe(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '_' or ',' or '.' or '=' or '…' ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"#{rune.Value};");
}
