namespace Distiller;

/// <summary>
/// The latest of a sparse set from its history (W3, W4): per key the newest row's times, and each feature from the newest row that knows it and ranks above the newest tombstone.
/// </summary>
internal static class SparseLatest
{
    private const string History = "history";
    private const string NewestAlias = "newest";
    private const string Row = "row";

    /// <summary>One row per key: keys, times, features, whether a tombstone is the newest, each feature's event time.</summary>
    /// <param name="set">The sparse set.</param>
    /// <param name="filter">Which history rows count, by the alias <c>history</c>; null = all.</param>
    /// <param name="taken">Names of tables the filter reads, which a common table would hide.</param>
    public static Select Query(FeatureSet set, Scalar? filter, params IEnumerable<string> taken)
    {
        var tables = new FreeNames(taken.Append(set.HistoryTable.Name));
        var columns = new FreeNames(set.ReadNames());
        var ranked = tables.Take("ranked");
        var newest = tables.Take("newest_rows");
        var rank = columns.Take("history_row");
        var keys = set.Entity.Keys.Select(key => key.Name).ToList();
        var rows = set.Features.Select((_, i) => columns.Take($"feature_{i + 1}_row")).ToList();
        var ctes = new List<Cte> { new(ranked, Ranked(set, filter, rank), Materialized: true), new(newest, NewestRows(set, ranked, keys, rank, rows), Materialized: true) };
        var from = new Joined(JoinKind.Inner, new CteRef(newest, NewestAlias), new CteRef(ranked, Row), new Compare(CompareOp.Equal, new ColumnRef(Row, rank), new ColumnRef(NewestAlias, rank)));
        var values = new List<string>();
        for (var first = 0; first < rows.Count; first += SparseValues.Together)
        {
            values.Add(tables.Take(values.Count == 0 ? "feature_values" : $"feature_values_{values.Count + 1}"));
            var some = set.Features.Skip(first).Take(SparseValues.Together).Select((feature, i) => new SparseValue(feature, rows[first + i], FeatureSet.TimeOf(feature.Name)));
            ctes.Add(new(values[^1], SparseValues.Query(set, new CteRef(newest, NewestAlias), NewestAlias, rank, ranked, rank, some.ToList()), Materialized: true));
            from = new(JoinKind.Inner, from, new CteRef(values[^1]), new Compare(CompareOp.Equal, new ColumnRef(values[^1], rank), new ColumnRef(NewestAlias, rank)));
        }

        string ValuesOf(int feature) => values[feature / SparseValues.Together];

        return new()
        {
            With = ValueList<Cte>.Of(ctes),
            Columns = ValueList<Output>.Of(LatestPlanner.Identity(set).Select(name => new Output(new ColumnRef(Row, name)))
                .Concat(set.Features.Select((feature, i) => new Output(new ColumnRef(ValuesOf(i), feature.Name))))
                .Concat(set.HasTombstones ? [new Output(new ColumnRef(Row, Names.Deleted))] : [])
                .Concat(set.Features.Select((feature, i) => new Output(new ColumnRef(ValuesOf(i), FeatureSet.TimeOf(feature.Name)))))),
            From = from,
        };
    }

    /// <summary>The history rows that count, each with a number that ranks the rows of a key (W2).</summary>
    public static Select Ranked(FeatureSet set, Scalar? filter, string rank)
    {
        var keys = set.Entity.Keys.Select(key => new ColumnRef(History, key.Name)).ToList();
        var order = keys.Select(key => new SortKey(key)).Concat(LatestPlanner.OldestFirst(set, History));
        var columns = LatestPlanner.Identity(set).Concat(set.Features.Select(feature => feature.Name)).Concat(set.HasTombstones ? [Names.Deleted] : []);
        var terms = set.IsExisting ? keys.Append(new ColumnRef(History, set.EventTimeColumn.Name)).Select(column => (Scalar)new IsNull(column, Negated: true)) : [];
        terms = filter is null ? terms : terms.Append(filter);
        return new()
        {
            Columns = ValueList<Output>.Of(columns.Select(name => new Output(new ColumnRef(History, name)))
                .Append(new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Empty, ValueList<SortKey>.Of(order)), rank))),
            From = new TableRef(set.HistoryTable, History),
            Where = terms.Any() ? Scalar.And(terms) : null,
        };
    }

    private static Select NewestRows(FeatureSet set, string ranked, IReadOnlyList<string> keys, string rank, IReadOnlyList<string> rows)
    {
        var number = new ColumnRef(null, rank);
        return new()
        {
            Columns = ValueList<Output>.Of(keys.Select(name => new Output(new ColumnRef(null, name)))
                .Append(new(new Aggregate(AggregateOp.Max, number), rank))
                .Concat(set.Features.Select((feature, i) => new Output(new Aggregate(AggregateOp.Max, new Case(Knows(set, feature, null), number)), rows[i])))),
            From = new CteRef(ranked),
            GroupBy = ValueList<Scalar>.Of(keys.Select(name => new ColumnRef(null, name))),
        };
    }

    /// <summary>Whether a row knows a sparse feature, or ends every one.</summary>
    public static Scalar Knows(FeatureSet set, Feature feature, string? table)
    {
        Scalar known = new IsNull(new ColumnRef(table, feature.Name), Negated: true);
        return set.HasTombstones ? Scalar.Or(known, new ColumnRef(table, Names.Deleted)) : known;
    }
}
