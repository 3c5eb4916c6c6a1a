namespace Distiller;

/// <summary>
/// The history of a sparse set with each row filled up with what its key knew by then (W3, W4): what holds from the row's event time on, until the next.
/// The number of the newest row that knows a feature is carried along, as in a point-in-time join, and the value fetched from it.
/// </summary>
internal static class SparseHistory
{
    private const string Filled = "filled";
    private const string Ranked = "ranked";

    /// <summary>The common tables to begin with, and one row per history row by the alias: keys, event time, features, whether it is a tombstone, and its number, which ranks the rows of a key.</summary>
    /// <param name="set">The sparse set.</param>
    /// <param name="alias">The alias.</param>
    /// <param name="filter">Which history rows count, by the alias <c>history</c>; whole keys only. Null = all.</param>
    /// <param name="taken">Names of tables the filter reads, which a common table would hide.</param>
    public static (ValueList<Cte> With, SelectRef From, string Rank) Of(FeatureSet set, string alias, Scalar? filter, params IEnumerable<string> taken)
    {
        var tables = new FreeNames(taken.Append(set.HistoryTable.Name));
        var columns = new FreeNames(set.ReadNames());
        var ranked = tables.Take("ranked_rows");
        var carried = tables.Take("carried_rows");
        var rank = columns.Take("history_row");
        var rows = set.Features.Select((_, i) => columns.Take($"feature_{i + 1}_row")).ToList();
        var ctes = new List<Cte>
        {
            new(ranked, SparseLatest.Ranked(set, filter, rank), Materialized: true),
            new(carried, Carried(set, ranked, rank, rows), Materialized: true),
        };
        Relation from = new CteRef(ranked, Ranked);
        var values = new List<string>();
        for (var first = 0; first < rows.Count; first += SparseValues.Together)
        {
            values.Add(tables.Take(values.Count == 0 ? "filled_values" : $"filled_values_{values.Count + 1}"));
            var some = set.Features.Skip(first).Take(SparseValues.Together).Select((feature, i) => new SparseValue(feature, rows[first + i], null)).ToList();
            ctes.Add(new(values[^1], SparseValues.Query(set, new CteRef(carried, Filled), Filled, rank, ranked, rank, some), Materialized: true));
            from = new Joined(JoinKind.Inner, from, new CteRef(values[^1]), new Compare(CompareOp.Equal, new ColumnRef(values[^1], rank), new ColumnRef(Ranked, rank)));
        }

        var own = set.Entity.Keys.Select(key => key.Name).Append(set.EventTimeColumn.Name).Append(rank).Concat(set.HasTombstones ? [Names.Deleted] : []);
        var filled = new Select
        {
            Columns = ValueList<Output>.Of(own.Select(name => new Output(new ColumnRef(Ranked, name)))
                .Concat(set.Features.Select((feature, i) => new Output(new ColumnRef(values[i / SparseValues.Together], feature.Name))))),
            From = from,
        };
        return (ValueList<Cte>.Of(ctes), new(filled, alias), rank);
    }

    /// <summary>Per history row and feature the number of the newest row so far that knows the feature, or ends every one.</summary>
    private static Select Carried(FeatureSet set, string ranked, string rank, IReadOnlyList<string> rows)
    {
        var number = new ColumnRef(Ranked, rank);
        var partition = ValueList<Scalar>.Of(set.Entity.Keys.Select(key => new ColumnRef(Ranked, key.Name)));
        return new()
        {
            Columns = ValueList<Output>.Of(set.Features.Select((feature, i) => new Output(
                new Window(WindowOp.RunningMax, new Case(SparseLatest.Knows(set, feature, Ranked), number), partition, ValueList<SortKey>.Of([new(number)])), rows[i])).Prepend(new(number))),
            From = new CteRef(ranked, Ranked),
        };
    }
}
