namespace Distiller;

/// <summary>The steps of erasing: the keys wait in a stage, then in one transaction what they have is counted and deleted, table by table.</summary>
internal static class ErasePlanner
{
    public const string Rows = "erased";
    public const string Asked = "asked";
    public const string Missing = "missing";

    /// <summary>The most keys without a row that are told by value.</summary>
    public const int MostTold = 100;

    private const string Erased = "erased";
    private const string Source = "source";
    private const string Alias = "stored";

    public static CompiledScript Build(Erase statement, PlanScope context)
    {
        var entity = statement.Sets[0].Entity;
        var written = statement.Sets.Where(IsWritten).ToList();
        var locked = written.Select(set => set.Locked()).ToList();
        var stage = context.Stage(StageSteps.NameFor("erase_", entity.Name));
        var targets = written.SelectMany(Targets).ToList();
        var steps = context.Dialect.PublishLockTables(locked).Select(lockTable => StatementWriter.Step(context, "the row every publisher of a set updates", lockTable, StepRole.Prepare))
            .Concat(Stage(statement, context, stage))
            .Append(StatementWriter.Mark(context.Dialect.Begin, "all tables, or none"))
            .Concat(context.Dialect.PublishLocks(locked).Select(take => StatementWriter.Step(context, "one writer at a time", take)))
            .Concat(Told(entity, targets, context, stage))
            .Concat(written.Where(set => set.Scd2Table is not null).Select(set => StatementWriter.Step(context, "keep account of the rows the intervals are made of", Settled(set, stage)) with { FeatureSet = set.Name }))
            .Concat(targets.Select(target => StatementWriter.Step(context, $"erase from {target.Table}", new Delete(target.Table, Alias, Among(entity, stage))) with { FeatureSet = target.Set.Name }))
            .Append(StatementWriter.Mark("COMMIT", "all tables, or none"))
            .Append(StatementWriter.Step(context, "drop the keys' temporary table", new DropTable(stage, IsTemporary: true), StepRole.Clean));
        return new(context.Dialect, steps, [$"Erase keys of {entity.Name} from {string.Join(", ", targets.Select(target => target.Table))}."], NotReached(statement));
    }

    /// <summary>The tables of a set that hold rows of its keys: what else is written per key belongs here.</summary>
    public static IEnumerable<(FeatureSet Set, TableName Table)> Targets(FeatureSet set)
    {
        if (set.LatestTable is { } latest)
        {
            yield return (set, set.HistoryTable);
            yield return (set, latest);
        }

        if (set.Scd2Table is { } scd2)
        {
            yield return (set, scd2.Table);
            yield return (set, scd2.PendingTable);
        }
    }

    /// <summary>The name of a table's count.</summary>
    public static string CountOf(TableName table) => $"{Rows} {table}";

    public static IEnumerable<string> NotReached(Erase statement)
    {
        foreach (var set in statement.Sets.Where(set => set.LatestTable is null))
        {
            yield return $"feature set '{set.Name}' reads '{set.HistoryTable}', which Distiller does not write: erase the keys there{(set.Scd2Table is null ? "" : ", or the next refresh may write their intervals again")}.";
        }

        yield return "tables made from these or published from (training sets, staging and event tables), online stores and backups are not reached: erase the keys there. Views of intervals or events follow their history.";
    }

    private static bool IsWritten(FeatureSet set) => set.LatestTable is not null || set.Scd2Table is not null;

    /// <summary>The next refresh compares history's rows with those noted: what goes from history is taken off, and what had been noted for the keys stays counted.</summary>
    private static Insert Settled(FeatureSet set, TableName stage)
    {
        var pending = set.Scd2Table!.PendingTable;
        var rows = Scd2Planner.PendingRows(set);
        Scalar settled = new Coalesce(new Aggregate(AggregateOp.Sum, new ColumnRef(Alias, rows)), new Number(0));
        if (set.LatestTable is not null)
        {
            settled = new Arithmetic(ArithmeticOp.Subtract, settled, new ScalarQuery(new()
            {
                Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count))]),
                From = new TableRef(set.HistoryTable, Alias),
                Where = Among(set.Entity, stage),
            }));
        }

        return new(pending, ValueList<string>.Of([rows]), new()
        {
            Columns = ValueList<Output>.Of([new(settled, rows)]),
            From = new TableRef(pending, Alias),
            Where = Among(set.Entity, stage),
        });
    }

    private static IEnumerable<CompiledStep> Stage(Erase statement, PlanScope context, TableName stage)
    {
        var keys = statement.Keys;
        if (keys.InMemory is { } rows)
        {
            return StageSteps.CreateAndLoad(context, stage, [.. rows.Columns.Select(column => new ColumnDefinition(column.Name, column.Type, NotNull: false))], "the keys", rows)
                .Select(step => step with { Role = StepRole.Prepare });
        }

        var columns = statement.Sets[0].Entity.Keys.Select(key => new Output(new ColumnRef(Source, key.Name)));
        return
        [
            StatementWriter.Step(context, "a temporary table for the keys", new CreateTableAs(stage, new()
            {
                Columns = ValueList<Output>.Of(columns),
                From = keys.Table is { } table ? new TableRef(table, Source) : new TextRef(keys.QueryText!, Source),
            }) { IsTemporary = true }, StepRole.Prepare),
        ];
    }

    private static IEnumerable<CompiledStep> Told(Entity entity, IReadOnlyList<(FeatureSet Set, TableName Table)> targets, PlanScope context, TableName stage)
    {
        foreach (var (set, table) in targets)
        {
            yield return StatementWriter.Step(context, $"count what is erased from {table}", new QueryStatement(new()
            {
                Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), Rows)]),
                From = new TableRef(table, Alias),
                Where = Among(entity, stage),
            }), StepRole.Count) with { FeatureSet = set.Name, CountName = CountOf(table) };
        }

        var nowhere = Scalar.And(targets.Select(target => new Exists(
            new()
            {
                Columns = ValueList<Output>.Of([new(new Number(1))]),
                From = new TableRef(target.Table, Alias),
                Where = SameKey(entity),
            },
            Negated: true)));
        var keys = new Select
        {
            Distinct = true,
            Columns = ValueList<Output>.Of(entity.Keys.Select(key => new Output(new ColumnRef(Erased, key.Name)))),
            From = new TableRef(stage, Erased, IsTemporary: true),
        };
        yield return StatementWriter.Step(context, "count the keys", new QueryStatement(Count(keys, Asked)), StepRole.Count) with { FeatureSet = entity.Name };
        yield return StatementWriter.Step(context, "count the keys that none of the tables has", new QueryStatement(Count(keys with { Where = nowhere }, Missing)), StepRole.Count) with { FeatureSet = entity.Name };
        yield return StatementWriter.Step(context, "tell the keys that none of the tables has", new QueryStatement(keys with { Where = nowhere, Limit = MostTold }), StepRole.Tell) with { FeatureSet = entity.Name, OnlyIf = Missing };
    }

    private static Select Count(Select keys, string name) => new() { Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), name)]), From = new SelectRef(keys, "keys") };

    private static Exists Among(Entity entity, TableName stage) => new(new()
    {
        Columns = ValueList<Output>.Of([new(new Number(1))]),
        From = new TableRef(stage, Erased, IsTemporary: true),
        Where = SameKey(entity),
    });

    private static Scalar SameKey(Entity entity) => Scalar.And(entity.Keys.Select(key => new Compare(CompareOp.Equal, new ColumnRef(Erased, key.Name), new ColumnRef(Alias, key.Name))));
}
