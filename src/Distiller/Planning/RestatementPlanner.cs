namespace Distiller;

/// <summary>A training set over the training set: the rows with the earlier knowledge are the spine of those with the later one, so that each row meets itself whatever its neighbours are.</summary>
internal sealed class RestatementPlanner
{
    public const string Then = "then";
    public const string Now = "now";

    private const string Restated = "restated";

    private readonly Restatement statement;
    private readonly PlanScope context;
    private readonly ValueList<string> spine;
    private readonly List<TrainingJoin> then;
    private readonly List<TrainingJoin> now;
    private readonly FreeNames names;

    private RestatementPlanner(Restatement statement, PlanScope context)
    {
        this.statement = statement;
        this.context = context;
        var training = statement.Training;
        spine = SpineColumns(training);
        then = [.. training.Joins.Select((join, i) => join with { Prefix = Prefix(FormattableString.Invariant($"then_{i + 1}")) })];
        now = [.. training.Joins.Select((join, i) => join with { Prefix = Prefix(FormattableString.Invariant($"now_{i + 1}")) })];
        Outputs = ValueList<string>.Of(training.Joins.SelectMany(join => join.Features.Select(feature => OutputNames.Of(training, join, feature))));
        names = new([.. spine, .. Outputs, .. Names(then), .. Names(now), .. TrainingSetPlanner.Tables(training), Restated], training.Spine.QueryText);

        string Prefix(string prefix)
        {
            while (spine.Any(column => column.StartsWith(prefix + "__", StringComparison.OrdinalIgnoreCase)))
            {
                prefix += "_";
            }

            return prefix;
        }
    }

    private ValueList<string> Outputs { get; }

    public static CompiledScript Build(Restatement statement, PlanScope context) => new RestatementPlanner(statement, context).Build();

    /// <summary>The spine's columns where they are known, else those the joins need.</summary>
    public static ValueList<string> SpineColumns(TrainingSet training) => ValueList<string>.Of(training.Spine.ColumnNames.Count > 0
        ? training.Spine.ColumnNames
        : training.Joins.SelectMany(join => join.SpineKeys).Append(training.Spine.InstantColumn.Name).Distinct(Distiller.Names.Comparer));

    private CompiledScript Build()
    {
        var training = statement.Training;
        var (instant, kind) = (training.Spine.InstantColumn.Name, training.Spine.InstantColumn.Kind);
        var before = TrainingSetPlanner.Plan(training.Knowing(statement.Then).Asked(training.Spine.Columns([.. spine]), then), context with { Style = SqlStyle.Literals });
        var text = StatementWriter.Step(context with { Style = SqlStyle.Literals }, Then, new QueryStatement(before.Query)).Text;
        var around = Spine.Query(text).At(instant, kind).Columns([.. spine, .. Names(then)]);
        var plan = TrainingSetPlanner.Plan(training.Knowing(statement.Now).Asked(around, now), context);
        var steps = before.Before
            .Append(StatementWriter.Step(context, "the rows that differ, as they were known then and as they are known now", new QueryStatement(Answer(plan.Query)), StepRole.Answer))
            .Concat(before.After.Select(step => step with { Role = StepRole.Clean }));
        var features = string.Join(", ", Outputs.Select((name, i) => FormattableString.Invariant($"changed_{i + 1} is {name}")));
        return new(context.Dialect, steps, [$"Restatement. {TrainingSetPlanner.Describe(training.Knowing(null))}", $"Known at {Said(statement.Then)}, and {(statement.Now is { } later ? $"at {Said(later)}" : "today")}; {features}.", .. plan.Comments.Skip(1)], before.Notes);

        static string Said(DateTimeOffset at) => Instants.Text(Instants.Microseconds(at)) + " UTC";
    }

    private Select Answer(Select restated)
    {
        var (pairs, counted, first) = (names.Take("pairs"), names.Take("totals"), names.Take("first_rows"));
        var (differs, place) = (names.Take("differs"), names.Take("place"));
        var (rows, differing) = (names.Take("rows"), names.Take("differing"));
        var changed = names.Take("changed", Outputs.Count);
        var (was, becomes) = (Names(then), Names(now));
        var all = spine.Concat(was).Concat(becomes).ToList();
        var isDistinct = was.Select((name, i) => new Compare(CompareOp.IsDistinct, new ColumnRef(null, name), new ColumnRef(null, becomes[i]))).ToList();
        var order = statement.Training.Joins.SelectMany(join => join.SpineKeys).Prepend(statement.Training.Spine.InstantColumn.Name).Distinct(Distiller.Names.Comparer).Select(name => new SortKey(new ColumnRef(null, name)));
        Cte[] with =
        [
            new(pairs, new()
            {
                Columns = ValueList<Output>.Of(all.Select(name => new Output(new ColumnRef(null, name))).Append(new(Case.OneWhere(Scalar.Or(isDistinct)), differs))),
                From = new SelectRef(restated, Restated),
            }, Materialized: true),
            new(counted, new()
            {
                Columns = ValueList<Output>.Of(
                [
                    new(new Aggregate(AggregateOp.Count), rows), new(Sum(new ColumnRef(null, differs)), differing), .. isDistinct.Select((one, i) => new Output(Aggregate.CountWhereOrZero(one), changed[i])),
                ]),
                From = new CteRef(pairs),
            }),
            new(first, new()
            {
                Columns = ValueList<Output>.Of(all.Select(name => new Output(new ColumnRef(null, name)))
                    .Append(new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Empty, ValueList<SortKey>.Of(order)), place))),
                From = new CteRef(pairs),
                Where = new Compare(CompareOp.Equal, new ColumnRef(null, differs), new Number(1)),
                OrderBy = ValueList<SortKey>.Of([new(new ColumnRef(null, place))]),
                Limit = statement.ShownRows,
            }),
        ];
        var sides = new TwoSides(
            (counted, ValueList<string>.Of(changed.Prepend(differing).Prepend(rows))), first, ValueList<string>.Of([place]), spine, Outputs, ValueList<Side>.Of([new(Then, was), new(Now, becomes)]));
        return sides.Query(names, with);

        static Coalesce Sum(Scalar operand) => new(new Aggregate(AggregateOp.Sum, operand), new Number(0));
    }

    private static ValueList<string> Names(IEnumerable<TrainingJoin> joins) =>
        ValueList<string>.Of(joins.SelectMany(join => join.Features.Select(feature => OutputNames.Of(hasShortNames: false, join, feature))));
}
