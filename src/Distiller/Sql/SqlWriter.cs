namespace Distiller;

/// <summary>Turns the tree into text. One for all dialects: a dialect spells what differs.</summary>
internal sealed class SqlWriter(SqlDialect dialect, SqlText text)
{
    public SqlText Text => text;

    public void Write(Select query)
    {
        WriteCtes(query);
        text.Add(query.Distinct ? "SELECT DISTINCT" : "SELECT");
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

    public void Write(Scalar scalar)
    {
        switch (scalar)
        {
            case ColumnRef column:
                if (column.Table is { } table)
                {
                    Name(table);
                    text.Add('.');
                }

                Name(column.Name);
                break;
            case Value value:
                WriteValue(value);
                break;
            case Case choice:
                text.Add("CASE");
                foreach (var branch in choice.Branches)
                {
                    text.Add(" WHEN ");
                    Write(branch.When);
                    text.Add(" THEN ");
                    Write(branch.Then);
                }

                if (choice.Else is { } otherwise)
                {
                    text.Add(" ELSE ");
                    Write(otherwise);
                }

                text.Add(" END");
                break;
            case Compare compare:
                WriteOperand(compare.Left);
                text.Add(Spelled(compare.Op));
                WriteOperand(compare.Right);
                break;
            case Logical logical:
                WriteLogical(logical, multiline: false);
                break;
            case Number number:
                text.Add(number.Content);
                break;
            case Text words:
                dialect.WriteLiteral(text, StoredType.Of(FeatureType.String), words.Content);
                break;
            case NullOf none:
                text.Add("CAST(NULL AS ").Add(dialect.TypeName(none.Type)).Add(')');
                break;
            case Clock:
                WriteClock();
                break;
            case Not not:
                text.Add("NOT (");
                Write(not.Operand);
                text.Add(')');
                break;
            case IsNull test:
                WriteOperand(test.Operand);
                text.Add(test.Negated ? " IS NOT NULL" : " IS NULL");
                break;
            case Coalesce coalesce:
                text.Add("COALESCE(");
                Write(coalesce.First);
                text.Add(", ");
                Write(coalesce.Second);
                text.Add(')');
                break;
            case GreaterOf greater:
                dialect.WriteGreatest(this, greater.Left, greater.Right);
                break;
            case Arithmetic { Op: ArithmeticOp.Divide } divide:
                dialect.WriteDivide(this, divide.Left, divide.Right);
                break;
            case Arithmetic arithmetic:
                WriteOperand(arithmetic.Left);
                text.Add(arithmetic.Op switch { ArithmeticOp.Add => " + ", ArithmeticOp.Subtract => " - ", ArithmeticOp.Multiply => " * ", _ => " % " });
                WriteOperand(arithmetic.Right);
                break;
            case Concatenation concatenation:
                WriteOperand(concatenation.Left);
                text.Add(" || ");
                WriteOperand(concatenation.Right);
                break;
            case Aggregate aggregate:
                text.Add(aggregate.Op switch { AggregateOp.Count => "COUNT(", AggregateOp.Sum => "SUM(", AggregateOp.Min => "MIN(", _ => "MAX(" });
                if (aggregate.Operand is { } operand)
                {
                    Write(operand);
                }
                else
                {
                    text.Add('*');
                }

                text.Add(')');
                break;
            case Window { Op: WindowOp.RunningArgMax } argMax:
                dialect.WriteRunningArgMax(this, argMax);
                break;
            case Window window:
                WriteWindow(window);
                break;
            case ScalarQuery query:
                WriteNested(query.Query);
                break;
            case Exists exists:
                text.Add(exists.Negated ? "NOT EXISTS " : "EXISTS ");
                WriteNested(exists.Query);
                break;
            case InQuery membership:
                text.Add(membership.Columns.Count > 1 ? "(" : "");
                WriteList(membership.Columns);
                text.Add(membership.Columns.Count > 1 ? ") IN " : " IN ");
                WriteNested(membership.Query);
                break;
            case Cast cast:
                text.Add("CAST(");
                Write(cast.Operand);
                text.Add(" AS ").Add(dialect.TypeName(cast.Type)).Add(')');
                break;
            case TextOf inText:
                dialect.WriteTextOf(this, inText.Operand);
                break;
            case RowId rowId:
                Name(rowId.Table);
                text.Add('.').Add(rowId.Name);
                break;
            case ToMicroseconds to:
                dialect.WriteToMicroseconds(this, to.Kind, to.Operand);
                break;
            case FromMicroseconds from:
                dialect.WriteFromMicroseconds(this, from.Kind, from.Operand);
                break;
            case PackedTimes packed:
                dialect.WritePackedTimes(this, packed);
                break;
            case AddMicroseconds add:
                dialect.WriteAddMicroseconds(this, add);
                break;
            case TrimmedInstantText trimmed:
                dialect.WriteTrimmedInstantText(this, trimmed.Operand);
                break;
            case OrBeforeAll bound:
                dialect.WriteOrBeforeAll(this, bound);
                break;
            case Misfit misfit:
                dialect.WriteMisfit(this, misfit.Type, misfit.Operand);
                break;
            default:
                throw new NotSupportedException(scalar.GetType().Name);
        }
    }

    /// <summary>An operand of an operator: in parentheses unless it is one word or a call.</summary>
    public void WriteOperand(Scalar scalar)
    {
        if (scalar is Compare or Logical or Arithmetic or Concatenation or Not or IsNull or Exists or InQuery)
        {
            text.Add('(');
            Write(scalar);
            text.Add(')');
        }
        else
        {
            Write(scalar);
        }
    }

    public void WriteList(IReadOnlyList<Scalar> scalars)
    {
        for (var i = 0; i < scalars.Count; i++)
        {
            text.Add(i > 0 ? ", " : "");
            Write(scalars[i]);
        }
    }

    public void WriteOver(Window window)
    {
        text.Add(" OVER (");
        if (window.Partition.Count > 0)
        {
            text.Add("PARTITION BY ");
            WriteList(window.Partition);
            text.Add(window.Order.Count > 0 ? " " : "");
        }

        if (window.Order.Count > 0)
        {
            text.Add("ORDER BY ");
            WriteOrder(window.Order);
        }

        text.Add(window.Op == WindowOp.RunningMax ? " ROWS UNBOUNDED PRECEDING)" : ")");
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
        if (condition is Logical { IsAnd: true } all)
        {
            WriteLogical(all, multiline: true);
        }
        else
        {
            Write(condition);
        }
    }

    private static string Spelled(CompareOp op) => op switch
    {
        CompareOp.Equal => " = ",
        CompareOp.NotEqual => " <> ",
        CompareOp.Less => " < ",
        CompareOp.LessOrEqual => " <= ",
        CompareOp.Greater => " > ",
        CompareOp.GreaterOrEqual => " >= ",
        CompareOp.IsDistinct => " IS DISTINCT FROM ",
        _ => " IS NOT DISTINCT FROM ",
    };

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

    private void WriteValue(Value value)
    {
        if (text.Style == SqlStyle.Parameters)
        {
            dialect.WriteMarker(text, text.Take(value.Type, value.Content));
        }
        else if (value.Content is null)
        {
            text.Add("NULL");
        }
        else
        {
            dialect.WriteLiteral(text, value.Type, value.Content);
        }
    }

    private void WriteClock()
    {
        if (text.Style == SqlStyle.Parameters)
        {
            dialect.WriteMarker(text, text.Take(StoredType.Instant, null, isClock: true));
        }
        else
        {
            text.Add(dialect.ClockExpression);
        }
    }

    private void WriteWindow(Window window)
    {
        text.Add(window.Op switch { WindowOp.RowNumber => "ROW_NUMBER(", WindowOp.Lag => "LAG(", _ => "MAX(" });
        if (window.Operand is { } operand)
        {
            Write(operand);
        }

        text.Add(')');
        WriteOver(window);
    }
}
