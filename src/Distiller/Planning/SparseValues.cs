namespace Distiller;

/// <summary>A sparse feature: the column with the number of the history row it is served from, and the name its event time gets; null = not wanted.</summary>
internal sealed record SparseValue(Feature Feature, string Row, string? Time);

/// <summary>The values of sparse features, each fetched from the history row found for it.</summary>
internal static class SparseValues
{
    /// <summary>The most features of one query: some engines join 64 tables and no more.</summary>
    public const int Together = 40;

    /// <summary>Per row found: its number or name, the values, their event times.</summary>
    /// <param name="set">The feature set.</param>
    /// <param name="found">Where the numbers stand.</param>
    /// <param name="alias">Its alias.</param>
    /// <param name="id">Its column that is passed on.</param>
    /// <param name="ranked">The common table with the numbered history.</param>
    /// <param name="rank">Its column with the number.</param>
    /// <param name="features">The features.</param>
    public static Select Query(FeatureSet set, Relation found, string alias, string id, string ranked, string rank, IReadOnlyList<SparseValue> features)
    {
        var from = found;
        var aliases = features.Select((_, i) => $"feature_{i + 1}").ToList();
        for (var i = 0; i < features.Count; i++)
        {
            from = new Joined(JoinKind.Left, from, new CteRef(ranked, aliases[i]), new Compare(CompareOp.Equal, new ColumnRef(aliases[i], rank), new ColumnRef(alias, features[i].Row)));
        }

        return new()
        {
            Columns = ValueList<Output>.Of(features.Select((value, i) => new Output(new ColumnRef(aliases[i], value.Feature.Name)))
                .Prepend(new(new ColumnRef(alias, id)))
                .Concat(features.Select((value, i) => (value, i)).Where(one => one.value.Time is not null).Select(one => new Output(Time(set, one.value.Feature, aliases[one.i]), one.value.Time)))),
            From = from,
        };
    }

    /// <summary>A tombstone may have been found, which has a time and no value.</summary>
    private static Scalar Time(FeatureSet set, Feature feature, string alias)
    {
        var time = new ColumnRef(alias, set.EventTimeColumn.Name);
        return set.HasTombstones ? new Case(new IsNull(new ColumnRef(alias, feature.Name), Negated: true), time) : time;
    }
}
