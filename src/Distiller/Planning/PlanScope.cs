namespace Distiller;

/// <summary>What a plan may know: the dialect, how values are carried and, when running, what the catalog says.</summary>
internal sealed record PlanScope(SqlDialect Dialect, SqlStyle Style)
{
    /// <summary>Shapes read from the catalog; a set not in it has its declared shape.</summary>
    public IReadOnlyDictionary<TableName, TableShape>? Shapes { get; init; }

    /// <summary>What makes stage names unique per call; empty in printed statements, so that they print the same (I3).</summary>
    public string StageSuffix { get; init; } = "";

    /// <summary>About how many rows the spine has, where known.</summary>
    public long? SpineRows { get; init; }

    /// <summary>The most rows of the answer that are wanted; null = all.</summary>
    public long? Limit { get; init; }

    public TableName Stage(string name) => TableName.Of($"{name}{StageSuffix}");

    /// <summary>Refuses a set whose times the dialect cannot keep as declared (I4).</summary>
    public FeatureSet Checked(FeatureSet set)
    {
        Dialect.TypeName(StoredType.Of(set.EventTimeColumn.Kind));
        if (set.CreatedTimeColumn is { } created)
        {
            Dialect.TypeName(StoredType.Of(created.Kind));
        }

        return set;
    }

    public TableShape ShapeOf(FeatureSet set)
    {
        var known = Shapes?.GetValueOrDefault(set.HistoryTable);
        return set.IsExisting
            ? known ?? set.DeclaredShape
            : new()
            {
                HasIndex = Dialect.EnforcesHistoryKey,
                HasKey = Dialect.EnforcesHistoryKey,
                HasRowId = Dialect.RowIdName(set.ColumnNames()) is not null,
                CreatedMayBeNull = false,
                Rows = known?.Rows,
                HasSmallKeys = known?.HasSmallKeys ?? false,
            };
    }
}
