using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Why a value is what it is.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task P13_every_row_of_a_key_has_the_verdict_of_the_reference_model_in_random_worlds()
    {
        var worlds = Math.Max(40, Setting("DISTILLER_WORLDS", 100) / 5);
        var seed = Setting("DISTILLER_SEED", 1);
        var last = seed + worlds;
        var seen = new HashSet<Verdict>();
        while (seed < last)
        {
            await using var database = await engine.CreateAsync();
            for (var end = Math.Min(seed + WorldsPerDatabase, last); seed < end; seed++)
            {
                seen.UnionWith(await AgreeOnWhyAsync(World.Create(seed, Options()), database));
            }
        }

        Assert.True(seen.IsSupersetOf([Verdict.Winner, Verdict.Expired, Verdict.Older, Verdict.AfterInstant, Verdict.NotYetKnown, Verdict.Deleted, Verdict.NothingNew]), $"the worlds show only {string.Join(", ", seen)}");
    }

    [Fact]
    public async Task P13_each_verdict_is_told()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().MaxAge(TimeSpan.FromSeconds(60));
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 1), Click(1, 10, 10, 2), Click(1, 10, 50, 3), Click(1, 20, 20, 4), Click(1, 100, 100, 5), Click(2, 0, 0, 6)]);
        var training = Spine.From("labels").Columns("user_id", "event_timestamp").Join(set).KnownAtEvent();
        var answer = await scene.Store.WhyAsync(training, "clicks", [1L], new DateTimeOffset(At(15)));
        Assert.Equal(
            [(1, Verdict.AfterInstant, 5), (2, Verdict.AfterInstant, 4), (3, Verdict.NotYetKnown, 3), (4, Verdict.Winner, 2), (5, Verdict.Older, 1)],
            answer.Rows.Select(row => ((int)row.Position, row.Verdict, (int)row.Values[0]!)));
        Assert.Equal((At(10), At(10)), (answer.Winner!.EventTime, answer.Winner.CreatedTime));
        Assert.Contains("clicks = 2, page = p: the row of 2024-03-10 12:00:10.000000 UTC", answer.Summary, StringComparison.Ordinal);

        // The inclusive edge of the max age, and a microsecond later.
        Assert.Equal(Verdict.Winner, (await scene.Store.WhyAsync(training, "clicks", [2L], new DateTimeOffset(At(60)))).Rows[0].Verdict);
        var expired = await scene.Store.WhyAsync(training, "clicks", [2L], new DateTimeOffset(At(60.000001)));
        Assert.Equal(Verdict.Expired, expired.Rows[0].Verdict);
        Assert.Null(expired.Winner);
        Assert.StartsWith("NULL: the newest row is of", expired.Summary, StringComparison.Ordinal);

        // Strictly: the instant itself is after.
        Assert.Equal(Verdict.AfterInstant, (await scene.Store.WhyAsync(training.Strictly(), "clicks", [2L], new DateTimeOffset(At(0)))).Rows[0].Verdict);
        Assert.Equal(Verdict.Winner, (await scene.Store.WhyAsync(training.Strictly(), "clicks", [2L], new DateTimeOffset(At(0.000001)))).Rows[0].Verdict);
        Assert.Equal("NULL: every row of the key is after the instant (W1).", (await scene.Store.WhyAsync(training, "clicks", [2L], new DateTimeOffset(At(-1)))).Summary);
        Assert.Equal("NULL: the history has no row of the key.", (await scene.Store.WhyAsync(training, "clicks", [3L], new DateTimeOffset(At(0)))).Summary);
    }

    [Fact]
    public async Task P13_a_NULL_key_or_instant_is_said()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 1), Click(1, 10, 10, 2)]);
        var training = Spine.From("labels").Columns("user_id", "event_timestamp").Join(set);
        var key = await scene.Store.WhyAsync(training, "clicks", new Dictionary<string, object?> { ["user_id"] = null, ["event_timestamp"] = At(5) });
        Assert.Empty(key.Rows);
        Assert.Equal("NULL: a key is NULL, and NULL equals nothing (P3).", key.Summary);
        Assert.Contains("key 'user_id' is NULL", Assert.Single(key.Notes), StringComparison.Ordinal);
        var instant = await scene.Store.WhyAsync(training, "clicks", new Dictionary<string, object?> { ["user_id"] = 1L, ["event_timestamp"] = null });
        Assert.Equal([Verdict.NoInstant, Verdict.NoInstant], instant.Rows.Select(row => row.Verdict));
        Assert.Equal("NULL: the instant is NULL (P3).", instant.Summary);
    }

    [Fact]
    public async Task P13_the_rows_around_the_winner_are_shown_and_all_on_request()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [.. Enumerable.Range(0, 40).Select(i => Click(1, i, i, i))]);
        var why = Why.Of(Spine.From("labels").Columns("user_id", "event_timestamp").Join(set), "clicks", [1], new DateTimeOffset(At(20)));
        Assert.Equal(Enumerable.Range(15, 11).Reverse(), (await scene.Store.WhyAsync(why)).Rows.Select(row => (int)row.Values[0]!));
        Assert.Equal([20], (await scene.Store.WhyAsync(why.Around(0))).Rows.Select(row => (int)row.Values[0]!));
        Assert.Equal(40, (await scene.Store.WhyAsync(why.All())).Rows.Count);
        Assert.Equal([2, 1, 0], (await scene.Store.WhyAsync(Why.Of(why.Training, "clicks", [1L], new DateTimeOffset(At(-5))).Around(2))).Rows.Select(row => (int)row.Values[0]!));
        Assert.Equal(11, (await scene.Store.QueryAsync<dynamic>(why)).Count);
    }

    [Fact]
    public async Task P13_a_row_without_event_time_in_a_table_of_yours_is_told()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Existing("placed");
        await scene.DropInAsync(set, Click(1, 0, 0, 1), Click(1, 0, null, 2), Row.Of(("user_id", 1L), ("feature_timestamp", null), ("created_timestamp", At(0)), ("clicks", 3), ("page", "p")));
        var answer = await scene.Store.WhyAsync(Spine.From("labels").Columns("user_id", "event_timestamp").Join(set).KnownAt(new DateTimeOffset(At(1))), "clicks", [1L], new DateTimeOffset(At(5)));
        Assert.Equal([(Verdict.Winner, 1), (Verdict.Older, 2), (Verdict.NoEventTime, 3)], answer.Rows.Select(row => (row.Verdict, (int)row.Values[0]!)));
    }

    [Fact]
    public async Task P13_a_sparse_set_has_a_verdict_per_feature()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Sparse().MaxAge(TimeSpan.FromSeconds(60));
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, null, "a"), Click(1, 10, 10, 1, null), Click(1, 20, 20, 2, null), Click(1, 30, 90, 3, "b"), Click(1, 100, 100, 4, "c")]);
        var training = Spine.From("labels").Columns("user_id", "event_timestamp").Join(set).KnownAtEvent();
        var answer = await scene.Store.WhyAsync(training, "clicks", [1L], new DateTimeOffset(At(65)));
        Assert.Equal(
            [
                (Verdict.AfterInstant, Verdict.AfterInstant, Verdict.AfterInstant),
                (Verdict.NotYetKnown, Verdict.NotYetKnown, Verdict.NotYetKnown),
                (Verdict.Winner, Verdict.Winner, Verdict.NothingNew),
                (Verdict.Older, Verdict.Older, Verdict.NothingNew),
                (Verdict.Expired, Verdict.NothingNew, Verdict.Expired),
            ],
            answer.Rows.Select(row => (row.Verdict, row.Verdicts[0], row.Verdicts[1])));
        Assert.Equal((3, 3), (answer.WinnerOf("CLICKS")!.Position, answer.Winner!.Position));
        Assert.Null(answer.WinnerOf("page"));
        Assert.Equal(
            "clicks = 2: the row of 2024-03-10 12:00:20.000000 UTC. page is NULL: its newest value is of 2024-03-10 12:00:00.000000 UTC, older than the max age of 00:01:00 at the instant (W4).",
            answer.Summary);
        Assert.Contains("no feature 'pages'; it has clicks, page", Assert.Throws<ArgumentException>(() => answer.WinnerOf("pages")).Message, StringComparison.Ordinal);

        // Around each winner, and nothing between them.
        var near = await scene.Store.WhyAsync(Why.Of(training, "clicks", [1L], new DateTimeOffset(At(65))).Around(0));
        Assert.Equal([3L, 5L], near.Rows.Select(row => row.Position));
        Assert.Equal("clicks is NULL: no candidate knows it (W3). page = a: the row of 2024-03-10 12:00:00.000000 UTC.", (await scene.Store.WhyAsync(training, "clicks", [1L], new DateTimeOffset(At(5)))).Summary);
    }

    [Fact]
    public async Task P13_a_tombstone_is_told()
    {
        await using var scene = await OpenAsync(engine);
        foreach (var set in new[] { Clicks("dense").Tombstones().MaxAge(TimeSpan.FromSeconds(5)), Clicks("sparse").Sparse().Tombstones().MaxAge(TimeSpan.FromSeconds(5)) })
        {
            await scene.CreateAsync(set);
            await scene.Store.PublishAsync(set, new[] { Click(1, 0, 0, 1), Click(1, 20, 20, null, "b") }, new() { CreatedAt = At(30) });
            await scene.Store.RetractAsync(set, new[] { new { user_id = 1L } }, at: new DateTimeOffset(At(10)), createdAt: new DateTimeOffset(At(30)));
            var training = Spine.From("labels").Columns("user_id", "event_timestamp").Join(set);
            var ended = await scene.Store.WhyAsync(training, set.Name, [1L], new DateTimeOffset(At(18)));
            Assert.Equal([(Verdict.AfterInstant, false), (Verdict.Deleted, true), (Verdict.Older, false)], ended.Rows.Select(row => (row.Verdict, row.IsTombstone)));
            Assert.Null(ended.Winner);
            Assert.Contains("the key ended at 2024-03-10 12:00:10.000000 UTC, by a tombstone (W4).", ended.Summary, StringComparison.Ordinal);

            var again = await scene.Store.WhyAsync(training, set.Name, [1L], new DateTimeOffset(At(21)));
            Assert.Equal(set.IsSparse ? [Verdict.Winner, Verdict.Deleted, Verdict.Older] : [Verdict.Winner, Verdict.Older, Verdict.Older], again.Rows.Select(row => row.Verdict));
            if (set.IsSparse)
            {
                Assert.Equal([[Verdict.NothingNew, Verdict.Winner], [Verdict.Deleted, Verdict.Older], [Verdict.Older, Verdict.Older]], again.Rows.Select(row => row.Verdicts));
                Assert.Contains("clicks is NULL: the key ended at", again.Summary, StringComparison.Ordinal);
            }

            Assert.Contains("tombstone", again.ToString(), StringComparison.Ordinal);
        }
    }

    private async Task<HashSet<Verdict>> AgreeOnWhyAsync(World world, TestDatabase database)
    {
        var reference = await new WorldRun(world, engine, database).FillAsync();
        var store = database.Store();
        var seen = new HashSet<Verdict>();
        var random = new Random(world.Seed);
        foreach (var training in world.Trainings.Where(_ => world.Spine.Rows.Count > 0))
        {
            // A few rows of any join, and more of those whose keys may have ended.
            var asks = Enumerable.Range(0, 3).Select(_ => training.Set.Joins[random.Next(training.Set.Joins.Count)]).Concat(training.Set.Joins.Where(join => join.Set.HasTombstones).SelectMany(join => Enumerable.Repeat(join, 8)));
            foreach (var join in asks)
            {
                var row = world.Spine.Rows[random.Next(world.Spine.Rows.Count)];
                var why = Why.OfRow(training.Set, join.Prefix, row);
                var all = ReferenceWhy.Rows(training.Set, join, reference.History(join.Set), [.. join.SpineKeys.Select(column => row[column])], row[training.Set.Spine.InstantColumn.Name]);
                var asked = random.Next(2) == 0 ? why.All() : why.Around(random.Next(4));
                var expected = asked.Nearby is { } nearby ? ReferenceWhy.Around(all, nearby) : all;
                var answer = await store.WhyAsync(asked);
                var where = $"{engine}, {training.Name}, why {join.Prefix} of {row}; {world}";
                Assert.True(answer.Rows.Select(one => one.Position).SequenceEqual(answer.Rows.Select(one => one.Position).Order()), where);
                RowMultiset.AssertEqual(
                    [.. expected.Select(one => Told(join, one.Verdicts, ReferenceModel.IsDeleted(join.Set, one.Row), one.Row[join.Set.EventTimeColumn.Name], join.Set.CreatedTimeColumn is { } created ? one.Row[created.Name] : null, join.Features.Select(feature => one.Row[feature.Name])))],
                    [.. answer.Rows.Select(one => Told(join, join.Set.IsSparse ? one.Verdicts : [one.Verdict], one.IsTombstone, one.EventTime, one.CreatedTime, one.Values))],
                    where,
                    allowEmpty: true);
                seen.UnionWith(answer.Rows.SelectMany(one => one.Verdicts.Append(one.Verdict)));
            }
        }

        return seen;

        static Row Told(TrainingJoin join, IEnumerable<Verdict> verdicts, bool isTombstone, object? happened, object? created, IEnumerable<object?> values) => new(
            values.Select((value, i) => KeyValuePair.Create($"value {i} {join.Features[i].Name}", value))
                .Prepend(KeyValuePair.Create("created", created)).Prepend(KeyValuePair.Create("event", happened))
                .Prepend(KeyValuePair.Create("tombstone", (object?)isTombstone)).Prepend(KeyValuePair.Create("verdicts", (object?)string.Join(", ", verdicts))));
    }
}
