namespace Distiller;

/// <summary>Expressions.</summary>
internal sealed partial class SqlWriter
{
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
                WriteCase(choice);
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
            case Flag flag:
                dialect.WriteLiteral(text, StoredType.Of(FeatureType.Bool), flag.Content);
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
            case Aggregate { Op: AggregateOp.ArgMax } argMax:
                dialect.WriteArgMax(this, argMax.Operand!, argMax.By!);
                break;
            case Aggregate { Where: { } about } part when !dialect.FiltersAggregates:
                Write(part with { Where = null, Operand = new Case(about, part.Operand ?? new Number(1)) });
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
                if (aggregate.Where is { } only)
                {
                    text.Add(" FILTER (WHERE ");
                    Write(only);
                    text.Add(')');
                }

                break;
            case Window { Op: WindowOp.RunningArgMax } running:
                dialect.WriteArgMax(this, running.Operand!, running.By!);
                WriteOver(running);
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
            case OneOf choice:
                WriteOperand(choice.Operand);
                text.Add(" IN (");
                WriteList(choice.List);
                text.Add(')');
                break;
            case Cast cast:
                text.Add(cast.OrNull ? "TRY_CAST(" : "CAST(");
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
            case ValueText value:
                WriteValueText(value);
                break;
            case HexOf bytes:
                dialect.WriteHexOf(this, bytes.Operand);
                break;
            case TextLength length:
                text.Add("LENGTH(");
                Write(length.Operand);
                text.Add(')');
                break;
            case RowHash hash:
                text.Add(dialect.RowHash!.Value.Before);
                Write(hash.Operand);
                text.Add(dialect.RowHash!.Value.After);
                break;
            case MonthOf month:
                dialect.WriteMonth(this, month);
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
                dialect.WriteMisfit(this, misfit);
                break;
            case InForm value:
                dialect.WriteInForm(this, value);
                break;
            case AsText asText:
                dialect.TextValues.WriteTo(this, asText.Type, asText.Operand);
                break;
            case FromText fromText:
                dialect.TextValues.WriteFrom(this, fromText.Type, fromText.Operand);
                break;
            case TextMisfit misfit:
                dialect.TextValues.WriteMisfit(this, misfit.Type, misfit.Operand);
                break;
            default:
                throw new NotSupportedException(scalar.GetType().Name);
        }
    }

    /// <summary>An operand of an operator: in parentheses unless it is one word or a call.</summary>
    public void WriteOperand(Scalar scalar)
    {
        if (scalar is Compare or Logical or Arithmetic or Concatenation or Not or IsNull or Exists or InQuery or OneOf)
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

    private void WriteValueText(ValueText value) => Write(value.Type switch
    {
        null => new TextOf(value.Operand),
        { Time: { } kind } => new TextOf(TimeMath.Microseconds(kind, value.Operand)),
        { Feature.Kind: FeatureKind.Date } => new TextOf(TimeMath.Microseconds(TimeKind.Date, value.Operand)),
        { Feature.Kind: FeatureKind.Bool } => new Case(ValueList<Branch>.Of([new(value.Operand, new Text("true")), new(new Not(value.Operand), new Text("false"))])),
        { Feature.Kind: FeatureKind.Float32 or FeatureKind.Float64 } => new TextOf(new Arithmetic(ArithmeticOp.Add, value.Operand, new Number(0))),
        { Feature.Kind: FeatureKind.Decimal } => new TextOf(new Cast(value.Operand, value.Type.Value)),
        { Feature.Kind: FeatureKind.Bytes } => new HexOf(value.Operand),
        _ => new TextOf(value.Operand),
    });

    private void WriteOver(Window window)
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

        text.Add(window.Op switch { WindowOp.RunningMax => " ROWS UNBOUNDED PRECEDING)", WindowOp.MaxBefore => " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)", _ => ")" });
    }

    /// <summary>One branch stands on the line; more stand on one each.</summary>
    private void WriteCase(Case choice)
    {
        var multiline = choice.Branches.Count > 1;
        text.Add("CASE");
        text.In();
        foreach (var branch in choice.Branches)
        {
            Part("WHEN ", branch.When);
            text.Add(" THEN ");
            Write(branch.Then);
        }

        if (choice.Else is { } otherwise)
        {
            Part("ELSE ", otherwise);
        }

        text.Out();
        (multiline ? text.Line() : text.Add(' ')).Add("END");

        void Part(string word, Scalar content)
        {
            (multiline ? text.Line() : text.Add(' ')).Add(word);
            Write(content);
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
        else if (text.Style == SqlStyle.Places && value.Content is string or int or long or double)
        {
            text.AddPlace(value.Content);
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
        text.Add(window.Op switch { WindowOp.RowNumber => "ROW_NUMBER(", WindowOp.Lag => "LAG(", WindowOp.Lead => "LEAD(", WindowOp.LastKnown => "LAST_VALUE(", WindowOp.Count => "COUNT(*", _ => "MAX(" });
        if (window.Operand is { } operand)
        {
            Write(operand);
        }

        text.Add(window.Op == WindowOp.LastKnown ? " IGNORE NULLS)" : ")");
        WriteOver(window);
    }
}
