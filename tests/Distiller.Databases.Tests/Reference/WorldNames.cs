namespace Distiller.Databases.Tests.Reference;

/// <summary>Names for columns, sets and roles, sometimes hostile, no name twice in one scope without regard to case.</summary>
internal sealed class WorldNames(WorldValues values, WorldOptions options)
{
    private static readonly string[] Hostile =
    [
        "order", "SELECT", "user", "group", "timestamp", "value", "key", "rowid", "ctid", "oid", "_rowid_", "xmin x", "MixedCase", "UPPER", "with space", "dot.ted", "quo\"te", "it's", "back`tick", "brack[et]",
        "Größe", "имя", "名前", "dash-ed", "--", "/*c*/", "semi;colon", "@p", "$1", ":x", "a?b", "{0}", "100%", "\\", "1st", "null", "true", "h", "s", "d", "rn", "rank", "row_number", "spine", "winner", "history", "latest", "x,y", "(p)",
        "feature", "instant", "created", "event", "end", "limit", "offset", "lateral", "asof", "dup", "n", "t", "k1", "f1", "column0", "excluded", "new", "old", "stage",
    ];

    private int count;

    /// <summary>A column name that the scope does not hold yet.</summary>
    public string Column(ISet<string> scope, string stem, double hostile = 0.35)
    {
        if (options.HostileNames && values.Chance(hostile))
        {
            var name = values.Pick(Hostile);
            if (!options.ForbiddenNames.Contains(name, StringComparer.OrdinalIgnoreCase) && scope.Add(name))
            {
                return name;
            }
        }

        string plain;
        do
        {
            plain = $"{stem}_{++count}";
        }
        while (!scope.Add(plain));

        return plain;
    }

    /// <summary>The end of a table name, which may be hostile; what stands before it makes it the only one.</summary>
    public string Tail() => options.HostileNames && values.Chance(0.35) ? "_" + values.Pick(Hostile) : "";

    public static HashSet<string> Scope(params IEnumerable<string> names) => new(names, StringComparer.OrdinalIgnoreCase);
}
