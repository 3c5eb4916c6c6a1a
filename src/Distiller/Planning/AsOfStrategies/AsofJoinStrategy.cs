namespace Distiller;

/// <summary>
/// The engine's ASOF JOIN, made exact: it takes one inequality and any of several equal rows, so event time and what ranks equal event times become one number,
/// or only the first of equal event times is let in. A spine row without an instant, which the engine would give the newest row of all, compares as before everything.
/// </summary>
internal sealed record AsofJoinStrategy() : AsOfStrategy(AsOf.AsofJoin)
{
    private const string History = "history";

    /// <summary>From this many history rows per spine row on, reading only the spine's keys pays.</summary>
    private const int SmallSpine = 50;

    private static readonly StoredType Half = StoredType.Of(FeatureType.Int32);

    public override bool CanAnswer(AsOfLookup lookup) => !lookup.CutsAtEvent || lookup.RowIdName is not null;

    public override string Reason(AsOfLookup lookup) => Why(lookup) + Narrowing(lookup);

    /// <summary>What the comment adds where keys are compared in half their bytes.</summary>
    public static string Narrowing(AsOfLookup lookup) =>
        lookup.Set.Entity.Keys.Any(key => Narrows(lookup, key)) ? "; keys as INTEGER, which all were seen to fit, because a shorter key sorts faster" : "";

    private static string Why(AsOfLookup lookup) => lookup switch
    {
        { CutsAtEvent: true } => "ASOF JOIN on the instant a row had both happened and become known, because each spine row has its own knowledge",
        { Set.CreatedTimeColumn: null, Set.TieBreakers.Count: 0 } => "ASOF JOIN on the event time; rows of equal event time are taken arbitrarily, because the set has neither created time nor tie-breaker",
        _ when Packs(lookup) => "ASOF JOIN on event and created time packed into one number, because ASOF takes one inequality and leaves ties open",
        _ => "ASOF JOIN on the first row of each event time, because ASOF takes one inequality and leaves ties open",
    };

    public override void Add(AsOfQuery query, AsOfLookup lookup)
    {
        if (lookup.CutsAtEvent)
        {
            AddCutAtEvent(query, lookup);
        }
        else if (Packs(lookup))
        {
            AddPacked(query, lookup);
        }
        else
        {
            AddByEventTime(query, lookup);
        }

        query.Project(lookup, lookup.Judge(query.Spine));
    }

    public static bool Packs(AsOfLookup lookup) => lookup.Set.CreatedTimeColumn is not null && lookup.Event.Kind != TimeKind.Ordinal;

    /// <summary>A history row's event and created time as one number.</summary>
    public static PackedTimes Packed(AsOfLookup lookup)
    {
        var created = lookup.Set.CreatedTimeColumn!;
        return new(lookup.Event.Kind, new ColumnRef(History, lookup.Event.Name), created.Kind, new ColumnRef(History, created.Name)) { CreatedMayBeNull = lookup.Shape.CreatedMayBeNull };
    }

    private static void AddPacked(AsOfQuery query, AsOfLookup lookup)
    {
        var order = lookup.Free("asof_order");
        var right = Candidates(query, lookup, lookup.Projection(History).Append(new(Packed(lookup), order)));
        var bound = new PackedTimes(lookup.Instant.Kind, query.Instant, TimeKind.EpochMicroseconds, new Number(lookup.Training.IsStrict ? long.MinValue : long.MaxValue));
        query.Join(JoinKind.Asof, new SelectRef(right, lookup.Alias), On(query, lookup, new OrBeforeAll(bound, IsPacked: true), order));
    }

    private static void AddByEventTime(AsOfQuery query, AsOfLookup lookup)
    {
        // The event time is the same throughout a partition; with it there are two sort keys, and DuckDB 1.5 keeps the window: turned into arg_max, it gave wrong rows for text keys.
        var ranks = ValueList<SortKey>.Of(lookup.NewestFirst(History));
        var order = lookup.Free("asof_order");
        var micros = TimeMath.Microseconds(lookup.Event.Kind, new ColumnRef(History, lookup.Event.Name));
        var right = Candidates(query, lookup, lookup.Projection(History).Append(new(micros, order)));
        if (ranks.Count > 1)
        {
            var rank = lookup.Free("rank");
            var partition = lookup.Set.Entity.Keys.Select(key => key.Name).Append(lookup.Event.Name).Select(name => (Scalar)new ColumnRef(History, name));
            var inner = right with { Columns = right.Columns.Add(new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Of(partition), ranks), rank)) };
            right = new()
            {
                Columns = ValueList<Output>.Of(right.Columns.Select(column => new Output(new ColumnRef(History, column.Alias ?? ((ColumnRef)column.Content).Name)))),
                From = new SelectRef(inner, History),
                Where = new Compare(CompareOp.Equal, new ColumnRef(History, rank), new Number(1)),
            };
        }

        var bound = new OrBeforeAll(TimeMath.Microseconds(lookup.Instant.Kind, query.Instant), IsPacked: false);
        query.Join(JoinKind.Asof, new SelectRef(right, lookup.Alias), On(query, lookup, bound, order));
    }

    private static void AddCutAtEvent(AsOfQuery query, AsOfLookup lookup)
    {
        var created = lookup.Set.CreatedTimeColumn!;
        var eventTime = TimeMath.Microseconds(lookup.Event.Kind, new ColumnRef(History, lookup.Event.Name));
        var happened = lookup.Training.IsStrict ? new Arithmetic(ArithmeticOp.Add, eventTime, new Number(1)) : eventTime;
        var known = TimeMath.Microseconds(created.Kind, new ColumnRef(History, created.Name));
        Scalar position = new GreaterOf(happened, lookup.Shape.CreatedMayBeNull ? new Coalesce(known, happened) : known);
        var order = lookup.Free("asof_order");
        var winner = lookup.Free("winner");
        var match = query.Free(lookup.Alias + "_match");
        var best = new Window(
            WindowOp.RunningArgMax,
            new RowId(History, lookup.RowIdName!),
            ValueList<Scalar>.Of(lookup.Set.Entity.Keys.Select(key => new ColumnRef(History, key.Name))),
            ValueList<SortKey>.Of([new(position)]),
            Packed(lookup));
        var right = Candidates(query, lookup, [new(position, order), new(best, winner)]);
        query.Join(JoinKind.Asof, new SelectRef(right, match), On(query, lookup with { Alias = match }, new OrBeforeAll(TimeMath.Microseconds(lookup.Instant.Kind, query.Instant), IsPacked: false), order, strict: false));
        query.Join(JoinKind.Left, new TableRef(lookup.Set.HistoryTable, lookup.Alias), new Compare(CompareOp.Equal, new RowId(lookup.Alias, lookup.RowIdName!), new ColumnRef(match, winner)));
    }

    public static Select Candidates(AsOfQuery query, AsOfLookup lookup, IEnumerable<Output> columns)
    {
        var terms = new List<Scalar> { new IsNull(new ColumnRef(History, lookup.Event.Name), Negated: true) };
        if (!lookup.Set.IsExisting)
        {
            terms.Clear();
        }

        if (lookup.Cut(History) is { } cut)
        {
            terms.Add(cut);
        }

        if (lookup.SpineRows is { } few && lookup.Shape.Rows >= few * SmallSpine)
        {
            terms.Add(new InQuery(ValueList<Scalar>.Of(lookup.Set.Entity.Keys.Select(key => new ColumnRef(History, key.Name))), new()
            {
                Columns = ValueList<Output>.Of(lookup.Join.SpineKeys.Select(name => new Output(query.SpineColumn(name)))),
                From = query.Source,
            }));
        }

        return new()
        {
            Columns = ValueList<Output>.Of(lookup.Set.Entity.Keys.Select(key => Key(lookup, key)).Concat(columns).DistinctBy(column => column.Alias ?? ((ColumnRef)column.Content).Name, Names.Comparer)),
            From = new TableRef(lookup.Set.HistoryTable, History),
            Where = terms.Count > 0 ? Scalar.And(terms) : null,
        };
    }

    public static Scalar On(AsOfQuery query, AsOfLookup lookup, Scalar bound, string order, bool? strict = null)
    {
        var equal = lookup.Set.Entity.Keys.Select((key, i) => (Scalar)new Compare(CompareOp.Equal, Narrows(lookup, key) ? new Cast(query.SpineColumn(lookup.Join.SpineKeys[i]), Half) { OrNull = true } : query.SpineColumn(lookup.Join.SpineKeys[i]), new ColumnRef(lookup.Alias, key.Name)));
        var op = strict ?? lookup.Training.IsStrict ? CompareOp.Greater : CompareOp.GreaterOrEqual;
        return Scalar.And(equal.Append(new Compare(op, bound, new ColumnRef(lookup.Alias, order))));
    }

    /// <summary>A history key in half its bytes where all are known to fit; one that came since and does not is an error of the cast, never another key.</summary>
    private static Output Key(AsOfLookup lookup, EntityKey key)
    {
        var column = new ColumnRef(History, key.Name);
        return Narrows(lookup, key) ? new(new Cast(column, Half), key.Name) : new(column);
    }

    private static bool Narrows(AsOfLookup lookup, EntityKey key) => lookup.Shape.HasSmallKeys && key.Type.Kind == FeatureKind.Int64;
}
