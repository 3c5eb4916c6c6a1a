namespace Distiller.Tests.Sql;

/// <summary>Names that broke feature stores, SQL writers and parsers (fixture 17).</summary>
internal static class HostileNames
{
    /// <summary>Names every dialect takes, up to PostgreSQL's 63 bytes less what <c>_history</c> and <c>__feature</c> need.</summary>
    public static readonly IReadOnlyList<string> Short =
    [
        // Quotes, ends of statements, comments, escapes.
        "a\"b", "\"", "\"\"", "a'b", "''", "a`b", "[a]", "a;b", "a--b", "-- x", "a/*b", "*/", "\\", "a\\", "\\'", "'; DROP TABLE people; --", "\"; DROP TABLE people; --", "*", "a,b", "(", "1", "1a", ".", "a.b", "a.b.c", " a b ",

        // What drivers and Dapper take for parameters.
        "@p1", "$p1", ":p1", "?", "?p1?", "?x?", "{=p1}", "$1", "%s", "{0}",

        // Words of SQL, row ids, system columns, names the plans use themselves.
        "select", "SELECT", "order", "group", "from", "table", "user", "null", "default", "rowid", "_rowid_", "oid", "ROWID",
        "spine", "history", "latest", "batch", "stored", "excluded", "source", "keys", "earlier", "facts", "merged", "numbered", "nothing", "checked", "problem", "position", "side", "rank", "key_1", "winner",
        "spine_row", "history_row", "numbered_spine", "asof_order", "newest_first", "batch_row", "rows_of_fact", "first_row", "repeat", "before_1", "has_before", "distiller_spine", "temp", "main",

        // Case, Unicode, what looks alike but is not.
        "CamelCase", "UPPER", "Ünïcødé", "数据", "😀", "ß", "ı", "İ", "e\u0301", "\u00e9", "a\u00a0b", "a\u200bb", "\u202eabc", "a\u2028b", "a\u2029b", "\ufeffa",
    ];

    /// <summary>Longer than PostgreSQL's 63 bytes, in characters or only in bytes.</summary>
    public static readonly IReadOnlyList<string> Long = [new('a', 63), new('a', 64), new('a', 128), new('ü', 63), string.Concat(Enumerable.Repeat("😀", 32))];

    /// <summary>What no database keeps.</summary>
    public static readonly IReadOnlyList<string> Refused = ["", " \t", "a\0b", "a\nb", "a\rb", "a\tb", "a\u001bb", "a\u007fb", "a\u0085b", "a\ud800", "\udc00a", "\ufffd"];

    /// <summary>Values that break SQL when they are pasted into it.</summary>
    public static readonly IReadOnlyList<string> Values =
    [
        "", " ", "'", "''", "\"", "\\", "\\'", "a\\", "'; DROP TABLE people; --", "*/ -- ", "line\nbreak", "line\r\nbreak", "tab\t", "a\u0085b", "a\u2028b", "{\"json\": \"it's\"}", "@p1 $p1 :p1 ?p1? {=p1}", "E'\\n'", "$$", "%", "_",
        "NULL", "1", "1.0", "1e5", "Ünïcødé", "数据", "😀", "e\u0301", "trailing  ", "\u0001\u001b", new('x', 70_000),
    ];
}
