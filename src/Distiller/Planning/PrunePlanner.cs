namespace Distiller;

/// <summary>
/// Retention: the rows before the instant that something from it on may still need wait in a temporary table; what else is before it is deleted.
/// A row is needed unless a newer one before the instant was known no later: everything known by the instant counts as known at once, for no knowledge before it is asked for.
/// </summary>
internal sealed class PrunePlanner
{
    public const string Rows = "rows";
    public const string Before = "before";
    public const string Pruned = "pruned";

    private const string History = "history";
    private const string Ranked = "ranked";
    private const string Kept = "kept";
    private const string Stored = "stored";

    private readonly Prune statement;
    private readonly PlanScope context;
    private readonly FeatureSet set;
    private readonly TableName stage;
    private readonly ValueList<ColumnDefinition> identity;
    private readonly FreeNames names;

    private PrunePlanner(Prune statement, PlanScope context)
    {
        this.statement = statement;
        this.context = context;
        set = context.Checked(statement.Set);
        stage = context.Stage(StageSteps.NameFor("kept_", set.Name));
        var ranks = LatestPlanner.Identity(set).Concat(set.TieBreakers.Select(tie => tie.Name)).ToList();
        identity = ValueList<ColumnDefinition>.Of(PublishBatch.Columns(set).Where(column => ranks.Contains(column.Name, Names.Comparer)));
        names = new(set.ReadNames().Append(Names.Deleted));
    }

    public static CompiledScript Build(Prune statement, PlanScope context) => new PrunePlanner(statement, context).Build();

    private CompiledScript Build()
    {
        IReadOnlyList<FeatureSet> sets = statement.IsReport ? [] : [set];
        var number = names.Take("row");
        var columns = identity.Add(new(number, StoredType.RowNumber, NotNull: true));

        // The number makes a key of what may be NULL or come twice in tables of the user's.
        var key = set.Entity.Keys.Select(column => column.Name).Append(set.EventTimeColumn.Name).Append(number);
        var steps = context.Dialect.PublishLockTables(sets).Select(lockTable => Step("the row every publisher of a set updates", lockTable, StepRole.Prepare))
            .Append(Step("a temporary table for the rows that are kept", new CreateTable(stage, columns) { IsTemporary = true, PrimaryKey = context.Dialect.EnforcesHistoryKey ? ValueList<string>.Of(key) : ValueList<string>.Empty }, StepRole.Prepare))
            .Append(StatementWriter.Mark(context.Dialect.Begin, "all of it, or nothing"))
            .Concat(context.Dialect.PublishLocks(sets).Select(take => Step("no publisher meanwhile", take, StepRole.Run)))
            .Append(Step($"the rows of {set.Name} before the instant that something from it on needs", new Insert(stage, ValueList<string>.Of(columns.Select(column => column.Name)), Needed()) { IsTemporary = true }, StepRole.Run))
            .Append(Count(Rows, "count the rows of history", null))
            .Append(Count(Before, "count those before the instant", IsBefore(Stored)))
            .Append(Count(Pruned, "count those that nothing needs", IsUnneeded()))
            .Concat(statement.IsReport ? [] : [Step("delete them", new Delete(set.HistoryTable, Stored, IsUnneeded()), StepRole.Run)])
            .Append(StatementWriter.Mark("COMMIT", "all of it, or nothing"))
            .Append(Step("drop the temporary table", new DropTable(stage, IsTemporary: true), StepRole.Clean));
        return new(
            context.Dialect,
            steps,
            [$"{(statement.IsReport ? "What pruning would delete of" : "Prune")} {set.HistoryTable} before {Instants.Text(Instants.Microseconds(statement.Before))} UTC: each key keeps {(set.IsSparse ? "the last value of each feature" : "its last row")} before it."],
            set.CreatedTimeColumn is null or { Kind: TimeKind.Ordinal } ? [] : ["training sets as of that instant or later stay as they are, with any knowledge of that instant or later; of what was known before it, they may lose rows."]);
    }

    /// <summary>The rows before the instant, each with what those above it knew.</summary>
    private Select Needed()
    {
        var known = names.Take("known");
        IReadOnlyList<Feature?> served = set.IsSparse ? [null, .. set.Features] : [null];
        var above = names.Take("known_above", served.Count);
        var knows = names.Take("has_value", served.Count);
        var partition = ValueList<Scalar>.Of(set.Entity.Keys.Select(key => new ColumnRef(History, key.Name)));
        var order = ValueList<SortKey>.Of(LatestPlanner.NewestFirst(set, History));
        var ranked = new Select
        {
            Columns = ValueList<Output>.Of(identity.Select(column => new Output(new ColumnRef(History, column.Name)))
                .Append(new(KnownSince(), known))
                .Concat(served.SelectMany((feature, i) => new[]
                {
                    new Output(new Window(WindowOp.MaxBefore, feature is null ? KnownSince() : new Case(Knows(feature), KnownSince()), partition, order), above[i]),
                }.Concat(feature is null ? [] : [new Output(Case.OneWhere(Knows(feature)), knows[i])])))),
            From = new TableRef(set.HistoryTable, History),
            Where = IsBefore(History),
        };
        var mine = new ColumnRef(Ranked, known);
        return new()
        {
            Columns = ValueList<Output>.Of(identity.Select(column => new Output(new ColumnRef(Ranked, column.Name)))
                .Append(new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Empty, ValueList<SortKey>.Empty)))),
            From = new SelectRef(ranked, Ranked),
            Where = Scalar.Or(served.Select((feature, i) =>
            {
                var other = new ColumnRef(Ranked, above[i]);
                var earlier = Scalar.Or(new IsNull(other), new Compare(CompareOp.Greater, mine, other));
                return feature is null ? earlier : Scalar.And(new Compare(CompareOp.Equal, new ColumnRef(Ranked, knows[i]), new Number(1)), earlier);
            })),
        };
    }

    /// <summary>How long before the instant a row was known, 0 at most: the greater, the earlier.</summary>
    private Scalar KnownSince()
    {
        if (set.CreatedTimeColumn is not { } created || created.Kind == TimeKind.Ordinal)
        {
            return new Number(0);
        }

        var value = new ColumnRef(History, created.Name);
        var byThen = TimeMath.AtOrBefore(created, value, statement.Before.UtcDateTime);
        var since = new Arithmetic(ArithmeticOp.Subtract, new Number(Instants.Microseconds(statement.Before)), TimeMath.Microseconds(created.Kind, value));
        return new Case(set.IsExisting ? Scalar.Or(new IsNull(value), byThen) : byThen, new Number(0), since);
    }

    private Scalar Knows(Feature feature)
    {
        Scalar known = new IsNull(new ColumnRef(History, feature.Name), Negated: true);
        return set.HasTombstones ? Scalar.Or(known, new ColumnRef(History, Names.Deleted)) : known;
    }

    /// <summary>A row without a key belongs to nobody and is let be.</summary>
    private Scalar IsBefore(string alias)
    {
        Scalar before = FixedInstants.Before(set.EventTimeColumn, new ColumnRef(alias, set.EventTimeColumn.Name), statement.Before.UtcDateTime);
        return set.IsExisting ? Scalar.And(set.Entity.Keys.Select(key => (Scalar)new IsNull(new ColumnRef(alias, key.Name), Negated: true)).Prepend(before)) : before;
    }

    private Scalar IsUnneeded()
    {
        var same = identity.Select((column, i) => new Compare(
            set.IsExisting && i > set.Entity.Keys.Count ? CompareOp.IsNotDistinct : CompareOp.Equal, new ColumnRef(Kept, column.Name), new ColumnRef(Stored, column.Name)));
        var kept = new Exists(new() { Columns = ValueList<Output>.Of([new(new Number(1))]), From = new TableRef(stage, Kept, IsTemporary: true), Where = Scalar.And(same) }, Negated: true);
        return Scalar.And(IsBefore(Stored) is Logical { IsAnd: true } terms ? terms.Terms.Append(kept) : [IsBefore(Stored), kept]);
    }

    private CompiledStep Count(string name, string purpose, Scalar? where) => Step(
        purpose, new QueryStatement(new() { Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), name)]), From = new TableRef(set.HistoryTable, Stored), Where = where }), StepRole.Count);

    private CompiledStep Step(string purpose, SqlStatement what, StepRole role) => StatementWriter.Step(context, purpose, what, role) with { FeatureSet = set.Name };
}
