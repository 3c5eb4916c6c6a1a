namespace Distiller;

/// <summary>
/// What there is: every column of feature sets with its entity, role, type and description, and how fresh each set is. A query, or a view that answers it.
/// </summary>
/// <remarks>
/// Columns: <c>feature_set</c>, <c>entity</c>, <c>description</c>, <c>position</c>, <c>column</c>, <c>role</c> (key, event time, created time, tie-breaker, feature), <c>type</c>, <c>column_description</c>, <c>history</c>, <c>latest</c>, <c>max_age</c>;
/// then what the tables say when it is asked: <c>keys</c> (of latest, without those that ended; NULL where there is no latest), <c>newest_event</c> (NULL where it is an ordinal) and <c>last_published</c> (of an owned latest). A set without latest reads its whole history for its newest event.
/// </remarks>
public sealed record FeatureCatalog : Statement
{
    private FeatureCatalog(ValueList<FeatureSet> sets) => Sets = sets;

    /// <summary>The feature sets.</summary>
    public IReadOnlyList<FeatureSet> Sets { get; }

    /// <summary>The view to create; null = a query.</summary>
    public TableName? View { get; private init; }

    /// <summary>The catalog of feature sets.</summary>
    /// <exception cref="ArgumentException">There is no set.</exception>
    public static FeatureCatalog Of(params IEnumerable<FeatureSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var list = ValueList<FeatureSet>.Of(sets.Distinct());
        return list.Count > 0 ? new(list) : throw new ArgumentException("Name the feature sets of the catalog.", nameof(sets));
    }

    /// <summary>Creates a view that answers the catalog; a view of that name is replaced.</summary>
    public FeatureCatalog AsView(TableName view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return this with { View = view };
    }

    internal override CompiledScript Build(PlanScope context) => FeatureCatalogPlanner.Build(this, context);
}

/// <summary>Writes descriptions to the database: of feature sets as comments on their tables, of entities, times and features as comments on columns. Owned tables only; what has no description is left as it is.</summary>
public sealed record DescribeTables : Statement
{
    private DescribeTables(ValueList<FeatureSet> sets) => Sets = sets;

    /// <summary>The feature sets.</summary>
    public IReadOnlyList<FeatureSet> Sets { get; }

    /// <summary>The comments of these sets' tables; an existing (drop-in) set is left alone, and a note says so.</summary>
    public static DescribeTables For(params IEnumerable<FeatureSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return new(ValueList<FeatureSet>.Of(sets.Distinct()));
    }

    internal override CompiledScript Build(PlanScope context) => FeatureCatalogPlanner.Comments(this, context);
}
