namespace Distiller;

/// <summary>Finds rows that contradict what a set declares: two of one static key, intervals that overlap or end before they begin.</summary>
internal static class RowCheckPlanner
{
    private const string Rows = "rows";
    private const string Next = "next_begin";
    private const string Problem = "problem";

    /// <summary>Whether a set can have such rows.</summary>
    public static bool Checks(FeatureSet set) => set.IsStatic || set.ValidToColumn is not null;

    public static CompiledScript Build(CheckRows statement, PlanScope context)
    {
        var set = context.Checked(statement.Set);
        var query = set.IsStatic ? Repeated(set) : Crossing(set, set.ValidToColumn!);
        return new(
            context.Dialect,
            [StatementWriter.Step(context, $"find rows of {set.Name} that contradict each other", new QueryStatement(query), StepRole.Answer) with { FeatureSet = set.Name }],
            [$"Check of {set.HistoryTable}: {(set.IsStatic ? "one row per key" : "no interval that ends before it begins, no two that overlap")}. Any row is a problem."],
            []);
    }

    private static IEnumerable<Scalar> Keys(FeatureSet set) => set.Entity.Keys.Select(key => new ColumnRef(Rows, key.Name));

    private static IEnumerable<Output> KeysAsText(FeatureSet set) => set.Entity.Keys.Select(key => new Output(new TextOf(new ColumnRef(Rows, key.Name)), key.Name));

    private static Scalar Present(IEnumerable<Scalar> columns) => Scalar.And(columns.Select(column => new IsNull(column, Negated: true)));

    private static Select Repeated(FeatureSet set) => new()
    {
        Columns = ValueList<Output>.Of(KeysAsText(set).Prepend(new(new Concatenation(new TextOf(new Aggregate(AggregateOp.Count)), new Text(" rows")), Free(set, Problem)))),
        From = new TableRef(set.HistoryTable, Rows),
        Where = Present(Keys(set)),
        GroupBy = ValueList<Scalar>.Of(Keys(set)),
        Having = new Compare(CompareOp.Greater, new Aggregate(AggregateOp.Count), new Number(1)),
        Limit = 1,
    };

    private static Select Crossing(FeatureSet set, TimeColumn end)
    {
        var begin = set.EventTimeColumn;
        var next = Free(set, Next);
        var from = new ColumnRef(Rows, begin.Name);
        var to = new ColumnRef(Rows, end.Name);
        var after = new ColumnRef(Rows, next);
        var order = LatestPlanner.NewestFirst(set, Rows).Select(key => key with { Descending = false, NullsFirst = key.NullsLast, NullsLast = false });
        var inOrder = new Select
        {
            Columns = ValueList<Output>.Of(Keys(set).Concat([from, to]).Select(column => new Output(column))
                .Append(new(new Window(WindowOp.Lead, from, ValueList<Scalar>.Of(Keys(set)), ValueList<SortKey>.Of(order)), next))),
            From = new TableRef(set.HistoryTable, Rows),
            Where = Present(Keys(set).Append(from)),
        };
        var asItIs = begin.Kind == end.Kind && begin.Kind != TimeKind.Text;
        var endsAt = TimeMath.Position(end.Kind, to, asItIs);
        var inverted = new Compare(CompareOp.LessOrEqual, endsAt, TimeMath.Position(begin.Kind, from, asItIs));
        var overlaps = Scalar.And(
            new IsNull(after, Negated: true),
            Scalar.Or(new IsNull(to), new Compare(CompareOp.Greater, endsAt, TimeMath.Position(begin.Kind, after, asItIs))));

        // Where a created time or a tie-breaker tells versions of one interval apart, only the version that wins counts.
        var versioned = set.CreatedTimeColumn is not null || set.TieBreakers.Count > 0;
        var problem = Scalar.Or(inverted, overlaps);
        return new()
        {
            Columns = ValueList<Output>.Of(KeysAsText(set)
                .Prepend(new(Words(), Free(set, Problem)))),
            From = new SelectRef(inOrder, Rows),
            Where = versioned ? Scalar.And(Scalar.Or(new IsNull(after), new Compare(CompareOp.NotEqual, after, from)), problem) : problem,
            Limit = 1,
        };

        Case Words() => new(
            inverted,
            Joined(new Text("the interval from "), TimeMath.Shown(begin.Kind, from), new Text(" ends at or before its begin, at "), TimeMath.Shown(end.Kind, to)),
            Joined(new Text("the interval from "), TimeMath.Shown(begin.Kind, from), new Text(" to "), new Coalesce(TimeMath.Shown(end.Kind, to), new Text("open")), new Text(" overlaps the one from "), TimeMath.Shown(begin.Kind, after)));
    }

    private static Scalar Joined(params Scalar[] parts) => parts.Aggregate((left, right) => new Concatenation(left, right));

    private static string Free(FeatureSet set, string name) => new FreeNames(set.ReadNames()).Take(name);
}
