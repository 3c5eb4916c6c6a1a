namespace Distiller.Databases.Tests.Reference;

/// <summary>History as intervals (F1), in plain loops: per key and event time what is served there, until the next one; none where that is a tombstone.</summary>
public static class ReferenceIntervals
{
    public static IReadOnlyList<Row> Of(FeatureSet set, IReadOnlyList<Row> history, bool collapsed = false, Scd2Columns? names = null)
    {
        var own = names ?? new();
        var intervals = new List<Row>();
        foreach (var key in history.Select(row => ReferenceModel.KeyOf(set, row)).Where(key => key.All(part => part is not null)).Distinct(ValuesComparer.Instance))
        {
            var times = history
                .Where(row => ValuesComparer.Instance.Equals(ReferenceModel.KeyOf(set, row), key) && row[set.EventTimeColumn.Name] is not null)
                .GroupBy(row => ReferenceModel.Time(row[set.EventTimeColumn.Name])!.Value)
                .OrderBy(rows => rows.Key)
                .ToList();
            var winners = new List<Row>();
            foreach (var time in times)
            {
                // What a training set serves at that instant, before any max age; in a sparse set, from all rows so far.
                var winner = ReferenceModel.Latest(set, set.IsSparse ? [.. times.TakeWhile(other => other.Key <= time.Key).SelectMany(rows => rows)] : [.. time]).Single();
                if (!collapsed || winners.Count == 0 || ReferenceModel.IsDeleted(set, winners[^1]) != ReferenceModel.IsDeleted(set, winner) || set.Features.Any(feature => !Values.Same(winners[^1][feature.Name], winner[feature.Name])))
                {
                    winners.Add(winner);
                }
            }

            for (var i = 0; i < winners.Count; i++)
            {
                if (ReferenceModel.IsDeleted(set, winners[i]))
                {
                    continue;
                }

                var end = i + 1 < winners.Count ? Values.Stored(winners[i + 1][set.EventTimeColumn.Name]) : null;
                intervals.Add(new(set.Entity.Keys.Select((part, n) => KeyValuePair.Create(part.Name, key[n]))
                    .Append(new(own.ValidFrom, Values.Stored(winners[i][set.EventTimeColumn.Name])))
                    .Append(new(own.ValidTo, end))
                    .Append(new(own.IsCurrent, end is null))
                    .Concat(set.Features.Select(feature => KeyValuePair.Create(feature.Name, Values.Stored(winners[i][feature.Name]))))));
            }
        }

        return intervals;
    }
}
