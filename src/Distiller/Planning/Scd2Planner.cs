namespace Distiller;

/// <summary>
/// History as intervals, in one sorted pass: a row is superseded where the row after it has its event time, and ends where the row after it begins.
/// A tombstone ends the row before it like any other, and is left out at the end. The rows of a sparse set are filled up first with what their key knew by then.
/// </summary>
internal static class Scd2Planner
{
    private const string History = "history";
    private const string Winners = "winners";

    public static CompiledScript Build(Scd2 statement, PlanScope context) => new(
        context.Dialect,
        [StatementWriter.Step(context, $"the intervals of {statement.Set.Name}", new QueryStatement(Query(statement, context)), StepRole.Answer)],
        Comments(statement),
        []);

    public static Select Query(Scd2 statement, PlanScope context) =>
        Intervals(context.Checked(statement.Set), statement.Columns, statement.IsCollapsed, withRows: false, grown: null);

    public static IEnumerable<string> Comments(Scd2 statement) => [$"Intervals of {statement.Set.Name}{(statement.IsCollapsed ? ", those that follow each other with equal features as one" : "")}."];

    public static IReadOnlyList<ResultColumn> ResultColumns(FeatureSet set, Scd2Columns names) =>
        [.. TableColumns(set, names).SkipLast(1).Select(column => new ResultColumn(column.Name, column.Type))];

    /// <summary>The columns of the table; the last is Distiller's own.</summary>
    public static ValueList<ColumnDefinition> TableColumns(FeatureSet set, Scd2Columns names)
    {
        var time = StoredType.Of(set.EventTimeColumn.Kind);
        return ValueList<ColumnDefinition>.Of(set.Entity.Keys.Select(key => new ColumnDefinition(key.Name, StoredType.Key(key.Type), NotNull: true))
            .Append(new(names.ValidFrom, time, NotNull: true))
            .Append(new(names.ValidTo, time, NotNull: false))
            .Append(new(names.IsCurrent, StoredType.Of(FeatureType.Bool), NotNull: true))
            .Concat(set.Features.Select(feature => new ColumnDefinition(feature.Name, StoredType.Of(feature.Type), NotNull: false, feature.Description)))
            .Append(new(Names.HistoryRows, StoredType.Of(FeatureType.Int64), NotNull: true)));
    }

    /// <summary>What publishes note for the next refresh: keys, how many rows they appended, and the first event time among them.</summary>
    public static ValueList<ColumnDefinition> PendingColumns(FeatureSet set) => ValueList<ColumnDefinition>.Of(
        set.Entity.Keys.Select(key => new ColumnDefinition(key.Name, StoredType.Key(key.Type), NotNull: false)).Append(new(PendingRows(set), StoredType.Of(FeatureType.Int64), NotNull: true))
        .Append(new(PendingFirst(set), StoredType.Of(set.EventTimeColumn.Kind), NotNull: false)));

    public static string PendingRows(FeatureSet set) => Free("appended_rows", set.Entity.Keys.Select(key => key.Name));

    public static string PendingFirst(FeatureSet set) => Free("first_event", set.Entity.Keys.Select(key => key.Name));

    /// <param name="set">The feature set.</param>
    /// <param name="names">The names of the intervals' own columns.</param>
    /// <param name="isCollapsed">Whether consecutive intervals with equal features are one.</param>
    /// <param name="withRows">Whether to count the history rows behind them; the greatest count of a key is that of all its rows.</param>
    /// <param name="grown">The keys it is about, and from when on; null = all, whole.</param>
    public static Select Intervals(FeatureSet set, Scd2Columns names, bool isCollapsed, bool withRows, GrownKeys? grown)
    {
        var used = set.ReadNames().Concat([Names.HistoryRows, Names.Deleted]).ToList();
        var next = Free("next_event", used);
        var eventTime = set.EventTimeColumn.Name;
        var keys = set.Entity.Keys.Select(key => key.Name).ToList();
        var kept = keys.Append(eventTime).Concat(set.Features.Select(feature => feature.Name)).Concat(set.HasTombstones ? [Names.Deleted] : []).ToList();
        var (with, source, order) = Source(set, grown);
        var rows = Rows(set, grown, Partition(keys, History), order);
        var numbered = new Select
        {
            Columns = ValueList<Output>.Of(kept.Select(name => new Output(new ColumnRef(History, name)))
                .Append(new(new Window(WindowOp.Lead, new ColumnRef(History, eventTime), Partition(keys, History), order), next))
                .Concat(withRows ? [new(rows, Names.HistoryRows)] : [])),
            From = source,
            Where = set.IsSparse ? null : Present(set, null),
        };
        var end = new ColumnRef(History, next);
        var isWinner = Scalar.Or(new IsNull(end), new Compare(CompareOp.NotEqual, end, new ColumnRef(History, eventTime)));
        return !isCollapsed
            ? Outputs(set, names, History, end, withRows) with { With = with, From = new SelectRef(numbered, History), Where = set.HasTombstones ? Scalar.And(isWinner, Stands(History)) : isWinner }
            : Collapsed(set, names, kept, used, new() { From = new SelectRef(numbered, History), Where = isWinner }, withRows, rows is not Window { Op: WindowOp.RowNumber }) with { With = with };
    }

    /// <summary>Of winners that follow each other with equal features, the first; a tombstone is equal to nothing but another.</summary>
    private static Select Collapsed(FeatureSet set, Scd2Columns names, IReadOnlyList<string> kept, IReadOnlyList<string> used, Select winning, bool withRows, bool areCounted)
    {
        var changes = Free("changes", used);
        var next = Free("next_event", used);
        var eventTime = new ColumnRef(Winners, set.EventTimeColumn.Name);
        var keys = set.Entity.Keys.Select(key => key.Name).ToList();
        var inTime = ValueList<SortKey>.Of([new(new ColumnRef(History, set.EventTimeColumn.Name))]);
        var sameAsBefore = Scalar.And(kept.Skip(keys.Count + 1).Select(name => (Scalar)new Compare(CompareOp.IsNotDistinct, new ColumnRef(History, name), Before(new ColumnRef(History, name))))
            .Prepend(new Compare(CompareOp.Equal, Before(new Number(1)), new Number(1))));
        var row = new ColumnRef(History, Names.HistoryRows);
        Scalar rowsOfKey = areCounted ? row : new Window(WindowOp.Max, row, Partition(keys, History), ValueList<SortKey>.Empty);
        var winners = winning with
        {
            Columns = ValueList<Output>.Of(kept.Select(name => new Output(new ColumnRef(History, name)))
                .Append(new(new Case(sameAsBefore, new Number(0), new Number(1)), changes))
                .Concat(withRows ? [new(rowsOfKey, Names.HistoryRows)] : [])),
        };
        var begins = new Compare(CompareOp.Equal, new ColumnRef(Winners, changes), new Number(1));
        var begun = new Window(WindowOp.Lead, eventTime, Partition(keys, Winners), ValueList<SortKey>.Of([new(eventTime)]));
        if (!set.HasTombstones)
        {
            return Outputs(set, names, Winners, begun, withRows) with { From = new SelectRef(winners, Winners), Where = begins };
        }

        var ended = new Select
        {
            Columns = ValueList<Output>.Of(kept.Concat(withRows ? [Names.HistoryRows] : []).Select(name => new Output(new ColumnRef(Winners, name))).Append(new(begun, next))),
            From = new SelectRef(winners, Winners),
            Where = begins,
        };
        return Outputs(set, names, Winners, new ColumnRef(Winners, next), withRows) with { From = new SelectRef(ended, Winners), Where = Stands(Winners) };

        Window Before(Scalar operand) => new(WindowOp.Lag, operand, Partition(keys, History), inTime);
    }

    /// <summary>How many rows of history the key has, of its last interval at least. What follows a key's end may be a tombstone alone, so there the rows are counted; elsewhere their number costs no second pass.</summary>
    private static Scalar Rows(FeatureSet set, GrownKeys? grown, ValueList<Scalar> keys, ValueList<SortKey> order) =>
        grown is not null && !set.IsSparse ? grown.Rows
        : set.HasTombstones ? new Window(WindowOp.Count, null, keys, ValueList<SortKey>.Empty)
        : new Window(WindowOp.RowNumber, null, keys, order);

    private static Not Stands(string alias) => new(new ColumnRef(alias, Names.Deleted));

    /// <summary>The rows that hold from their event time on, and what ranks those of a key.</summary>
    private static (ValueList<Cte> With, Relation From, ValueList<SortKey> Order) Source(FeatureSet set, GrownKeys? grown)
    {
        if (!set.IsSparse)
        {
            Relation from = grown is null ? From(set) : new Joined(JoinKind.Inner, From(set), grown.From, grown.Match(History, set.EventTimeColumn.Name));
            return (ValueList<Cte>.Empty, from, ValueList<SortKey>.Of(LatestPlanner.OldestFirst(set, History)));
        }

        var (with, filled, rank) = SparseHistory.Of(set, History, grown is null ? null : new InQuery(HistoryKeys(set), grown.OnlyKeys()), grown is null ? [] : [grown.Table.Name]);
        return (with, filled, ValueList<SortKey>.Of([new(new ColumnRef(History, rank))]));
    }

    /// <summary>The history, by the alias a condition on it names.</summary>
    public static TableRef From(FeatureSet set) => new(set.HistoryTable, History);

    /// <summary>The keys of rows of an alias, to be looked up among others.</summary>
    public static ValueList<Scalar> Keys(FeatureSet set, string alias) => ValueList<Scalar>.Of(set.Entity.Keys.Select(key => new ColumnRef(alias, key.Name)));

    /// <summary>The keys of history rows.</summary>
    public static ValueList<Scalar> HistoryKeys(FeatureSet set) => Keys(set, History);

    /// <summary>Rows that can win: tables of the user's may hold others. Null where every row of owned history can.</summary>
    public static Scalar? Present(FeatureSet set, Scalar? only)
    {
        var terms = set.IsExisting
            ? HistoryKeys(set).Append(new ColumnRef(History, set.EventTimeColumn.Name)).Select(column => (Scalar)new IsNull(column, Negated: true)).ToList()
            : [];
        if (only is not null)
        {
            terms.Add(only);
        }

        return terms.Count > 0 ? Scalar.And(terms) : null;
    }

    private static Select Outputs(FeatureSet set, Scd2Columns names, string alias, Scalar end, bool withRows) => new()
    {
        Columns = ValueList<Output>.Of(Keys(set, alias).Select(key => new Output(key))
            .Append(new(new ColumnRef(alias, set.EventTimeColumn.Name), names.ValidFrom))
            .Append(new(end, names.ValidTo))
            .Append(new(new Case(new IsNull(end), new Flag(true), new Flag(false)), names.IsCurrent))
            .Concat(set.Features.Select(feature => new Output(new ColumnRef(alias, feature.Name))))
            .Concat(withRows ? [new(new ColumnRef(alias, Names.HistoryRows))] : [])),
    };

    private static ValueList<Scalar> Partition(IEnumerable<string> keys, string alias) => ValueList<Scalar>.Of(keys.Select(key => new ColumnRef(alias, key)));

    private static string Free(string name, IEnumerable<string> taken) => new FreeNames(taken).Take(name);
}
