using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Sparse sets, tombstones, and what a match tells.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task W3_a_sparse_feature_comes_from_the_newest_row_that_knows_it()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Sparse();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5, "old"), Click(1, 1, 1, null, "new"), Click(1, 1, 2, 7, null), Click(1, 2, 2, null, null), Click(2, 0, 0, null, null)]);
        Row[] spine = [Ask(1, 10), Ask(1, 0), Ask(1, 1), Ask(2, 10), Ask(3, 10), Ask(null, 10), Ask(1, null)];
        var at = await scene.SpineAsync(spine);
        var rows = await scene.AgreesAsync(at.Join(set), spine);
        Assert.Equal((7, "new"), (rows[0]["clicks__clicks"], rows[0]["clicks__page"]));
        Assert.Equal((5, "old"), (rows[1]["clicks__clicks"], rows[1]["clicks__page"]));
        await scene.AgreesAsync(at.Join(set).Strictly(), spine);
        await scene.AgreesAsync(at.Join(set, ["page"]).KnownAt(At(1)), spine);
        await scene.AgreesAsync(at.Join(set).KnownAtEvent(), spine);
        await scene.LatestAgreesAsync(set);
    }

    [Fact]
    public async Task W3_a_sparse_drop_in_is_answered_alike_with_ties_and_without_created_time()
    {
        await using var scene = await OpenAsync(engine);
        var tied = Clicks("tied").Existing("tied").Sparse();
        var undated = Entity.Create("user").Key<long>("user_id").FeatureSet("undated").Feature<int>("clicks").Feature<string>("page").Existing("undated").WithoutCreatedTime().Sparse();
        var ranked = Entity.Create("user").Key<long>("user_id").FeatureSet("ranked").Feature<int>("clicks").Feature<string>("page").Existing("ranked").WithoutCreatedTime().TieBreaker<int>("id").Sparse();
        await scene.DropInAsync(tied, Click(1, 0, 0, 5, "a"), Click(1, 1, 1, null, "b"), Click(1, 1, 1, 6, null), Click(1, 1, null, 9, "c"), Click(1, 2, null, null, null));
        await scene.DropInAsync(undated, Undated(0, 1, "a"), Undated(1, null, "b"), Undated(1, 2, null), Undated(2, null, null));
        await scene.DropInAsync(ranked, Undated(0, 1, "a").With("id", 9), Undated(1, 3, "b").With("id", 1), Undated(1, 2, null).With("id", 2), Undated(1, 4, null).With("id", null));
        Row[] spine = [Ask(1, 0), Ask(1, 1), Ask(1, 5), Ask(2, 5)];
        var at = await scene.SpineAsync(spine);
        foreach (var set in new[] { tied, undated, ranked })
        {
            await scene.AgreesAsync(at.Join(set), spine);
            await scene.AgreesAsync(at.Join(set, maxAge: TimeSpan.FromSeconds(3)).WithMatch(), spine);
            await scene.LatestAgreesAsync(set);
        }

        Assert.Equal((2, "b"), ((await scene.AgreesAsync(at.Join(ranked), spine))[2] is var row ? (row["ranked__clicks"], row["ranked__page"]) : default));

        static Row Undated(double at, int? clicks, string? page) => Row.Of(("user_id", 1L), ("feature_timestamp", At(at)), ("clicks", clicks), ("page", page));
    }

    [Fact]
    public async Task W4_each_sparse_feature_has_an_age_of_its_own()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Sparse().MaxAge(TimeSpan.FromSeconds(10));
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, -20, -20, 1, "older"), Click(1, 0, 0, 5, "old"), Click(1, 5, 5, null, "new")]);
        Row[] spine = [Ask(1, 10), Ask(1, 10.000001), Ask(1, 15), Ask(1, 15.000001), Ask(1, 0)];
        var at = await scene.SpineAsync(spine);
        var rows = await scene.AgreesAsync(at.Join(set), spine);
        Assert.Equal([(5, "new"), (null, "new"), (null, "new"), (null, null), (5, "old")], rows.Select(row => ((int?)row["clicks__clicks"], (string?)row["clicks__page"])));
        await scene.AgreesAsync(at.Join(set, maxAge: TimeSpan.FromSeconds(20)).KnownAtEvent().WithMatch(), spine);
        await scene.AgreesAsync(at.Join(set, maxAge: TimeSpan.Zero).WithMatch(), spine);
        await scene.LatestAgreesAsync(set, at: 10.000001);
        await scene.LatestAgreesAsync(set, at: 15.000001);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task W4_a_tombstone_ends_every_feature_until_a_newer_fact(bool isSparse)
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Tombstones();
        set = isSparse ? set.Sparse() : set;
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(2, 0, 0, 6), Click(1, 30, 5, 9)]);
        await scene.RetractAsync(set, at: 10, created: 12, 1, 7);
        Row[] spine = [Ask(1, 9), Ask(1, 10), Ask(1, 20), Ask(1, 30), Ask(2, 20), Ask(7, 20)];
        var at = await scene.SpineAsync(spine);
        var rows = await scene.AgreesAsync(at.Join(set).WithMatch(), spine);
        Assert.Equal(["hit", "deleted", "deleted", "hit", "hit", "deleted"], rows.Select(row => row["clicks__status"]));
        Assert.Equal([5, null, null, 9, 6, null], rows.Select(row => (int?)row["clicks__clicks"]));
        await scene.AgreesAsync(at.Join(set).Strictly().WithMatch(), spine);
        await scene.AgreesAsync(at.Join(set).KnownAtEvent().WithMatch(), spine);
        Assert.Equal(5, (await scene.AgreesAsync(at.Join(set).KnownAt(At(11)), spine))[1]["clicks__clicks"]);

        var repeated = await scene.RetractAsync(set, at: 10, created: 12, 1);
        Assert.Equal((1, 0), (repeated.AlreadyPresent, repeated.Appended));
        Assert.True(Assert.Single(await scene.LatestAgreesAsync(set), row => (long)row.Key[0] == 7).IsDeleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task W4_a_late_row_brings_no_ended_key_back_and_a_newer_one_does(bool isSparse)
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Tombstones();
        set = isSparse ? set.Sparse() : set;
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5, "a")]);
        await scene.RetractAsync(set, at: 10, created: 10, 1);
        Assert.Empty(await TestTables.ReadAsync(scene.Store, Latest.Of(set)));

        var late = await scene.PublishAsync(set, [Click(1, 9, 20, 6, "late"), Click(1, 10, 9, 6, "known before")]);
        Assert.Equal((2, 0), (late.Late, late.LatestUpdated));
        Assert.True(Assert.Single(await scene.LatestAgreesAsync(set)).IsDeleted);

        await scene.PublishAsync(set, [Click(1, 11, 11, 7, null)]);
        var revived = Assert.Single(await scene.LatestAgreesAsync(set));
        Assert.False(revived.IsDeleted);
        Assert.Equal([7, null], revived.Values);
        await scene.RetractAsync(set, at: 5, created: 30, 1);
        Assert.Equal([7, null], Assert.Single(await scene.LatestAgreesAsync(set)).Values);
    }

    [Fact]
    public async Task P6_a_match_tells_its_status_and_since_when_it_holds()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().MaxAge(TimeSpan.FromSeconds(10));
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, null, null)]);
        Row[] spine = [Ask(1, 10), Ask(1, 10.000001), Ask(1, -1), Ask(2, 10), Ask(null, 10), Ask(1, null)];
        var at = await scene.SpineAsync(spine);
        var rows = await scene.AgreesAsync(at.Join(set).WithMatch(), spine);
        Assert.Equal(["hit", "expired", "no_history", "no_history", "no_key", "no_key"], rows.Select(row => row["clicks__status"]));
        Assert.Equal([At(0), At(0), null, null, null, null], rows.Select(row => (DateTime?)row["clicks__feature_timestamp"]));
        Assert.Equal(["user_id", "event_timestamp", "label", "clicks__clicks", "clicks__page", "clicks__status", "clicks__feature_timestamp"], rows[0].Keys);
        await scene.AgreesAsync(at.Join(set).Join(set, prefix: "again", maxAge: TimeSpan.MaxValue).WithMatch().KnownAtEvent(), spine);
        await scene.AgreesAsync(at.Join(set, ["page"]).ShortNames().WithMatch().Strictly(), spine);
    }

    [Fact]
    public async Task B2_a_late_row_fills_a_sparse_latest_and_published_timestamp_moves_on_with_every_change()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Sparse();
        await scene.CreateAsync(set);
        var store = scene.Database.Store(new() { TimeProvider = new FixedClock(At(500)) });
        await store.PublishAsync(set, new[] { Click(1, 10, 10, null, "p"), Click(2, 10, 10, 1, "p") });
        var first = await PublishedAsync();
        var late = await store.PublishAsync(set, new[] { Click(1, 5, 20, 6, "x") });
        Assert.Equal((1, 1, 0), (late.Late, late.LatestUpdated, late.LatestInserted));
        var second = await PublishedAsync();
        Assert.Equal((first[1].Published.AddTicks(10), first[2].Published), (second[1].Published, second[2].Published));
        Assert.Equal([6, "p"], second[1].Row.Values);
        Assert.Equal([At(5), At(10)], second[1].Row.FeatureTimes);
        Assert.Equal(At(10), second[1].Row.EventTime);

        var covered = await store.PublishAsync(set, new[] { Click(1, 4, 30, 7, "y") });
        Assert.Equal((1, 0), (covered.Late, covered.LatestUpdated));
        Assert.Equal(second[1].Published, (await PublishedAsync())[1].Published);

        async Task<Dictionary<long, (DateTime Published, LatestRow Row)>> PublishedAsync()
        {
            var rows = new Dictionary<long, (DateTime, LatestRow)>();
            await foreach (var row in store.UnloadAsync(set))
            {
                rows.Add((long)row.Key[0], (row.PublishedTimestamp!.Value, row));
            }

            return rows;
        }
    }

    [Fact]
    public async Task B11_a_row_without_values_after_a_tombstone_is_a_change()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Tombstones();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        await scene.RetractAsync(set, at: 10, created: 10, 1);
        var back = await scene.PublishAsync(set, [Click(1, 20, 20, null, null), Click(1, 30, 30, null, null)], onlyChanged: true);
        Assert.Equal((1, 1), (back.Appended, back.Unchanged));
    }

    [Fact]
    public async Task B6_a_retraction_of_no_key_is_refused_and_one_where_a_fact_stands_too()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Tombstones();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        var none = await Assert.ThrowsAsync<RowRefusedException>(() => scene.Store.RetractAsync(set, new[] { new { user_id = (long?)null } }, At(5)));
        Assert.Contains("user_id", none.Message, StringComparison.Ordinal);
        var stands = await Assert.ThrowsAsync<RowRefusedException>(() => scene.Store.RetractAsync(set, new[] { new { user_id = 1L } }, At(0), At(0)));
        Assert.Contains("user_id = 1", stands.Message, StringComparison.Ordinal);
        await scene.TablesAgreeAsync(set);
        Assert.Throws<InvalidOperationException>(() => Retract.Of(Clicks(), Spine.From("keys"), At(0)));
        Assert.Throws<InvalidOperationException>(() => Clicks().Existing("theirs").Tombstones());
    }

    [Fact]
    public async Task Sparse_sets_of_many_features_work()
    {
        await using var scene = await OpenAsync(engine);
        var wide = Enumerable.Range(0, 100).Aggregate(Entity.Create("user").Key<long>("user_id").FeatureSet("wide").Sparse().Tombstones(), (set, i) => set.Feature<double>($"f{i}"));
        await scene.CreateAsync(wide);
        await scene.PublishAsync(wide, [.. Enumerable.Range(0, 4).Select(row => new Row([
            new("user_id", 1L), new("feature_timestamp", At(row)), .. Enumerable.Range(0, 100).Select(i => KeyValuePair.Create($"f{i}", i % 4 == row ? (object?)(double)i : null))]))]);
        await scene.RetractAsync(wide, at: 0.5, created: 1_000_000, 1);
        Row[] spine = [Ask(1, 0), Ask(1, 1), Ask(1, 3)];
        await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(wide, maxAge: TimeSpan.FromSeconds(1)).WithMatch(), spine);
    }

    [Fact]
    public async Task An_erased_key_is_nowhere_and_one_that_is_not_there_is_told()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Tombstones();
        var other = Clicks("other");
        var theirs = Clicks("theirs").Existing("theirs");
        await scene.CreateAsync(set, other);
        await scene.DropInAsync(theirs, Click(1, 0, 0, 1));
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(1, 1, 1, 6), Click(2, 0, 0, 7)]);
        await scene.PublishAsync(other, [Click(1, 0, 0, 5), Click(3, 0, 0, 5)]);
        await scene.RetractAsync(set, at: 5, created: 5, 1);
        var one = await scene.EraseAsync(set, 1, 9);
        Assert.Equal([("clicks_history", 3L), ("clicks_latest", 1L)], one.Tables.Select(table => (table.Table.Name, table.Rows)));
        Assert.Equal((2, 1), (one.Keys, one.MissingKeys));
        Assert.Equal(9L, Convert.ToInt64(Assert.Single(one.SomeMissingKeys)[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains("9", one.ToString(), StringComparison.Ordinal);

        await scene.Database.ExecuteAsync("CREATE TABLE leavers (user_id BIGINT)");
        await scene.Database.ExecuteAsync("INSERT INTO leavers VALUES (1), (2), (2)");
        var all = await scene.Store.EraseAsync(Erase.Of([set, other, theirs], Spine.From("leavers")));
        Assert.Equal([("clicks_history", 1L), ("clicks_latest", 1L), ("other_history", 1L), ("other_latest", 1L)], all.Tables.Select(table => (table.Table.Name, table.Rows)));
        Assert.Equal((2, 0), (all.Keys, all.MissingKeys));
        Assert.Contains(all.NotReached, line => line.Contains("'theirs'", StringComparison.Ordinal));
        Assert.Equal(3L, Assert.Single(await TestTables.ReadAsync(scene.Store, Latest.Of(other)))["user_id"]);
        Assert.Empty(await TestTables.ReadAsync(scene.Store, Latest.Of(set)));
    }
}
