using System.Diagnostics.CodeAnalysis;

namespace Distiller.Databases.Tests.Reference;

/// <summary>What a publish did (B9). Offered = appended + already present + unchanged.</summary>
public sealed record ReferenceCounts(int Offered, int Appended, int AlreadyPresent, int Unchanged, int LatestInserted, int LatestUpdated, int Late);

/// <summary>A publish the semantics refuse; nothing was written.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A refusal is what the semantics call it.")]
public sealed class ReferenceRefusal(string rule, string reason) : Exception($"{rule}: {reason}")
{
    /// <summary>The sentence that refuses: B5, B6, B11 or B12.</summary>
    public string Rule { get; } = rule;
}

/// <summary>History and latest of any number of feature sets, in memory (B2 to B6, B11, B12).</summary>
public sealed partial class ReferenceStore
{
    private readonly Dictionary<string, List<Row>> histories = new(StringComparer.Ordinal);

    public IReadOnlyList<Row> History(FeatureSet set) => HistoryOf(set);

    /// <summary>The winner of each key at t = forever, before any max age (B3).</summary>
    public IReadOnlyList<Row> Latest(FeatureSet set) => ReferenceModel.Latest(set, HistoryOf(set));

    /// <summary>Latest with the features NULL where the max age has passed at an instant; null = not judged.</summary>
    /// <param name="set">The feature set.</param>
    /// <param name="at">The instant.</param>
    /// <param name="maxAge">Replaces the set's own.</param>
    public IReadOnlyList<Row> LatestJudged(FeatureSet set, DateTime? at = null, TimeSpan? maxAge = null) =>
        Visible(set)
            .Select(row => set.Features.Aggregate(row, (judged, feature) => at is not null && IsExpired(set, row, feature, at, maxAge ?? set.MaximumAge) ? judged.With(feature.Name, null) : judged))
            .ToList();

    /// <summary>Puts rows into the history as somebody else's job does: unchecked, every row kept, full ties too.</summary>
    public void Load(FeatureSet set, IReadOnlyList<Row> rows) => HistoryOf(set).AddRange(rows.Select(row => StoredRow.Shape(set, row, row.TryGetValue)));

    /// <summary>Publishes a batch, whole or not at all.</summary>
    /// <param name="set">The feature set.</param>
    /// <param name="rows">The batch. A row without the created column takes the call's; a NULL there does too, except on a drop-in set, which keeps it (B4).</param>
    /// <param name="callCreated">The call's created time.</param>
    /// <param name="onlyChanged">B11.</param>
    /// <exception cref="ReferenceRefusal">The batch, or the set, is refused.</exception>
    public ReferenceCounts Publish(FeatureSet set, IReadOnlyList<Row> rows, DateTime callCreated, bool onlyChanged = false)
    {
        if (set.LatestTable is null)
        {
            throw new ReferenceRefusal("B12", $"feature set '{set.Name}' has no latest table.");
        }

        if (onlyChanged && set.MaximumAge is not null)
        {
            throw new ReferenceRefusal("B11", $"feature set '{set.Name}' has a max age, for which an observation seen again is news.");
        }

        var history = HistoryOf(set);
        var stage = rows.Select((row, number) => StoredRow.Checked(set, row, callCreated, number)).ToList();
        RefuseConflicts(set, history, stage);

        var distinct = stage.DistinctBy(row => StoredRow.Version(set, row), ValuesComparer.Instance).ToList();
        var known = history.Select(row => StoredRow.Version(set, row)).ToHashSet(ValuesComparer.Instance);
        var fresh = distinct.Where(row => !known.Contains(StoredRow.Version(set, row))).ToList();
        var kept = onlyChanged ? Changed(set, history, fresh) : fresh;

        var before = Latest(set).ToDictionary(row => ReferenceModel.KeyOf(set, row), ValuesComparer.Instance);
        history.AddRange(kept);
        var after = Latest(set);

        return new(
            Offered: rows.Count,
            Appended: kept.Count,
            AlreadyPresent: rows.Count - fresh.Count,
            Unchanged: fresh.Count - kept.Count,
            LatestInserted: after.Count(row => !before.ContainsKey(ReferenceModel.KeyOf(set, row))),
            LatestUpdated: after.Count(row => before.TryGetValue(ReferenceModel.KeyOf(set, row), out var old) && (set.IsSparse ? !SameContent(row, old) : ReferenceModel.CompareRank(set, row, old) > 0)),
            Late: kept.Count(row => before.TryGetValue(ReferenceModel.KeyOf(set, row), out var old) && ReferenceModel.CompareRank(set, row, old) < 0));
    }

    /// <summary>B5: one version, one content; within the batch and against history.</summary>
    private static void RefuseConflicts(FeatureSet set, List<Row> history, List<Row> stage)
    {
        var versions = history.Concat(stage).ToLookup(row => StoredRow.Version(set, row), ValuesComparer.Instance);
        foreach (var row in stage)
        {
            if (versions[StoredRow.Version(set, row)].Any(other => !SameFeatures(set, other, row)))
            {
                throw new ReferenceRefusal("B5", $"two different rows for key {string.Join(", ", ReferenceModel.KeyOf(set, row).Select(Values.Show))}: {row}.");
            }
        }
    }

    /// <summary>B11: a row is left out iff its features equal those of the row before it, over history and the rows kept so far.</summary>
    private static List<Row> Changed(FeatureSet set, List<Row> history, List<Row> fresh)
    {
        var kept = new List<Row>();
        foreach (var row in fresh.Order(Comparer<Row>.Create((left, right) => ReferenceModel.CompareRank(set, left, right))))
        {
            var key = ReferenceModel.KeyOf(set, row);
            var before = history.Concat(kept)
                .Where(other => ValuesComparer.Instance.Equals(ReferenceModel.KeyOf(set, other), key) && ReferenceModel.CompareRank(set, other, row) < 0)
                .OrderBy(other => other, Comparer<Row>.Create((left, right) => ReferenceModel.CompareRank(set, left, right)))
                .LastOrDefault();
            if (before is null || !SameFeatures(set, before, row))
            {
                kept.Add(row);
            }
        }

        return kept;
    }

    private static bool SameFeatures(FeatureSet set, Row left, Row right) => ReferenceModel.IsDeleted(set, left) == ReferenceModel.IsDeleted(set, right) && set.Features.All(feature => Values.Same(left[feature.Name], right[feature.Name]));

    private List<Row> HistoryOf(FeatureSet set)
    {
        if (!histories.TryGetValue(set.Name, out var history))
        {
            histories.Add(set.Name, history = []);
        }

        return history;
    }
}
