namespace Distiller;

/// <summary>Rows of which the newest per key is wanted (W2): those of a batch, or a whole history.</summary>
/// <param name="Set">The feature set they are of.</param>
/// <param name="From">The rows, by the alias given.</param>
/// <param name="Alias">Their alias.</param>
/// <param name="RowNumber">The column that numbers them; null = none does.</param>
/// <param name="Columns">The columns to hand out.</param>
internal sealed record NewestRows(FeatureSet Set, Relation From, string Alias, string? RowNumber, ValueList<Output> Columns)
{
    /// <summary>Whether a key of the table has them in order, by the entity's keys and then their times, and none is NULL.</summary>
    public bool IsOrdered { get; init; }

    public ValueList<Scalar> Keys => ValueList<Scalar>.Of(Set.Entity.Keys.Select(key => new ColumnRef(Alias, key.Name)));

    public ColumnRef EventTime => new(Alias, Set.EventTimeColumn.Name);

    /// <summary>A name none of the columns has.</summary>
    public string Free(string name) => new FreeNames(Columns.Select(column => ((ColumnRef)column.Content).Name)).Take(name);
}

/// <summary>A way to find the newest row of each key. It answers exactly or is not offered; none sorts whole rows.</summary>
internal abstract record NewestStrategy
{
    protected const string Rank = "newest_first";

    public abstract bool CanAnswer(NewestRows rows);

    public abstract Select Query(NewestRows rows);
}

/// <summary>Each key's last event time, then a rank among the few rows that have it: whatever ranks them, on every engine.</summary>
internal sealed record LastThenRanked : NewestStrategy
{
    private const string Last = "last";

    public override bool CanAnswer(NewestRows rows) => true;

    public override Select Query(NewestRows rows)
    {
        var keys = rows.Keys;
        var last = new Select
        {
            Columns = ValueList<Output>.Of(keys.Select(key => new Output(key)).Append(new(new Aggregate(AggregateOp.Max, rows.EventTime), rows.EventTime.Name))),
            From = rows.From,
            GroupBy = keys,
        };
        var rank = rows.Free(Rank);
        var ranked = new Select
        {
            Columns = rows.Columns.Add(new(new Window(WindowOp.RowNumber, null, keys, ValueList<SortKey>.Of(LatestPlanner.NewestFirst(rows.Set, rows.Alias))), rank)),
            From = new Joined(
                JoinKind.Inner,
                rows.From,
                new SelectRef(last, Last),
                Scalar.And(keys.Append(rows.EventTime).Cast<ColumnRef>().Select(column => new Compare(CompareOp.Equal, new ColumnRef(Last, column.Name), column)))),
        };
        return new()
        {
            Columns = rows.Columns,
            From = new SelectRef(ranked, rows.Alias),
            Where = new Compare(CompareOp.Equal, new ColumnRef(rows.Alias, rank), new Number(1)),
        };
    }
}

/// <summary>A rank of the numbers alone, then the rows that have the first: one sort of narrow rows, for engines that join a table with its own groups slowly.</summary>
internal sealed record RankedNumbers : NewestStrategy
{
    public override bool CanAnswer(NewestRows rows) => rows.RowNumber is not null;

    public override Select Query(NewestRows rows)
    {
        var number = new ColumnRef(rows.Alias, rows.RowNumber!);
        var rank = rows.Free(Rank);
        var ranked = new Select
        {
            Columns = ValueList<Output>.Of([new(number), new(new Window(WindowOp.RowNumber, null, rows.Keys, ValueList<SortKey>.Of(LatestPlanner.NewestFirst(rows.Set, rows.Alias))), rank)]),
            From = rows.From,
        };
        return new()
        {
            Columns = rows.Columns,
            From = rows.From,
            Where = new InQuery(ValueList<Scalar>.Of([number]), new()
            {
                Columns = ValueList<Output>.Of([new(number)]),
                From = new SelectRef(ranked, rows.Alias),
                Where = new Compare(CompareOp.Equal, new ColumnRef(rows.Alias, rank), new Number(1)),
            }),
        };
    }
}

/// <summary>The number at each key's greatest packed times: no join on times, no rank.</summary>
internal sealed record ArgMaxNewest : NewestStrategy
{
    public override bool CanAnswer(NewestRows rows) => rows.RowNumber is not null && rows.Set.TieBreakers.Count == 0 && rows.Set.EventTimeColumn.Kind != TimeKind.Ordinal && rows.Set.CreatedTimeColumn?.Kind != TimeKind.Ordinal;

    public override Select Query(NewestRows rows)
    {
        var number = new ColumnRef(rows.Alias, rows.RowNumber!);
        var times = new PackedTimes(
            rows.Set.EventTimeColumn.Kind,
            rows.EventTime,
            rows.Set.CreatedTimeColumn?.Kind ?? TimeKind.Instant,
            rows.Set.CreatedTimeColumn is { } created ? new ColumnRef(rows.Alias, created.Name) : null);
        return new()
        {
            Columns = rows.Columns,
            From = rows.From,
            Where = new InQuery(ValueList<Scalar>.Of([number]), new()
            {
                Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.ArgMax, number) { By = times }, rows.RowNumber)]),
                From = rows.From,
                GroupBy = rows.Keys,
            }),
        };
    }
}

/// <summary>The first of each key's rows where the table's key has them in order, read from its end: no sort, no join.</summary>
internal sealed record FirstInOrder : NewestStrategy
{
    public override bool CanAnswer(NewestRows rows) => rows.IsOrdered;

    // An index can be read backwards where every column descends.
    public override Select Query(NewestRows rows) => new()
    {
        DistinctOn = rows.Keys,
        Columns = rows.Columns,
        From = rows.From,
        OrderBy = ValueList<SortKey>.Of(rows.Keys.Select(key => new SortKey(key, Descending: true)).Concat(LatestPlanner.NewestFirst(rows.Set, rows.Alias))),
    };
}
