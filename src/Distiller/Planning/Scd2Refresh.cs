namespace Distiller;

/// <summary>
/// The steps of an incremental refresh. Which keys history has gained rows of since the last one is what publishes noted, each in the transaction that appended them; one at a time holds the set's publish lock, and so does a refresh.
/// That every row was noted is checked by arithmetic: rows of history = rows the last refresh saw + rows noted since. Where that fails (rows written by other means), the rows of each key are counted instead.
/// </summary>
internal sealed class Scd2Refresh
{
    public const string Unexplained = "unexplained";
    public const string Keys = GrownKeys.Keys;
    public const string Removed = GrownKeys.Removed;
    public const string Written = "written";

    private const string Intervals = "intervals";
    private const string Pending = "pending";
    private const string History = "history";
    private const string Seen = "seen";
    private const string Total = "history_rows";

    private readonly RefreshScd2 statement;
    private readonly PlanScope context;
    private readonly FeatureSet set;
    private readonly Scd2Table scd2;
    private readonly TableName seen;
    private readonly GrownKeys grown;
    private readonly string appended;

    public Scd2Refresh(RefreshScd2 statement, PlanScope context)
    {
        this.statement = statement;
        this.context = context;
        set = context.Checked(statement.Set);
        scd2 = set.Scd2Table!;
        var name = StageSteps.NameFor("scd2_", set.Name);
        grown = new(set, context.Stage(name + "_keys"));
        seen = context.Stage(name + "_seen");
        appended = Scd2Planner.PendingRows(set);
    }

    public CompiledScript Build()
    {
        var locked = ValueList<FeatureSet>.Of([set.Locked()]);
        var steps = context.Dialect.PublishLockTables(locked).Select(lockTable => Step("the row every publisher of a set updates", lockTable, StepRole.Prepare))
            .Append(StatementWriter.Mark(context.Dialect.Begin, "one transaction"))
            .Concat(context.Dialect.PublishLocks(locked).Select(take => Step("no publisher meanwhile", take)))
            .Concat(Within())
            .Append(StatementWriter.Mark("COMMIT", "all, or nothing"))
            .Append(Step("drop the temporary table of keys", new DropTable(grown.Table, IsTemporary: true), StepRole.Clean))
            .Append(Drop());
        return new(context.Dialect, steps, [$"Refresh of {scd2.Table}, the intervals of {set.Name}: {(statement.IsAnew ? "every key anew" : "the keys whose history has grown")}."], []);
    }

    /// <summary>The steps within the transaction, under the set's publish lock.</summary>
    public IEnumerable<CompiledStep> Within() =>
    [
        Step("the rows of history, counted before they are read", new CreateTableAs(seen, CountHistory()) { IsTemporary = true }),
        .. statement.IsAnew ? All() : Grown(),
        Step("what was noted is taken in", new Delete(scd2.PendingTable, Pending, null)),
        Step("and counted as seen", new Insert(scd2.PendingTable, ValueList<string>.Of([appended]), new() { Columns = Outputs(new ColumnRef(Seen, Total)), From = SeenRows() })),
    ];

    /// <summary>Drops what <see cref="Within"/> leaves where every key is recomputed.</summary>
    public CompiledStep Drop() => Step("drop the temporary count", new DropTable(seen, IsTemporary: true), StepRole.Clean);

    private IEnumerable<CompiledStep> All()
    {
        yield return Step("count the intervals there were", new QueryStatement(CountIntervals(Removed, new TableRef(scd2.Table, Intervals))), StepRole.Count);
        yield return Step("remove them", new Delete(scd2.Table, Intervals, null));
        yield return Step("write the intervals of every key", Write(null));
        yield return Step("count them", new QueryStatement(CountIntervals(Written, new TableRef(scd2.Table, Intervals))), StepRole.Count);
        yield return Step("count their keys", new QueryStatement(CountKeys()), StepRole.Count);
    }

    private IEnumerable<CompiledStep> Grown()
    {
        yield return Step("rows of history that no publish has noted", new QueryStatement(CountUnexplained()), StepRole.Count);
        yield return Step("the keys publishes have noted, and since when their intervals may differ", new CreateTableAs(grown.Table, grown.OfPublishes()) { IsTemporary = true });
        yield return Step("rows came by other means, so the keys are found by counting instead", new Delete(grown.Table, "noted", null, IsTemporary: true)) with { OnlyIf = Unexplained };
        yield return Step(
            "the keys publishes have noted, and those with more or fewer rows of history than their intervals tell, each from its first row on",
            new Insert(grown.Table, grown.Columns, grown.OfCounts()) { IsTemporary = true }) with { OnlyIf = Unexplained };
        yield return Step("count the keys, and the intervals that are replaced", new QueryStatement(grown.Count()), StepRole.Count);
        yield return Step("remove these", grown.Remove(context.Dialect));
        yield return Step("write what they are now", Write(grown));
        yield return Step("count it", new QueryStatement(CountIntervals(Written, grown.OfIntervals())), StepRole.Count);
    }

    private CompiledStep Step(string purpose, SqlStatement what, StepRole role = StepRole.Run) => StatementWriter.Step(context, purpose, what, role) with { FeatureSet = set.Name };

    private static ValueList<Output> Outputs(params IEnumerable<Scalar> columns) => ValueList<Output>.Of(columns.Select(column => new Output(column)));

    private TableRef SeenRows() => new(seen, Seen, IsTemporary: true);

    private Select CountHistory() => new() { Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), Total)]), From = new TableRef(set.HistoryTable, History) };

    private Select CountUnexplained()
    {
        var noted = new Select { Columns = Outputs(new Aggregate(AggregateOp.Sum, new ColumnRef(Pending, appended))), From = new TableRef(scd2.PendingTable, Pending) };
        return new()
        {
            Columns = ValueList<Output>.Of([new(new Arithmetic(ArithmeticOp.Subtract, new ColumnRef(Seen, Total), new Coalesce(new ScalarQuery(noted), new Number(0))), Unexplained)]),
            From = SeenRows(),
        };
    }

    private static Select CountIntervals(string name, Relation from) => new() { Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), name)]), From = from };

    private Select CountKeys() => new()
    {
        Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), Keys)]),
        From = new SelectRef(new() { Distinct = true, Columns = Outputs(Scd2Planner.Keys(set, Intervals)), From = new TableRef(scd2.Table, Intervals) }, Intervals),
    };

    private Insert Write(GrownKeys? only) => new(
        scd2.Table,
        ValueList<string>.Of(Scd2Planner.TableColumns(set, scd2.Columns).Select(column => column.Name)),
        Scd2Planner.Intervals(set, scd2.Columns, scd2.IsCollapsed, withRows: true, only));
}
