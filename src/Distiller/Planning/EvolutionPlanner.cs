namespace Distiller;

/// <summary>A table of a feature set, as declared and as the catalog has it.</summary>
internal sealed record FoundTable(FeatureSet Set, TableName Table, ValueList<ColumnDefinition> Columns, TableFacts? Facts)
{
    public bool IsLatest => Table == Set.LatestTable;

    /// <summary>Whether the table keeps intervals, or what is noted for them: Distiller's own also where the history is not, and made of history alone.</summary>
    public bool IsOfIntervals => Set.Scd2Table is { } scd2 && (Table == scd2.Table || Table == scd2.PendingTable);

    public bool IsOwned => !Set.IsExisting || IsOfIntervals;
}

/// <summary>What separates feature sets from their tables, and the DDL that closes it by adding (F4).</summary>
internal static class EvolutionPlanner
{
    /// <summary>The tables of a set as they are declared.</summary>
    public static IEnumerable<(TableName Table, ValueList<ColumnDefinition> Columns)> Declared(FeatureSet set)
    {
        yield return (set.HistoryTable, set.IsExisting ? PublishBatch.Columns(set) : TablesPlanner.HistoryColumns(set));
        if (set.LatestTable is { } latest)
        {
            yield return (latest, set.IsExisting ? PublishBatch.Columns(set) : TablesPlanner.LatestColumns(set));
        }

        if (set.Scd2Table is { } scd2)
        {
            yield return (scd2.Table, Scd2Planner.TableColumns(set, scd2.Columns));
            yield return (scd2.PendingTable, Scd2Planner.PendingColumns(set));
        }
    }

    public static IEnumerable<TableDifference> Differences(SqlDialect dialect, FoundTable found, bool keepsUndeclared)
    {
        var (set, table, facts) = (found.Set, found.Table, found.Facts);
        if (!found.IsOwned || facts is { IsView: true })
        {
            var why = !found.IsOwned ? "uses tables that exist, which are never altered" : $"'{table}' is a view";
            return TableCheck.Problems(dialect, set, table, facts, found.Columns)
                .Select(problem => new TableDifference(set.Name, table, null, DifferenceKind.NotOwned, IsRefused: true, $"{problem} The set {why}: change it by your own means, or the declaration."));
        }

        if (facts is null)
        {
            return [new(set.Name, table, null, DifferenceKind.TableMissing, IsRefused: false, $"Feature set '{set.Name}': the table '{table}' is not there; it is created.")];
        }

        return found.Columns.Select(column => OfDeclared(dialect, found, column)).OfType<TableDifference>().Concat(Undeclared(dialect, found, keepsUndeclared));
    }

    public static CompiledScript Script(PlanScope context, IReadOnlyList<FoundTable> tables, IReadOnlyList<TableDifference> differences)
    {
        var open = differences.Where(difference => !difference.IsRefused && difference.Kind is DifferenceKind.TableMissing or DifferenceKind.ColumnMissing).ToList();
        var created = tables.Select(found => found.Set).Distinct().Where(set => open.Any(difference => difference.Kind == DifferenceKind.TableMissing && difference.FeatureSet == set.Name)).ToList();
        var altered = tables.Where(found => open.Any(difference => difference.Kind == DifferenceKind.ColumnMissing && difference.Table == found.Table)).ToList();
        var locked = altered.Select(found => found.Set).Distinct().Where(set => !open.Any(difference => difference.Kind == DifferenceKind.TableMissing && difference.FeatureSet == set.Name && (difference.Table == set.HistoryTable || difference.Table == set.LatestTable))).Select(set => set.LatestTable is null ? set.Locked() : set).ToList();
        var refreshed = altered.Where(found => found.IsLatest && TurnsSparse(context.Dialect, found)).Select(found => new LatestRefresh(found.Set, context, context.Stage(StageSteps.NameFor("latest_", found.Set.Name)))).ToList();

        // What a sparse set's intervals say changes with its latest; where they are not there yet, the first refresh writes them.
        var intervals = altered.Where(found => found.IsLatest && TurnsSparse(context.Dialect, found)).Select(found => found.Set)
            .Where(set => set.Scd2Table is { } scd2 && tables.Any(found => found.Table == scd2.Table && found.Facts is not null))
            .Select(set => new Scd2Refresh(RefreshScd2.Of(set).Anew(), context)).ToList();
        var steps = context.Dialect.PublishLockTables(locked).Select(lockTable => StatementWriter.Step(context, "the row every publisher of a set updates", lockTable, StepRole.Prepare))
            .Append(StatementWriter.Mark(context.Dialect.Begin, "all of it, or nothing"))
            .Concat(context.Dialect.PublishLocks(locked).Select(take => StatementWriter.Step(context, "no publisher meanwhile", take)))
            .Concat(created.Count > 0 ? TablesPlanner.Create(CreateTables.For(created), context).Steps : [])
            .Concat(altered.SelectMany(found => Additions(context, found)))
            .Concat(refreshed.SelectMany(refresh => refresh.Steps(null)))
            .Concat(intervals.SelectMany(refresh => refresh.Within()))
            .Append(StatementWriter.Mark("COMMIT", "all of it, or nothing"))
            .Concat(refreshed.Select(refresh => refresh.Drop()))
            .Concat(intervals.Select(refresh => refresh.Drop()));
        var names = string.Join(", ", tables.Select(found => found.Set.Name).Distinct());
        return open.Count > 0
            ? new(context.Dialect, steps, [$"What the tables of {names} lack."], differences.Where(difference => !open.Contains(difference)).Select(difference => difference.Explanation))
            : new(context.Dialect, [], [$"Nothing to add to the tables of {names}."], differences.Select(difference => difference.Explanation));
    }

    private static TableDifference? OfDeclared(SqlDialect dialect, FoundTable found, ColumnDefinition column)
    {
        var (set, table) = (found.Set, found.Table);
        if (Find(dialect, found, column.Name) is not { } known)
        {
            var identifies = found.IsOfIntervals ? !set.IsFeature(column.Name) : column.Name == Names.PublishedTimestamp || LatestPlanner.Identity(set).Contains(column.Name);
            return new(
                set.Name,
                table,
                column.Name,
                DifferenceKind.ColumnMissing,
                identifies,
                identifies && found.IsOfIntervals
                    ? $"Feature set '{set.Name}': the table '{table}' has no column '{column.Name}', which every row must have. It is made of history alone: drop it and '{set.Scd2Table!.PendingTable}', create them with CreateTablesAsync, and refresh."
                    : identifies
                    ? $"Feature set '{set.Name}': the table '{table}' has no column '{column.Name}', which every row must have: what the rows there are would say in it, nobody knows. Create new tables (name them with History(table) and Latest(table)), and publish into them what you know."
                    : $"Feature set '{set.Name}': the table '{table}' has no column '{column.Name}' ({column.Type}); it is added{Meaning(set, column)}.");
        }

        return Fits(dialect, column.Type, known.Type)
            ? null
            : new(set.Name, table, column.Name, DifferenceKind.ColumnRetyped, IsRefused: true, Retyped(set, table, column, known.Type));
    }

    /// <summary>The words for a column that is kept as something else than declared.</summary>
    public static string Retyped(FeatureSet set, TableName table, ColumnDefinition column, string found) =>
        $"Feature set '{set.Name}': the column '{column.Name}' of '{table}' is {found}, declared as {column.Type}. A column is never retyped, for that would change or lose what its rows say: declare it as it is, or declare a feature of another name and publish its values.";

    private static IEnumerable<TableDifference> Undeclared(SqlDialect dialect, FoundTable found, bool keeps)
    {
        var (set, table) = (found.Set, found.Table);
        foreach (var known in found.Facts!.Columns.Where(known => !found.Columns.Any(column => Same(dialect, column.Name, known.Name))))
        {
            var owned = found.IsOfIntervals ? null : TableCheck.Unspoken(set, table, found.Facts with { Columns = ValueList<ColumnFacts>.Of([known]) }).FirstOrDefault();
            var isBar = owned is not null || known.NotNull || !keeps;
            var explanation = owned ?? (isBar
                ? $"Feature set '{set.Name}': the table '{table}' has a column '{known.Name}' ({known.Type}) that the set does not declare. A column is never dropped, for its values would be lost: declare it again; or rename or drop it yourself"
                    + (known.NotNull ? " (it is NOT NULL, so no row could be published without it)." : "; or keep it, unread and NULL in new rows, with keepUndeclared.")
                : $"Feature set '{set.Name}': the table '{table}' has a column '{known.Name}' ({known.Type}) that the set does not declare; it is kept, unread, and NULL in new rows.");
            yield return new(set.Name, table, known.Name, DifferenceKind.ColumnUndeclared, isBar, explanation);
        }
    }

    private static IEnumerable<CompiledStep> Additions(PlanScope context, FoundTable found) =>
        found.Columns.Where(column => Find(context.Dialect, found, column.Name) is null)
            .Select(column => StatementWriter.Step(context, $"add {column.Name} to {found.Table}", new AddColumn(found.Table, column, column.Name == Names.Deleted ? new Flag(false) : null)) with { FeatureSet = found.Set.Name });

    /// <summary>Whether a feature that latest has already gains its event time: then what latest says of it is found anew in history.</summary>
    private static bool TurnsSparse(SqlDialect dialect, FoundTable found) =>
        found.Set.IsSparse && found.Set.Features.Any(feature => Find(dialect, found, feature.Name) is not null && Find(dialect, found, FeatureSet.TimeOf(feature.Name)) is null);

    private static string Meaning(FeatureSet set, ColumnDefinition column) =>
        column.Name == Names.Deleted ? ", false in the rows there are"
        : set.IsFeature(column.Name) ? ", NULL in the rows there are"
        : ", and latest is found anew in history";

    /// <summary>Where columns hold anything, the type they were made with still tells what was meant.</summary>
    private static bool Fits(SqlDialect dialect, StoredType type, string found) =>
        dialect.Fits(type, found) && (!dialect.ChecksForm(type) || string.Equals(dialect.TypeName(type), found, StringComparison.OrdinalIgnoreCase));

    private static ColumnFacts? Find(SqlDialect dialect, FoundTable found, string name) => found.Facts?.Columns.FirstOrDefault(known => Same(dialect, name, known.Name));

    private static bool Same(SqlDialect dialect, string declared, string known) => declared == known || (!dialect.NamesHaveCase && Names.Comparer.Equals(declared, known));
}
