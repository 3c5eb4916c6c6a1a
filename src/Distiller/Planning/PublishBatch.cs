namespace Distiller;

/// <summary>One set's part of a publish.</summary>
internal sealed partial class PublishBatch
{
    public const string Repeated = "repeated";
    public const string Offered = "offered";
    public const string Present = "present";
    public const string Conflicting = "conflicting";
    public const string Changed = "changed";
    public const string Late = "late";
    public const string Appended = "appended";
    public const string Inserted = LatestRefresh.Inserted;
    public const string Updated = LatestRefresh.Updated;

    private const string Batch = "batch";
    private const string History = "history";
    private const string LatestAlias = "latest";
    private const string Earlier = "earlier";
    private const string Newest = "newest";

    private readonly Publish statement;
    private readonly PlanScope context;
    private readonly TableName stage;
    private readonly TableName newest;
    private readonly string row;
    private readonly ValueList<ColumnDefinition> columns;
    private readonly List<string> identity;
    private readonly List<string> content;
    private readonly LatestRefresh? refresh;

    public PublishBatch(Publish statement, PlanScope context)
    {
        this.statement = statement;
        this.context = context;
        Set = context.Checked(statement.Set);
        context.Dialect.TypeName(StoredType.Of(statement.EventKind));
        context.Dialect.TypeName(StoredType.Of(statement.CreatedKind));
        var name = StageSteps.NameFor("stage_", Set.Name);
        stage = context.Stage(name);
        newest = context.Stage(name + "_newest");
        row = Free("batch_row");
        columns = Columns(Set);
        identity = [.. LatestPlanner.Identity(Set), .. Set.TieBreakers.Select(tie => tie.Name)];
        content = [.. columns.Select(column => column.Name).Where(column => !identity.Contains(column, Names.Comparer))];
        refresh = Set.IsSparse ? new(Set, context, newest) : null;
    }

    public FeatureSet Set { get; }

    private IReadOnlyList<EntityKey> Keys => Set.Entity.Keys;

    /// <summary>The columns that are written: keys, times, features, and tie-breakers that are no features.</summary>
    public static ValueList<ColumnDefinition> Columns(FeatureSet set) => ValueList<ColumnDefinition>.Of(TablesPlanner.HistoryColumns(set)
        .Concat(set.TieBreakers.Where(tie => !set.IsFeature(tie.Name)).Select(tie => new ColumnDefinition(tie.Name, StoredType.Of(set.TypeOf(tie)!), NotNull: false)))
        .Select(column => column with { Type = column.Type with { IsKey = false }, NotNull = column.NotNull && !(set.IsExisting && column.Name == set.CreatedTimeColumn?.Name) }));

    /// <summary>Fills the stage and judges the batch by itself (B5, B6): before the transaction.</summary>
    public IEnumerable<CompiledStep> Stage()
    {
        if (statement.IsFromMemory)
        {
            var staged = columns.Prepend(new ColumnDefinition(row, StoredType.RowNumber, NotNull: true)).ToList();
            foreach (var step in StageSteps.CreateAndLoad(context, stage, staged, $"the batch of {Set.Name}", null))
            {
                yield return step with { Role = StepRole.Prepare };
            }
        }
        else
        {
            foreach (var step in StageKeys())
            {
                yield return step with { Role = StepRole.Prepare };
            }

            yield return Step("stage the source", new CreateTableAs(stage, FromSource()) { IsTemporary = true }, StepRole.Prepare);
            yield return Step($"refuse rows of {Set.Name} without a key or event time, or with a value that does not fit", new QueryStatement(Misfits()), StepRole.RefuseBefore);
        }

        yield return Step($"count rows of {Set.Name} that repeat within the batch", new QueryStatement(CountRepeated()), StepRole.CountBefore);
        yield return Step($"refuse two different rows of {Set.Name} for one {Fact()} within the batch", new QueryStatement(ConflictsWithinBatch()), StepRole.RefuseBefore) with { OnlyIf = Repeated };
        yield return Step("keep one of rows that repeat", DeleteFromStage(RepeatedRows()), StepRole.Prepare) with { OnlyIf = Repeated };
    }

    /// <summary>Judges the batch against history (B5), and takes out what is there already (B4) or changes nothing (B11).</summary>
    public IEnumerable<CompiledStep> Judge()
    {
        yield return Step($"count rows of {Set.Name} that history holds already", new QueryStatement(CountPresent()), StepRole.Count);
        yield return Step($"refuse a row of {Set.Name} that differs from history's for one {Fact()}", new QueryStatement(ConflictsWithHistory()), StepRole.Refuse) with { OnlyIf = Conflicting };
        yield return Step("leave out rows that history holds already", DeleteFromStage(RowsInHistory()), StepRole.Run) with { OnlyIf = Present };
        if (statement.LeavesOutUnchanged)
        {
            yield return Step("leave out rows that change nothing", DeleteFromStage(UnchangedRows()), StepRole.Run);
        }

        if (refresh is null)
        {
            yield return Step($"the newest row of each key of {Set.Name}", new CreateTableAs(newest, NewestPerKey()) { IsTemporary = true }, StepRole.Run);
        }

        yield return Step($"count what is appended to {Set.Name}, and what of it is late", new QueryStatement(CountLate()), StepRole.Count);
        if (refresh is null)
        {
            yield return Step($"count keys of {Set.Name} that latest gains, and that it moves on", new QueryStatement(CountMoves()), StepRole.Count);
        }
    }

    public IEnumerable<CompiledStep> Write()
    {
        var names = ValueList<string>.Of(columns.Select(column => column.Name));
        yield return Step("append to history", new Insert(Set.HistoryTable, names, new()
        {
            Columns = All(Batch),
            From = Stage(Batch),
            OrderBy = context.Dialect.SortsAppends ? ValueList<SortKey>.Of(identity.Select(name => new SortKey(new ColumnRef(Batch, name)))) : ValueList<SortKey>.Empty,
        }), StepRole.Run);
        foreach (var step in refresh is null ? [MoveLatest(names)] : refresh.Steps(InBatch(), stage.Name))
        {
            yield return step;
        }
    }

    /// <summary>Notes for the next refresh of the SCD2 table which keys were appended to.</summary>
    public IEnumerable<CompiledStep> Note()
    {
        if (Set.Scd2Table is { } scd2)
        {
            var keys = Scd2Planner.Keys(Set, Batch);
            yield return Step("note the keys whose intervals are to be recomputed", new Insert(
                scd2.PendingTable,
                ValueList<string>.Of(Scd2Planner.PendingColumns(Set).Select(column => column.Name)),
                new() { Columns = Outputs(keys.Select(key => new Output(key)).Append(new(new Aggregate(AggregateOp.Count))).Append(new(new Aggregate(AggregateOp.Min, new ColumnRef(Batch, Set.EventTimeColumn.Name))))), From = Stage(Batch), GroupBy = keys }), StepRole.Run);
        }
    }

    public IEnumerable<CompiledStep> Drop()
    {
        yield return refresh?.Drop() ?? Step("drop the temporary tables", new DropTable(newest, IsTemporary: true), StepRole.Clean);
        yield return Step("drop the stage", new DropTable(stage, IsTemporary: true), StepRole.Clean);
        if (statement.Ended?.Keys.InMemory is not null)
        {
            yield return Step("drop the keys' temporary table", new DropTable(KeysStage, IsTemporary: true), StepRole.Clean);
        }
    }

    private CompiledStep MoveLatest(ValueList<string> names)
    {
        var stamped = !Set.IsExisting;
        return Step("bring latest up to date: never back", context.Dialect.Upsert.Write(
            new(
                Set.LatestTable!,
                ValueList<string>.Of(Keys.Select(key => key.Name)),
                stamped ? names.Add(Names.PublishedTimestamp) : names,
                new() { Columns = stamped ? All(Newest).Add(new(new Clock(), Names.PublishedTimestamp)) : All(Newest), From = new TableRef(newest, Newest, IsTemporary: true) },
                Newer)), StepRole.Run);
    }

    private string Fact() => string.Join(", ", identity);

    private CompiledStep Step(string purpose, SqlStatement what, StepRole role) => StatementWriter.Step(context, purpose, what, role) with { FeatureSet = Set.Name };

    private string Free(string name) => new FreeNames(Set.ReadNames()).Take(name);

    private TableRef Stage(string alias) => new(stage, alias, IsTemporary: true);

    private ValueList<Output> All(string table) => ValueList<Output>.Of(columns.Select(column => new Output(new ColumnRef(table, column.Name))));

    private static ValueList<Output> Outputs(params IEnumerable<Output> outputs) => ValueList<Output>.Of(outputs);

    private Output RowOf(string table) => new(new ColumnRef(table, row), row);

    private Delete DeleteFromStage(Select rows) => new(stage, Batch, new InQuery(ValueList<Scalar>.Of([new ColumnRef(Batch, row)]), rows), IsTemporary: true);

    private Select Misfits() => ValueCheck.Query(context.Dialect, Stage(Batch), Batch, SourceColumns(Set), [RowOf(Batch)], !Set.IsExisting);

    private Select CountRepeated()
    {
        var groups = new Select
        {
            Columns = Outputs([new(new Aggregate(AggregateOp.Count), "rows_of_fact")]),
            From = Stage(Batch),
            GroupBy = ValueList<Scalar>.Of(identity.Select(name => new ColumnRef(Batch, name))),
        };
        var each = new ColumnRef("facts", "rows_of_fact");
        return new()
        {
            Columns = Outputs(
                new(new Coalesce(new Aggregate(AggregateOp.Sum, each), new Number(0)), Offered),
                new(new Coalesce(new Aggregate(AggregateOp.Sum, new Arithmetic(ArithmeticOp.Subtract, each, new Number(1))), new Number(0)), Repeated)),
            From = new SelectRef(groups, "facts"),
        };
    }

    private Select RepeatedRows()
    {
        const string rank = "repeat";
        var numbered = new Select
        {
            Columns = Outputs(RowOf(Batch), new(new Window(
                WindowOp.RowNumber,
                null,
                ValueList<Scalar>.Of(identity.Select(name => new ColumnRef(Batch, name))),
                ValueList<SortKey>.Of([new(new ColumnRef(Batch, row))])), rank)),
            From = Stage(Batch),
        };
        return new()
        {
            Columns = Outputs(RowOf("numbered")),
            From = new SelectRef(numbered, "numbered"),
            Where = new Compare(CompareOp.Greater, new ColumnRef("numbered", rank), new Number(1)),
        };
    }

    private Select ConflictsWithinBatch()
    {
        const string facts = "facts";
        const string first = "first_row";
        var repeated = new Select
        {
            Columns = Outputs(identity.Select(name => new Output(new ColumnRef(Batch, name))).Append(new(new Aggregate(AggregateOp.Min, new ColumnRef(Batch, row)), first))),
            From = Stage(Batch),
            GroupBy = ValueList<Scalar>.Of(identity.Select(name => new ColumnRef(Batch, name))),
            Having = new Compare(CompareOp.Greater, new Aggregate(AggregateOp.Count), new Number(1)),
        };
        var joined = new Joined(JoinKind.Inner, new SelectRef(repeated, facts), Stage(Batch), SameFact(Batch, facts));
        joined = new(JoinKind.Inner, joined, Stage(Earlier), new Compare(CompareOp.Equal, new ColumnRef(Earlier, row), new ColumnRef(facts, first)));
        return Offending(joined, Earlier);
    }

    private Select CountPresent() => new()
    {
        Columns = Outputs(
            new(new Aggregate(AggregateOp.Count), Present),
            new(Aggregate.CountWhereOrZero(Differs(Batch, History)), Conflicting)),
        From = BatchInHistory(),
    };

    private Select ConflictsWithHistory() => Offending(BatchInHistory(), History);

    private Select RowsInHistory() => new() { Columns = Outputs(RowOf(Batch)), From = BatchInHistory() };

    /// <summary>A row of history that was created before or after all of the batch is none of its rows: most often that is all of history, and an engine that joins by hashing need not read it in.</summary>
    private Joined BatchInHistory()
    {
        var same = SameFact(Batch, History);
        if (context.Dialect.NarrowsJoins && !Set.IsExisting)
        {
            var created = Set.CreatedTimeColumn!.Name;
            same = Scalar.And(
            [
                .. ((Logical)same).Terms,
                new Compare(CompareOp.GreaterOrEqual, new ColumnRef(History, created), Bound(AggregateOp.Min)),
                new Compare(CompareOp.LessOrEqual, new ColumnRef(History, created), Bound(AggregateOp.Max)),
            ]);

            ScalarQuery Bound(AggregateOp bound) => new(new() { Columns = Outputs([new(new Aggregate(bound, new ColumnRef("bounds", created)), created)]), From = Stage("bounds") });
        }

        return new(JoinKind.Inner, Stage(Batch), new TableRef(Set.HistoryTable, History), same);
    }

    /// <summary>One row that stands against another for the same fact, with the columns that differ.</summary>
    private Select Offending(Relation from, string other)
    {
        Scalar problem = content.Count == 0 ? new Text("") : new Case(ValueList<Branch>.Of(content.Select(name => new Branch(new Compare(CompareOp.IsDistinct, new ColumnRef(Batch, name), new ColumnRef(other, name)), new Text($"column '{name}'")))));
        return new()
        {
            Columns = Outputs(identity.Select(name => new Output(new TextOf(new ColumnRef(Batch, name)), name)).Prepend(new(problem, Free("problem"))).Prepend(RowOf(Batch))),
            From = from,
            Where = Differs(Batch, other),
            Limit = 1,
        };
    }

    /// <summary>Rows of the batch whose features equal those of the row before them in history and batch together (B11).</summary>
    private Select UnchangedRows()
    {
        const string merged = "merged";
        const string numbered = "numbered";
        var names = identity.Concat(content).ToList();

        // A tie-breaker may be a feature too: it is compared like one. A row of NULLs after a tombstone is no repeat of it.
        var features = Set.Features.Select(feature => feature.Name).Concat(Set.HasTombstones ? [Names.Deleted] : []).ToList();
        var union = new Select
        {
            Columns = Outputs(names.Select(name => new Output(new ColumnRef(Batch, name))).Append(RowOf(Batch))),
            From = Stage(Batch),
            UnionAll = new()
            {
                Columns = Outputs(names.Select(name => new Output(new ColumnRef(History, name))).Append(new(new NullOf(StoredType.RowNumber), row))),
                From = new TableRef(Set.HistoryTable, History),
                Where = InBatch(),
            },
        };
        var partition = ValueList<Scalar>.Of(Keys.Select(key => new ColumnRef(merged, key.Name)));
        var order = ValueList<SortKey>.Of(identity.Where(name => !Keys.Any(key => key.Name == name)).Select(name => new SortKey(new ColumnRef(merged, name), NullsFirst: name != Set.EventTimeColumn.Name && Set.IsExisting)));
        var before = new Select
        {
            Columns = Outputs(features.Select(name => new Output(new ColumnRef(merged, name)))
                .Append(RowOf(merged))
                .Append(new(new Window(WindowOp.Lag, new Number(1), partition, order), Before(-1)))
                .Concat(features.Select((name, i) => new Output(new Window(WindowOp.Lag, new ColumnRef(merged, name), partition, order), Before(i))))),
            From = new SelectRef(union, merged),
        };
        return new()
        {
            Columns = Outputs(RowOf(numbered)),
            From = new SelectRef(before, numbered),
            Where = Scalar.And(features.Select((name, i) => (Scalar)new Compare(CompareOp.IsNotDistinct, new ColumnRef(numbered, name), new ColumnRef(numbered, Before(i))))
                .Prepend(new Compare(CompareOp.Equal, new ColumnRef(numbered, Before(-1)), new Number(1)))
                .Prepend(new IsNull(new ColumnRef(numbered, row), Negated: true))),
        };

        string Before(int i) => Free(i < 0 ? "has_before" : $"before_{i + 1}");
    }

    /// <summary>Kept, so that latest meets a small table.</summary>
    private Select NewestPerKey()
    {
        var rows = new NewestRows(Set, Stage(Batch), Batch, row, All(Batch));
        return context.Dialect.NewestStrategies.First(strategy => strategy.CanAnswer(rows)).Query(rows);
    }

    private Select CountLate() => new()
    {
        Columns = Outputs(
            new(new Aggregate(AggregateOp.Count), Appended),
            new(Aggregate.CountWhereOrZero(Newer(LatestAlias, Batch)), Late)),
        From = WithLatest(Stage(Batch), Batch),
    };

    private Select CountMoves() => new()
    {
        Columns = Outputs(
            new(Aggregate.CountWhereOrZero(new IsNull(new ColumnRef(LatestAlias, Set.EventTimeColumn.Name))), Inserted),
            new(Aggregate.CountWhereOrZero(Newer(Newest, LatestAlias)), Updated)),
        From = WithLatest(new TableRef(newest, Newest, IsTemporary: true), Newest),
    };

    private Joined WithLatest(Relation rows, string alias) => new(
        JoinKind.Left,
        rows,
        new TableRef(Set.LatestTable!, LatestAlias),
        Scalar.And(Keys.Select(key => new Compare(CompareOp.Equal, new ColumnRef(LatestAlias, key.Name), new ColumnRef(alias, key.Name)))));

    /// <summary>Keys and event time are never NULL; on tables of the user's, what ranks them may be.</summary>
    private Scalar SameFact(string left, string right) => Scalar.And(identity.Select((name, i) => new Compare(
        Set.IsExisting && i > Keys.Count ? CompareOp.IsNotDistinct : CompareOp.Equal, new ColumnRef(left, name), new ColumnRef(right, name))));

    // Where every feature breaks ties, two rows of one fact cannot differ.
    private Scalar Differs(string left, string right) => content.Count == 0 ? new Compare(CompareOp.Equal, new Number(0), new Number(1)) : Scalar.Or(content.Select(name => new Compare(CompareOp.IsDistinct, new ColumnRef(left, name), new ColumnRef(right, name))));

    /// <summary>Whether one row ranks above another of its key (W2): NULL is oldest.</summary>
    private Scalar Newer(string left, string right)
    {
        Scalar? newer = null;
        var ranks = identity.Skip(Keys.Count).ToList();
        for (var i = ranks.Count - 1; i >= 0; i--)
        {
            var (mine, other) = (new ColumnRef(left, ranks[i]), new ColumnRef(right, ranks[i]));
            Scalar greater = new Compare(CompareOp.Greater, mine, other);
            if (i > 0 && Set.IsExisting)
            {
                greater = Scalar.Or(greater, Scalar.And(new IsNull(other), new IsNull(mine, Negated: true)));
            }

            newer = newer is null ? greater : Scalar.Or(greater, Scalar.And(new Compare(i > 0 && Set.IsExisting ? CompareOp.IsNotDistinct : CompareOp.Equal, mine, other), newer));
        }

        return newer!;
    }
}
