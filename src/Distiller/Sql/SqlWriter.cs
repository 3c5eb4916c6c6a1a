namespace Distiller;

/// <summary>Turns the tree into text. One for all dialects: a dialect spells what differs.</summary>
internal sealed partial class SqlWriter(SqlDialect dialect, SqlText text)
{
    public SqlText Text => text;

    public void Write(Select query)
    {
        WriteCtes(query);
        text.Add(query.Distinct ? "SELECT DISTINCT" : "SELECT");
        if (query.DistinctOn.Count > 0)
        {
            text.Add(" DISTINCT ON (");
            WriteList(query.DistinctOn);
            text.Add(')');
        }

        text.In();
        var first = true;
        if (query.AllOf is { } alias)
        {
            text.Line();
            Name(alias);
            text.Add(".*");
            first = false;
        }

        foreach (var column in query.Columns)
        {
            text.Add(first ? "" : ",").Line();
            first = false;
            Write(column.Content);
            if (column.Alias is { } name && (column.Content is not ColumnRef same || same.Name != name))
            {
                text.Add(" AS ");
                Name(name);
            }
        }

        text.Out();
        if (query.From is { } from)
        {
            text.Line().Add("FROM ");
            Write(from);
        }

        if (query.Where is { } where)
        {
            text.Line().Add("WHERE ");
            WriteCondition(where);
        }

        if (query.GroupBy.Count > 0)
        {
            text.Line().Add("GROUP BY ");
            WriteList(query.GroupBy);
        }

        if (query.Having is { } having)
        {
            text.Line().Add("HAVING ");
            WriteCondition(having);
        }

        if (query.UnionAll is { } more)
        {
            text.Line().Add("UNION ALL").Line();
            Write(more);
        }

        WriteTail(query);
    }

    public void Write(Relation relation)
    {
        switch (relation)
        {
            case TableRef table:
                WriteTable(table.Name, table.IsTemporary);
                WriteAlias(table.Alias);
                break;
            case CteRef cte:
                Name(cte.Name);
                WriteAlias(cte.Alias);
                break;
            case SelectRef inner:
                WriteNested(inner.Query);
                WriteAlias(inner.Alias);
                break;
            case TextRef raw:
                text.Add('(').Line().Add(raw.Sql).Line().Add(')');
                WriteAlias(raw.Alias);
                break;
            case Joined join:
                Write(join.Left);
                text.Line().Add(join.Kind switch
                {
                    JoinKind.Inner => "JOIN ",
                    JoinKind.Left => "LEFT JOIN ",
                    JoinKind.Lateral => "LEFT JOIN LATERAL ",
                    _ => "ASOF LEFT JOIN ",
                });
                Write(join.Right);
                text.In();
                text.Line().Add("ON ");
                if (join.On is { } on)
                {
                    WriteCondition(on);
                }
                else
                {
                    text.Add("TRUE");
                }

                text.Out();
                break;
            default:
                throw new NotSupportedException(relation.GetType().Name);
        }
    }

    public void WriteTable(TableName table, bool isTemporary = false)
    {
        if (isTemporary)
        {
            text.Add(dialect.TemporarySchema);
            Name(table.Name);
            return;
        }

        if (table.Catalog is { } catalog)
        {
            if (!dialect.HasCatalogs)
            {
                throw dialect.Unsupported($"the three-part name '{table}'", "Name the attached database as the schema: TableName.Of(schema, name).");
            }

            Name(catalog);
            text.Add('.');
        }

        if (table.Schema is { } schema)
        {
            Name(schema);
            text.Add('.');
        }

        Name(table.Name);
    }

    public void Name(string name) => dialect.WriteName(text, name);

    public void WriteCondition(Scalar condition)
    {
        if (condition is Logical { Terms.Count: > 1 } terms)
        {
            WriteLogical(terms, multiline: true);
        }
        else
        {
            Write(condition);
        }
    }

    private void WriteLogical(Logical logical, bool multiline)
    {
        if (logical.Terms.Count == 0)
        {
            text.Add(logical.IsAnd ? "TRUE" : "FALSE");
            return;
        }

        text.In();
        for (var i = 0; i < logical.Terms.Count; i++)
        {
            if (i > 0)
            {
                if (multiline)
                {
                    text.Line();
                }
                else
                {
                    text.Add(' ');
                }

                text.Add(logical.IsAnd ? "AND " : "OR ");
            }

            var term = logical.Terms[i];
            if (term is Logical inner && inner.Terms.Count > 1)
            {
                text.Add('(');
                Write(term);
                text.Add(')');
            }
            else
            {
                Write(term);
            }
        }

        text.Out();
    }

    private void WriteCtes(Select query)
    {
        for (var i = 0; i < query.With.Count; i++)
        {
            var cte = query.With[i];
            text.Add(i == 0 ? "WITH " : ",");
            if (i > 0)
            {
                text.Line();
            }

            Name(cte.Name);
            text.Add(cte.Materialized ? " AS MATERIALIZED " : " AS ");
            WriteNested(cte.Query);
        }

        if (query.With.Count > 0)
        {
            text.Line();
        }
    }

    private void WriteTail(Select query)
    {
        if (query.OrderBy.Count > 0)
        {
            text.Line().Add("ORDER BY ");
            WriteOrder(query.OrderBy);
        }

        if (query.Limit is { } limit)
        {
            text.Line().Add("LIMIT ").Add(limit);
        }
        else if (query.Fence && dialect.Fence.Length > 0)
        {
            text.Line().Add(dialect.Fence);
        }
    }

    private void WriteOrder(IReadOnlyList<SortKey> keys)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            text.Add(i > 0 ? ", " : "");
            Write(keys[i].By);
            text.Add(keys[i].Descending ? " DESC" : "").Add(keys[i].NullsLast ? " NULLS LAST" : "").Add(keys[i].NullsFirst ? " NULLS FIRST" : "");
        }
    }

    private void WriteNested(Select query)
    {
        text.Add('(');
        text.In();
        text.Line();
        Write(query);
        text.Out();
        text.Line().Add(')');
    }

    private void WriteAlias(string? alias)
    {
        if (alias is not null)
        {
            text.Add(" AS ");
            Name(alias);
        }
    }
}
