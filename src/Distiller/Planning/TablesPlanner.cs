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

        if (owned.Count > 0)
        {
            steps.AddRange(context.Dialect.PublishLockTables(owned).Select(lockTable => StatementWriter.Step(context, "the row every publisher of a set updates, so that two at once conflict and one retries", lockTable)));
        }

        return new(context.Dialect, steps, [owned.Count > 0 ? $"Tables of {string.Join(", ", owned.Select(set => set.Name))}." : "No tables to create."], LeftAlone(statement.Sets, "created"));
    }

    public static CompiledScript Drop(DropTables statement, PlanScope context)
    {
        var owned = statement.Sets.Where(set => !set.IsExisting).ToList();
        var steps = owned.SelectMany(set => new[]
        {
            StatementWriter.Step(context, $"drop the latest of {set.Name}", new DropTable(set.LatestTable!)),
            StatementWriter.Step(context, $"drop the history of {set.Name}", new DropTable(set.HistoryTable)),
        });
        return new(context.Dialect, steps, [owned.Count > 0 ? $"Drops the tables of {string.Join(", ", owned.Select(set => set.Name))}." : "No tables to drop."], LeftAlone(statement.Sets, "dropped"));
    }

    /// <summary>What a reader of rows sees: keys, times, features.</summary>
    public static ValueList<ColumnDefinition> ReadColumns(FeatureSet set) => ValueList<ColumnDefinition>.Of(
        set.Entity.Keys.Select(key => new ColumnDefinition(key.Name, StoredType.Key(key.Type), NotNull: true))
            .Append(new(set.EventTimeColumn.Name, StoredType.Of(set.EventTimeColumn.Kind), NotNull: true))
            .Concat(set.CreatedTimeColumn is { } created ? [new ColumnDefinition(created.Name, StoredType.Of(created.Kind), NotNull: true)] : [])
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
        ValueList<string>.Of(set.Entity.Keys.Select(key => key.Name).Append(set.EventTimeColumn.Name).Concat(set.CreatedTimeColumn is { } created ? [created.Name] : []));

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
