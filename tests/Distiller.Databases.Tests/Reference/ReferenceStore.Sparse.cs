namespace Distiller.Databases.Tests.Reference;

/// <summary>Keys that end, are erased, or gain columns.</summary>
public sealed partial class ReferenceStore
{
    /// <summary>Latest without the keys that ended.</summary>
    public IReadOnlyList<Row> Visible(FeatureSet set) => [.. Latest(set).Where(row => !ReferenceModel.IsDeleted(set, row))];

    /// <summary>Ends keys: a tombstone for each, published like a row.</summary>
    public ReferenceCounts Retract(FeatureSet set, IReadOnlyList<IReadOnlyList<object?>> keys, DateTime at, DateTime created) =>
        Publish(set, [.. keys.Select(key => Tombstone(set, key, at, created))], created);

    /// <summary>The row that ends a key.</summary>
    public static Row Tombstone(FeatureSet set, IReadOnlyList<object?> key, DateTime at, DateTime created)
    {
        var cells = set.Entity.Keys.Select((column, part) => KeyValuePair.Create(column.Name, key[part])).ToList();
        cells.Add(new(set.EventTimeColumn.Name, at));
        cells.Add(new(set.CreatedTimeColumn!.Name, created));
        cells.AddRange(set.Features.Select(feature => KeyValuePair.Create(feature.Name, (object?)null)));
        cells.Add(new(ReferenceModel.Deleted, true));
        return new(cells);
    }

    /// <summary>Forgets a key.</summary>
    /// <returns>The history rows forgotten.</returns>
    public int Erase(FeatureSet set, IReadOnlyList<object?> key) => HistoryOf(set).RemoveAll(row => ValuesComparer.Instance.Equals(ReferenceModel.KeyOf(set, row), key));

    /// <summary>Gives the rows there are the columns of a set that has grown: NULL, and not deleted.</summary>
    public void Evolve(FeatureSet grown)
    {
        var history = HistoryOf(grown);
        for (var i = 0; i < history.Count; i++)
        {
            var row = history[i];
            history[i] = new(StoredRow.Columns(grown).Select(column => KeyValuePair.Create(column, row.TryGetValue(column, out var value) ? value : column == ReferenceModel.Deleted && grown.HasTombstones ? false : null)));
        }
    }

    private static bool IsExpired(FeatureSet set, Row row, Feature feature, DateTime? at, TimeSpan? maxAge) =>
        set.IsSparse && row[ReferenceModel.TimeOf(feature)] is null
        || ReferenceModel.IsExpired(set, set.IsSparse ? row.With(set.EventTimeColumn.Name, row[ReferenceModel.TimeOf(feature)]) : row, at, maxAge);

    private static bool SameContent(Row left, Row right) => left.Keys.SequenceEqual(right.Keys) && left.Keys.All(column => Values.Same(left[column], right[column]));
}
