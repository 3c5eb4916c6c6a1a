namespace Distiller.SqlKataInterop;

/// <summary>Text for SqlKata's raw methods: brackets and braces escaped, a question mark for each binding and no other.</summary>
internal sealed record RawText(string Text, ValueList<object> Bindings)
{
    private const int Shown = 24;

    public static RawText Of(SqlDialect dialect, Action<SqlWriter> write)
    {
        var text = new SqlText(SqlStyle.Places);
        write(new SqlWriter(dialect, text));
        return Of(text.ToString(), text.Places);
    }

    /// <summary>A name as it goes where SqlKata quotes it itself.</summary>
    public static string Name(string name) => name.Contains('?', StringComparison.Ordinal) ? throw Refused(name) : name;

    private static RawText Of(string text, IReadOnlyList<SqlPlace> places)
    {
        var parts = new List<string>();
        var start = 0;
        foreach (var place in places)
        {
            Add(text[start..place.Offset]);
            parts.Add("?");
            start = place.Offset;
        }

        Add(text[start..]);
        return new(string.Concat(parts), ValueList<object>.Of(places.Select(place => place.Value)));

        // SqlKata takes [ ] { } for quotes unless a backslash stands before them, which it removes.
        void Add(string part)
        {
            if (part.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at)
            {
                throw Refused(part[Math.Max(0, at - Shown)..Math.Min(part.Length, at + Shown)].ReplaceLineEndings(" "));
            }

            parts.Add(part.AsSpan().IndexOfAny("[]{}") < 0
                ? part
                : string.Concat(part.Select(c => c is '[' or ']' or '{' or '}' ? @"\" + c : c.ToString())));

            // A backslash before a place would make it text.
            if (part.EndsWith('\\'))
            {
                parts.Add(" ");
            }
        }
    }

    private static NotSupportedException Refused(string part) => new(
        $"SqlKata takes every '?' for a parameter, also in a name or a text, and cannot be told otherwise: '{Names.Printable(part)}'. Rename it, or run the statement through a FeatureStore.");
}
