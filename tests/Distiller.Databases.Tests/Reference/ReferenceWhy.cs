namespace Distiller.Databases.Tests.Reference;

/// <summary>The verdict on every history row of a key, in plain loops: what <c>Why</c> must answer.</summary>
public static class ReferenceWhy
{
    /// <summary>The key's rows, newest first, each with its verdict; in a sparse set with one per feature of the join.</summary>
    public static IReadOnlyList<(Row Row, IReadOnlyList<Verdict> Verdicts)> Rows(TrainingSet training, TrainingJoin join, IReadOnlyList<Row> history, IReadOnlyList<object?> key, object? t)
    {
        var set = join.Set;
        DateTime? known = training.Knowledge switch
        {
            Knowledge.Today => null,
            Knowledge.AtInstant => training.KnowledgeInstant!.Value.UtcDateTime,
            _ => (DateTime?)Values.Stored(t),
        };
        var rows = history.Where(row => key.All(part => part is not null) && ReferenceModel.KeyOf(set, row).Zip(key).All(pair => Values.Same(pair.First, pair.Second))).ToList();
        rows.Sort((left, right) => -ReferenceModel.CompareRank(set, left, right));
        var asked = set.IsSparse ? join.Features.Select(feature => feature.Name).ToList() : [""];
        var won = asked.ToDictionary(feature => feature, _ => false);
        return [.. rows.Select(row => (row, (IReadOnlyList<Verdict>)[.. asked.Select(feature => Judge(row, feature))]))];

        Verdict Judge(Row row, string feature)
        {
            if (ReferenceModel.Time(t) is not { } instant)
            {
                return Verdict.NoInstant;
            }

            if (ReferenceModel.Time(row[set.EventTimeColumn.Name]) is not { } happened)
            {
                return Verdict.NoEventTime;
            }

            if (training.IsStrict ? happened >= instant : happened > instant)
            {
                return Verdict.AfterInstant;
            }

            if (known is { } limit && set.CreatedTimeColumn is { } column && ReferenceModel.Time(row[column.Name]) is { } created && created > ReferenceModel.Time(limit))
            {
                return Verdict.NotYetKnown;
            }

            var isDeleted = ReferenceModel.IsDeleted(set, row);
            if (set.IsSparse && row[feature] is null && !isDeleted)
            {
                return Verdict.NothingNew;
            }

            if (won[feature])
            {
                return Verdict.Older;
            }

            won[feature] = true;
            return isDeleted ? Verdict.Deleted : ReferenceModel.IsExpired(set, row, t, join.MaximumAge) ? Verdict.Expired : Verdict.Winner;
        }
    }

    /// <summary>The rows shown around each winner, or around the place it would have: the first row that is not after the instant, else the last.</summary>
    public static IEnumerable<(Row Row, IReadOnlyList<Verdict> Verdicts)> Around(IReadOnlyList<(Row Row, IReadOnlyList<Verdict> Verdicts)> rows, int nearby)
    {
        var verdicts = rows.Select(row => row.Verdicts).ToList();
        var places = new HashSet<int>();
        for (var i = 0; rows.Count > 0 && i < verdicts[0].Count; i++)
        {
            var place = verdicts.FindIndex(one => one[i] is Verdict.Winner or Verdict.Expired or Verdict.Deleted);
            place = place >= 0 ? place : verdicts.FindIndex(one => one[i] != Verdict.AfterInstant);
            places.Add(place >= 0 ? place : rows.Count - 1);
        }

        return rows.Where((_, i) => places.Any(place => Math.Abs(i - place) <= nearby));
    }
}
