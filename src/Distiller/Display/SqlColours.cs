using System.Collections.Frozen;
using System.Globalization;
using System.Net;

namespace Distiller;

/// <summary>SQL as coloured HTML. Every character of the text is there, encoded; colours are all that is added.</summary>
internal static class SqlColours
{
    private const string Comment = "#6a737d";
    private const string Literal = "#22863a";
    private const string Digits = "#005cc5";
    private const string Keyword = "#d73a49";

    private static readonly FrozenSet<string> Keywords = new[]
    {
        "ADD", "ALL", "AND", "AS", "ASC", "ASOF", "BEGIN", "BETWEEN", "BY", "CASE", "CAST", "COALESCE", "COMMIT", "CONFLICT", "CREATE", "CROSS", "DELETE", "DESC", "DISTINCT", "DO", "DROP", "ELSE", "END", "EXISTS", "EXPLAIN", "FALSE",
        "FROM", "GROUP", "HAVING", "IF", "IMMEDIATE", "IN", "INDEX", "INNER", "INSERT", "INTERVAL", "INTO", "IS", "JOIN", "KEY", "LAST", "LATERAL", "LEFT", "LIMIT", "LOCK", "MATERIALIZED", "MODE", "NOT", "NOTHING", "NULL", "NULLS",
        "OFFSET", "ON", "OR", "ORDER", "OVER", "PARTITION", "PLAN", "PRECEDING", "PRIMARY", "QUERY", "ROLLBACK", "ROWS", "SELECT", "SET", "TABLE", "TEMP", "THEN", "TRUE", "UNBOUNDED", "UNION", "UPDATE", "USING", "VALUES", "WHEN", "WHERE", "WITH",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> KeywordSpans = Keywords.GetAlternateLookup<ReadOnlySpan<char>>();

    public static string Block(SqlDialect dialect, string sql) =>
        $"<div><span style=\"font-family:sans-serif;font-size:11px;color:#fff;background:#57606a;border-radius:3px;padding:1px 6px\">{dialect.Name}</span>{Pre(sql)}</div>";

    public static string Folded(SqlDialect dialect, string sql, bool isOpen) =>
        $"<details{(isOpen ? " open=\"open\"" : "")}><summary style=\"font-family:sans-serif;font-size:12px\">{dialect.Name}</summary>{Pre(sql)}</details>";

    public static string Pre(string sql)
    {
        using var html = new StringWriter(CultureInfo.InvariantCulture);
        html.Write("<pre style=\"margin:4px 0;white-space:pre;overflow-x:auto\">");
        for (var at = 0; at < sql.Length;)
        {
            var (length, colour) = Token(sql.AsSpan(at));
            var token = sql.Substring(at, length);
            if (colour is null)
            {
                WebUtility.HtmlEncode(token, html);
            }
            else
            {
                html.Write($"<span style=\"color:{colour}\">");
                WebUtility.HtmlEncode(token, html);
                html.Write("</span>");
            }

            at += length;
        }

        html.Write("</pre>");
        return html.ToString();
    }

    private static (int Length, string? Colour) Token(ReadOnlySpan<char> rest)
    {
        var first = rest[0];
        if (rest.StartsWith("--"))
        {
            var end = rest.IndexOf('\n');
            return (end < 0 ? rest.Length : end, Comment);
        }

        if (rest.StartsWith("/*"))
        {
            var end = rest.IndexOf("*/");
            return (end < 0 ? rest.Length : end + 2, Comment);
        }

        if (first is '\'' or '"' or '`')
        {
            // A doubled quote begins the next token of the same colour.
            var end = rest[1..].IndexOf(first);
            return (end < 0 ? rest.Length : end + 2, first == '\'' ? Literal : null);
        }

        if (char.IsAsciiDigit(first))
        {
            return (Run(rest, static c => char.IsAsciiLetterOrDigit(c) || c == '.'), Digits);
        }

        if (char.IsLetter(first) || first == '_')
        {
            var length = Run(rest, static c => char.IsLetterOrDigit(c) || c == '_');
            return (length, KeywordSpans.Contains(rest[..length]) ? Keyword : null);
        }

        return (Run(rest[1..], static c => c is ' ' or '\n' or ',' or '(' or ')' or '.') + 1, null);
    }

    private static int Run(ReadOnlySpan<char> text, Func<char, bool> belongs)
    {
        var length = 0;
        while (length < text.Length && belongs(text[length]))
        {
            length++;
        }

        return length;
    }
}
