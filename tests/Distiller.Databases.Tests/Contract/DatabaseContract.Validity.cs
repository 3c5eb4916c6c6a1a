using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Tables of intervals, and tables without event time, as feature sets.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task F1_an_interval_counts_until_its_end_and_no_older_one_takes_its_place()
    {
        await using var scene = await OpenAsync(engine);
        var set = Tiers();
        Row[] intervals = [Tier(1, 0, 10, "a"), Tier(1, 20, 30, "b"), Tier(1, 30, null, "c"), Tier(2, 0, null, "d"), Tier(3, 0, 5, "e")];
        await TiersAsync(scene, set, intervals);
        Row[] spine = [.. new[] { -1d, 0, 5, 9.999999, 10, 15, 19.999999, 20, 29.999999, 30, 31 }.SelectMany(at => new[] { Ask(1, at), Ask(2, at), Ask(3, at) }), Ask(4, 0), Ask(null, 0), Ask(1, null)];
        var at = await scene.SpineAsync(spine);
        var rows = await scene.AgreesAsync(at.Join(set), spine);
        Assert.Equal(["a", null, "b", "c"], new[] { 9.999999, 10, 20, 30 }.Select(seconds => (string?)rows.Single(row => Equals(row["user_id"], 1L) && Equals(row["event_timestamp"], At(seconds)))["tier__tier"]));

        // Just before the instant: what ends there still holds, what begins there does not.
        rows = await scene.AgreesAsync(at.Join(set).Strictly(), spine);
        Assert.Equal(["a", "a", null, "b"], new[] { 9.999999, 10, 20, 30 }.Select(seconds => (string?)rows.Single(row => Equals(row["user_id"], 1L) && Equals(row["event_timestamp"], At(seconds)))["tier__tier"]));
        await scene.AgreesAsync(at.Join(set, maxAge: TimeSpan.FromSeconds(5)), spine);

        // The latest of a key is what has not ended by the clock, or by a given instant.
        Assert.Equal(["c", "d"], (await TestTables.ReadAsync(scene.Store, Latest.Of(set))).Select(row => (string)row["tier"]!).Order());
        Assert.Equal([null, "c", "d"], (await TestTables.ReadAsync(scene.Store, Latest.Of(set).At(At(35)))).Select(row => (string?)row["tier"]).Order());

        // What has ended is handed out with its end, so that an online store hears of it.
        var unloaded = new List<(object Key, object? Value, object? ValidTo)>();
        await foreach (var row in scene.Store.UnloadAsync(set))
        {
            unloaded.Add((row.Key[0], row.Values[0], row.ValidTo));
        }

        Assert.Equal([(1L, "c", null), (2L, "d", null), (3L, "e", At(5))], unloaded.Order());
    }

    [Fact]
    public async Task F1_intervals_that_overlap_or_are_inverted_are_refused_by_key_and_interval()
    {
        await using var scene = await OpenAsync(engine);
        foreach (var (rows, words) in new (Row[], string)[]
        {
            ([Tier(1, 0, 10, "a"), Tier(7, 20, 30, "b"), Tier(7, 25, null, "c")], "overlaps the one from"),
            ([Tier(1, 0, 10, "a"), Tier(7, 20, null, "b"), Tier(7, 25, null, "c")], "to open overlaps the one from"),
            ([Tier(1, 0, 10, "a"), Tier(7, 20, 30, "b"), Tier(7, 20, 30, "b")], "overlaps the one from"),
            ([Tier(1, 0, 10, "a"), Tier(7, 20, 19, "b")], "ends at or before its begin"),
            ([Tier(1, 0, 10, "a"), Tier(7, 20, 20, "b")], "ends at or before its begin"),
        })
        {
            var set = Tiers($"tiers{Guid.NewGuid():N}"[..20]);
            await TiersAsync(scene, set, rows);
            Row[] spine = [Ask(1, 5)];
            var at = await scene.SpineAsync(spine);
            var refused = await Assert.ThrowsAsync<TableMismatchException>(() => TestTables.ReadAsync(scene.Store, at.Join(set)));
            Assert.Contains("Feature set 'tier'", refused.Message, StringComparison.Ordinal);
            Assert.Contains("user_id = 7", refused.Message, StringComparison.Ordinal);
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
            Assert.Contains("12:00:20", refused.Message, StringComparison.Ordinal);
            Assert.Equal(refused.Message, (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.CheckAsync([set]))).Message);
            Assert.Equal(refused.Message, (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.IntoAsync(at.Join(set), "never"))).Message);
        }
    }

    [Fact]
    public async Task F1_versions_of_one_interval_are_told_apart_by_their_created_time()
    {
        await using var scene = await OpenAsync(engine);
        var set = Tiers().CreatedTime("known_at");
        Row[] intervals = [Tier(1, 0, null, "wrong").With("known_at", At(1)), Tier(1, 0, 10, "a").With("known_at", At(2)), Tier(1, 10, null, "b").With("known_at", At(2))];
        await TiersAsync(scene, set, intervals);
        Row[] spine = [Ask(1, 5), Ask(1, 15)];
        var rows = await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(set), spine);
        Assert.Equal(["a", "b"], rows.Select(row => (string?)row["tier__tier"]));
    }

    [Fact]
    public async Task P10_a_static_set_joins_on_its_key_alone()
    {
        await using var scene = await OpenAsync(engine);
        var set = Countries();
        await CountriesAsync(scene, set, [.. new (long?, string?)[] { (1, "AT"), (2, null), (null, "XX"), (null, "YY") }]);
        var clicks = Clicks();
        await scene.CreateAsync(clicks);
        await scene.PublishAsync(clicks, [Click(1, 0, 0, 5)]);
        Row[] spine = [Ask(1, 5, "a"), Ask(1, 5, "a"), Ask(1, -5), Ask(1, null), Ask(2, 5), Ask(3, 5), Ask(null, 5)];
        var at = await scene.SpineAsync(spine);
        await scene.AgreesAsync(at.Join(set).Join(clicks).Join(set, prefix: "home"), spine);
        await scene.AgreesAsync(at.Join(set).Join(clicks).KnownAt(At(1)), spine);
        await scene.AgreesAsync(at.Join(clicks).Join(set).Strictly().KnownAtEvent(), spine);
        var latest = await TestTables.ReadAsync(scene.Store, Latest.Of(set));
        RowMultiset.AssertEqual([Row.Of(("user_id", 1L), ("country", "AT")), Row.Of(("user_id", 2L), ("country", null))], latest, $"{engine}: latest of a static set");
        await foreach (var row in scene.Store.UnloadAsync(set))
        {
            Assert.Null(row.EventTime);
        }
    }

    [Fact]
    public async Task P10_two_rows_of_one_key_are_refused_naming_it()
    {
        await using var scene = await OpenAsync(engine);
        var set = Countries();
        await CountriesAsync(scene, set, [(1, "AT"), (7, "DE"), (7, "DE"), (2, "FR")]);
        var at = await scene.SpineAsync(Ask(1, 5));
        var refused = await Assert.ThrowsAsync<TableMismatchException>(() => TestTables.ReadAsync(scene.Store, at.Join(set)));
        Assert.Contains("Feature set 'country': the table 'countries' holds 2 rows for user_id = 7", refused.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Message, (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.CheckAsync([set]))).Message);
    }

    private static FeatureSet Tiers(string table = "tiers") => Entity.Create("user").Key<long>("user_id").FeatureSet("tier").Feature<string>("tier")
        .Existing(table).EventTime("begins").WithoutCreatedTime().ValidTo("ends");

    private static Row Tier(long user, double from, double? to, string tier) => Row.Of(("user_id", user), ("begins", At(from)), ("ends", to is { } end ? At(end) : null), ("tier", tier));

    private static FeatureSet Countries() => Entity.Create("user").Key<long>("user_id").FeatureSet("country").Feature<string>("country").Existing("countries").Static();

    private static Task TiersAsync(Scene scene, FeatureSet set, params Row[] rows) => scene.DropInAsync(set, rows);

    private static Task CountriesAsync(Scene scene, FeatureSet set, params (long? User, string? Country)[] rows) =>
        scene.DropInAsync(set, [.. rows.Select(row => Row.Of(("user_id", row.User), ("country", row.Country)))]);
}
