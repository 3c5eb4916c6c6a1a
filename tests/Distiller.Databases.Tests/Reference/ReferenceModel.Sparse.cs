namespace Distiller.Databases.Tests.Reference;

/// <summary>Winners per feature, tombstones, and what a match tells (W3, W4, P6).</summary>
public static partial class ReferenceModel
{
    /// <summary>Whether a row ends its key.</summary>
    public static bool IsDeleted(FeatureSet set, Row row) => set.HasTombstones && row[Deleted] is true;

    public const string Deleted = "deleted";

    /// <summary>The column of a sparse latest with a feature's event time.</summary>
    public static string TimeOf(Feature feature) => feature.Name + "__at";

    /// <summary>The rows of a key that may win at an instant (W1); none where the key or the instant is NULL (P3).</summary>
    public static List<Row> Candidates(FeatureSet set, IReadOnlyList<Row> history, IReadOnlyList<object?> key, object? t, DateTime? n, bool strict)
    {
        if (Time(t) is not { } instant)
        {
            return [];
        }

        return
        [
            .. history.Where(row =>
                HasKey(set, row, key)
                && EventTime(set, row) is { } happened
                && (strict ? happened < instant : happened <= instant)
                && IsKnown(set, row, n)),
        ];
    }

    /// <summary>The row a feature is served from, before any max age: the winner; in a sparse set the greatest row that knows the feature and ranks above every tombstone among the candidates.</summary>
    public static Row? FeatureWinner(FeatureSet set, IReadOnlyList<Row> candidates, Feature feature)
    {
        if (!set.IsSparse)
        {
            return Greatest(set, candidates);
        }

        var tombstones = candidates.Where(row => IsDeleted(set, row)).ToList();
        return Greatest(set, candidates.Where(row => row[feature.Name] is not null && tombstones.All(tombstone => CompareRank(set, row, tombstone) > 0)));
    }

    private static string Status(FeatureSet set, Row? newest, bool asks, object? t, TimeSpan? maxAge, bool strict)
    {
        if (!asks)
        {
            return "no_key";
        }

        if (newest is null)
        {
            return "no_history";
        }

        if (IsDeleted(set, newest))
        {
            return "deleted";
        }

        return IsExpired(set, newest, t, maxAge) || HasEnded(set, newest, t, strict) ? "expired" : "hit";
    }

    private static Row Filled(FeatureSet set, List<Row> rows)
    {
        var filled = Greatest(set, rows)!;
        foreach (var feature in set.Features)
        {
            var winner = FeatureWinner(set, rows, feature);
            filled = filled.With(feature.Name, winner?[feature.Name]).With(TimeOf(feature), winner?[set.EventTimeColumn.Name]);
        }

        return filled;
    }
}
