namespace Distiller;

/// <summary>
/// Spine and history in one sorted pass: history rows are numbered by key, event time and rank, and the greatest number met so far is the winner's.
/// Linear after the sort whatever the skew, and needs neither index nor row id. Cut at the event, a history row takes its place when it has both happened and become known.
/// In a sparse set each feature has a winner of its own: the greatest number met so far of a row that knows it.
/// </summary>
internal sealed record UnionStrategy() : AsOfStrategy(AsOf.Union)
{
    private const string History = "history";
    private const string Position = "position";
    private const string Side = "side";

    public override bool Finds(FeatureSet set) => true;

    public override bool CanAnswer(AsOfLookup lookup) => lookup.SpineIsKnown;

    public override string Reason(AsOfLookup lookup) => lookup switch
    {
        { Set.IsSparse: true, CutsAtEvent: true } => "one sorted pass over spine and history that carries each feature's newest row along, because each spine row has its own knowledge",
        { Set.IsSparse: true } => "one sorted pass over spine and history that carries each feature's newest row along",
        _ => "one sorted pass over spine and history, because no index of the history is known that finds a key's newest row before an instant",
    };

    public override void Add(AsOfQuery query, AsOfLookup lookup)
    {
        query.Number();
        var set = lookup.Set;
        var keys = set.Entity.Keys;
        var rank = lookup.Free("history_row");
        var ranked = query.Free(lookup.Alias + "_ranked");
        var merged = query.Free(lookup.Alias + "_merged");
        var carried = query.Free(lookup.Alias + "_carried");
        var created = lookup.CutsAtEvent ? set.CreatedTimeColumn : null;

        var winners = Winners(lookup, rank).ToList();
        var order = keys.Select(key => new SortKey(new ColumnRef(History, key.Name))).Concat(lookup.OldestFirst(History));
        var columns = keys.Select(key => key.Name).Append(lookup.Event.Name).Concat(created is null ? [] : [created.Name]).Concat(lookup.ProjectedNames())
            .Concat(set.IsSparse && set.HasTombstones ? [Names.Deleted] : []);
        var present = keys.Select(key => new IsNull(new ColumnRef(History, key.Name), Negated: true)).Append(new IsNull(new ColumnRef(History, lookup.Event.Name), Negated: true));
        query.AddCte(ranked, new()
        {
            Columns = ValueList<Output>.Of(columns.Distinct(Names.Comparer).Select(name => new Output(new ColumnRef(History, name)))
                .Append(new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Empty, ValueList<SortKey>.Of(order)), rank))),
            From = new TableRef(set.HistoryTable, History),
            Where = Scalar.And(lookup.Cut(History) is { } cut ? present.Append(cut) : present),
        }, materialized: true);

        query.AddCte(merged, Merge(query, lookup, ranked, winners, created), materialized: false);

        var partition = keys.Select((_, i) => (Scalar)new ColumnRef(null, KeyName(i)));
        query.AddCte(carried, new()
        {
            Columns = ValueList<Output>.Of(winners.Select(winner => new Output(
                new Window(
                    WindowOp.RunningMax,
                    new ColumnRef(null, winner.Row),
                    ValueList<Scalar>.Of(partition),
                    ValueList<SortKey>.Of([new(new ColumnRef(null, Position)), new(new ColumnRef(null, Side))])), winner.Row)).Prepend(new(new ColumnRef(null, query.RowNumber)))),
            From = new CteRef(merged),
        }, materialized: false);

        if (winners.Any(winner => winner.Feature is null))
        {
            AddNewest(query, lookup, carried, ranked, rank);
        }

        if (!set.IsSparse)
        {
            query.Project(lookup, lookup.Judge(query.Spine));
            return;
        }

        var served = Served(query, lookup, carried, ranked, rank, [.. winners.Where(winner => winner.Feature is not null)]);
        query.Project(lookup, feature => served[feature]);
    }

    private static void AddNewest(AsOfQuery query, AsOfLookup lookup, string carried, string ranked, string rank)
    {
        var match = query.Free(lookup.Alias + "_match");
        query.Join(
            JoinKind.Left,
            new SelectRef(new()
            {
                Columns = ValueList<Output>.Of([new(new ColumnRef(null, query.RowNumber)), new(new ColumnRef(null, rank))]),
                From = new CteRef(carried),
                Where = new IsNull(new ColumnRef(null, query.RowNumber), Negated: true),
            }, match),
            new Compare(CompareOp.Equal, new ColumnRef(match, query.RowNumber), query.SpineColumn(query.RowNumber)));
        query.Join(JoinKind.Left, new CteRef(ranked, lookup.Alias), new Compare(CompareOp.Equal, new ColumnRef(lookup.Alias, rank), new ColumnRef(match, rank)));
    }

    /// <summary>Fetches each sparse feature from the row carried along for it, some features at a time.</summary>
    private static Dictionary<Feature, Scalar> Served(AsOfQuery query, AsOfLookup lookup, string carried, string ranked, string rank, IReadOnlyList<Winner> winners)
    {
        const string found = "carried";
        var served = new Dictionary<Feature, Scalar>();
        foreach (var some in winners.Chunk(SparseValues.Together))
        {
            var values = query.Free(lookup.Alias + "_values");
            var features = some.Select((winner, i) => new SparseValue(winner.Feature!, winner.Row, lookup.Join.MaximumAge is null ? null : lookup.Free($"feature_{i + 1}_time"))).ToList();
            query.AddCte(values, SparseValues.Query(lookup.Set, new CteRef(carried, found), found, query.RowNumber, ranked, rank, features) with
            {
                Where = new IsNull(new ColumnRef(found, query.RowNumber), Negated: true),
            }, materialized: true);
            query.Join(JoinKind.Left, new CteRef(values), new Compare(CompareOp.Equal, new ColumnRef(values, query.RowNumber), query.SpineColumn(query.RowNumber)));
            foreach (var (feature, _, time) in features)
            {
                var value = new ColumnRef(values, feature.Name);
                served[feature] = time is not null && lookup.Judge(new ColumnRef(values, time), query.Spine) is { } judge ? new Case(judge, value) : value;
            }
        }

        return served;
    }

    /// <summary>The rows that are carried along: the newest, or each sparse feature's newest, and the newest beside where it tells of the match.</summary>
    private static IEnumerable<Winner> Winners(AsOfLookup lookup, string rank)
    {
        if (!lookup.Set.IsSparse || lookup.Training.HasMatch)
        {
            yield return new(null, rank, new ColumnRef(History, rank));
        }

        for (var i = 0; lookup.Set.IsSparse && i < lookup.Join.Features.Count; i++)
        {
            var feature = lookup.Join.Features[i];
            yield return new(feature, lookup.Free($"feature_{i + 1}_row"), new Case(lookup.Knows(feature, History), new ColumnRef(History, rank)));
        }
    }

    private static string KeyName(int i) => $"key_{i + 1}";

    private static Select Merge(AsOfQuery query, AsOfLookup lookup, string ranked, IReadOnlyList<Winner> winners, TimeColumn? created)
    {
        var keys = lookup.Set.Entity.Keys;
        var strictAtEvent = created is not null && lookup.Training.IsStrict;
        var asItIs = lookup.Instant.Kind == lookup.Event.Kind && lookup.Event.Kind != TimeKind.Text && !strictAtEvent && (created is null || created.Kind == lookup.Event.Kind);

        // Strictly, a row at the spine's own instant comes after it; with the created clock in play it comes one microsecond later instead.
        var historyFirst = !lookup.Training.IsStrict || created is not null;
        var position = TimeMath.Position(lookup.Event.Kind, new ColumnRef(History, lookup.Event.Name), asItIs);
        if (strictAtEvent)
        {
            position = new Arithmetic(ArithmeticOp.Add, position, new Number(1));
        }

        if (created is not null)
        {
            var known = TimeMath.Position(created.Kind, new ColumnRef(History, created.Name), asItIs);
            position = new GreaterOf(position, lookup.Shape.CreatedMayBeNull ? new Coalesce(known, position) : known);
        }

        var spine = query.NumberedSpine!;
        var instant = new ColumnRef(spine, lookup.Instant.Name);
        var spineKeys = lookup.Join.SpineKeys.Select(name => (Scalar)new ColumnRef(spine, name)).ToList();
        return new()
        {
            Columns = ValueList<Output>.Of(keys.Select((key, i) => new Output(new ColumnRef(History, key.Name), KeyName(i)))
                .Append(new(position, Position))
                .Append(new(new Number(historyFirst ? 0 : 1), Side))
                .Concat(winners.Select(winner => new Output(winner.Content, winner.Row)))
                .Append(new(new NullOf(StoredType.RowNumber), query.RowNumber))),
            From = new CteRef(ranked, History),
            UnionAll = new()
            {
                Columns = ValueList<Output>.Of(spineKeys.Select(key => new Output(key))
                    .Append(new(TimeMath.Position(lookup.Instant.Kind, instant, asItIs)))
                    .Append(new(new Number(historyFirst ? 1 : 0)))
                    .Concat(winners.Select(_ => new Output(new NullOf(StoredType.RowNumber))))
                    .Append(new(new ColumnRef(spine, query.RowNumber)))),
                From = new CteRef(spine),
                Where = Scalar.And(spineKeys.Append(instant).Select(column => new IsNull(column, Negated: true))),
            },
        };
    }

    /// <summary>A history row that is carried along: for which feature (null = for all), the column with its number, and what counts for it.</summary>
    private sealed record Winner(Feature? Feature, string Row, Scalar Content);
}
