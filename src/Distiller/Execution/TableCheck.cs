namespace Distiller;

/// <summary>Compares a feature set's declaration with what the catalog says of its tables.</summary>
internal static class TableCheck
{
    /// <summary>What is wrong with a table for reading or writing these columns; empty = nothing.</summary>
    public static IEnumerable<string> Problems(SqlDialect dialect, FeatureSet set, TableName table, TableFacts? facts, IEnumerable<ColumnDefinition> columns)
    {
        if (facts is null)
        {
            yield return $"Feature set '{set.Name}': the table '{table}' does not exist; {(set.IsExisting ? "name the one that does with Existing(...)" : "create it with CreateTablesAsync")}.";
            yield break;
        }

        foreach (var column in columns)
        {
            var found = facts.Columns.FirstOrDefault(known => known.Name == column.Name) ?? facts.Columns.FirstOrDefault(known => !dialect.NamesHaveCase && Names.Comparer.Equals(known.Name, column.Name));
            if (found is null)
            {
                yield return $"Feature set '{set.Name}': the table '{table}' has no column '{column.Name}' ({column.Type}); it has {string.Join(", ", facts.Columns.Select(known => known.Name))}.";
            }
            else if (!dialect.Fits(column.Type, found.Type))
            {
                yield return $"Feature set '{set.Name}': the column '{column.Name}' of '{table}' is {found.Type}, declared as {column.Type}{WayOut(set, column, dialect, found.Type)}.";
            }
        }
    }

    /// <summary>What an owned table carries that the set does not speak of, and that would be read wrongly then.</summary>
    public static IEnumerable<string> Unspoken(FeatureSet set, TableName table, TableFacts? facts)
    {
        if (facts is null || set.IsExisting)
        {
            yield break;
        }

        if (!set.HasTombstones && Has(Names.Deleted))
        {
            yield return $"Feature set '{set.Name}': the table '{table}' has tombstones (the column '{Names.Deleted}'), which would be read as rows without values; declare Tombstones().";
        }

        if (!set.IsSparse && set.Features.FirstOrDefault(feature => Has(FeatureSet.TimeOf(feature.Name)) && !set.IsFeature(FeatureSet.TimeOf(feature.Name))) is { } sparse)
        {
            yield return $"Feature set '{set.Name}': the table '{table}' keeps the event time of feature '{sparse.Name}' ('{FeatureSet.TimeOf(sparse.Name)}'), as the latest of a sparse set does; declare Sparse().";
        }

        bool Has(string column) => facts.Columns.Any(known => Names.Comparer.Equals(known.Name, column));
    }

    /// <summary>As <see cref="Problems"/>, for a table that is Distiller's own also where the set's history is not.</summary>
    public static IEnumerable<string> Owned(SqlDialect dialect, FeatureSet set, TableName table, TableFacts? facts, IEnumerable<ColumnDefinition> columns) => facts is null
        ? [$"Feature set '{set.Name}': the table '{table}' does not exist; create it with CreateTablesAsync."]
        : Problems(dialect, set, table, facts, columns);

    /// <summary>The shape a strategy may count on.</summary>
    public static TableShape Shape(FeatureSet set, TableFacts facts)
    {
        var keys = set.Entity.Keys.Select(key => key.Name).ToHashSet(Names.Comparer);
        var identity = LatestPlanner.Identity(set).Concat(set.TieBreakers.Select(tie => tie.Name)).ToHashSet(Names.Comparer);
        return new()
        {
            HasIndex = facts.Indexes.Any(index => index.Columns.Count >= keys.Count
                && index.Columns.Take(keys.Count).All(keys.Contains)
                && (set.IsStatic || (index.Columns.Count > keys.Count && Names.Comparer.Equals(index.Columns[keys.Count], set.EventTimeColumn.Name)))),
            HasKey = facts.Indexes.Any(index => index.IsUnique && identity.SetEquals(index.Columns)),
            HasRowId = facts.HasRowId,
            IsView = facts.IsView,
            Rows = facts.Rows,
            CreatedMayBeNull = set.CreatedTimeColumn is { } created && !facts.Columns.Any(column => Names.Comparer.Equals(column.Name, created.Name) && column.NotNull),
        };
    }

    private static string WayOut(FeatureSet set, ColumnDefinition column, SqlDialect dialect, string found)
    {
        if (column.Type.Time is null)
        {
            return "; declare the feature as the column is, or convert it in a view";
        }

        var kinds = Enum.GetValues<TimeKind>().Where(kind => kind != TimeKind.Text && dialect.Fits(StoredType.Of(kind), found)).Select(kind => "TimeKind." + kind).ToList();
        var call = column.Name == set.ValidToColumn?.Name ? "ValidTo" : column.Name == set.EventTimeColumn.Name ? "EventTime" : "CreatedTime";
        return kinds.Count > 0 ? $"; declare {call}(\"{column.Name}\", {string.Join(" or ", kinds)})" : "; convert it in a view";
    }
}
