namespace Distiller.Databases.Tests.Reference;

/// <summary>The verdict on every history row of a key, in plain loops: what <c>Why</c> must answer.</summary>
public static class ReferenceWhy
{
    /// <summary>The key's rows, newest first, each with its verdict.</summary>
    public static IReadOnlyList<(Row Row, Verdict Verdict)> Rows(TrainingSet training, TrainingJoin join, IReadOnlyList<Row> history, IReadOnlyList<object?> key, object? t)
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
        var won = false;
        return [.. rows.Select(row => (row, Judge(row)))];

        Verdict Judge(Row row)
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

            if (won)
            {
                return Verdict.Older;
            }

            won = true;
            return ReferenceModel.IsExpired(set, row, t, join.MaximumAge) ? Verdict.Expired : Verdict.Winner;
        }
    }

    /// <summary>The rows shown around the winner, or around the place it would have: the first row that is not after the instant, else the last.</summary>
    public static IEnumerable<(Row Row, Verdict Verdict)> Around(IReadOnlyList<(Row Row, Verdict Verdict)> rows, int nearby)
    {
        var place = rows.ToList().FindIndex(row => row.Verdict is Verdict.Winner or Verdict.Expired);
        place = place >= 0 ? place : rows.ToList().FindIndex(row => row.Verdict != Verdict.AfterInstant);
        place = place >= 0 ? place : rows.Count - 1;
        return rows.Where((_, i) => Math.Abs(i - place) <= nearby);
    }
}
