namespace Distiller;

/// <summary>One output column; without an alias it keeps its own name.</summary>
internal sealed record Output(Scalar Content, string? Alias = null);

internal sealed record Cte(string Name, Select Query, bool Materialized = false);

/// <summary>A query.</summary>
internal sealed record Select
{
    public ValueList<Cte> With { get; init; } = ValueList<Cte>.Empty;

    public bool Distinct { get; init; }

    /// <summary>The first row, in the query's order, of each combination of these; empty = every row.</summary>
    public ValueList<Scalar> DistinctOn { get; init; } = ValueList<Scalar>.Empty;

    /// <summary>An alias whose columns all come out first, unchanged; null = none.</summary>
    public string? AllOf { get; init; }

    public ValueList<Output> Columns { get; init; } = ValueList<Output>.Empty;

    public Relation? From { get; init; }

    public Scalar? Where { get; init; }

    public ValueList<Scalar> GroupBy { get; init; } = ValueList<Scalar>.Empty;

    public Scalar? Having { get; init; }

    public ValueList<SortKey> OrderBy { get; init; } = ValueList<SortKey>.Empty;

    public long? Limit { get; init; }

    /// <summary>The engine shall evaluate this query as it stands, in its order, and not merge it into the one around it.</summary>
    public bool Fence { get; init; }

    /// <summary>Further rows, of the same columns.</summary>
    public Select? UnionAll { get; init; }
}
