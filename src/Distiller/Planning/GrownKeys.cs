namespace Distiller;

/// <summary>
/// The keys a refresh recomputes, in a temporary table: each with the event time from which on its intervals may differ, how many rows of history it has, and how many intervals are removed.
/// A key's history only grows, so what it said before its first new row stays: recomputing begins with the interval before that row, whose end moves, and which may be one with what follows.
/// </summary>
internal sealed class GrownKeys
{
    public const string Keys = "keys";
    public const string Removed = "removed";

    private const string Alias = "touched";
    private const string Counted = "counted";
    private const string History = "history";
    private const string Intervals = "intervals";
    private const string Noted = "noted";
    private const string Pending = "pending";

    private readonly FeatureSet set;
    private readonly Scd2Table scd2;
    private readonly List<string> keys;
    private readonly string since;
    private readonly string removed;
    private readonly string appended;
    private readonly string first;

    public GrownKeys(FeatureSet set, TableName table)
    {
        this.set = set;
        Table = table;
        scd2 = set.Scd2Table!;
        keys = [.. set.Entity.Keys.Select(key => key.Name)];
        var free = new FreeNames(keys.Append(Names.HistoryRows));
        since = free.Take("recomputed_from");
        removed = free.Take(Removed);
        appended = Scd2Planner.PendingRows(set);
        first = Scd2Planner.PendingFirst(set);
    }

    public TableName Table { get; }

    public TableRef From => new(Table, Alias, IsTemporary: true);

    /// <summary>The table's columns.</summary>
    public ValueList<string> Columns => ValueList<string>.Of((IsPartly ? keys.Append(since) : keys).Append(Names.HistoryRows).Append(removed));

    /// <summary>How many rows of history the key has.</summary>
    public ColumnRef Rows { get; } = new(Alias, Names.HistoryRows);

    /// <summary>Whether a key is recomputed from its first new row on: not where each row says what those before it knew.</summary>
    private bool IsPartly => !set.IsSparse;

    /// <summary>Whether a row with keys and this time, by an alias, is recomputed.</summary>
    public Scalar Match(string alias, string time)
    {
        var match = Same(alias, Alias).ToList();
        if (IsPartly)
        {
            match.Add(new Compare(CompareOp.GreaterOrEqual, new ColumnRef(alias, time), new ColumnRef(Alias, since)));
        }

        return Scalar.And(match);
    }

    /// <summary>The keys alone.</summary>
    public Select OnlyKeys() => new() { Columns = Outputs(Scd2Planner.Keys(set, Alias)), From = From };

    /// <summary>The keys that publishes have noted.</summary>
    public Select OfPublishes()
    {
        var noted = new Select
        {
            Columns = Outputs(Scd2Planner.Keys(set, Pending)).Add(new(Sum(new ColumnRef(Pending, appended)), appended)).Add(new(new Aggregate(AggregateOp.Min, new ColumnRef(Pending, first)), first)),
            From = new TableRef(scd2.PendingTable, Pending),
            Where = IsNoted(),
            GroupBy = Scd2Planner.Keys(set, Pending),
        };
        var (begin, news) = (new ColumnRef(Intervals, scd2.Columns.ValidFrom), new ColumnRef(Noted, first));
        var before = new Compare(CompareOp.Less, begin, news);
        var known = new Coalesce(new Aggregate(AggregateOp.Max, new ColumnRef(Intervals, Names.HistoryRows)), new Number(0));
        return new()
        {
            Columns = Begun(Noted, new Coalesce(new Aggregate(AggregateOp.Max, new Case(before, begin)), new Aggregate(AggregateOp.Max, news)))
                .Add(new(new Arithmetic(ArithmeticOp.Add, known, new Aggregate(AggregateOp.Max, new ColumnRef(Noted, appended))), Names.HistoryRows))
                .Add(new(
                    IsPartly
                        ? new Arithmetic(ArithmeticOp.Add, Aggregate.CountWhere(new Compare(CompareOp.GreaterOrEqual, begin, news)), new Aggregate(AggregateOp.Max, Case.OneWhere(before)))
                        : new Aggregate(AggregateOp.Count, begin),
                    removed)),
            From = new Joined(JoinKind.Left, new SelectRef(noted, Noted), new TableRef(scd2.Table, Intervals), Scalar.And(Same(Intervals, Noted).ToList())),
            GroupBy = Scd2Planner.Keys(set, Noted),
        };
    }

    /// <summary>The keys of which history has another number of rows than the intervals tell, and those publishes have noted; each from its first row on.</summary>
    public Select OfCounts()
    {
        var free = new FreeNames(keys);
        var (now, then, begin, intervals, isNoted) = (free.Take("rows_now"), free.Take("rows_then"), free.Take("begins"), free.Take(Intervals), free.Take(Noted));
        var published = new Select
        {
            Columns = Branch(Pending, new Number(0), new Number(0), new Aggregate(AggregateOp.Min, new ColumnRef(Pending, first)), new Number(0), new Number(1)),
            From = new TableRef(scd2.PendingTable, Pending),
            Where = IsNoted(),
            GroupBy = Scd2Planner.Keys(set, Pending),
        };
        var told = new Select
        {
            Columns = Branch(
                Intervals,
                new Number(0),
                new Aggregate(AggregateOp.Max, new ColumnRef(Intervals, Names.HistoryRows)),
                new Aggregate(AggregateOp.Min, new ColumnRef(Intervals, scd2.Columns.ValidFrom)),
                new Aggregate(AggregateOp.Count),
                new Number(0)),
            From = new TableRef(scd2.Table, Intervals),
            GroupBy = Scd2Planner.Keys(set, Intervals),
            UnionAll = published,
        };
        var counts = new Select
        {
            Columns = Branch(History, new Aggregate(AggregateOp.Count), new Number(0), new Aggregate(AggregateOp.Min, new ColumnRef(History, set.EventTimeColumn.Name)), new Number(0), new Number(0)),
            From = Scd2Planner.From(set),
            Where = Scd2Planner.Present(set, null),
            GroupBy = Scd2Planner.HistoryKeys(set),
            UnionAll = told,
        };
        return new()
        {
            Columns = Begun(Counted, new Aggregate(AggregateOp.Min, new ColumnRef(Counted, begin)))
                .Add(new(Sum(new ColumnRef(Counted, now)), Names.HistoryRows))
                .Add(new(Sum(new ColumnRef(Counted, intervals)), removed)),
            From = new SelectRef(counts, Counted),
            GroupBy = Scd2Planner.Keys(set, Counted),
            Having = Scalar.Or(
                new Compare(CompareOp.NotEqual, Sum(new ColumnRef(Counted, now)), Sum(new ColumnRef(Counted, then))),
                new Compare(CompareOp.Greater, Sum(new ColumnRef(Counted, isNoted)), new Number(0))),
        };

        ValueList<Output> Branch(string alias, Scalar rowsNow, Scalar rowsThen, Scalar begins, Scalar removes, Scalar notes)
        {
            var columns = Outputs(Scd2Planner.Keys(set, alias)).Add(new(rowsNow, now)).Add(new(rowsThen, then)).Add(new(removes, intervals)).Add(new(notes, isNoted));
            return IsPartly ? columns.Add(new(begins, begin)) : columns;
        }
    }

    /// <summary>How many keys there are, and how many intervals are removed.</summary>
    public Select Count() => new()
    {
        Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), Keys), new(new Coalesce(Sum(new ColumnRef(Alias, removed)), new Number(0)), Removed)]),
        From = From,
    };

    /// <summary>The intervals that are recomputed.</summary>
    public Joined OfIntervals() => new(JoinKind.Inner, new TableRef(scd2.Table, Intervals), From, Match(Intervals, scd2.Columns.ValidFrom));

    /// <summary>Removes them.</summary>
    public Delete Remove(SqlDialect dialect)
    {
        var identity = ValueList<Scalar>.Of(keys.Append(scd2.Columns.ValidFrom).Select(name => new ColumnRef(Intervals, name)));
        return dialect.DeletesUsing
            ? new(scd2.Table, Intervals, Match(Intervals, scd2.Columns.ValidFrom)) { Using = From }
            : new(scd2.Table, Intervals, new InQuery(identity, new() { Columns = Outputs(identity), From = OfIntervals() }));
    }

    /// <summary>Keys, and where they are recomputed from.</summary>
    private ValueList<Output> Begun(string alias, Scalar from)
    {
        var outputs = Outputs(Scd2Planner.Keys(set, alias));
        return IsPartly ? outputs.Add(new(from, since)) : outputs;
    }

    private static ValueList<Output> Outputs(IEnumerable<Scalar> columns) => ValueList<Output>.Of(columns.Select(column => new Output(column)));

    private static Aggregate Sum(Scalar operand) => new(AggregateOp.Sum, operand);

    private IsNull IsNoted() => new(new ColumnRef(Pending, keys[0]), Negated: true);

    private IEnumerable<Scalar> Same(string left, string right) => keys.Select(key => new Compare(CompareOp.Equal, new ColumnRef(left, key), new ColumnRef(right, key)));
}
