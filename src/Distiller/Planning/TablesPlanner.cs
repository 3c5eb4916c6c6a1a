namespace Distiller;

/// <summary>The DDL of owned tables.</summary>
internal static class TablesPlanner
{
    private static readonly ColumnDefinition Deleted = new(Names.Deleted, StoredType.Of(FeatureType.Bool), NotNull: true);

    public static CompiledScript Create(CreateTables statement, PlanScope context)
    {
        var steps = new List<CompiledStep>();
        var owned = statement.Sets.Where(set => !set.IsExisting).ToList();
        foreach (var set in owned)
        {
            Check(set);
            steps.Add(StatementWriter.Step(context, $"the history of {set.Name}: one row per key, event time and created time", new CreateTable(set.HistoryTable, HistoryColumns(set))
            {
                IfNotExists = true,
                PrimaryKey = context.Dialect.EnforcesHistoryKey ? Key(set) : ValueList<string>.Empty,
            }));
            steps.Add(StatementWriter.Step(context, $"the latest of {set.Name}: one row per key", new CreateTable(set.LatestTable!, LatestColumns(set))
            {
                IfNotExists = true,
                PrimaryKey = ValueList<string>.Of(set.Entity.Keys.Select(key => key.Name)),
            }));
        }

        var intervals = statement.Sets.Where(set => set.Scd2Table is not null).ToList();
        foreach (var set in intervals)
        {
            Check(set);
            var (scd2, keys) = (set.Scd2Table!, set.Entity.Keys.Select(key => key.Name));
            steps.Add(StatementWriter.Step(context, $"the intervals of {set.Name}: one row per key and event time", new CreateTable(scd2.Table, Scd2Planner.TableColumns(set, scd2.Columns))
            {
                IfNotExists = true,
                PrimaryKey = context.Dialect.EnforcesHistoryKey ? ValueList<string>.Of(keys.Append(scd2.Columns.ValidFrom)) : ValueList<string>.Empty,
            }));
            steps.Add(StatementWriter.Step(context, "the keys whose intervals are to be recomputed", new CreateTable(scd2.PendingTable, Scd2Planner.PendingColumns(set)) { IfNotExists = true }));
        }

        var written = owned.Concat(intervals.Where(set => set.IsExisting).Select(set => set.Locked())).ToList();
        if (written.Count > 0)
        {
            steps.AddRange(context.Dialect.PublishLockTables(written).Select(lockTable => StatementWriter.Step(context, "the row every publisher of a set updates, so that two at once conflict and one retries", lockTable)));
        }

        return new(context.Dialect, steps, [steps.Count > 0 ? $"Tables of {string.Join(", ", owned.Union(intervals).Select(set => set.Name))}." : "No tables to create."], LeftAlone(statement.Sets, "created"));
    }

    public static CompiledScript Drop(DropTables statement, PlanScope context)
    {
        var owned = statement.Sets.Where(set => !set.IsExisting).ToList();
        var intervals = statement.Sets.Where(set => set.Scd2Table is not null).ToList();
        var steps = intervals.SelectMany(set => new[]
        {
            StatementWriter.Step(context, $"drop the intervals of {set.Name}", new DropTable(set.Scd2Table!.Table)),
            StatementWriter.Step(context, "drop what was noted for them", new DropTable(set.Scd2Table!.PendingTable)),
        }).Concat(owned.SelectMany(set => new[]
        {
            StatementWriter.Step(context, $"drop the latest of {set.Name}", new DropTable(set.LatestTable!)),
            StatementWriter.Step(context, $"drop the history of {set.Name}", new DropTable(set.HistoryTable)),
        })).ToList();
        return new(context.Dialect, steps, [steps.Count > 0 ? $"Drops the tables of {string.Join(", ", owned.Union(intervals).Select(set => set.Name))}." : "No tables to drop."], LeftAlone(statement.Sets, "dropped"));
    }

    /// <summary>What a reader of rows sees: keys, times, features.</summary>
    public static ValueList<ColumnDefinition> ReadColumns(FeatureSet set) => ValueList<ColumnDefinition>.Of(
        set.Entity.Keys.Select(key => new ColumnDefinition(key.Name, StoredType.Key(key.Type), NotNull: true))
            .Concat(set.TimeColumns().Select(time => new ColumnDefinition(time.Name, StoredType.Of(time.Kind), NotNull: !ReferenceEquals(time, set.ValidToColumn))))
            .Concat(set.Features.Select(feature => new ColumnDefinition(feature.Name, StoredType.Of(feature.Type), NotNull: false, feature.Description))));

    /// <summary>The columns of history: what is read, and whether the row is a tombstone.</summary>
    public static ValueList<ColumnDefinition> HistoryColumns(FeatureSet set) => set.HasTombstones ? ReadColumns(set).Add(Deleted) : ReadColumns(set);

    /// <summary>The columns of an owned latest: those of history, each sparse feature's event time, and the store's clock.</summary>
    public static ValueList<ColumnDefinition> LatestColumns(FeatureSet set) =>
        ValueList<ColumnDefinition>.Of(HistoryColumns(set).Concat(FeatureTimes(set)).Append(new(Names.PublishedTimestamp, StoredType.Instant, NotNull: true)));

    /// <summary>The event times of a sparse set's features, in declared order.</summary>
    public static IEnumerable<ColumnDefinition> FeatureTimes(FeatureSet set) =>
        set.IsSparse ? set.Features.Select(feature => new ColumnDefinition(FeatureSet.TimeOf(feature.Name), StoredType.Of(set.EventTimeColumn.Kind), NotNull: false)) : [];

    /// <summary>The columns of history that a join reads.</summary>
    public static IEnumerable<ColumnDefinition> NeededColumns(TrainingJoin join) =>
        HistoryColumns(join.Set).Where(column => !join.Set.IsFeature(column.Name) || join.Features.Any(feature => feature.Name == column.Name))
            .Concat(join.Set.TieBreakers.Where(tie => tie.Type is not null).Select(tie => new ColumnDefinition(tie.Name, StoredType.Of(tie.Type!), NotNull: false)));

    /// <summary>What identifies a fact: keys, event time and created time.</summary>
    public static ValueList<string> Key(FeatureSet set) =>
        ValueList<string>.Of(set.Entity.Keys.Select(key => key.Name).Concat(set.TimeColumns().Where(time => !ReferenceEquals(time, set.ValidToColumn)).Select(time => time.Name)));

    private static void Check(FeatureSet set)
    {
        if (set.Features.Count == 0)
        {
            throw new ArgumentException($"Feature set '{set.Name}' has no features; declare one with Feature<T>(name).");
        }
    }

    private static IEnumerable<string> LeftAlone(IReadOnlyList<FeatureSet> sets, string verb) =>
        sets.Where(set => set.IsExisting).Select(set => $"feature set '{set.Name}' uses a table that exists, '{set.HistoryTable}', which is never {verb}.");
}
