namespace Distiller;

/// <summary>An expression of one value. Names and values only: how it is spelled is the writer's and the dialect's.</summary>
internal abstract record Scalar
{
    public static Scalar And(params IEnumerable<Scalar> terms) => Logical.Of(isAnd: true, terms);

    public static Scalar Or(params IEnumerable<Scalar> terms) => Logical.Of(isAnd: false, terms);
}

internal sealed record ColumnRef(string? Table, string Name) : Scalar;

/// <summary>A value of the user's: a parameter, or a literal where the text is for people.</summary>
internal sealed record Value(StoredType Type, object? Content) : Scalar;

/// <summary>A whole number of the statement's own, always printed.</summary>
internal sealed record Number(long Content) : Scalar;

/// <summary>Text of the statement's own, always printed.</summary>
internal sealed record Text(string Content) : Scalar;

/// <summary>True or false of the statement's own, always printed.</summary>
internal sealed record Flag(bool Content) : Scalar;

internal sealed record NullOf(StoredType Type) : Scalar;

/// <summary>The store's clock: a parameter filled once per call, or the engine's clock where the text is for people (I3).</summary>
internal sealed record Clock : Scalar;

internal enum CompareOp
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    IsDistinct,
    IsNotDistinct,
}

internal sealed record Compare(CompareOp Op, Scalar Left, Scalar Right) : Scalar;

internal sealed record Logical(bool IsAnd, ValueList<Scalar> Terms) : Scalar
{
    public static Scalar Of(bool isAnd, IEnumerable<Scalar> terms)
    {
        var list = ValueList<Scalar>.Of(terms);
        return list.Count == 1 ? list[0] : new Logical(isAnd, list);
    }
}

internal sealed record Not(Scalar Operand) : Scalar;

internal sealed record IsNull(Scalar Operand, bool Negated = false) : Scalar;

/// <summary>The first branch whose condition holds, else the rest, else NULL.</summary>
internal sealed record Case(ValueList<Branch> Branches, Scalar? Else = null) : Scalar
{
    public Case(Scalar when, Scalar then, Scalar? otherwise = null)
        : this(ValueList<Branch>.Of([new(when, then)]), otherwise)
    {
    }

    /// <summary>1 where a condition holds, else 0.</summary>
    public static Case OneWhere(Scalar condition) => new(condition, new Number(1), new Number(0));
}

internal sealed record Branch(Scalar When, Scalar Then);

internal sealed record Coalesce(Scalar First, Scalar Second) : Scalar;

internal sealed record GreaterOf(Scalar Left, Scalar Right) : Scalar;

internal enum ArithmeticOp
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// <summary>Whole-number arithmetic; Divide and Remainder truncate towards zero.</summary>
internal sealed record Arithmetic(ArithmeticOp Op, Scalar Left, Scalar Right) : Scalar;

internal sealed record Concatenation(Scalar Left, Scalar Right) : Scalar;

internal enum AggregateOp
{
    Count,
    Sum,
    Min,
    Max,

    /// <summary>The operand of the row with the greatest <see cref="Aggregate.By"/>.</summary>
    ArgMax,
}

/// <summary>An aggregate; Count without operand counts rows.</summary>
internal sealed record Aggregate(AggregateOp Op, Scalar? Operand = null) : Scalar
{
    public Scalar? By { get; init; }

    /// <summary>The rows it is about; null = all. Not for <see cref="AggregateOp.ArgMax"/>.</summary>
    public Scalar? Where { get; init; }

    /// <summary>Of how many rows a condition holds; NULL where there are no rows.</summary>
    public static Aggregate CountWhere(Scalar condition) => new(AggregateOp.Sum, Case.OneWhere(condition));

    /// <summary>Of how many rows a condition holds; 0 where there are none.</summary>
    public static Coalesce CountWhereOrZero(Scalar condition) => new(CountWhere(condition), new Number(0));
}

internal sealed record SortKey(Scalar By, bool Descending = false, bool NullsLast = false, bool NullsFirst = false);

internal enum WindowOp
{
    RowNumber,
    Lag,
    Lead,

    /// <summary>The greatest value of the partition.</summary>
    Max,

    /// <summary>The number of the partition's rows.</summary>
    Count,

    /// <summary>The last value that is not NULL among all before, this row and its peers.</summary>
    LastKnown,

    /// <summary>The greatest value from the partition's start to this row.</summary>
    RunningMax,

    /// <summary>The operand of the row with the greatest <see cref="Window.By"/> among this row, its peers and all before.</summary>
    RunningArgMax,

    /// <summary>The greatest value among the rows before this one; NULL where there are none.</summary>
    MaxBefore,
}

internal sealed record Window(WindowOp Op, Scalar? Operand, ValueList<Scalar> Partition, ValueList<SortKey> Order, Scalar? By = null) : Scalar;

internal sealed record ScalarQuery(Select Query) : Scalar;

internal sealed record Exists(Select Query, bool Negated = false) : Scalar;

/// <summary>Whether the columns, together, are among a query's rows.</summary>
internal sealed record InQuery(ValueList<Scalar> Columns, Select Query) : Scalar;

/// <summary>Whether a value is one of a list.</summary>
internal sealed record OneOf(Scalar Operand, ValueList<Scalar> List) : Scalar;

internal sealed record Cast(Scalar Operand, StoredType Type) : Scalar
{
    /// <summary>NULL instead of an error where the type cannot hold the value; for engines that have such a cast.</summary>
    public bool OrNull { get; init; }
}

/// <summary>A value as text, for messages.</summary>
internal sealed record TextOf(Scalar Operand) : Scalar;

/// <summary>The engine's own address of a row, by a name none of the table's columns has.</summary>
internal sealed record RowId(string Table, string Name) : Scalar;

/// <summary>Microseconds since 1970 of a time column's value.</summary>
internal sealed record ToMicroseconds(TimeKind Kind, Scalar Operand) : Scalar;

/// <summary>A time column's value from microseconds since 1970 that the kind holds exactly.</summary>
internal sealed record FromMicroseconds(TimeKind Kind, Scalar Operand) : Scalar;

/// <summary>The month in UTC of a time column's value, as the number 202403 of March 2024.</summary>
internal sealed record MonthOf(TimeKind Kind, Scalar Operand) : Scalar;

/// <summary>A value as text that no session's settings change; null = a type nobody declared, as the engine writes it.</summary>
internal sealed record ValueText(StoredType? Type, Scalar Operand) : Scalar;

/// <summary>Bytes as hexadecimal digits.</summary>
internal sealed record HexOf(Scalar Operand) : Scalar;

internal sealed record TextLength(Scalar Operand) : Scalar;

/// <summary>A text's hash as a whole number, 0 or more, of which very many can be summed.</summary>
internal sealed record RowHash(Scalar Operand) : Scalar;

/// <summary>Event time and created time as one number that orders as the pair does, NULL created lowest.</summary>
internal sealed record PackedTimes(TimeKind EventKind, Scalar Event, TimeKind CreatedKind, Scalar? Created) : Scalar
{
    public bool CreatedMayBeNull { get; init; } = true;
}

/// <summary>Whether a stored value is not of its declared type, for engines whose columns hold anything.</summary>
/// <remarks>A table of the user's may hold equal values in more forms than one; ours have one.</remarks>
internal sealed record Misfit(StoredType Type, Scalar Operand, bool InOneForm) : Scalar;

/// <summary>A value in the one form its type has in our tables, where the engine has several and nothing is lost by it.</summary>
internal sealed record InForm(StoredType Type, Scalar Operand) : Scalar;

/// <summary>An instant (or a timestamp without zone) so many microseconds later, as the engine's own type.</summary>
internal sealed record AddMicroseconds(Scalar Operand, long Microseconds) : Scalar;

/// <summary>Fixed-width instant text without its trailing zeros and point: the least text of that instant, however many digits it was written with.</summary>
internal sealed record TrimmedInstantText(Scalar Operand) : Scalar;

/// <summary>A number that orders, and where it is NULL one below every instant: packed, or plain microseconds.</summary>
internal sealed record OrBeforeAll(Scalar Operand, bool IsPacked) : Scalar;

/// <summary>A value as the text an event table keeps it as (F2).</summary>
internal sealed record AsText(FeatureType Type, Scalar Operand) : Scalar;

/// <summary>The value that an event table's text stands for.</summary>
internal sealed record FromText(FeatureType Type, Scalar Operand) : Scalar;

/// <summary>Whether an event table's text stands for no value of the type.</summary>
internal sealed record TextMisfit(FeatureType Type, Scalar Operand) : Scalar;
