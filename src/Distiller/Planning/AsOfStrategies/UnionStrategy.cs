namespace Distiller;

/// <summary>
/// Spine and history in one sorted pass: history rows are numbered by key, event time and rank, and the greatest number met so far is the winner's.
/// Linear after the sort whatever the skew, and needs neither index nor row id. Cut at the event, a history row takes its place when it has both happened and become known.
/// </summary>
internal sealed record UnionStrategy() : AsOfStrategy(AsOf.Union)
{
    private const string History = "history";
    private const string Position = "position";
    private const string Side = "side";

    public override bool CanAnswer(AsOfLookup lookup) => lookup.SpineIsKnown;

    public override string Reason(AsOfLookup lookup) => "one sorted pass over spine and history, because no index of the history is known that finds a key's newest row before an instant";

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

        var order = keys.Select(key => new SortKey(new ColumnRef(History, key.Name))).Concat(lookup.OldestFirst(History));
        var columns = keys.Select(key => key.Name).Concat(lookup.JudgedColumns).Concat(created is null ? [] : [created.Name]).Concat(lookup.Join.Features.Select(feature => feature.Name));
        var present = keys.Select(key => new IsNull(new ColumnRef(History, key.Name), Negated: true)).Append(new IsNull(new ColumnRef(History, lookup.Event.Name), Negated: true));
        query.AddCte(ranked, new()
        {
            Columns = ValueList<Output>.Of(columns.Distinct(Names.Comparer).Select(name => new Output(new ColumnRef(History, name)))
                .Append(new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Empty, ValueList<SortKey>.Of(order)), rank))),
            From = new TableRef(set.HistoryTable, History),
            Where = Scalar.And(lookup.Cut(History) is { } cut ? present.Append(cut) : present),
        }, materialized: true);

        query.AddCte(merged, Merge(query, lookup, ranked, rank, created), materialized: false);

        var partition = keys.Select((_, i) => (Scalar)new ColumnRef(null, KeyName(i)));
        query.AddCte(carried, new()
        {
            Columns = ValueList<Output>.Of(
            [
                new(new ColumnRef(null, query.RowNumber)),
                new(new Window(
                    WindowOp.RunningMax,
                    new ColumnRef(null, rank),
                    ValueList<Scalar>.Of(partition),
                    ValueList<SortKey>.Of([new(new ColumnRef(null, Position)), new(new ColumnRef(null, Side))])), rank),
            ]),
            From = new CteRef(merged),
        }, materialized: false);

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
        Scalar found = new Compare(CompareOp.Equal, new ColumnRef(lookup.Alias, rank), new ColumnRef(match, rank));
        query.Join(JoinKind.Left, new CteRef(ranked, lookup.Alias), found);
        query.Project(lookup, lookup.Judge(query.Spine));
    }

    private static string KeyName(int i) => $"key_{i + 1}";

    private static Select Merge(AsOfQuery query, AsOfLookup lookup, string ranked, string rank, TimeColumn? created)
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
                .Append(new(new ColumnRef(History, rank)))
                .Append(new(new NullOf(StoredType.RowNumber), query.RowNumber))),
            From = new CteRef(ranked, History),
            UnionAll = new()
            {
                Columns = ValueList<Output>.Of(spineKeys.Select(key => new Output(key))
                    .Append(new(TimeMath.Position(lookup.Instant.Kind, instant, asItIs)))
                    .Append(new(new Number(historyFirst ? 1 : 0)))
                    .Append(new(new NullOf(StoredType.RowNumber)))
                    .Append(new(new ColumnRef(spine, query.RowNumber)))),
                From = new CteRef(spine),
                Where = Scalar.And(spineKeys.Append(instant).Select(column => new IsNull(column, Negated: true))),
            },
        };
    }
}
