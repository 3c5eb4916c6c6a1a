namespace Distiller;

/// <summary>Latest against history (F3): the report is one query; the repair keeps what differs in a temporary table, tells of it, and writes it.</summary>
internal sealed class ReconcilePlanner
{
    public const string Missing = "missing";
    public const string Extra = "extra";
    public const string Differing = "differing";
    public const string History = "history";

    private const string LatestAlias = "latest";
    private const string MustBe = "must_be";

    private readonly Reconcile statement;
    private readonly PlanScope context;
    private readonly FeatureSet set;
    private readonly TableName stage;
    private readonly FreeNames names;
    private readonly ValueList<string> keys;
    private readonly ValueList<string> content;
    private readonly ValueList<string> wanted;
    private readonly ValueList<string> found;
    private readonly ValueList<string> totals;
    private readonly string difference;
    private readonly string place;

    private ReconcilePlanner(Reconcile statement, PlanScope context)
    {
        this.statement = statement;
        this.context = context;
        set = context.Checked(statement.Set);
        stage = context.Stage(StageSteps.NameFor("reconcile_", set.Name));
        keys = ValueList<string>.Of(set.Entity.Keys.Select(key => key.Name));
        content = LatestFromHistory.Content(set);
        names = new([.. keys, .. content, History, LatestAlias, MustBe, set.HistoryTable.Name, set.LatestTable!.Name, stage.Name]);
        totals = ValueList<string>.Of([names.Take(Missing), names.Take(Extra), names.Take(Differing)]);
        difference = names.Take("difference");
        place = names.Take("place");
        wanted = names.Take(History, content.Count);
        found = names.Take(LatestAlias, content.Count);
    }

    public static CompiledScript Build(Reconcile statement, PlanScope context)
    {
        var planner = new ReconcilePlanner(statement, context);
        return statement.Repairs ? planner.Repair() : planner.Report();
    }

    private CompiledScript Report()
    {
        var differences = names.Take("differences");
        var query = Answer(new CteRef(differences), [new(differences, Differences(), Materialized: true)]);
        return new(context.Dialect, [Step($"compare the latest of {set.Name} with its history", new QueryStatement(query), StepRole.Answer)], [$"Reconcile {set.LatestTable} with {set.HistoryTable}: what differs."], []);
    }

    private CompiledScript Repair()
    {
        IReadOnlyList<FeatureSet> sets = [set];
        var steps = context.Dialect.PublishLockTables(sets).Select(lockTable => Step("the row every publisher of a set updates", lockTable, StepRole.Prepare))
            .Append(StatementWriter.Mark(context.Dialect.Begin, "all of it, or nothing"))
            .Concat(context.Dialect.PublishLocks(sets).Select(take => Step("no publisher meanwhile", take, StepRole.Run)))
            .Append(Step($"what of the latest of {set.Name} differs from its history", new CreateTableAs(stage, Differences()) { IsTemporary = true }, StepRole.Run))
            .Append(Step("tell how many keys differ, and the first of them", new QueryStatement(Answer(new TableRef(stage, IsTemporary: true), [])), StepRole.Tell))
            .Append(Step("write what is missing or differs", Write(), StepRole.Run))
            .Append(Step("delete what history does not know", Delete(), StepRole.Run))
            .Append(StatementWriter.Mark("COMMIT", "all of it, or nothing"))
            .Append(Step("drop the temporary table", new DropTable(stage, IsTemporary: true), StepRole.Clean));
        return new(
            context.Dialect,
            steps,
            [$"Reconcile {set.LatestTable} with {set.HistoryTable}: what differs is told and repaired."],
            ["an online store keeps a key that is deleted here until it expires or is deleted there, and a value newer than the repaired one until a newer row is loaded."]);
    }

    /// <summary>A row per key that differs: the kind, the key, and what both sides say.</summary>
    private Select Differences()
    {
        var isMissing = new IsNull(new ColumnRef(LatestAlias, keys[0]));
        return new()
        {
            Columns = Both(new Case(isMissing, new Text(Missing), new Text(Differing)), MustBe, name => new ColumnRef(MustBe, name), name => new ColumnRef(LatestAlias, name)),
            From = new Joined(JoinKind.Left, new SelectRef(LatestFromHistory.Query(set, context), MustBe), new TableRef(set.LatestTable!, LatestAlias), SameKey(MustBe, LatestAlias)),
            Where = Scalar.Or(isMissing, LatestFromHistory.Differs(set, MustBe, LatestAlias)),
            UnionAll = new()
            {
                Columns = Both(new Text(Extra), LatestAlias, Nothing, name => new ColumnRef(LatestAlias, name)),
                From = new TableRef(set.LatestTable!, LatestAlias),
                Where = LatestFromHistory.HasNone(set, LatestAlias),
            },
        };

        NullOf Nothing(string name) => new(LatestFromHistory.Columns(set).First(column => column.Name == name).Type with { IsKey = false });
    }

    private ValueList<Output> Both(Scalar kind, string keysOf, Func<string, Scalar> history, Func<string, Scalar> latest) => ValueList<Output>.Of(keys.Select(name => new Output(new ColumnRef(keysOf, name)))
        .Prepend(new(kind, difference))
        .Concat(content.Select((name, i) => new Output(history(name), wanted[i])))
        .Concat(content.Select((name, i) => new Output(latest(name), found[i]))));

    /// <summary>Totals, and the first keys of each kind from both sides.</summary>
    private Select Answer(Relation differences, IEnumerable<Cte> before)
    {
        var (counted, numbered, first) = (names.Take("totals"), names.Take("numbered"), names.Take("first_keys"));
        var columns = keys.Concat(wanted).Concat(found).Prepend(difference).Select(name => new Output(new ColumnRef(null, name))).ToList();
        Cte[] with =
        [
            .. before,
            new(counted, new() { Columns = ValueList<Output>.Of(new[] { Missing, Extra, Differing }.Select((kind, i) => new Output(CountOf(kind), totals[i]))), From = differences }),
            new(numbered, new()
            {
                Columns = ValueList<Output>.Of(columns.Append(new(
                    new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Of([new ColumnRef(null, difference)]), ValueList<SortKey>.Of(keys.Select(key => new SortKey(new ColumnRef(null, key))))), place))),
                From = differences,
            }),
            new(first, new()
            {
                Columns = ValueList<Output>.Of(columns.Append(new(new ColumnRef(null, place)))),
                From = new CteRef(numbered),
                Where = new Compare(CompareOp.LessOrEqual, new ColumnRef(null, place), new Number(statement.ShownKeys)),
            }),
        ];
        var sides = new TwoSides(
            (counted, totals),
            first,
            ValueList<string>.Of([difference, place]),
            ValueList<string>.Of(keys.Prepend(difference)),
            content,
            ValueList<Side>.Of([new(History, wanted, Unless(Extra)), new(LatestAlias, found, Unless(Missing))]));
        return sides.Query(names, with);

        Coalesce CountOf(string kind) => Aggregate.CountWhereOrZero(Is(kind, CompareOp.Equal));

        Compare Unless(string kind) => Is(kind, CompareOp.NotEqual);
    }

    private Compare Is(string kind, CompareOp op) => new(op, new ColumnRef(null, difference), new Text(kind));

    /// <summary>The clock of an owned latest moves on for every key that is written, so that an incremental unload takes it (B2).</summary>
    private SqlStatement Write()
    {
        const string fresh = "fresh";
        var written = keys.Concat(content).ToList();
        var rows = new Select
        {
            Columns = ValueList<Output>.Of(keys.Select(name => new Output(new ColumnRef(fresh, name))).Concat(content.Select((name, i) => new Output(new ColumnRef(fresh, wanted[i]), name)))),
            From = new TableRef(stage, fresh, IsTemporary: true),
            Where = new Compare(CompareOp.NotEqual, new ColumnRef(fresh, difference), new Text(Extra)),
        };
        if (!set.IsExisting)
        {
            var published = new ColumnRef(LatestAlias, Names.PublishedTimestamp);
            var next = new FromMicroseconds(TimeKind.Instant, new Arithmetic(ArithmeticOp.Add, new ToMicroseconds(TimeKind.Instant, published), new Number(1)));
            written.Add(Names.PublishedTimestamp);
            rows = rows with
            {
                Columns = rows.Columns.Add(new(new Case(new IsNull(published), new Clock(), new GreaterOf(new Clock(), next)), Names.PublishedTimestamp)),
                From = new Joined(JoinKind.Left, rows.From!, new TableRef(set.LatestTable!, LatestAlias), SameKey(fresh, LatestAlias)),
            };
        }

        return context.Dialect.Upsert.Write(new(set.LatestTable!, keys, ValueList<string>.Of(written), rows, (incoming, stored) =>
            Scalar.Or(content.Select(name => new Compare(CompareOp.IsDistinct, new ColumnRef(incoming, name), new ColumnRef(stored, name))))));
    }

    private Delete Delete()
    {
        const string stored = "stored";
        Scalar extra = new InQuery(ValueList<Scalar>.Of(keys.Select(name => new ColumnRef(stored, name))), new()
        {
            Columns = ValueList<Output>.Of(keys.Select(name => new Output(new ColumnRef(null, name)))),
            From = new TableRef(stage, IsTemporary: true),
            Where = Is(Extra, CompareOp.Equal),
        });
        return new(set.LatestTable!, stored, set.IsExisting ? Scalar.Or(keys.Select(name => (Scalar)new IsNull(new ColumnRef(stored, name))).Prepend(extra)) : extra);
    }

    private Scalar SameKey(string left, string right) => Scalar.And(keys.Select(name => new Compare(CompareOp.Equal, new ColumnRef(right, name), new ColumnRef(left, name))));

    private CompiledStep Step(string purpose, SqlStatement what, StepRole role) => StatementWriter.Step(context, purpose, what, role) with { FeatureSet = set.Name };
}
