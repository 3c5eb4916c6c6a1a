using System.Text;
using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using Distiller.Redis.Tests.Stores;

namespace Distiller.Redis.Tests.Contract;

/// <summary>Sparse sets and tombstones online.</summary>
public abstract partial class OnlineContract
{
    private static readonly FeatureSet SparseClicks = Clicks.Sparse();

    [Fact]
    public async Task O3_a_sparse_value_and_a_tombstone_are_laid_out_as_documented()
    {
        var (store, _) = await OpenAsync();
        var set = SparseClicks.Tombstones();
        await LoadAsync(store, Sparse(1, published: 500, (5, 0), ("p", 50), set), Sparse(2, published: 500, (null, null), ("p", 50), set), Ended(3, 10, published: 500, set));
        await LoadAsync(store, Ended(4, 10, published: 500, Clicks.Tombstones()));

        Assert.Equal(
            [
                """{"t":"2026-03-10 12:08:20.000000","c":"                          ","v":1,"e":"2026-03-10 12:00:50.000000","f":{"clicks":5,"page":"p"},"s":{"clicks":"2026-03-10 12:00:00.000000","page":"2026-03-10 12:00:50.000000"}}""",
                """{"t":"2026-03-10 12:08:20.000000","c":"                          ","v":1,"e":"2026-03-10 12:00:50.000000","f":{"clicks":null,"page":"p"},"s":{"page":"2026-03-10 12:00:50.000000"}}""",
                """{"t":"2026-03-10 12:08:20.000000","c":"                          ","v":1,"d":true}""",
                """{"t":"2026-03-10 12:00:10.000000","c":"2026-03-10 12:00:10.000000","v":1,"d":true}""",
            ],
            (await store.ReadAsync([.. Enumerable.Range(1, 4).Select(user => $"{store.Options.Prefix}:clicks:{user}")], default)).Select(value => Encoding.UTF8.GetString(value!.Value.Span)));
    }

    [Fact]
    public async Task O3_a_sparse_feature_without_its_event_time_is_refused()
    {
        var (store, _) = await OpenAsync();
        var undated = await Assert.ThrowsAsync<ArgumentException>(() => LoadAsync(store, Sparse(1, 0, (5, 0), ("p", null))));
        Assert.Contains("'page'", undated.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => LoadAsync(store, Sparse(1, 0, (5, 0), ("p", 0)) with { FeatureTimes = null }));
        Assert.Equal(OnlineStatus.Missing, (await store.GetAsync(new { user_id = 1 }, [SparseClicks])).Sets[0].Status);
    }

    [Fact]
    public async Task O5_each_sparse_feature_is_judged_by_its_own_event_time()
    {
        var (store, clock) = await OpenAsync();
        var set = SparseClicks.MaxAge(TimeSpan.FromSeconds(100));
        store = await engine.CreateAsync(store.Options.KeepFor(set, TimeSpan.FromDays(365 * 200)));
        await LoadAsync(store, Sparse(1, published: 500, (5, 0), ("p", 50), set), Sparse(2, published: 500, (null, null), ("p", 50), set), Sparse(3, published: 500, (5, 0), ("p", 50), set) with { EventTime = At(90) });
        var longer = Spine.From("s").Join(set, prefix: "longer", maxAge: TimeSpan.FromSeconds(120)).Serve("longer");
        var clicks = Spine.From("s").Join(set, ["clicks"]).Serve("clicks");
        foreach (var (seconds, values, status) in new (double, object?[], OnlineStatus)[]
        {
            (100, [5, "p"], OnlineStatus.Hit), (100.000001, [null, "p"], OnlineStatus.Hit), (150, [null, "p"], OnlineStatus.Hit), (150.000001, [null, null], OnlineStatus.Expired),
        })
        {
            clock.Now = At(seconds);
            var read = await store.GetAsync(new { user_id = 1 }, [set]);
            Assert.Equal(values, read.Values);
            Assert.Equal((status, At(50), null), (read.Sets[0].Status, read.Sets[0].EventTime, read.Sets[0].CreatedTime));
            var later = await store.GetAsync(new { user_id = 3 }, [set]);
            Assert.Equal(values, later.Values);
            Assert.Equal((status, At(90)), (later.Sets[0].Status, later.Sets[0].EventTime));
        }

        // Another max age on the join judges each feature likewise; the status is the youngest feature's, asked for or not.
        clock.Now = At(120);
        Assert.Equal([5, "p"], (await store.GetAsync(new { user_id = 1 }, longer)).Values);
        foreach (var user in new[] { 1, 2 })
        {
            var one = await store.GetAsync(new { user_id = user }, clicks);
            Assert.Equal((OnlineStatus.Hit, At(50), null), (one.Sets[0].Status, one.Sets[0].EventTime, one.Values[0]));
        }

        clock.Now = At(120.000001);
        Assert.Equal([null, "p"], (await store.GetAsync(new { user_id = 1 }, longer)).Values);
    }

    [Fact]
    public async Task O5_a_store_lets_a_sparse_value_expire_with_its_youngest_feature_and_a_tombstone_with_what_it_ended()
    {
        var now = DateTime.UtcNow;
        var (store, clock) = await OpenAsync();
        clock.Now = now;
        var set = SparseClicks.Tombstones().MaxAge(TimeSpan.FromSeconds(60));
        var since = (now - Noon).TotalSeconds;
        await LoadAsync(
            store,
            Sparse(1, since, (5, since - 100), ("p", since), set),
            Sparse(2, since, (5, since - 59), ("p", since - 100), set),
            Sparse(3, since, (5, since - 100), ("p", since - 61), set),
            Ended(4, since - 59, since, set),
            Ended(5, since, since, set),
            Sparse(6, since, (null, null), ("p", since - 59), set) with { EventTime = At(since) },
            Sparse(7, since, (null, null), (null, null), set) with { EventTime = At(since) },
            Sparse(8, since, (null, null), (null, null), set) with { EventTime = At(since - 59) });
        await Task.Delay(engine.ExpiresByTestClock ? 0 : 1500);
        clock.Now = now.AddSeconds(1.5);
        var stored = await store.ReadAsync([.. Enumerable.Range(1, 8).Select(user => $"{store.Options.Prefix}:clicks:{user}")], default);
        Assert.Equal([true, false, false, false, true, false, true, false], stored.Select(value => value is not null));
        Assert.Equal(OnlineStatus.Hit, (await store.GetAsync(new { user_id = 1 }, [set])).Sets[0].Status);
        Assert.Equal(OnlineStatus.Missing, (await store.GetAsync(new { user_id = 5 }, [set])).Sets[0].Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task O5_neither_a_late_row_nor_an_older_unload_again_brings_an_ended_key_back(bool isSparse)
    {
        await using var database = await new SqliteEngine().CreateAsync();
        var published = new TestClock(At(0));
        var source = database.Store(new() { TimeProvider = published });
        var set = isSparse ? SparseClicks.Tombstones() : Clicks.Tombstones();
        await source.CreateTablesAsync([set]);
        var (store, _) = await OpenAsync();
        await source.PublishAsync(set, new[] { Published(1, 0, 0, 5), Published(2, 0, 0, 6) });
        var before = await RowsAsync();
        await store.LoadAsync(source, set);
        Assert.Equal([OnlineStatus.Hit, OnlineStatus.Hit], await StatusesAsync());

        published.Now = At(3600);
        await source.RetractAsync(set, new[] { new { user_id = 1L } }, At(10), At(10));
        await store.LoadAsync(source, set);
        Assert.Equal([OnlineStatus.Missing, OnlineStatus.Hit], await StatusesAsync());

        // What was unloaded before comes again, and a fact from before the end comes late.
        await LoadAsync(store, [.. before]);
        published.Now = At(7200);
        await source.PublishAsync(set, new[] { Published(1, 9, 7200, 7) });
        await store.LoadAsync(source, set);
        await store.LoadAsync(source, set, new() { Whole = true });
        Assert.Equal([OnlineStatus.Missing, OnlineStatus.Hit], await StatusesAsync());
        var ended = await store.GetAsync(new { user_id = 1 }, [set]);
        Assert.Equal([null, null], ended.Values);
        Assert.Null(ended.Sets[0].EventTime);

        await source.PublishAsync(set, new[] { Published(1, 11, 7201, 8) });
        await store.LoadAsync(source, set);
        Assert.Equal([OnlineStatus.Hit, OnlineStatus.Hit], await StatusesAsync());
        Assert.Equal(8, (await store.GetAsync(new { user_id = 1 }, [set])).Values[0]);

        async Task<List<LatestRow>> RowsAsync() => await source.UnloadAsync(set).ToListAsync();

        async Task<IEnumerable<OnlineStatus>> StatusesAsync() => (await store.GetManyAsync(new[] { 1L, 2L }.Select(user => new { user_id = user }), [set])).Select(read => read.Sets[0].Status);
    }

    [Fact]
    public async Task O4_a_late_row_that_fills_a_sparse_feature_travels_and_an_older_unload_does_not_take_it_back()
    {
        await using var database = await new SqliteEngine().CreateAsync();
        var source = database.Store(new() { TimeProvider = new TestClock(At(0)) });
        await source.CreateTablesAsync([SparseClicks]);
        var (store, _) = await OpenAsync();
        await source.PublishAsync(SparseClicks, new[] { Row.Of(("user_id", 1L), ("feature_timestamp", At(100)), ("created_timestamp", At(100)), ("clicks", 5), ("page", null)) });
        var before = await source.UnloadAsync(SparseClicks).ToListAsync();
        await store.LoadAsync(source, SparseClicks);
        Assert.Equal([5, null], (await store.GetAsync(new { user_id = 1 }, [SparseClicks])).Values);

        // The clock stands still, and still this version is the newer.
        await source.PublishAsync(SparseClicks, new[] { Row.Of(("user_id", 1L), ("feature_timestamp", At(50)), ("created_timestamp", At(50)), ("clicks", 4), ("page", "late")) });
        await store.LoadAsync(source, SparseClicks);
        Assert.Equal([5, "late"], (await store.GetAsync(new { user_id = 1 }, [SparseClicks])).Values);

        Assert.Equal(1, (await LoadAsync(store, [.. before])).Older);
        Assert.Equal([5, "late"], (await store.GetAsync(new { user_id = 1 }, [SparseClicks])).Values);
    }

    private static LatestRow Sparse(long user, double published, (int? Value, double? At) clicks, (string? Value, double? At) page, FeatureSet? set = null) => new()
    {
        FeatureSet = set ?? SparseClicks,
        Key = [user],
        EventTime = At(Math.Max(clicks.At ?? page.At ?? 0, page.At ?? clicks.At ?? 0)),
        Values = [clicks.Value, page.Value],
        FeatureTimes = [Instant(clicks.At), Instant(page.At)],
        PublishedTimestamp = At(published),
    };

    private static object? Instant(double? seconds) => seconds is { } known ? At(known) : null;

    private static LatestRow Ended(long user, double at, double published, FeatureSet set) => new()
    {
        FeatureSet = set,
        Key = [user],
        EventTime = At(at),
        CreatedTime = At(at),
        Values = [null, null],
        IsDeleted = true,
        FeatureTimes = set.IsSparse ? [null, null] : null,
        PublishedTimestamp = At(published),
    };
}
