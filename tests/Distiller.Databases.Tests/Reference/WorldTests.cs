namespace Distiller.Databases.Tests.Reference;

/// <summary>The worlds hold what they are there for, and are the same from the same seed.</summary>
public sealed class WorldTests
{
    private const int Worlds = 250;

    [Fact]
    public void A_seed_gives_one_world()
    {
        for (var seed = -5; seed < 30; seed++)
        {
            Assert.Equal(Print(World.Create(seed)), Print(World.Create(seed)));
        }

        Assert.NotEqual(Print(World.Create(1)), Print(World.Create(2)));
    }

    [Fact]
    public void Every_batch_of_every_world_is_legal_and_every_refusal_is_refused()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var store = new ReferenceStore();
            foreach (var set in World.Create(seed).Sets)
            {
                foreach (var batch in set.Batches)
                {
                    var first = World.Play(store, set, batch);
                    if (first is not null)
                    {
                        var again = World.Play(store, set, batch);
                        Assert.Equal(new(first.Offered, 0, first.AlreadyPresent + first.Appended, first.Unchanged, 0, 0, 0), again);
                    }
                }

                foreach (var refusal in set.Refusals)
                {
                    Assert.Equal(refusal.Rule, Assert.Throws<ReferenceRefusal>(() => store.Publish(set.Set, refusal.Batch.Rows, refusal.Batch.Created)).Rule);
                }
            }
        }
    }

    /// <summary>No answer may hang on which of two equal rows comes first: history back to front says the same.</summary>
    [Fact]
    public void Every_answer_is_determined()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = World.Create(seed);
            var store = world.Play();
            foreach (var training in world.Trainings)
            {
                var backwards = ReferenceModel.TrainingSet(training.Set, world.Spine.Rows, set => [.. store.History(set).Reverse()]);
                RowMultiset.AssertEqual(world.Expected(training, store), backwards, $"{world}, {training.Name}");
                Assert.Equal(training.Set, training.Over(world.Spine.Declared));
            }
        }
    }

    [Fact]
    public void The_worlds_together_hold_every_case()
    {
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < Worlds; seed++)
        {
            Look(World.Create(seed), (name, count) => seen[name] = seen.GetValueOrDefault(name) + count);
        }

        var summary = string.Join(", ", seen.Select(pair => $"{pair.Key}: {pair.Value}"));
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Assert.All(seen, pair => Assert.True(pair.Value >= 5, $"Only {pair.Value} times: {pair.Key}. All: {summary}"));
    }

    private static void Look(World world, Action<string, int> count)
    {
        var store = new ReferenceStore();
        foreach (var set in world.Sets)
        {
            count("drop-in, published", set.Set.IsExisting && set.IsPublished ? 1 : 0);
            count("drop-in, by hand", set.IsPublished ? 0 : 1);
            count("one feature", set.Set.Features.Count == 1 ? 1 : 0);
            count("tie-breakers", set.Set.TieBreakers.Count > 0 ? 1 : 0);
            count("neither created nor tie-breaker", set.Set.CreatedTimeColumn is null && set.Set.TieBreakers.Count == 0 ? 1 : 0);
            count($"event time as {set.Set.EventTimeColumn.Kind}", 1);
            count($"created time as {set.Set.CreatedTimeColumn?.Kind.ToString() ?? "nothing"}", 1);
            foreach (var batch in set.Batches)
            {
                if (World.Play(store, set, batch) is { } counts)
                {
                    count("already present", counts.AlreadyPresent);
                    count("unchanged", counts.Unchanged);
                    count("late", counts.Late);
                    count("latest updated", counts.LatestUpdated);
                    count("below a microsecond", batch.Rows.SelectMany(row => row.Values).OfType<DateTime>().Count(instant => instant.Ticks % 10 != 0));
                }
            }

            var history = store.History(set.Set);
            count("correction", history.GroupBy(row => (IReadOnlyList<object?>)[.. ReferenceModel.KeyOf(set.Set, row), row[set.Set.EventTimeColumn.Name]], ValuesComparer.Instance).Count(rows => rows.Count() > 1));
            count("full tie", history.GroupBy(row => StoredRow.Version(set.Set, row), ValuesComparer.Instance).Count(rows => rows.Count() > 1));
            count("NULL created", set.Set.CreatedTimeColumn is { } created ? history.Count(row => row[created.Name] is null) : 0);
            count("NULL feature", history.Count(row => set.Set.Features.Any(feature => row[feature.Name] is null)));
            foreach (var feature in set.Set.Features)
            {
                count($"feature of {feature.Type.Kind}", 1);
                count($"named {(feature.Name is "rowid" or "oid" or "order" ? feature.Name : "otherwise")}", 1);
            }
        }

        var (rows, instant) = (world.Spine.Rows, world.Spine.Declared.InstantColumn);
        count($"spine instant as {instant.Kind}", 1);
        count("spine of more than 64 rows", rows.Count > 64 ? 1 : 0);
        count("NULL instant", rows.Count(row => row[instant.Name] is null));
        count("duplicate spine row", rows.Count - rows.DistinctBy(row => (IReadOnlyList<object?>)[.. row.Values], ValuesComparer.Instance).Count());
        foreach (var join in world.Trainings.SelectMany(training => training.Set.Joins, (training, join) => (training.Set, join)))
        {
            LookAt(join.Set, join.join, rows, instant.Name, store.History(join.join.Set), count);
        }
    }

    private static void LookAt(TrainingSet training, TrainingJoin join, IReadOnlyList<Row> rows, string instant, IReadOnlyList<Row> history, Action<string, int> count)
    {
        foreach (var row in rows)
        {
            var key = join.SpineKeys.Select(column => row[column]).ToList();
            count("NULL key", key.Any(part => part is null) ? 1 : 0);
            var winner = ReferenceModel.Winner(join.Set, history, key, row[instant], strict: training.IsStrict);
            if (winner is null)
            {
                count("no history", 1);
                continue;
            }

            var (t, happened) = (ReferenceModel.Time(row[instant])!.Value, ReferenceModel.Time(winner[join.Set.EventTimeColumn.Name])!.Value);
            var expired = ReferenceModel.IsExpired(join.Set, winner, row[instant], join.MaximumAge);
            count(expired ? "expired" : "hit", 1);
            count("exact hit", t == happened ? 1 : 0);
            count("a microsecond after", t == happened + 10 ? 1 : 0);
            count("exactly of the max age", join.MaximumAge is { } age && t - happened == age.Ticks ? 1 : 0);
            count("a microsecond too old", join.MaximumAge is { } older && t - happened == older.Ticks + 10 ? 1 : 0);
            count("no older row for an expired winner", expired && history.Count > 1 ? 1 : 0);
            var known = training.KnowledgeInstant is { } n
                ? ReferenceModel.Winner(join.Set, history, key, row[instant], n.UtcDateTime, training.IsStrict)
                : training.Knowledge == Knowledge.AtEvent ? ReferenceModel.Winner(join.Set, history, key, row[instant], (DateTime)row[instant]!, training.IsStrict) : winner;
            count("knowledge makes a difference", known is null || ReferenceModel.CompareRank(join.Set, known, winner) != 0 ? 1 : 0);
        }
    }

    private static string Print(World world) =>
        $"{world}\n{string.Join("\n", world.Sets.SelectMany(set => set.Batches.SelectMany(batch => batch.Rows)).Concat(world.Spine.Rows))}\n{string.Join("\n", world.Trainings.Select(training => $"{training.Name}: {training.Set}"))}";
}
