namespace Distiller;

/// <summary>
/// The steps of an incremental refresh. Which keys history has gained rows of since the last one is what publishes noted, each in the transaction that appended them; one at a time holds the set's publish lock, and so does a refresh.
/// That every row was noted is checked by arithmetic: rows of history = rows the last refresh saw + rows noted since. Where that fails (rows written by other means), the rows of each key are counted instead.
/// </summary>
internal sealed class Scd2Refresh
{
    public const string Unexplained = "unexplained";
    public const string Keys = "keys";
    public const string Removed = "removed";
    public const string Written = "written";

    private const string Touched = "touched";
    private const string Intervals = "intervals";
    private const string Pending = "pending";
    private const string History = "history";
    private const string Seen = "seen";
    private const string Total = "history_rows";

    private readonly RefreshScd2 statement;
    private readonly PlanScope context;
    private readonly FeatureSet set;
    private readonly Scd2Table scd2;
    private readonly TableName touched;
    private readonly TableName seen;
    private readonly List<string> keys;
    private readonly string appended;

    public Scd2Refresh(RefreshScd2 statement, PlanScope context)
    {
        this.statement = statement;
        this.context = context;
        set = context.Checked(statement.Set);
        scd2 = set.Scd2Table!;
        var name = StageSteps.NameFor("scd2_", set.Name);
        touched = context.Stage(name + "_keys");
        seen = context.Stage(name + "_seen");
        keys = [.. set.Entity.Keys.Select(key => key.Name)];
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
            .Append(Step("drop the temporary table of keys", new DropTable(touched, IsTemporary: true), StepRole.Clean))
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
        yield return Step("count the intervals there were", new QueryStatement(CountIntervals(Removed, null)), StepRole.Count);
        yield return Step("remove them", new Delete(scd2.Table, Intervals, null));
        yield return Step("write the intervals of every key", Write(null));
        yield return Step("count them", new QueryStatement(CountIntervals(Written, null)), StepRole.Count);
        yield return Step("count their keys", new QueryStatement(CountKeys(new TableRef(scd2.Table, Intervals), Intervals)), StepRole.Count);
    }

    private IEnumerable<CompiledStep> Grown()
    {
        yield return Step("rows of history that no publish has noted", new QueryStatement(CountUnexplained()), StepRole.Count);
        yield return Step("the keys publishes have noted", new CreateTableAs(touched, Noted()) { IsTemporary = true });
        yield return Step(
            "and every key that history has another number of rows of than its intervals tell",
            new Insert(touched, ValueList<string>.Of(keys), Differing()) { IsTemporary = true }) with { OnlyIf = Unexplained };
        yield return Step("count them", new QueryStatement(CountKeys(new TableRef(touched, Touched, IsTemporary: true), Touched)), StepRole.Count);
        yield return Step("count the intervals they had", new QueryStatement(CountIntervals(Removed, Among(Intervals))), StepRole.Count);
        yield return Step("remove them", new Delete(scd2.Table, Intervals, Among(Intervals)));
        yield return Step("write the intervals they have", Write(new InQuery(Scd2Planner.HistoryKeys(set), TouchedKeys())));
        yield return Step("count them", new QueryStatement(CountIntervals(Written, Among(Intervals))), StepRole.Count);
    }

    private CompiledStep Step(string purpose, SqlStatement what, StepRole role = StepRole.Run) => StatementWriter.Step(context, purpose, what, role) with { FeatureSet = set.Name };

    private static ValueList<Output> Outputs(params IEnumerable<Scalar> columns) => ValueList<Output>.Of(columns.Select(column => new Output(column)));

    private TableRef SeenRows() => new(seen, Seen, IsTemporary: true);

    private InQuery Among(string alias) => new(Scd2Planner.Keys(set, alias), TouchedKeys());

    private Select TouchedKeys() => new() { Columns = Outputs(Scd2Planner.Keys(set, Touched)), From = new TableRef(touched, Touched, IsTemporary: true) };

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

    private Select Noted() => new()
    {
        Distinct = true,
        Columns = Outputs(Scd2Planner.Keys(set, Pending)),
        From = new TableRef(scd2.PendingTable, Pending),
        Where = new IsNull(new ColumnRef(Pending, keys[0]), Negated: true),
    };

    private Select Differing()
    {
        const string counted = "counted";
        var free = new FreeNames(keys);
        var (now, then) = (free.Take("rows_now"), free.Take("rows_then"));
        var counts = new Select
        {
            Columns = Outputs(Scd2Planner.HistoryKeys(set)).Add(new(new Aggregate(AggregateOp.Count), now)).Add(new(new Number(0), then)),
            From = Scd2Planner.From(set),
            Where = Scd2Planner.Present(set, null),
            GroupBy = Scd2Planner.HistoryKeys(set),
            UnionAll = new()
            {
                Columns = Outputs(Scd2Planner.Keys(set, Intervals)).Add(new(new Number(0))).Add(new(new Aggregate(AggregateOp.Max, new ColumnRef(Intervals, Names.HistoryRows)))),
                From = new TableRef(scd2.Table, Intervals),
                GroupBy = Scd2Planner.Keys(set, Intervals),
            },
        };
        return new()
        {
            Columns = Outputs(Scd2Planner.Keys(set, counted)),
            From = new SelectRef(counts, counted),
            GroupBy = Scd2Planner.Keys(set, counted),
            Having = new Compare(CompareOp.NotEqual, new Aggregate(AggregateOp.Sum, new ColumnRef(counted, now)), new Aggregate(AggregateOp.Sum, new ColumnRef(counted, then))),
        };
    }

    private Select CountIntervals(string name, Scalar? where) => new()
    {
        Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), name)]),
        From = new TableRef(scd2.Table, Intervals),
        Where = where,
    };

    private Select CountKeys(TableRef from, string alias) => new()
    {
        Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), Keys)]),
        From = new SelectRef(new() { Distinct = true, Columns = Outputs(Scd2Planner.Keys(set, alias)), From = from }, alias),
    };

    private Insert Write(Scalar? only) => new(
        scd2.Table,
        ValueList<string>.Of(Scd2Planner.TableColumns(set, scd2.Columns).Select(column => column.Name)),
        Scd2Planner.Intervals(set, scd2.Columns, scd2.IsCollapsed, withRows: true, only, touched.Name));
}
