using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Intervals and events of sets that are sparse or end keys; and what is made of a history follows it when it is erased or outgrown.</summary>
public abstract partial class DatabaseContract
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task F1_a_tombstone_closes_the_interval_and_a_newer_row_opens_another(bool collapsed, bool isSparse)
    {
        await using var scene = await OpenAsync(engine);
        var set = (isSparse ? Clicks().Sparse() : Clicks()).Tombstones().Scd2("clicks_scd2", collapsed);
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(1, 10, 10, 5), Click(2, 0, 0, 7)]);
        await scene.RefreshAsync(set);
        await scene.RetractAsync(set, at: 20, created: 20, 1, 3);
        Assert.Equal(2, (await scene.RefreshAsync(set)).Keys);
        Assert.Equal(At(20), (await scene.IntervalsAsync(set)).Where(row => (long)row["user_id"]! == 1).Max(row => (DateTime?)row["valid_to"]));
        Assert.DoesNotContain(await scene.IntervalsAsync(set), row => (long)row["user_id"]! != 2 && (bool)row["is_current"]!);

        // The same values again are a new interval, with a gap before it; a late row within the gap closes again where the next tombstone stands.
        await scene.PublishAsync(set, [Click(1, 30, 30, 5)]);
        await scene.RetractAsync(set, at: 40, created: 40, 1);
        await scene.PublishAsync(set, [Click(1, 25, 50, 5), Click(1, 35, 50, null, "q"), Click(1, 40, 60, 8)]);
        await scene.RefreshAsync(set);
        Assert.Contains(await scene.IntervalsAsync(set), row => (long)row["user_id"]! == 1 && Equals(row["valid_from"], At(25)));
        Assert.Equal(8, (await scene.IntervalsAsync(set)).Single(row => (long)row["user_id"]! == 1 && (bool)row["is_current"]!)["clicks"]);

        // A row that a tombstone of the same instant outranks, and one that outranks it.
        await scene.RetractAsync(set, at: 40, created: 70, 1);
        await scene.RefreshAsync(set);
        Assert.Equal(At(40), (await scene.IntervalsAsync(set)).Where(row => (long)row["user_id"]! == 1).Max(row => (DateTime?)row["valid_to"]));
        Assert.Equal(0, (await scene.RefreshAsync(set)).Keys);
        Assert.False((await scene.Store.RefreshScd2Async(set, anew: true)).FoundByCounting);
        await scene.IntervalsAgreeAsync(set);
    }

    [Fact]
    public async Task F1_intervals_of_a_sparse_set_say_what_is_served_and_a_late_row_shines_through()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Sparse().Scd2("clicks_scd2");
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5, null), Click(1, 10, 10, null, "a"), Click(1, 20, 20, null, null), Click(1, 30, 30, 6, null)]);
        await scene.RefreshAsync(set);
        Assert.Equal([(5, null), (5, "a"), (5, "a"), (6, "a")], await ServedAsync());
        await scene.PublishAsync(set, [Click(1, 15, 40, 7, "b")]);
        Assert.Equal((1L, 4L, 5L, false), Told(await scene.RefreshAsync(set)));
        Assert.Equal([(5, null), (5, "a"), (7, "b"), (7, "b"), (6, "b")], await ServedAsync());

        async Task<IEnumerable<(int?, string?)>> ServedAsync() => (await scene.IntervalsAsync(set)).OrderBy(row => row["valid_from"]).Select(row => ((int?)row["clicks"], (string?)row["page"]));
    }

    [Fact]
    public async Task F2_a_tombstone_is_an_event_of_its_own_there_and_back()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Tombstones();
        var copy = set.History("copied_history").Latest("copied_latest");
        await scene.CreateAsync(set, copy);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(2, 0, 0, null, null)]);
        await scene.RetractAsync(set, at: 10, created: 10, 1);
        var events = await TestTables.ReadAsync(scene.Store, Eavt.Of(set));
        Assert.Equal(["clicks", "clicks", "deleted", "page", "page"], events.Select(row => (string)row["attribute"]!).Order());
        Assert.Equal("true", events.Single(row => (string)row["attribute"]! == "deleted")["value"]);
        await scene.Store.CreateViewAsync(Eavt.Of(set).AsView("clicks_events"));
        Assert.Equal((3L, 0L), await PublishedAsync("clicks_events"));
        Assert.Equal((0L, 3L), await PublishedAsync("clicks_events"));
        Assert.Equal(2L, Assert.Single(await TestTables.ReadAsync(scene.Store, Latest.Of(copy)))["user_id"]);
        var columns = PublishBatch.Columns(set).Select(column => new TestColumn(column.Name, column.Type)).ToList();
        RowMultiset.AssertEqual(
            await TestTables.ReadTableAsync(scene.Database.Connection, engine.Dialect, set.HistoryTable, columns),
            await TestTables.ReadTableAsync(scene.Database.Connection, engine.Dialect, copy.HistoryTable, columns),
            $"{engine}: a history with tombstones, by way of events");

        await RefusedAsync("a tombstone has no features, and this fact has some", (1, "clicks", "5"), (1, "page", "p"), (7, "deleted", "true"), (7, "page", "p"));
        await RefusedAsync("a tombstone says 'true'", (7, "deleted", "false"));
        await RefusedAsync("a tombstone says 'true'", (7, "deleted", null));
        Assert.Contains("keep values as text", Assert.Throws<ArgumentException>(() => Pivot.From(User().FeatureSet("n").Feature<double>("x").Tombstones(), "t").Values(FeatureType.Float64)).Message, StringComparison.Ordinal);

        async Task<(long Appended, long Present)> PublishedAsync(string table)
        {
            var result = await scene.Store.PublishEventsAsync(Pivot.From(copy, table));
            return (result.Appended, result.AlreadyPresent);
        }

        async Task RefusedAsync(string words, params (long?, string?, string?)[] bad)
        {
            var table = await EventsAsync(scene, bad);
            var refused = await Assert.ThrowsAsync<RowRefusedException>(() => scene.Store.PublishEventsAsync(Pivot.From(copy, table).Sparse()));
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
            Assert.Contains("user_id = 7", refused.Message, StringComparison.Ordinal);
            Assert.Contains("'clicks'", refused.Message, StringComparison.Ordinal);
            Assert.Equal(3, (await TestTables.ReadTableAsync(scene.Database.Connection, engine.Dialect, copy.HistoryTable, columns)).Count);
        }
    }

    [Fact]
    public async Task F1_an_erased_key_has_no_interval_and_the_next_refresh_takes_no_count()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Scd2("clicks_scd2");
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(1, 10, 10, 6), Click(2, 0, 0, 7), Click(3, 0, 0, 8)]);
        await scene.RefreshAsync(set);
        await scene.PublishAsync(set, [Click(1, 20, 20, 9), Click(2, 20, 20, 9)]);
        var erased = await scene.EraseAsync(set, 1, 9);
        Assert.Equal([("clicks_history", 3L), ("clicks_latest", 1L), ("clicks_scd2", 2L), ("clicks_scd2_pending", 1L)], erased.Tables.Select(table => (table.Table.Name, table.Rows)));
        Assert.Equal(1, erased.MissingKeys);
        Assert.Equal((1L, 1L, 2L, false), Told(await scene.RefreshAsync(set)));
        Assert.Equal((0L, 0L, 0L, false), Told(await scene.RefreshAsync(set)));

        // Intervals of a table Distiller does not write are its own to erase; the source is named.
        var theirs = Clicks("theirs").Existing("theirs").Scd2("theirs_scd2");
        await scene.DropInAsync(theirs, Click(1, 0, 0, 1), Click(2, 0, 0, 2));
        await scene.CreateAsync(theirs);
        await scene.RefreshAsync(theirs);
        var reached = await scene.Store.EraseAsync([theirs], new[] { new { user_id = 1L } });
        Assert.Equal([("theirs_scd2", 1L), ("theirs_scd2_pending", 0L)], reached.Tables.Select(table => (table.Table.Name, table.Rows)));
        Assert.Contains(reached.NotReached, line => line.Contains("'theirs'", StringComparison.Ordinal) && line.Contains("the next refresh", StringComparison.Ordinal));
        Assert.Equal(2L, Assert.Single(await scene.IntervalsAsync(theirs))["user_id"]);
    }

    [Fact]
    public async Task F4_intervals_outgrow_their_table_with_the_history()
    {
        await using var scene = await OpenAsync(engine);
        var plain = Clicks();
        await scene.CreateAsync(plain);
        await scene.PublishAsync(plain, [Click(1, 0, 0, 5), Click(1, 10, 10, null, "a"), Click(2, 0, 0, 6)]);

        // Turned on later, the table is there and the first refresh finds what history holds by counting.
        var set = plain.Scd2("clicks_scd2");
        Assert.Equal(["clicks_scd2", "clicks_scd2_pending"], (await scene.Store.CompareAsync([set])).Differences.Select(one => one.Table.Name));
        await scene.EvolveAsync(set);
        Assert.Equal((2L, 0L, 3L, true), Told(await scene.RefreshAsync(set)));

        var grown = set.Feature<double>("spend");
        Assert.Equal(["clicks_history", "clicks_latest", "clicks_scd2"], (await scene.Store.CompareAsync([grown])).Differences.Select(one => one.Table.Name));
        await scene.EvolveAsync(grown);
        await scene.Store.CheckAsync([grown]);
        await scene.IntervalsAgreeAsync(grown);
        await scene.PublishAsync(grown, [Click(1, 20, 20, 6).With("spend", 1.5)]);
        Assert.Equal((1L, 1L, 2L, false), Told(await scene.RefreshAsync(grown)));

        // A set that becomes sparse serves other values at the same instants: its intervals are written anew with its latest.
        var sparse = grown.Sparse();
        await scene.EvolveAsync(sparse);
        await scene.IntervalsAgreeAsync(sparse);
        Assert.Contains(await scene.IntervalsAsync(sparse), row => (int?)row["clicks"] == 5 && (string?)row["page"] == "a");
        Assert.Equal((0L, 0L, 0L, false), Told(await scene.RefreshAsync(sparse)));

        // What every interval must have cannot be added; it is made of history alone, so the way out is to make it again.
        var renamed = sparse.Scd2("clicks_scd2", columns: new("since"));
        var refused = await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.EvolveAsync([renamed]));
        Assert.Contains("It is made of history alone: drop it and 'clicks_scd2_pending'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task P6_a_match_tells_of_intervals_that_ended_and_of_static_rows()
    {
        await using var scene = await OpenAsync(engine);
        var tiers = Tiers();
        await TiersAsync(scene, tiers, Tier(1, 0, 10, "a"), Tier(1, 20, null, "b"), Tier(2, 0, 5, "c"));
        var countries = Countries();
        await CountriesAsync(scene, countries, (1, "AT"), (2, null));
        Row[] spine = [.. new[] { -1d, 0, 9.999999, 10, 20 }.SelectMany(at => new[] { Ask(1, at), Ask(2, at) }), Ask(3, 0), Ask(null, 0), Ask(1, null)];
        var training = (await scene.SpineAsync(spine)).Join(tiers).Join(countries).WithMatch();
        var rows = await scene.AgreesAsync(training, spine);
        Assert.Equal(["expired", "hit", "no_history"], rows.Where(row => (long?)row["user_id"] == 1 && row["event_timestamp"] is not null).Select(row => (string)row["tier__status"]!).Distinct().Order());
        Assert.Equal(["hit", "hit", "no_history", "no_key"], rows.GroupBy(row => row["user_id"]).Select(one => (string)one.Last()["country__status"]!).Order());
        await scene.AgreesAsync(training.Strictly(), spine);
    }

    [Fact]
    public async Task P13_an_interval_that_has_ended_says_so_and_a_static_set_is_not_asked()
    {
        await using var scene = await OpenAsync(engine);
        var tiers = Tiers();
        await TiersAsync(scene, tiers, Tier(1, 0, 10, "a"), Tier(1, 20, null, "b"));
        var training = Spine.From("labels").Columns("user_id", "event_timestamp").Join(tiers).Join(Countries());
        foreach (var (at, verdict, value) in new[] { (5d, Verdict.Winner, "a"), (9.999999, Verdict.Winner, "a"), (10, Verdict.Ended, "a"), (19, Verdict.Ended, "a"), (20, Verdict.Winner, "b") })
        {
            var answer = await scene.Store.WhyAsync(training, "tier", [1L], new DateTimeOffset(At(at)));
            Assert.Equal((verdict, value), answer.Rows.Where(row => row.Verdict is not (Verdict.AfterInstant or Verdict.Older)).Select(row => (row.Verdict, (string)row.Values[0]!)).Single());
        }

        Assert.Equal(Verdict.Winner, (await scene.Store.WhyAsync(training.Strictly(), "tier", [1L], new DateTimeOffset(At(10)))).Rows.Single(row => row.Verdict != Verdict.AfterInstant).Verdict);
        Assert.StartsWith("NULL: the newest interval, of 2024-03-10 12:00:00", (await scene.Store.WhyAsync(training, "tier", [1L], new DateTimeOffset(At(15)))).Summary, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => scene.Store.WhyAsync(training, "country", [1L], new DateTimeOffset(At(5))));
        Assert.Contains("is of the static feature set 'country': its one row per key, in 'countries'", refused.Message, StringComparison.Ordinal);
    }

    private static Entity User() => Entity.Create("user").Key<long>("user_id");
}
