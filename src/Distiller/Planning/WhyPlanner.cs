namespace Distiller;

/// <summary>Judges the history rows of one key one by one, by the rules every strategy follows (W1 to W4).</summary>
internal static class WhyPlanner
{
    private const string Candidate = "candidate";

    public static CompiledScript Build(Why why, PlanScope context)
    {
        var set = context.Checked(why.Join.Set);
        var lookup = new AsOfLookup(why.Training, why.Join, context.ShapeOf(set), context.Dialect) { Alias = Free("history"), SpineIsKnown = true };
        var (placed, winner) = (Free("placed"), Free("winner"));
        var (verdict, position, place) = (lookup.Free("verdict"), lookup.Free("position"), lookup.Free("place"));
        var shown = Shown(why.Join);

        // What no row may be is said first; of the rest the first in order wins.
        var ranked = new Select
        {
            Columns = ValueList<Output>.Of(shown.Concat(set.ValidToColumn is { } end ? [end.Name] : []).Select(name => new Output(new ColumnRef(lookup.Alias, name)))
                .Append(new(Refusal(why, lookup), verdict))
                .Append(new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Empty, ValueList<SortKey>.Of(NewestFirst(lookup))), position))),
            From = new TableRef(set.HistoryTable, lookup.Alias),
            Where = Scalar.And(set.Entity.Keys.Select((key, i) => new Compare(CompareOp.Equal, new ColumnRef(lookup.Alias, key.Name), new Value(StoredType.Of(key.Type), why.Key[i])))),
        };
        var first = new Select
        {
            Columns = ValueList<Output>.Of(
            [
                new(FirstWhere(CompareOp.Equal, Candidate), position),

                // Without a winner, the place it would have is the first that is not after the instant, else past all.
                .. why.Nearby is null ? Array.Empty<Output>() :
                [
                    new(new Coalesce(FirstWhere(CompareOp.Equal, Candidate), new Coalesce(FirstWhere(CompareOp.NotEqual, WhyWords.Of(Verdict.AfterInstant)), new Aggregate(AggregateOp.Max, new ColumnRef(placed, position)))), place),
                ],
            ]),
            From = new CteRef(placed),
        };
        var row = new ColumnRef(placed, position);
        var at = new ColumnRef(winner, place);
        var query = new Select
        {
            With = ValueList<Cte>.Of([new(placed, ranked), new(winner, first)]),
            Columns = ValueList<Output>.Of(shown.Select(name => new Output(new ColumnRef(placed, name))).Append(new(Judged(), verdict)).Append(new(row))),
            From = new Joined(
                JoinKind.Inner,
                new CteRef(placed),
                new CteRef(winner),
                why.Nearby is { } nearby
                    ? Scalar.And(
                        new Compare(CompareOp.GreaterOrEqual, row, new Arithmetic(ArithmeticOp.Subtract, at, new Number(nearby))),
                        new Compare(CompareOp.LessOrEqual, row, new Arithmetic(ArithmeticOp.Add, at, new Number(nearby))))
                    : null),
            OrderBy = ValueList<SortKey>.Of([new(row)]),
        };
        return new(context.Dialect, [StatementWriter.Step(context, $"why {why.Join.Prefix}", new QueryStatement(query), StepRole.Answer)], [WhyWords.Question(why)], WhyWords.Notes(why));

        string Free(string name)
        {
            while (Names.Comparer.Equals(name, set.HistoryTable.Name))
            {
                name += "_";
            }

            return name;
        }

        Aggregate FirstWhere(CompareOp op, string words) =>
            new(AggregateOp.Min, new Case(new Compare(op, new ColumnRef(placed, verdict), new Text(words)), new ColumnRef(placed, position)));

        Case Judged()
        {
            var young = why.Instant is DateTime instant
                ? TimeMath.YoungEnough(context.Dialect, lookup.Event, new ColumnRef(placed, lookup.Event.Name), why.Join.MaximumAge, TimeKind.Instant, new Value(StoredType.Instant, instant))
                : null;
            var said = new ColumnRef(placed, verdict);
            var branches = new List<Branch>
            {
                new(new Compare(CompareOp.NotEqual, said, new Text(Candidate)), said),
                new(new Compare(CompareOp.Greater, row, new ColumnRef(winner, position)), new Text(WhyWords.Of(Verdict.Older))),
            };
            if (set.ValidToColumn is { } until && why.Instant is { } at)
            {
                var kind = at is DateTime ? TimeKind.Instant : TimeKind.Ordinal;
                branches.Add(new(new Not(TimeMath.NotEnded(until, new ColumnRef(placed, until.Name), kind, new Value(StoredType.Of(kind), at), why.Training.IsStrict)), new Text(WhyWords.Of(Verdict.Ended))));
            }

            if (young is not null)
            {
                branches.Add(new(young, new Text(WhyWords.Of(Verdict.Winner))));
            }

            return new(ValueList<Branch>.Of(branches), new Text(WhyWords.Of(young is null ? Verdict.Winner : Verdict.Expired)));
        }
    }

    /// <summary>The columns shown of a row besides the verdict: times, tie-breakers, the join's features.</summary>
    public static IReadOnlyList<string> Shown(TrainingJoin join) =>
    [
        .. new[] { join.Set.EventTimeColumn.Name }
            .Concat(join.Set.CreatedTimeColumn is { } created ? [created.Name] : [])
            .Concat(join.Set.TieBreakers.Select(tie => tie.Name))
            .Concat(join.Features.Select(feature => feature.Name))
            .Distinct(Names.Comparer),
    ];

    private static IEnumerable<SortKey> NewestFirst(AsOfLookup lookup) =>
        lookup.Ordering(lookup.Alias, newestFirst: true).Prepend(new(new ColumnRef(lookup.Alias, lookup.Event.Name), Descending: true, NullsLast: lookup.Set.IsExisting));

    /// <summary>What keeps a row from being a candidate (W1, P5), else that it is one.</summary>
    private static Scalar Refusal(Why why, AsOfLookup lookup)
    {
        if (why.Instant is null)
        {
            return new Text(WhyWords.Of(Verdict.NoInstant));
        }

        var eventTime = new ColumnRef(lookup.Alias, lookup.Event.Name);
        var branches = new List<Branch>();
        if (lookup.Set.IsExisting)
        {
            Add(new IsNull(eventTime), Verdict.NoEventTime);
        }

        if (why.Instant is DateTime { Ticks: 0 } && why.Training.IsStrict)
        {
            // Nothing is before the first instant there is.
            Add(new IsNull(eventTime, Negated: true), Verdict.AfterInstant);
        }
        else
        {
            Add(After(lookup.Event, eventTime, why.Instant, why.Training.IsStrict), Verdict.AfterInstant);
        }

        if (lookup.Set.CreatedTimeColumn is { } created && Known(why) is { } known)
        {
            Add(After(created, new ColumnRef(lookup.Alias, created.Name), known, orAt: false), Verdict.NotYetKnown);
        }

        return new Case(ValueList<Branch>.Of(branches), new Text(Candidate));

        void Add(Scalar when, Verdict verdict) => branches.Add(new(when, new Text(WhyWords.Of(verdict))));
    }

    private static DateTime? Known(Why why) => why.Training.Knowledge switch
    {
        Knowledge.AtInstant => why.Training.KnowledgeInstant!.Value.UtcDateTime,
        Knowledge.AtEvent => (DateTime)why.Instant!,
        _ => null,
    };

    private static Compare After(TimeColumn column, Scalar value, object instant, bool orAt)
    {
        if (instant is not DateTime at)
        {
            return new(orAt ? CompareOp.GreaterOrEqual : CompareOp.Greater, value, new Value(StoredType.Of(TimeKind.Ordinal), instant));
        }

        var until = (Compare)TimeMath.AtOrBefore(column, value, orAt ? at.AddTicks(-TimeSpan.TicksPerMicrosecond) : at);
        return until with { Op = until.Op == CompareOp.Less ? CompareOp.GreaterOrEqual : CompareOp.Greater };
    }
}
