using System.Globalization;
using System.Text;
using Distiller.SqlKataInterop;

namespace Distiller.Databases.Tests.SqlKata;

/// <summary>
/// What SqlKata makes of a lowered query, by its rules and in its order, as far as the lowering uses them: names split at dots and around AS, brackets for quotes, a parameter for every question mark.
/// It stands in for the package where that is not built; with -p:SqlKata=true the same tests run on the real one.
/// </summary>
internal sealed class SqlKataRules(string prefix, bool inlinesLimits)
{
    private readonly List<object> bindings = [];

    public static (string Sql, IReadOnlyList<object> Bindings) Of(LoweredQuery query, SqlDialect dialect)
    {
        var isDuckDb = dialect == SqlDialect.DuckDb;
        var rules = new SqlKataRules(isDuckDb ? "$p" : "@p", isDuckDb);
        var with = query.With.Select(cte => $"{Quoted(cte.Name)} AS ({(cte.Text is { } text ? rules.Raw(text) : rules.Select(cte.Query!))})").ToList();
        var sql = (with.Count > 0 ? "WITH " + string.Join(",\n", with) + "\n" : "") + rules.Select(query);

        // A parameter for every question mark that has no backslash before it.
        var numbered = new StringBuilder();
        var count = 0;
        for (var i = 0; i < sql.Length; i++)
        {
            numbered.Append(sql[i] == '?' && (i == 0 || sql[i - 1] != '\\') ? rules.Name(count++) : sql[i].ToString());
        }

        Assert.True(count == rules.bindings.Count, $"{count} question marks for {rules.bindings.Count} bindings: {sql}");
        return (numbered.ToString(), rules.bindings);
    }

    private string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}");

    private string Select(LoweredQuery query)
    {
        var parts = new List<string>
        {
            "SELECT " + (query.Distinct ? "DISTINCT " : "") + (query.Columns.Count == 0 ? "*" : string.Join(", ", query.Columns.Select(Column))),
        };
        if (query.From is { } from)
        {
            parts.Add("FROM " + Source(from));
        }

        parts.AddRange(query.Joins.Select(join => $"{join.Kind.ToUpperInvariant()} {Source(join.Source)} ON {Conditions(join.On)}"));
        if (query.Where.Count > 0)
        {
            parts.Add("WHERE " + Conditions(query.Where));
        }

        if (query.GroupBy.Count > 0)
        {
            parts.Add("GROUP BY " + string.Join(", ", query.GroupBy.Select(Column)));
        }

        if (query.Having is { } having)
        {
            parts.Add("HAVING " + Raw(having));
        }

        if (query.OrderBy.Count > 0)
        {
            parts.Add("ORDER BY " + string.Join(", ", query.OrderBy.Select(order => order is TextOrder text ? Raw(text.Text) : Wrapped(((PlainOrder)order).Column) + (((PlainOrder)order).Descending ? " DESC" : ""))));
        }

        if (query.Limit is { } limit)
        {
            parts.Add(inlinesLimits ? string.Create(CultureInfo.InvariantCulture, $"LIMIT {limit}") : "LIMIT " + Bound(limit));
        }

        if (query.UnionAll is { } more)
        {
            parts.Add("UNION ALL " + Select(more));
        }

        return string.Join('\n', parts);
    }

    private string Source(LoweredSource source) => source switch
    {
        PlainSource plain => Wrapped(plain.Name),
        TextSource text => Raw(text.Text),
        QuerySource inner => $"({Select(inner.Query)}) AS {Quoted(inner.Alias)}",
        _ => throw new NotSupportedException(source.GetType().Name),
    };

    private string Column(LoweredColumn column) => column is RawOutput text ? Raw(text.Text) : Wrapped(((NamedOutput)column).Name);

    private string Conditions(IEnumerable<LoweredCondition> conditions) => string.Join(" AND ", conditions.Select(condition => condition switch
    {
        ColumnsCondition columns => $"{Wrapped(columns.First)} {columns.Operator} {Wrapped(columns.Second)}",
        ValueCondition value => $"{Wrapped(value.Column)} {value.Operator} {Bound(value.Value)}",
        NullCondition none => $"{Wrapped(none.Column)} IS {(none.Negated ? "NOT " : "")}NULL",
        TextCondition text => Raw(text.Text),
        _ => throw new NotSupportedException(condition.GetType().Name),
    }));

    private string Bound(object value)
    {
        bindings.Add(value);
        return "?";
    }

    private string Raw(RawText raw)
    {
        bindings.AddRange(raw.Bindings);
        var text = new StringBuilder();
        for (var i = 0; i < raw.Text.Length; i++)
        {
            var c = raw.Text[i];
            if (c is '[' or ']' or '{' or '}')
            {
                // Only the one backslash before it is taken away.
                if (i > 0 && raw.Text[i - 1] == '\\')
                {
                    text.Length--;
                }
                else
                {
                    c = '"';
                }
            }

            text.Append(c);
        }

        return text.ToString();
    }

    private static string Wrapped(string name)
    {
        var at = name.LastIndexOf(" as ", StringComparison.OrdinalIgnoreCase);
        return at > 0 ? $"{Wrapped(name[..at])} AS {Quoted(name[(at + 4)..])}" : string.Join('.', name.Split('.').Select(Quoted));
    }

    private static string Quoted(string name) => name == "*" ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
