using System.Text;

namespace Distiller;

/// <summary>What holds for every identifier a user gives (I1).</summary>
internal static class Names
{
    public const string PublishedTimestamp = "published_timestamp";
    public const string Deleted = "deleted";
    public const string HistoryRows = "history_rows";

    public static readonly StringComparer Comparer = StringComparer.OrdinalIgnoreCase;

    public static string Check(string name, string what)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ArgumentException($"{what} is empty; give it at least one visible character.", nameof(name));
        }

        foreach (var rune in name.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune))
            {
                throw new ArgumentException($"{what} holds a control character or half a surrogate pair, which no database keeps: '{Printable(name)}'.", nameof(name));
            }
        }

        return name;
    }

    /// <summary>A value cut and cleaned for an error message.</summary>
    public static string Printable(string text)
    {
        const int longest = 80;
        if (text.Length <= longest && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var shown = text.EnumerateRunes().Take(longest + 1).Select(rune => Rune.IsControl(rune) ? Rune.ReplacementChar : rune).ToList();
        return string.Concat(shown.Take(longest)) + (shown.Count > longest ? "…" : "");
    }
}
