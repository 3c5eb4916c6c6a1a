namespace Distiller;

/// <summary>Judges the history rows of one key one by one, by the rules every strategy follows (W1 to W4).</summary>
internal static class WhyPlanner
{
    private const string Candidate = "candidate";

    public static CompiledScript Build(Why why, PlanScope context)
    {
        var set = context.Checked(why.Join.Set);
        var tables = new FreeNames([set.HistoryTable.Name]);
        var lookup = new AsOfLookup(why.Training, why.Join, context.ShapeOf(set), context.Dialect) { Alias = tables.Take("history"), SpineIsKnown = true };
        var (placed, winner) = (tables.Take("placed"), tables.Take("winner"));
        var columns = new FreeNames(set.ReadNames());
        var (verdict, position) = (columns.Take("verdict"), columns.Take("position"));
        var asked = Asked().ToList();
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
        var row = new ColumnRef(placed, position);
        var said = new ColumnRef(placed, verdict);
        var first = new Select
        {
            // Without a winner, the place it would have is the first that is not after the instant, else past all.
            Columns = ValueList<Output>.Of(asked.SelectMany(one => why.Nearby is null
                ? [new Output(Winner(one), one.Row)]
                : new[]
                {
                    new Output(Winner(one), one.Row),
                    new(new Coalesce(Winner(one), new Coalesce(FirstWhere(new Compare(CompareOp.NotEqual, said, new Text(WhyWords.Of(Verdict.AfterInstant)))), new Aggregate(AggregateOp.Max, row))), one.Place),
                })),
            From = new CteRef(placed),
        };
        var query = new Select
        {
            With = ValueList<Cte>.Of([new(placed, ranked), new(winner, first)]),
            Columns = ValueList<Output>.Of(shown.Select(name => new Output(new ColumnRef(placed, name))).Concat(asked.Select(one => new Output(Judged(one), one.Verdict))).Append(new(row))),
            From = new Joined(JoinKind.Inner, new CteRef(placed), new CteRef(winner), why.Nearby is { } nearby ? Scalar.Or(asked.Select(one => Near(new ColumnRef(winner, one.Place), nearby))) : null),
            OrderBy = ValueList<SortKey>.Of([new(row)]),
        };
        return new(context.Dialect, [StatementWriter.Step(context, $"why {why.Join.Prefix}", new QueryStatement(query), StepRole.Answer)], [WhyWords.Question(why)], WhyWords.Notes(why));

        // One winner for the whole row, or one for each feature of a sparse set.
        IEnumerable<Asked> Asked() => set.IsSparse
            ? why.Join.Features.Select((feature, i) => new Asked(feature, columns.Take($"feature_{i + 1}_row"), columns.Take($"feature_{i + 1}_place"), columns.Take($"{feature.Name}__verdict")))
            : [new Asked(null, position, columns.Take("place"), verdict)];

        Aggregate FirstWhere(Scalar condition) => new(AggregateOp.Min, new Case(condition, row));

        Aggregate Winner(Asked one)
        {
            Scalar candidate = new Compare(CompareOp.Equal, said, new Text(Candidate));
            return FirstWhere(one.Feature is { } feature ? Scalar.And(candidate, lookup.Knows(feature, placed)) : candidate);
        }

        Scalar Near(ColumnRef at, int nearby) => Scalar.And(
            new Compare(CompareOp.GreaterOrEqual, row, new Arithmetic(ArithmeticOp.Subtract, at, new Number(nearby))),
            new Compare(CompareOp.LessOrEqual, row, new Arithmetic(ArithmeticOp.Add, at, new Number(nearby))));

        Case Judged(Asked one)
        {
            var young = why.Instant is DateTime instant
                ? TimeMath.YoungEnough(context.Dialect, lookup.Event, new ColumnRef(placed, lookup.Event.Name), why.Join.MaximumAge, TimeKind.Instant, new Value(StoredType.Instant, instant))
                : null;
            var outranked = new Compare(CompareOp.Greater, row, new ColumnRef(winner, one.Row));
            var branches = new List<Branch> { new(new Compare(CompareOp.NotEqual, said, new Text(Candidate)), said) };
            Add(one.Feature is { } known ? Scalar.And(outranked, lookup.Knows(known, placed)) : outranked, Verdict.Older);
            if (set.HasTombstones)
            {
                Add(new ColumnRef(placed, Names.Deleted), Verdict.Deleted);
            }

            if (one.Feature is { } feature)
            {
                Add(new IsNull(new ColumnRef(placed, feature.Name)), Verdict.NothingNew);
            }

            if (set.ValidToColumn is { } until && why.Instant is { } at)
            {
                var kind = at is DateTime ? TimeKind.Instant : TimeKind.Ordinal;
                Add(new Not(TimeMath.NotEnded(until, new ColumnRef(placed, until.Name), kind, new Value(StoredType.Of(kind), at), why.Training.IsStrict)), Verdict.Ended);
            }

            if (young is not null)
            {
                Add(young, Verdict.Winner);
            }

            return new(ValueList<Branch>.Of(branches), new Text(WhyWords.Of(young is null ? Verdict.Winner : Verdict.Expired)));

            void Add(Scalar when, Verdict then) => branches.Add(new(when, new Text(WhyWords.Of(then))));
        }
    }

    /// <summary>The columns shown of a row besides the verdicts: times, tie-breakers, the join's features, and whether it is a tombstone where the set has them.</summary>
    public static IReadOnlyList<string> Shown(TrainingJoin join) =>
    [
        .. new[] { join.Set.EventTimeColumn.Name }
            .Concat(join.Set.CreatedTimeColumn is { } created ? [created.Name] : [])
            .Concat(join.Set.TieBreakers.Select(tie => tie.Name))
            .Concat(join.Features.Select(feature => feature.Name))
            .Concat(join.Set.HasTombstones ? [Names.Deleted] : [])
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

    /// <summary>What is asked of the rows: the winner of all features (null), or of one; the columns of its number, of its place, and of the verdicts.</summary>
    private sealed record Asked(Feature? Feature, string Row, string Place, string Verdict);
}
