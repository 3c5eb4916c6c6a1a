namespace Distiller.SqlKataInterop;

/// <summary>
/// From the tree to what SqlKata can say. Nothing here names a type of SqlKata's, and what it has no words for becomes text of our own writer: SqlKata neither drops nor changes any of it.
/// MATERIALIZED is left out, which it cannot say: the engines evaluate a common table that is used twice once all the same.
/// </summary>
internal sealed class Lowering(SqlDialect dialect)
{
    /// <summary>A query of clauses.</summary>
    public LoweredQuery Structured(Select query) => HasWords(query)
        ? Clauses(query) with { With = ValueList<LoweredCte>.Of(query.With.Select(Cte)) }
        : CteText(query);

    /// <summary>Every common table and the answer as text.</summary>
    public LoweredQuery CteText(Select query)
    {
        var tables = query.With.Select(cte => new LoweredCte(RawText.Name(cte.Name), null, Text(writer => writer.Write(cte.Query)))).ToList();
        var text = Text(writer => writer.Write(query with { With = ValueList<Cte>.Empty }));

        // A table of that name would be hidden, so nothing may speak of one.
        var answer = "answer";
        while (tables.Any(table => Speaks(table.Text!) || Names.Comparer.Equals(table.Name, answer)) || Speaks(text))
        {
            answer += "_";
        }

        return new() { With = ValueList<LoweredCte>.Of(tables.Append(new(answer, null, text))), From = new PlainSource(answer) };

        bool Speaks(RawText part) => part.Text.Contains(answer, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>INSERT ... SELECT; SqlKata writes its columns by name only.</summary>
    public LoweredInsert Insert(Insert insert, SqlKataShape shape) => new(
        TableSource(new(insert.Table, IsTemporary: insert.IsTemporary)),
        insert.Columns.FirstOrDefault(column => !IsPlain(column)) is { } column
            ? throw new NotSupportedException($"SqlKata would split or change the name of the column '{Names.Printable(column)}' of table '{insert.Table}', and columns to insert into have no raw form; run the statement through a FeatureStore.")
            : insert.Columns,
        shape == SqlKataShape.CteText ? CteText(insert.Query) : Structured(insert.Query));

    /// <summary>A name that SqlKata quotes as one: it splits at dots and around AS, expands braces, and takes stars, brackets and question marks for something else.</summary>
    private static bool IsPlain(string name) => name.Length > 0 && !name.Any(c => c is '.' or '*' or '?' or '[' or ']' or '{' or '}' or '\\' || char.IsWhiteSpace(c));

    /// <summary>SqlKata writes ORDER BY and LIMIT before UNION, drops WITH where it is not at the top, and has no DISTINCT ON.</summary>
    private bool HasWords(Select query) =>
        !(query.Fence && query.Limit is null && dialect.Fence.Length > 0)
        && query.Limit is null or (> 0 and <= int.MaxValue)
        && (query.UnionAll is null || (query.OrderBy.Count == 0 && query.Limit is null && IsPart(query.UnionAll)))
        && query.DistinctOn.Count == 0
        && (query.Columns.Count > 0 || query.AllOf is not null);

    private bool IsPart(Select query) => query.With.Count == 0 && HasWords(query);

    private LoweredCte Cte(Cte cte) => IsPart(cte.Query)
        ? new(RawText.Name(cte.Name), Clauses(cte.Query), null)
        : new(RawText.Name(cte.Name), null, Text(writer => writer.Write(cte.Query)));

    private LoweredQuery Clauses(Select query)
    {
        var joins = new List<LoweredJoin>();
        return new()
        {
            Distinct = query.Distinct,
            Columns = ValueList<LoweredColumn>.Of((query.AllOf is { } all ? [AllOf(all)] : Array.Empty<LoweredColumn>()).Concat(query.Columns.Select(Column))),
            From = query.From is { } from ? Source(from, joins) : null,
            Joins = ValueList<LoweredJoin>.Of(joins),
            Where = Conditions(query.Where),
            GroupBy = ValueList<LoweredColumn>.Of(query.GroupBy.Select(by => Plain(by) is { } name ? (LoweredColumn)new NamedOutput(name) : new RawOutput(Text(writer => writer.Write(by))))),
            Having = query.Having is { } having ? Text(writer => writer.WriteCondition(having)) : null,
            OrderBy = ValueList<LoweredOrder>.Of(query.OrderBy.Select(Order)),
            Limit = (int?)query.Limit,
            UnionAll = query.UnionAll is { } more ? Clauses(more) : null,
        };
    }

    private LoweredColumn AllOf(string alias) => IsPlain(alias)
        ? new NamedOutput(alias + ".*")
        : new RawOutput(Text(writer =>
        {
            writer.Name(alias);
            writer.Text.Add(".*");
        }));

    private LoweredColumn Column(Output output)
    {
        var isNamed = output.Alias is { } alias && (output.Content is not ColumnRef same || same.Name != alias);
        if (Plain(output.Content) is { } name && (!isNamed || IsPlain(output.Alias!)))
        {
            return new NamedOutput(isNamed ? $"{name} as {output.Alias}" : name);
        }

        return new RawOutput(Text(writer =>
        {
            writer.Write(output.Content);
            if (isNamed)
            {
                writer.Text.Add(" AS ");
                writer.Name(output.Alias!);
            }
        }));
    }

    /// <summary>The first relation; what is joined to it goes to the list.</summary>
    private LoweredSource Source(Relation relation, List<LoweredJoin> joins)
    {
        if (relation is not Joined join)
        {
            return Source(relation);
        }

        var first = Source(join.Left, joins);
        var on = Conditions(join.On);
        joins.Add(new(
            join.Kind switch { JoinKind.Inner => "join", JoinKind.Left => "left join", JoinKind.Lateral => "left join lateral", _ => "asof left join" },
            Source(join.Right),
            on.Count > 0 ? on : ValueList<LoweredCondition>.Of([new TextCondition(new("TRUE", ValueList<object>.Empty))])));
        return first;
    }

    private LoweredSource Source(Relation relation) => relation switch
    {
        TableRef table => TableSource(table),
        CteRef cte when IsPlain(cte.Name) && IsPlain(cte.Alias ?? cte.Name) => new PlainSource(Aliased(cte.Name, cte.Alias)),
        SelectRef inner when IsPart(inner.Query) => new QuerySource(Clauses(inner.Query), RawText.Name(inner.Alias)),
        _ => new TextSource(Text(writer => writer.Write(relation))),
    };

    private LoweredSource TableSource(TableRef table)
    {
        string?[] parts = [table.Name.Catalog, table.Name.Schema, table.Name.Name];
        return !table.IsTemporary && parts.All(part => part is null || IsPlain(part)) && (table.Alias is null || IsPlain(table.Alias)) && (table.Name.Catalog is null || dialect.HasCatalogs)
            ? new PlainSource(Aliased(string.Join('.', parts.Where(part => part is not null)), table.Alias))
            : new TextSource(Text(writer => writer.Write(table)));
    }

    private ValueList<LoweredCondition> Conditions(Scalar? condition) => ValueList<LoweredCondition>.Of(condition switch
    {
        null => [],
        Logical { IsAnd: true } all => all.Terms.SelectMany(Conditions),
        _ => [Condition(condition)],
    });

    private LoweredCondition Condition(Scalar condition) => condition switch
    {
        Compare compare when Spelled(compare.Op) is { } op && Plain(compare.Left) is { } first && Plain(compare.Right) is { } second => new ColumnsCondition(first, op, second),
        Compare { Right: Value { Content: string or int or long or double } value } compare when Spelled(compare.Op) is { } op && Plain(compare.Left) is { } column => new ValueCondition(column, op, value.Content!),
        IsNull test when Plain(test.Operand) is { } column => new NullCondition(column, test.Negated),
        _ => new TextCondition(Text(writer => writer.WriteOperand(condition))),
    };

    private LoweredOrder Order(SortKey key) => !key.NullsFirst && !key.NullsLast && Plain(key.By) is { } column
        ? new PlainOrder(column, key.Descending)
        : new TextOrder(Text(writer =>
        {
            writer.Write(key.By);
            writer.Text.Add(key.Descending ? " DESC" : "").Add(key.NullsLast ? " NULLS LAST" : "").Add(key.NullsFirst ? " NULLS FIRST" : "");
        }));

    /// <summary>A column by a name that SqlKata leaves whole.</summary>
    private static string? Plain(Scalar scalar) => scalar is ColumnRef column && IsPlain(column.Name) && (column.Table is null || IsPlain(column.Table))
        ? column.Table is null ? column.Name : $"{column.Table}.{column.Name}"
        : null;

    private static string Aliased(string name, string? alias) => alias is null ? name : $"{name} as {alias}";

    private static string? Spelled(CompareOp op) => op switch
    {
        CompareOp.Equal => "=",
        CompareOp.NotEqual => "<>",
        CompareOp.Less => "<",
        CompareOp.LessOrEqual => "<=",
        CompareOp.Greater => ">",
        CompareOp.GreaterOrEqual => ">=",
        _ => null,
    };

    private RawText Text(Action<SqlWriter> write) => RawText.Of(dialect, write);
}
