namespace Distiller.SqlKataInterop;

/// <summary>A query in the words SqlKata has: what the emitting part passes on, clause by clause.</summary>
internal sealed record LoweredQuery
{
    public ValueList<LoweredCte> With { get; init; } = ValueList<LoweredCte>.Empty;

    public bool Distinct { get; init; }

    /// <summary>None = everything.</summary>
    public ValueList<LoweredColumn> Columns { get; init; } = ValueList<LoweredColumn>.Empty;

    public LoweredSource? From { get; init; }

    public ValueList<LoweredJoin> Joins { get; init; } = ValueList<LoweredJoin>.Empty;

    public ValueList<LoweredCondition> Where { get; init; } = ValueList<LoweredCondition>.Empty;

    public ValueList<LoweredColumn> GroupBy { get; init; } = ValueList<LoweredColumn>.Empty;

    public RawText? Having { get; init; }

    public ValueList<LoweredOrder> OrderBy { get; init; } = ValueList<LoweredOrder>.Empty;

    public int? Limit { get; init; }

    public LoweredQuery? UnionAll { get; init; }
}

/// <summary>INSERT INTO ... SELECT. The common tables belong to the statement, not to its SELECT, where SqlKata drops them.</summary>
internal sealed record LoweredInsert(LoweredSource Table, ValueList<string> Columns, LoweredQuery Query);

/// <summary>A common table: a query, or text. Its name is quoted whole, dots and all.</summary>
internal sealed record LoweredCte(string Name, LoweredQuery? Query, RawText? Text);

/// <summary>A column of a SELECT or a GROUP BY: <see cref="NamedOutput"/> or <see cref="RawOutput"/>.</summary>
internal abstract record LoweredColumn;

/// <summary><c>table.name as alias</c>, of names SqlKata leaves whole.</summary>
internal sealed record NamedOutput(string Name) : LoweredColumn;

internal sealed record RawOutput(RawText Text) : LoweredColumn;

/// <summary>What is selected from: a table by a plain name, text with its alias, or a query.</summary>
internal abstract record LoweredSource;

internal sealed record PlainSource(string Name) : LoweredSource;

internal sealed record TextSource(RawText Text) : LoweredSource;

internal sealed record QuerySource(LoweredQuery Query, string Alias) : LoweredSource;

/// <summary>A join of the kind named, in SqlKata's lower-case words.</summary>
internal sealed record LoweredJoin(string Kind, LoweredSource Source, ValueList<LoweredCondition> On);

/// <summary>One of the conditions that all must hold.</summary>
internal abstract record LoweredCondition;

internal sealed record ColumnsCondition(string First, string Operator, string Second) : LoweredCondition;

internal sealed record ValueCondition(string Column, string Operator, object Value) : LoweredCondition;

internal sealed record NullCondition(string Column, bool Negated) : LoweredCondition;

internal sealed record TextCondition(RawText Text) : LoweredCondition;

internal abstract record LoweredOrder;

internal sealed record PlainOrder(string Column, bool Descending) : LoweredOrder;

internal sealed record TextOrder(RawText Text) : LoweredOrder;
