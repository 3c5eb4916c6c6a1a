namespace Distiller.Databases.Tests.Reference;

/// <summary>How well a training set is covered, in plain loops.</summary>
public static class ReferenceCoverage
{
    public static IReadOnlyList<CoverageRow> Rows(TrainingSet training, IReadOnlyList<Row> spine, Func<FeatureSet, IReadOnlyList<Row>> history)
    {
        var rows = new List<CoverageRow>();
        foreach (var join in training.Joins)
        {
            var known = history(join.Set);
            foreach (var feature in join.Features)
            {
                rows.AddRange(spine.GroupBy(row => Month(training, row)).OrderBy(month => month.Key ?? DateOnly.MaxValue).Select(month =>
                {
                    var outcomes = month.Select(row => Outcome(training, join, feature, row, known)).ToList();
                    return new CoverageRow
                    {
                        Join = join.Prefix, Feature = feature.Name, Month = month.Key, Rows = outcomes.Count, Hit = Of("hit"), Null = Of("null"), Expired = Of("expired"), NoHistory = Of("no_history"), NoKey = Of("no_key"), Deleted = Of("deleted"),
                    };

                    long Of(string outcome) => outcomes.LongCount(one => one == outcome);
                }));
            }
        }

        return rows;
    }

    public static IReadOnlyList<CoverageAge> Ages(TrainingSet training, IReadOnlyList<Row> spine, Func<FeatureSet, IReadOnlyList<Row>> history) => [.. training.Joins.Select(join =>
    {
        var ages = join.Set.EventTimeColumn.Kind == TimeKind.Ordinal ? [] : spine.Select(row => (Row: row, Newest: Newest(training, join, row, history(join.Set))))
            .Where(one => one.Newest is { } newest && !ReferenceModel.IsDeleted(join.Set, newest))
            .Select(one => TimeSpan.FromTicks(ReferenceModel.Time(one.Row[training.Spine.InstantColumn.Name])!.Value - ReferenceModel.Time(one.Newest![join.Set.EventTimeColumn.Name])!.Value))
            .Order().ToList();
        return new CoverageAge
        {
            Join = join.Prefix,
            Rows = ages.Count,
            Quantiles = ages.Count == 0 ? [] : [.. Coverage.AgePercents.Select(percent => ages[Math.Max(0, (int)Math.Ceiling(ages.Count * percent / 100.0) - 1)])],
        };
    })];

    private static DateOnly? Month(TrainingSet training, Row row) =>
        training.Spine.InstantColumn.Kind != TimeKind.Ordinal && Values.Stored(row[training.Spine.InstantColumn.Name]) is DateTime at ? new DateOnly(at.Year, at.Month, 1) : null;

    private static string Outcome(TrainingSet training, TrainingJoin join, Feature feature, Row row, IReadOnlyList<Row> history)
    {
        var (set, t) = (join.Set, row[training.Spine.InstantColumn.Name]);
        var key = join.SpineKeys.Select(column => row[column]).ToList();
        if (t is null || key.Any(part => part is null))
        {
            return "no_key";
        }

        if (Newest(training, join, row, history) is not { } newest)
        {
            return "no_history";
        }

        if (ReferenceModel.IsDeleted(set, newest))
        {
            return "deleted";
        }

        var winner = ReferenceModel.FeatureWinner(set, ReferenceModel.Candidates(set, history, key, t, Knowledge(training, t), training.IsStrict), feature);
        return winner is null ? "null"
            : ReferenceModel.IsExpired(set, winner, t, join.MaximumAge) ? "expired"
            : winner[feature.Name] is null ? "null"
            : "hit";
    }

    private static Row? Newest(TrainingSet training, TrainingJoin join, Row row, IReadOnlyList<Row> history)
    {
        var t = row[training.Spine.InstantColumn.Name];
        return ReferenceModel.Winner(join.Set, history, [.. join.SpineKeys.Select(column => row[column])], t, Knowledge(training, t), training.IsStrict);
    }

    private static DateTime? Knowledge(TrainingSet training, object? t) => training.Knowledge switch
    {
        Distiller.Knowledge.Today => null,
        Distiller.Knowledge.AtInstant => training.KnowledgeInstant!.Value.UtcDateTime,
        _ => (DateTime?)Values.Stored(t),
    };
}
