using System.Globalization;
using System.Net;
using System.Text;

namespace Distiller;

/// <summary>A column of a grid.</summary>
internal sealed record GridColumn(string Name, bool IsNumber = false);

/// <summary>A flat table of what is in memory, for people: as aligned text, as HTML and as CSV. A null cell is NULL, which shows as such.</summary>
internal sealed partial record Grid(string Caption, ValueList<GridColumn> Columns, ValueList<ValueList<string?>> Rows)
{
    private const string Null = "NULL";
    private const string CellStyle = "padding:2px 8px;border:1px solid #ccc;";

    /// <summary>Lines below the caption.</summary>
    public ValueList<string> Lines { get; init; } = ValueList<string>.Empty;

    /// <summary>A line below the table.</summary>
    public string? Footer { get; init; }

    public string ToText()
    {
        var widths = Columns.Select((column, i) => Rows.Select(row => Width(row[i] ?? Null)).Append(Width(column.Name)).Max()).ToArray();
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        foreach (var line in Lines.Prepend(Caption))
        {
            text.WriteLine(line);
        }

        if (Columns.Count > 0)
        {
            Line(ValueList<string?>.Of(Columns.Select(column => column.Name)));
            text.WriteLine(string.Join("  ", widths.Select(width => new string('-', width))));
            foreach (var row in Rows)
            {
                Line(row);
            }
        }

        if (Footer is { } footer)
        {
            text.WriteLine(footer);
        }

        return text.ToString();

        // Blanks are written once something follows them: a line ends with none.
        void Line(ValueList<string?> cells)
        {
            var blanks = 0;
            for (var i = 0; i < cells.Count; i++)
            {
                var cell = cells[i] ?? Null;
                var shown = cell.AsSpan().TrimEnd(' ');
                var padding = widths[i] - Width(cell);
                blanks += (i > 0 ? 2 : 0) + (Columns[i].IsNumber ? padding : 0);
                if (shown.Length > 0)
                {
                    text.Write(new string(' ', blanks));
                    text.Write(shown);
                    blanks = 0;
                }

                blanks += cell.Length - shown.Length + (Columns[i].IsNumber ? 0 : padding);
            }

            text.WriteLine();
        }
    }

    /// <summary>Static HTML with styles of its own: viewers strip everything else.</summary>
    /// <param name="picture">Ready HTML between the lines and the table.</param>
    public string ToHtml(string? picture = null)
    {
        using var html = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        html.Write("<div style=\"font-family:sans-serif;font-size:13px\"><div style=\"font-weight:bold\">");
        WebUtility.HtmlEncode(Caption, html);
        html.Write("</div>");
        foreach (var line in Lines)
        {
            html.Write("<div>");
            WebUtility.HtmlEncode(line, html);
            html.Write("</div>");
        }

        html.Write(picture);
        if (Columns.Count > 0)
        {
            html.Write("<table style=\"border-collapse:collapse;margin-top:4px\"><thead><tr>");
            foreach (var column in Columns)
            {
                html.Write($"<th style=\"{CellStyle}text-align:{(column.IsNumber ? "right" : "left")}\">");
                WebUtility.HtmlEncode(column.Name, html);
                html.Write("</th>");
            }

            html.Write("</tr></thead><tbody>");
            foreach (var row in Rows)
            {
                html.Write("<tr>");
                for (var i = 0; i < row.Count; i++)
                {
                    Cell(row[i], Columns[i].IsNumber);
                }

                html.Write("</tr>");
            }

            html.Write("</tbody></table>");
        }

        if (Footer is { } footer)
        {
            html.Write("<div style=\"color:#666\">");
            WebUtility.HtmlEncode(footer, html);
            html.Write("</div>");
        }

        html.Write("</div>");
        return html.ToString();

        void Cell(string? cell, bool isNumber)
        {
            html.Write(isNumber ? $"<td style=\"{CellStyle}text-align:right\">" : $"<td style=\"{CellStyle}text-align:left\">");
            if (cell is null)
            {
                html.Write("<span style=\"color:#999;font-style:italic\">NULL</span>");
            }
            else
            {
                WebUtility.HtmlEncode(cell, html);
            }

            html.Write("</td>");
        }
    }

    /// <summary>Comma-separated values with a header (RFC 4180); NULL is an empty field, the empty text a quoted one.</summary>
    public string ToCsv()
    {
        using var csv = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\r\n" };
        csv.WriteLine(string.Join(',', Columns.Select(column => Field(column.Name))));
        foreach (var row in Rows)
        {
            csv.WriteLine(string.Join(',', row.Select(Field)));
        }

        return csv.ToString();

        static string Field(string? text) => text is null ? ""
            : text.Length == 0 || text.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
    }

    private static int Width(string text) => Ascii.IsValid(text) ? text.Length : text.EnumerateRunes().Count(rune => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format));
}
