using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using Distiller.Redis.Tests.Stores;

namespace Distiller.Redis.Tests.Contract;

/// <summary>Loading from a database: watermarks, late rows, corrections, failures.</summary>
public abstract partial class OnlineContract
{
    [Fact]
    public async Task O1_what_was_published_since_the_watermark_is_loaded_and_late_rows_change_nothing()
    {
        await using var database = await new SqliteEngine().CreateAsync();
        var clock = new TestClock(At(0));
        var source = database.Store(new() { TimeProvider = clock });
        await source.CreateTablesAsync([Clicks]);
        var (store, _) = await OpenAsync();

        var empty = await store.LoadAsync(source, Clicks);
        Assert.Equal((0, true, null), (empty.Read, empty.IsWhole, empty.Watermark));

        await source.PublishAsync(Clicks, new[] { Published(1, 0, 0, 1), Published(2, 0, 0, 2) });
        var first = await store.LoadAsync(source, Clicks);
        Assert.Equal((2, 2, true, At(0)), (first.Read, first.Written, first.IsWhole, first.Watermark!.Value.UtcDateTime));

        clock.Now = At(3600);
        await source.PublishAsync(Clicks, new[] { Published(2, -10, 3600, 20), Published(3, 5, 5, 3) });
        var second = await store.LoadAsync(source, Clicks);
        // What bears the watermark itself is read again, and does no harm.
        Assert.Equal((3, 3, false, At(3600)), (second.Read, second.Written, second.IsWhole, second.Watermark!.Value.UtcDateTime));

        // A correction of a key loaded long before travels.
        clock.Now = At(7200);
        await source.PublishAsync(Clicks, new[] { Published(1, 0, 7200, 11) });
        Assert.Equal(2, (await store.LoadAsync(source, Clicks)).Read);
        Assert.Equal([11, 2, 3], (await store.GetManyAsync(new[] { 1L, 2L, 3L }.Select(user => new { user_id = user }), [Clicks])).Select(features => (int)features.Values[0]!));

        var again = await store.LoadAsync(source, Clicks);
        Assert.Equal((1, 1, false), (again.Read, again.Written, again.IsWhole));
        var none = await store.LoadAsync(source, Clicks, new() { Overlap = TimeSpan.Zero });
        Assert.Equal(1, none.Read);
        var whole = await store.LoadAsync(source, Clicks, new() { Whole = true });
        Assert.Equal((3, true), (whole.Read, whole.IsWhole));
    }

    [Fact]
    public async Task O1_a_load_that_fails_leaves_the_watermark_and_running_it_again_finishes_it()
    {
        await using var database = await new SqliteEngine().CreateAsync();
        var clock = new TestClock(At(0));
        var source = database.Store(new() { TimeProvider = clock });
        await source.CreateTablesAsync([Clicks]);
        var (store, _) = await OpenAsync();
        await source.PublishAsync(Clicks, new[] { Published(1, 0, 0, 1) });
        await store.LoadAsync(source, Clicks);
        clock.Now = At(3600);
        await source.PublishAsync(Clicks, Enumerable.Range(0, 3000).Select(user => Published(user, 10, 10, user)));

        var failing = new FailingStore(store, writesBefore: 3);
        await Assert.ThrowsAsync<OnlineStoreException>(() => failing.LoadAsync(source, Clicks, new() { BatchSize = 100 }));
        Assert.Equal(At(0), (await store.WatermarkAsync(Clicks))!.Value.UtcDateTime);

        using var cancel = new CancellationTokenSource();
        var progress = new Listener(_ => cancel.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.LoadAsync(source, Clicks, new() { BatchSize = 100, Progress = progress }, cancel.Token));
        Assert.Equal(At(0), (await store.WatermarkAsync(Clicks))!.Value.UtcDateTime);

        var heard = new List<long>();
        var finished = await store.LoadAsync(source, Clicks, new() { BatchSize = 100, Progress = new Listener(step => heard.Add(step.Rows)) });
        Assert.Equal((3000, At(3600)), (finished.Read, finished.Watermark!.Value.UtcDateTime));
        Assert.Equal(Enumerable.Range(1, 30).Select(i => i * 100L), heard);
        var read = await store.GetManyAsync(Enumerable.Range(0, 3000).Select(user => new { user_id = user }), [Clicks]);
        Assert.Equal(Enumerable.Range(0, 3000), read.Select(features => (int)features.Values[0]!));
    }

    [Fact]
    public async Task O1_other_buckets_or_retention_load_whole()
    {
        await using var database = await new SqliteEngine().CreateAsync();
        var clock = new TestClock(At(0));
        var source = database.Store(new() { TimeProvider = clock });
        var set = Clicks.MaxAge(TimeSpan.FromDays(10_000));
        await source.CreateTablesAsync([set]);
        await source.PublishAsync(set, new[] { Published(1, 0, 0, 1) });
        clock.Now = At(3600);
        await source.PublishAsync(set, new[] { Published(2, 0, 0, 1) });
        var (store, _) = await OpenAsync();
        Assert.True((await store.LoadAsync(source, set)).IsWhole);
        Assert.False((await store.LoadAsync(source, set)).IsWhole);

        var other = Beside(store.Options with { Buckets = 4 });
        Assert.True((await other.LoadAsync(source, set)).IsWhole);
        Assert.Equal(OnlineStatus.Hit, (await other.GetAsync(new { user_id = 1 }, [set])).Sets[0].Status);

        var longer = Beside(store.Options.KeepFor(set, TimeSpan.FromDays(20_000)));
        var result = await longer.LoadAsync(source, set);
        Assert.True(result.IsWhole);
        Assert.Contains("kept for another time", result.Note, StringComparison.Ordinal);
        Assert.False((await longer.LoadAsync(source, set)).IsWhole);

        IOnlineStore Beside(OnlineOptions options) => new Elsewhere(store, options);
    }

    [Fact]
    public async Task O1_a_latest_without_published_timestamp_is_loaded_whole_and_says_so()
    {
        await using var database = await new SqliteEngine().CreateAsync();
        await database.ExecuteAsync("CREATE TABLE theirs (user_id INTEGER, at INTEGER, tie TEXT, clicks INTEGER); INSERT INTO theirs VALUES (1, 10, 'a', 5), (1, 10, 'b', 6), (1, 5, 'z', 7)");
        var set = User.FeatureSet("theirs").Existing("theirs").EventTime("at", TimeKind.EpochSeconds).WithoutCreatedTime().TieBreaker("tie").Feature<int>("clicks");
        var (store, _) = await OpenAsync();

        var result = await store.LoadAsync(database.Store(), set);

        Assert.Equal((1, true, null), (result.Read, result.IsWhole, result.Watermark));
        Assert.Contains("published_timestamp", result.Note, StringComparison.Ordinal);
        Assert.Equal(6, (await store.GetAsync(new { user_id = 1 }, [set])).Values[0]);

        // The tie-breaker has come along: the row it beats does not replace the one that is there.
        await database.ExecuteAsync("DELETE FROM theirs WHERE tie = 'b'");
        Assert.Equal(1, (await store.LoadAsync(database.Store(), set)).Older);
    }

    [Fact]
    public async Task O5_a_key_that_ended_is_missing_from_the_next_load_until_a_newer_row()
    {
        await using var database = await new SqliteEngine().CreateAsync();
        var clock = new TestClock(At(0));
        var source = database.Store(new() { TimeProvider = clock });
        foreach (var set in new[] { Clicks.Tombstones(), User.FeatureSet("sparse_clicks").Feature<int>("clicks").Feature<string>("page").Sparse().Tombstones() })
        {
            await source.CreateTablesAsync([set]);
            var (store, _) = await OpenAsync();
            await source.PublishAsync(set, new[] { Published(1, 0, 0, 1), Published(2, 0, 0, 2) });
            await store.LoadAsync(source, set);
            await source.RetractAsync(set, new[] { new { user_id = 1L } }, At(100), At(100));
            await store.LoadAsync(source, set);
            Assert.Equal([OnlineStatus.Missing, OnlineStatus.Hit], await StatusesAsync());

            await source.PublishAsync(set, new[] { Published(1, 50, 200, 5) });
            await store.LoadAsync(source, set, new() { Whole = true });
            Assert.Equal([OnlineStatus.Missing, OnlineStatus.Hit], await StatusesAsync());

            await source.PublishAsync(set, new[] { Published(1, 150, 300, 6) });
            await store.LoadAsync(source, set);
            Assert.Equal([OnlineStatus.Hit, OnlineStatus.Hit], await StatusesAsync());
            Assert.Equal(6, (await store.GetAsync(new { user_id = 1 }, [set])).Values[0]);

            async Task<IEnumerable<OnlineStatus>> StatusesAsync() => (await store.GetManyAsync(new[] { 1, 2 }.Select(user => new { user_id = user }), [set])).Select(features => features.Sets[0].Status);
        }
    }

    private static Row Published(long user, double at, double created, int clicks) =>
        Row.Of(("user_id", user), ("feature_timestamp", At(at)), ("created_timestamp", At(created)), ("clicks", clicks), ("page", "p"));

    private sealed class Listener(Action<StoreProgress> heard) : IProgress<StoreProgress>
    {
        public void Report(StoreProgress value) => heard(value);
    }

    /// <summary>The same server under other options.</summary>
    private sealed class Elsewhere(IOnlineStore store, OnlineOptions options) : IOnlineStore
    {
        public OnlineOptions Options => options;

        public string SystemName => store.SystemName;

        public Task<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => store.ReadAsync(keys, cancellationToken);

        public Task<int> WriteAsync(IReadOnlyList<OnlineWrite> writes, CancellationToken cancellationToken) => store.WriteAsync(writes, cancellationToken);
    }

    /// <summary>A store that fails after some writes.</summary>
    private sealed class FailingStore(IOnlineStore store, int writesBefore) : IOnlineStore
    {
        private int writes;

        public OnlineOptions Options => store.Options;

        public string SystemName => store.SystemName;

        public Task<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => store.ReadAsync(keys, cancellationToken);

        public Task<int> WriteAsync(IReadOnlyList<OnlineWrite> values, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref writes) > writesBefore ? throw new OnlineStoreException("The store is gone.") : store.WriteAsync(values, cancellationToken);
    }
}
