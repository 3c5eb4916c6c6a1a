namespace Distiller.Databases.Tests.Reference;

/// <summary>What retention keeps, in plain loops.</summary>
public static class ReferenceRetention
{
    /// <summary>The history without the rows before an instant that nobody who asks from it on, with knowledge of it or later, can be served from.</summary>
    public static IReadOnlyList<Row> Kept(FeatureSet set, IReadOnlyList<Row> history, DateTime before)
    {
        var candidates = history.Where(row => ReferenceModel.Time(row[set.EventTimeColumn.Name]) < before.Ticks && ReferenceModel.KeyOf(set, row).All(part => part is not null)).ToList();
        var needed = candidates.Where(row => Served(set).Any(feature => Knows(set, row, feature) && !candidates.Any(other =>
                ValuesComparer.Instance.Equals(ReferenceModel.KeyOf(set, other), ReferenceModel.KeyOf(set, row))
                && Knows(set, other, feature)
                && ReferenceModel.CompareRank(set, other, row) > 0
                && KnownAt(set, other, before) <= KnownAt(set, row, before))))
            .Select(row => StoredRow.Version(set, row))
            .ToHashSet(ValuesComparer.Instance);
        return [.. history.Where(row => !candidates.Contains(row) || needed.Contains(StoredRow.Version(set, row)))];
    }

    private static IEnumerable<Feature?> Served(FeatureSet set) => set.IsSparse ? set.Features.Prepend(null) : [null];

    private static bool Knows(FeatureSet set, Row row, Feature? feature) => feature is null || row[feature.Name] is not null || ReferenceModel.IsDeleted(set, row);

    private static long KnownAt(FeatureSet set, Row row, DateTime before) =>
        set.CreatedTimeColumn is { Kind: not TimeKind.Ordinal } created && ReferenceModel.Time(row[created.Name]) is { } known ? Math.Max(known, before.Ticks) : before.Ticks;
}
