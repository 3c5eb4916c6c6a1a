namespace Distiller;

/// <summary>Creates the tables of feature sets that own them: history with its key, latest. Tables that exist are left as they are.</summary>
public sealed record CreateTables : Statement
{
    private CreateTables(ValueList<FeatureSet> sets) => Sets = sets;

    /// <summary>The feature sets.</summary>
    public IReadOnlyList<FeatureSet> Sets { get; }

    /// <summary>The tables of these sets; an existing (drop-in) set is left out, and a note says so.</summary>
    /// <exception cref="ArgumentException">Two sets own one table.</exception>
    public static CreateTables For(params IEnumerable<FeatureSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var list = ValueList<FeatureSet>.Of(sets.Distinct());
        var owners = new Dictionary<string, FeatureSet>(Names.Comparer);
        foreach (var set in list)
        {
            foreach (var table in (set.IsExisting ? [] : new[] { set.HistoryTable, set.LatestTable! }).Concat(set.Scd2Table is { } scd2 ? [scd2.Table, scd2.PendingTable] : []))
            {
                if (!owners.TryAdd(table.ToString(), set))
                {
                    throw new ArgumentException($"The table '{table}' would belong to two feature sets, '{owners[table.ToString()].Name}' and '{set.Name}'; name another with History(table), Latest(table) or Scd2(table).", nameof(sets));
                }
            }
        }

        return new(list);
    }

    internal override CompiledScript Build(PlanScope context) => TablesPlanner.Create(this, context);
}

/// <summary>Drops the tables of feature sets that own them.</summary>
public sealed record DropTables : Statement
{
    private DropTables(ValueList<FeatureSet> sets) => Sets = sets;

    /// <summary>The feature sets.</summary>
    public IReadOnlyList<FeatureSet> Sets { get; }

    /// <summary>The tables of these sets; an existing (drop-in) set is left alone, and a note says so.</summary>
    public static DropTables For(params IEnumerable<FeatureSet> sets) => new(ValueList<FeatureSet>.Of(sets));

    internal override CompiledScript Build(PlanScope context) => TablesPlanner.Drop(this, context);
}
