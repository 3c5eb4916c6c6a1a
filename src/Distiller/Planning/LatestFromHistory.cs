namespace Distiller;

/// <summary>What latest must be by its history (B3): the newest row of each key, or of a sparse set each feature's newest value.</summary>
internal static class LatestFromHistory
{
    private const string History = "history";

    /// <summary>What a row of latest says besides its key: times, features, whether it is a tombstone, sparse features' event times. Not the store's clock.</summary>
    public static ValueList<string> Content(FeatureSet set) => ValueList<string>.Of(Columns(set).Select(column => column.Name).Where(name => !set.Entity.Keys.Any(key => key.Name == name)));

    /// <summary>The columns of latest that history determines, keys first.</summary>
    public static ValueList<ColumnDefinition> Columns(FeatureSet set) => set.IsExisting
        ? PublishBatch.Columns(set)
        : ValueList<ColumnDefinition>.Of(TablesPlanner.LatestColumns(set).Where(column => column.Name != Names.PublishedTimestamp));

    /// <summary>One row per key, with the columns of <see cref="Columns"/>.</summary>
    public static Select Query(FeatureSet set, PlanScope context)
    {
        if (set.IsSparse)
        {
            return SparseLatest.Query(set, null);
        }

        var names = Columns(set).Select(column => column.Name).ToList();
        var rowId = context.ShapeOf(set).HasRowId ? context.Dialect.RowIdName(names) : null;
        var rows = new NewestRows(set, new TableRef(set.HistoryTable, History), History, rowId, ValueList<Output>.Of(names.Select(name => new Output(new ColumnRef(History, name)))))
        {
            IsOrdered = !set.IsExisting,
        };
        return context.Dialect.NewestStrategies.First(strategy => strategy.CanAnswer(rows)).Query(rows);
    }

    /// <summary>Whether history has no row of a key that may win.</summary>
    public static Scalar HasNone(FeatureSet set, string latest)
    {
        var same = set.Entity.Keys.Select(key => (Scalar)new Compare(CompareOp.Equal, new ColumnRef(History, key.Name), new ColumnRef(latest, key.Name)));
        return new Exists(
            new()
            {
                Columns = ValueList<Output>.Of([new(new Number(1))]),
                From = new TableRef(set.HistoryTable, History),
                Where = Scalar.And(set.IsExisting ? same.Append(new IsNull(new ColumnRef(History, set.EventTimeColumn.Name), Negated: true)) : same),
            },
            Negated: true);
    }

    /// <summary>
    /// Whether a row of latest says something else than the row by another alias. Where several rows of a table of the user's tie for the newest, which of them wins is arbitrary (W2): latest may be any of them.
    /// </summary>
    public static Scalar Differs(FeatureSet set, string newest, string latest)
    {
        var content = Content(set);
        var differs = Scalar.Or(content.Select(name => new Compare(CompareOp.IsDistinct, new ColumnRef(newest, name), new ColumnRef(latest, name))));
        if (!set.IsExisting)
        {
            return differs;
        }

        var ranks = LatestPlanner.Identity(set).Concat(set.TieBreakers.Select(tie => tie.Name)).Skip(set.Entity.Keys.Count).ToList();
        var outranked = Scalar.Or(ranks.Select(name => new Compare(CompareOp.IsDistinct, new ColumnRef(newest, name), new ColumnRef(latest, name))));
        var ties = set.Entity.Keys.Select(key => new Compare(CompareOp.Equal, new ColumnRef(History, key.Name), new ColumnRef(latest, key.Name)))
            .Concat(content.Select(name => new Compare(name == set.EventTimeColumn.Name ? CompareOp.Equal : CompareOp.IsNotDistinct, new ColumnRef(History, name), new ColumnRef(latest, name))));
        return Scalar.And(differs, Scalar.Or(outranked, new Exists(
            new()
            {
                Columns = ValueList<Output>.Of([new(new Number(1))]),
                From = new TableRef(set.HistoryTable, History),
                Where = Scalar.And(ties),
            },
            Negated: true)));
    }
}
