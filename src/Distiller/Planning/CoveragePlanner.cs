namespace Distiller;

/// <summary>
/// Coverage of a training set: what became of each spine row waits in a temporary table, a status per join and a number per feature, and is counted by month; ages are ranked beside.
/// </summary>
internal sealed class CoveragePlanner
{
    private const string Matched = "matched";
    private const string Monthly = "monthly";
    private const string Ranked = "ranked";
    private const string Month = "month";
    private const string Rows = "rows";

    private readonly Coverage statement;
    private readonly PlanScope context;
    private readonly TableName stage;
    private readonly List<CoveredJoin> joins;

    private CoveragePlanner(Coverage statement, PlanScope context)
    {
        this.statement = statement;
        this.context = context;
        stage = context.Stage("distiller_coverage");
        joins = [.. statement.Training.Joins.Select((join, i) => new CoveredJoin(i + 1, join))];
    }

    private TimeColumn Instant => statement.Training.Spine.InstantColumn;

    public static CompiledScript Build(Coverage statement, PlanScope context) => new CoveragePlanner(statement, context).Build();

    private CompiledScript Build()
    {
        var training = statement.Training;
        var needed = training.Joins.SelectMany(join => join.SpineKeys).Prepend(Instant.Name).Distinct(Names.Comparer);
        var plan = TrainingSetPlanner.Plan(training.Asked(training.Spine.Columns([.. needed]), joins.SelectMany(join => join.Asked()), hasMatch: true), context);
        var steps = plan.Before
            .Append(StatementWriter.Step(context, "what became of each row of the spine: 1 is a value, 2 one that has expired", new CreateTableAs(stage, Outcomes(plan.Query)) { IsTemporary = true }))
            .Append(StatementWriter.Step(context, "count by month", new QueryStatement(ByMonth()), StepRole.Answer))
            .Append(StatementWriter.Step(context, "rank by age, in microseconds", new QueryStatement(ByAge()), StepRole.Answer))
            .Append(StatementWriter.Step(context, "drop the temporary table", new DropTable(stage, IsTemporary: true), StepRole.Clean))
            .Concat(plan.After.Select(step => step with { Role = StepRole.Clean }));
        return new(context.Dialect, steps, plan.Comments.Skip(1).Prepend("Coverage. " + TrainingSetPlanner.Describe(training)), plan.Notes);
    }

    private Select Outcomes(Select matched)
    {
        var instant = new ColumnRef(Matched, Instant.Name);
        return new()
        {
            Columns = ValueList<Output>.Of(joins.SelectMany(join => new[] { new Output(new ColumnRef(Matched, OutputNames.Status(join.Main)), join.Status), new(Age(join), join.Age) }.Concat(join.Numbers(Matched)))
                .Prepend(new(Instant.Kind == TimeKind.Ordinal ? new NullOf(StoredType.Of(FeatureType.Int32)) : new MonthOf(Instant.Kind, instant), Month))),
            From = new SelectRef(matched, Matched),
        };

        Scalar Age(CoveredJoin join) => join.Main.Set.EventTimeColumn is { Kind: not TimeKind.Ordinal } happened
            ? new Case(
                Scalar.Or(CoveredJoin.Is(Matched, OutputNames.Status(join.Main), CoveredJoin.Hit), CoveredJoin.Is(Matched, OutputNames.Status(join.Main), CoveredJoin.Expired)),
                new Arithmetic(ArithmeticOp.Subtract, TimeMath.Microseconds(Instant.Kind, instant), TimeMath.Microseconds(happened.Kind, new ColumnRef(Matched, OutputNames.FeatureTimestamp(join.Main)))))
            : new NullOf(StoredType.Of(FeatureType.Int64));
    }

    private Select ByMonth()
    {
        var counted = new Select
        {
            Columns = ValueList<Output>.Of(joins.SelectMany(join => join.Counts()).Prepend(new(new Aggregate(AggregateOp.Count), Rows)).Prepend(new(new ColumnRef(null, Month)))),
            From = new TableRef(stage, IsTemporary: true),
            GroupBy = ValueList<Scalar>.Of([new ColumnRef(null, Month)]),
        };
        var place = 0;
        var rows = joins.SelectMany(join => join.Main.Features.Select((feature, i) => join.Counted(Monthly, feature, i, ++place, Month, Rows))).ToList();
        return new()
        {
            With = ValueList<Cte>.Of([new(Monthly, counted, Materialized: true)]),
            Columns = ValueList<Output>.Of(CoveredJoin.Columns.Select(name => new Output(new ColumnRef("counted", name)))),
            From = new SelectRef(Together(rows), "counted"),
            OrderBy = ValueList<SortKey>.Of([new(new ColumnRef("counted", CoveredJoin.Place)), new(new ColumnRef("counted", Month), NullsLast: true)]),
        };
    }

    /// <summary>Nearest rank: the least age at which so many percent of the rows are reached.</summary>
    private Select ByAge()
    {
        const string place = "place";
        const string age = "age";
        var ages = joins.Select(join =>
        {
            var own = new ColumnRef(null, join.Age);
            var ranked = new Select
            {
                Columns = ValueList<Output>.Of([new(own, age), new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Empty, ValueList<SortKey>.Of([new(own)])), place)]),
                From = new TableRef(stage, IsTemporary: true),
                Where = new IsNull(own, Negated: true),
            };
            var count = new ScalarQuery(new() { Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count, own))]), From = new TableRef(stage, IsTemporary: true) });
            return new Select
            {
                Columns = ValueList<Output>.Of(Coverage.AgePercents.Select(percent => new Output(
                        new Aggregate(AggregateOp.Min, new Case(
                            new Compare(CompareOp.GreaterOrEqual, new Arithmetic(ArithmeticOp.Multiply, new ColumnRef(Ranked, place), new Number(100)), new Arithmetic(ArithmeticOp.Multiply, count, new Number(percent))),
                            new ColumnRef(Ranked, age))),
                        FormattableString.Invariant($"age_{percent}")))
                    .Prepend(new(new Aggregate(AggregateOp.Count), Rows))
                    .Prepend(new(new Text(join.Prefix), "join"))
                    .Prepend(new(new Number(join.Number), CoveredJoin.Place))),
                From = new SelectRef(ranked, Ranked),
            };
        });
        return new()
        {
            Columns = ValueList<Output>.Of(Coverage.AgePercents.Select(percent => FormattableString.Invariant($"age_{percent}")).Prepend(Rows).Prepend("join").Select(name => new Output(new ColumnRef("aged", name)))),
            From = new SelectRef(Together(ages.ToList()), "aged"),
            OrderBy = ValueList<SortKey>.Of([new(new ColumnRef("aged", CoveredJoin.Place))]),
        };
    }

    private static Select Together(List<Select> selects)
    {
        var all = selects[^1];
        for (var i = selects.Count - 2; i >= 0; i--)
        {
            all = selects[i] with { UnionAll = all };
        }

        return all;
    }
}
