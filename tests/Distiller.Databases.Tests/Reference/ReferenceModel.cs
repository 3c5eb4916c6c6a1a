namespace Distiller.Databases.Tests.Reference;

/// <summary>
/// What Distiller means, in plain loops over rows in memory: the oracle every engine is compared with.
/// It shares nothing with the product but the declarations. Event and created times are <see cref="DateTime"/> in UTC whatever kind the column has, <see cref="long"/> where it is an ordinal.
/// </summary>
public static partial class ReferenceModel
{
    /// <summary>The row that wins for a key at an instant (W1, W2), before any max age; null where none does, or the key or the instant is NULL (P3).</summary>
    /// <param name="set">The feature set.</param>
    /// <param name="history">Its history, in any order.</param>
    /// <param name="key">The key's values, in the entity's key order.</param>
    /// <param name="t">The instant, or an ordinal.</param>
    /// <param name="n">The knowledge instant; null = today.</param>
    /// <param name="strict">Whether event times must be before the instant.</param>
    public static Row? Winner(FeatureSet set, IReadOnlyList<Row> history, IReadOnlyList<object?> key, object? t, DateTime? n = null, bool strict = false) =>
        Greatest(set, Candidates(set, history, key, t, n, strict));

    /// <summary>The winner of every key at t = forever, before any max age; a key that ended has its tombstone. A sparse set's has the newest row's times, each feature's winner, and its event time (B2).</summary>
    public static IReadOnlyList<Row> Latest(FeatureSet set, IReadOnlyList<Row> history) =>
        history
            .Where(row => EventTime(set, row) is not null && KeyOf(set, row).All(part => part is not null))
            .GroupBy(row => KeyOf(set, row), ValuesComparer.Instance)
            .Select(rows => set.IsSparse ? Filled(set, [.. rows]) : Greatest(set, rows)!)
            .ToList();

    /// <summary>The spine's rows, each exactly once (P1), with every join's features (P2 to P5, P7).</summary>
    public static IReadOnlyList<Row> TrainingSet(TrainingSet training, IReadOnlyList<Row> spine, Func<FeatureSet, IReadOnlyList<Row>> history)
    {
        var histories = training.Joins.Select(join => history(join.Set)).ToList();
        var output = new List<Row>();
        foreach (var row in spine)
        {
            var columns = training.Spine.ColumnNames.Count > 0 ? training.Spine.ColumnNames : row.Keys.ToList();
            var cells = columns.Select(column => KeyValuePair.Create(column, Values.Stored(row[column]))).ToList();
            var t = row[training.Spine.InstantColumn.Name];
            for (var i = 0; i < training.Joins.Count; i++)
            {
                var join = training.Joins[i];
                var key = join.SpineKeys.Select(column => row[column]).ToList();
                var candidates = join.Set.IsStatic ? histories[i].Where(row => HasKey(join.Set, row, key)).ToList() : Candidates(join.Set, histories[i], key, t, KnowledgeOf(training, t), training.IsStrict);
                foreach (var feature in join.Features)
                {
                    var winner = join.Set.IsStatic ? candidates.SingleOrDefault() : FeatureWinner(join.Set, candidates, feature);
                    var counts = winner is not null && !IsExpired(join.Set, winner, t, join.MaximumAge) && !HasEnded(join.Set, winner, t, training.IsStrict);
                    var name = training.HasShortNames ? feature.Name : $"{join.Prefix}__{feature.Name}";
                    cells.Add(KeyValuePair.Create(name, counts ? Values.Stored(winner![feature.Name]) : null));
                }

                if (training.HasMatch)
                {
                    var newest = join.Set.IsStatic ? candidates.SingleOrDefault() : Greatest(join.Set, candidates);
                    var asks = (t is not null || join.Set.IsStatic) && key.All(part => part is not null);
                    cells.Add(KeyValuePair.Create($"{join.Prefix}__status", (object?)Status(join.Set, newest, asks, t, join.MaximumAge, training.IsStrict)));
                    cells.Add(KeyValuePair.Create($"{join.Prefix}__feature_timestamp", newest is null || join.Set.IsStatic ? null : Values.Stored(newest[join.Set.EventTimeColumn.Name])));
                }
            }

            output.Add(new(cells));
        }

        return output;
    }

    /// <summary>Whether the winner is too old at the instant (W4): a hit is at or after the instant less the max age, both whole microseconds.</summary>
    public static bool IsExpired(FeatureSet set, Row winner, object? t, TimeSpan? maxAge)
    {
        if (maxAge is not { } age)
        {
            return false;
        }

        var wholeAge = age.Ticks - (age.Ticks % TimeSpan.TicksPerMicrosecond);
        return EventTime(set, winner)!.Value < Time(t)!.Value - wholeAge;
    }

    /// <summary>Whether the winner's interval has ended at the instant (exclusive; NULL never ends); strictly, just before it.</summary>
    public static bool HasEnded(FeatureSet set, Row winner, object? t, bool strict) =>
        set.ValidToColumn is { } end && Time(winner[end.Name]) is { } ended && (strict ? ended < Time(t) : ended <= Time(t));

    /// <summary>Which of two rows of one key is the greater: event time, then created time (NULL oldest), then the tie-breakers (NULL lowest) (W2).</summary>
    public static int CompareRank(FeatureSet set, Row left, Row right)
    {
        var order = Values.Compare(EventTime(set, left), EventTime(set, right));
        if (order == 0 && set.CreatedTimeColumn is { } created)
        {
            order = Values.Compare(Time(left[created.Name]), Time(right[created.Name]));
        }

        foreach (var tie in set.TieBreakers)
        {
            if (order == 0)
            {
                order = Values.Compare(left[tie.Name], right[tie.Name]);
            }
        }

        return order;
    }

    public static IReadOnlyList<object?> KeyOf(FeatureSet set, Row row) => set.Entity.Keys.Select(key => Values.Stored(row[key.Name])).ToList();

    /// <summary>An instant as ticks of a floored UTC time (T1, T2), an ordinal as it is; the two never meet.</summary>
    public static long? Time(object? value) => Values.Stored(value) switch
    {
        null => null,
        DateTime instant => instant.Ticks,
        long ordinal => ordinal,
        var other => throw new ArgumentException($"{Values.Show(other)} is neither an instant nor an ordinal."),
    };

    private static long? EventTime(FeatureSet set, Row row) => Time(row[set.EventTimeColumn.Name]);

    private static bool HasKey(FeatureSet set, Row row, IReadOnlyList<object?> key)
    {
        for (var i = 0; i < key.Count; i++)
        {
            var own = row[set.Entity.Keys[i].Name];
            if (own is null || key[i] is null || !Values.Same(own, key[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsKnown(FeatureSet set, Row row, DateTime? n) =>
        n is null
        || set.CreatedTimeColumn is not { } column
        || Time(row[column.Name]) is not { } created
        || created <= Time(n)!.Value;

    private static Row? Greatest(FeatureSet set, IEnumerable<Row> candidates)
    {
        Row? winner = null;
        foreach (var row in candidates)
        {
            if (winner is null || CompareRank(set, row, winner) > 0)
            {
                winner = row;
            }
        }

        return winner;
    }

    private static DateTime? KnowledgeOf(TrainingSet training, object? t) => training.Knowledge switch
    {
        Knowledge.Today => null,
        Knowledge.AtInstant => training.KnowledgeInstant!.Value.UtcDateTime,
        _ => (DateTime?)Values.Stored(t),
    };
}
