using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using Distiller.Redis.Tests.Stores;
using StackExchange.Redis;

namespace Distiller.Redis.Tests.Server;

/// <summary>Streaming publish and its drain (O7), on the Redis that is named.</summary>
public sealed class StreamingTests
{
    private static readonly FeatureSet Clicks = Entity.Create("user").Key<long>("user_id").Key<string>("device").FeatureSet("clicks").Feature<int>("clicks").Feature<string>("page");

    private static readonly DateTime Noon = new(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);

    public sealed record Click(long UserId, string Device, DateTime FeatureTimestamp, int? Clicks, string? Page, DateTime? CreatedTimestamp = null);

    [Fact]
    public async Task O7_an_event_is_served_at_once_and_drained_to_history_and_latest()
    {
        await using var world = await StreamWorld.OpenAsync(Clicks);
        var result = await world.Online.PublishAsync(Clicks, [new Click(1, "a:b", Noon, 5, "home"), new Click(1, "a:b", Noon.AddSeconds(-1), 4, "late"), new Click(2, "", Noon, null, null)]);

        Assert.Equal((3, 2), (result.Accepted, result.Served));
        Assert.Equal(result.CreatedTimes, result.CreatedTimes.Order());
        Assert.Equal(3, result.CreatedTimes.Distinct().Count());
        Assert.True((DateTimeOffset.UtcNow - result.CreatedTimes[0]).Duration() < TimeSpan.FromMinutes(5));
        var served = await world.Online.GetAsync(new { user_id = 1L, device = "a:b" }, [Clicks]);
        Assert.Equal([5, "home"], served.Values);
        Assert.Equal(result.CreatedTimes[0].UtcDateTime, served.Sets[0].CreatedTime);
        Assert.Equal(3, await world.Online.WaitingAsync(Clicks));

        var drained = await world.Online.DrainAsync(world.Store, Clicks);

        Assert.Equal((3, 3, 0, 0), (drained.Events, drained.Appended, drained.Claimed, drained.Parked));
        Assert.Equal(0, await world.Online.WaitingAsync(Clicks));
        var history = await world.HistoryAsync(Clicks);
        Assert.Equal(result.CreatedTimes.Select(time => time.UtcDateTime).Order(), history.Select(row => (DateTime)row["created_timestamp"]!).Order());
        Assert.Equal(["a:b", "a:b", ""], history.OrderBy(row => row["created_timestamp"]).Select(row => row["device"]));
        Assert.Equal(0, (await world.Online.DrainAsync(world.Store, Clicks)).Events);
    }

    [Fact]
    public async Task O7_created_times_strictly_increase_per_key_also_against_a_faster_clock()
    {
        await using var world = await StreamWorld.OpenAsync(Clicks);
        var ahead = DateTime.UtcNow.AddMinutes(2);
        ahead = ahead.AddTicks(-(ahead.Ticks % 10));
        await world.Online.PublishAsync(Clicks, [new Click(1, "x", Noon, 1, "p", ahead)]);

        // The same event time again, without a created time: a correction, which must count.
        var first = await world.Online.PublishAsync(Clicks, [new Click(1, "x", Noon, 2, "p"), new Click(1, "x", Noon, 3, "p")]);
        Assert.Equal(2, first.Served);
        Assert.Equal([ahead.AddTicks(10), ahead.AddTicks(20)], first.CreatedTimes.Select(time => time.UtcDateTime));

        var many = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Online.PublishAsync(Clicks, Enumerable.Range(0, 300).Select(i => new Click(i % 3, "y", Noon, i, "p")))));
        var times = many.SelectMany(result => result.CreatedTimes).ToList();
        Assert.Equal(2400, times.Distinct().Count());

        var far = DateTime.UtcNow.AddMinutes(6);
        await world.Online.PublishAsync(Clicks, [new Click(9, "x", Noon, 1, "p", far)]);
        var refused = await Assert.ThrowsAsync<OnlineStoreException>(() => world.Online.PublishAsync(Clicks, [new Click(9, "x", Noon, 2, "p")]));
        Assert.Contains("clock", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(":clicks:9:x", refused.Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task O7_an_equal_version_with_other_bytes_is_refused_at_once_and_neither_written_nor_logged()
    {
        await using var world = await StreamWorld.OpenAsync(Clicks);
        await world.Online.PublishAsync(Clicks, [new Click(1, "x", Noon, 1, "p", Noon)]);
        var refused = await Assert.ThrowsAsync<OnlineStoreException>(() => world.Online.PublishAsync(Clicks, [new Click(2, "x", Noon, 1, "p"), new Click(1, "x", Noon, 2, "p", Noon)]));
        Assert.EndsWith(":clicks:1:x", refused.Key, StringComparison.Ordinal);
        Assert.Equal(1, await world.Online.WaitingAsync(Clicks));
        Assert.Equal(OnlineStatus.Missing, (await world.Online.GetAsync(new { user_id = 2, device = "x" }, [Clicks])).Sets[0].Status);

        // The same event again is a repeat: at least once.
        await world.Online.PublishAsync(Clicks, [new Click(1, "x", Noon, 1, "p", Noon)]);
        Assert.Equal(1, (await world.Online.DrainAsync(world.Store, Clicks)).Appended);
    }

    [Fact]
    public async Task O7_events_that_do_not_fit_are_refused_by_row_and_column()
    {
        await using var world = await StreamWorld.OpenAsync(Clicks);
        var refused = await Assert.ThrowsAsync<RowRefusedException>(() => world.Online.PublishAsync(Clicks, [new Dictionary<string, object?> { ["user_id"] = null, ["device"] = "x", ["feature_timestamp"] = Noon, ["clicks"] = 1, ["page"] = "p" }]));
        Assert.Equal("user_id", refused.Column);
        refused = await Assert.ThrowsAsync<RowRefusedException>(() => world.Online.PublishAsync(Clicks, [new { user_id = 1L, device = "x", feature_timestamp = Noon, clicks = 1L << 40, page = "p" }]));
        Assert.Equal("clicks", refused.Column);
        Assert.Equal(0, await world.Online.WaitingAsync(Clicks));

        var untimed = Entity.Create("user").Key<long>("user_id").FeatureSet("untimed").Feature<int>("n").Existing("untimed").Latest("untimed_latest").WithoutCreatedTime();
        Assert.Contains("sparse", (await Assert.ThrowsAsync<ArgumentException>(() => world.Online.PublishAsync(Clicks.Sparse(), [new Click(1, "x", Noon, 1, "p")]))).Message, StringComparison.Ordinal);
        Assert.Contains("no created time", (await Assert.ThrowsAsync<ArgumentException>(() => world.Online.PublishAsync(untimed, [new { user_id = 1 }]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task O7_what_a_dead_drain_left_is_taken_over_and_published_once()
    {
        await using var world = await StreamWorld.OpenAsync(Clicks);
        await world.Online.PublishAsync(Clicks, Enumerable.Range(0, 10).Select(i => new Click(i, "x", Noon, i, "p")));

        // A drain that took everything, published half of it, and died before it acknowledged any.
        var log = StreamedSet.Log(world.Online.Options, Clicks, null);
        await world.Database.StreamCreateConsumerGroupAsync(log, "distiller", "0-0");
        var taken = await world.Database.StreamReadGroupAsync(log, "distiller", "dead", ">", 100);
        using (var streamed = new StreamedSet(world.Online.Options, Clicks))
        {
            await world.Store.PublishAsync(Clicks, taken.Take(5).Select(entry => streamed.Row(entry["key"].ToString(), ((ReadOnlyMemory<byte>)entry["value"]).Span)));
        }

        Assert.Equal(0, (await world.Online.DrainAsync(world.Store, Clicks, new() { Consumer = "alive" })).Events);
        var drained = await world.Online.DrainAsync(world.Store, Clicks, new() { Consumer = "alive", ClaimAfter = TimeSpan.Zero });
        Assert.Equal((10, 5, 10), (drained.Events, drained.Appended, drained.Claimed));
        Assert.Equal(10, (await world.HistoryAsync(Clicks)).Count);
        Assert.Equal(0, await world.Online.WaitingAsync(Clicks));
    }

    [Fact]
    public async Task O7_a_drain_that_starts_again_goes_on_with_what_it_had()
    {
        await using var world = await StreamWorld.OpenAsync(Clicks);
        await world.Online.PublishAsync(Clicks, Enumerable.Range(0, 10).Select(i => new Click(i, "x", Noon, i, "p")));
        var log = StreamedSet.Log(world.Online.Options, Clicks, null);
        await world.Database.StreamCreateConsumerGroupAsync(log, "distiller", "0-0");
        await world.Database.StreamReadGroupAsync(log, "distiller", "me", ">", 7);

        var drained = await world.Online.DrainAsync(world.Store, Clicks, new() { Consumer = "me", BatchSize = 2 });

        Assert.Equal((10, 10, 0), (drained.Events, drained.Appended, drained.Claimed));
    }

    [Fact]
    public async Task O7_a_poison_event_is_put_aside_with_its_error_and_holds_up_no_other()
    {
        await using var world = await StreamWorld.OpenAsync(Clicks);
        await world.Store.PublishAsync(Clicks, new[] { new Click(3, "x", Noon.AddDays(-1), 30, "p", Noon) });
        await world.Online.PublishAsync(Clicks, Enumerable.Range(0, 6).Select(i => i == 3 ? new Click(3, "x", Noon.AddDays(-1), 31, "another", Noon) : new Click(i, "x", Noon, i, "p")));
        var log = StreamedSet.Log(world.Online.Options, Clicks, null);
        await world.Database.StreamAddAsync(log, [new("key", "7:x"), new("value", "garbage")]);

        var drained = await world.Online.DrainAsync(world.Store, Clicks);

        Assert.Equal((7, 5, 2), (drained.Events, drained.Appended, drained.Parked));
        var parked = await world.Online.ParkedAsync(Clicks);
        Assert.Equal(["3:x", "7:x"], parked.Select(item => item.EntityKey).Order(StringComparer.Ordinal));
        var conflict = parked.Single(item => item.EntityKey == "3:x");
        Assert.Contains("Feature set 'clicks'", conflict.Error, StringComparison.Ordinal);
        Assert.Contains("another", conflict.Value, StringComparison.Ordinal);
        Assert.Equal(0, await world.Online.WaitingAsync(Clicks));
    }

    [Fact]
    public async Task O7_after_streaming_loading_and_draining_online_is_latest()
    {
        await using var world = await StreamWorld.OpenAsync(Clicks);
        var random = new Random(3);
        for (var round = 0; round < 30; round++)
        {
            var rows = Enumerable.Range(0, random.Next(1, 20)).Select(_ => new Click(random.Next(5), $"{random.Next(2)}", Noon.AddSeconds(random.Next(20)), random.Next(), "p")).ToList();
            switch (random.Next(4))
            {
                case 0:
                    await world.Store.PublishAsync(Clicks, rows.DistinctBy(row => (row.UserId, row.Device, row.FeatureTimestamp)));
                    break;
                case 1:
                    await world.Online.PublishAsync(Clicks, rows);
                    break;
                case 2:
                    await world.Online.DrainAsync(world.Store, Clicks);
                    break;
                default:
                    await world.Online.LoadAsync(world.Store, Clicks);
                    break;
            }
        }

        await world.Online.DrainAsync(world.Store, Clicks);
        await world.Online.LoadAsync(world.Store, Clicks);
        await world.OnlineIsLatestAsync(Clicks);
        Assert.Empty(await world.Online.ParkedAsync(Clicks));
    }

    [Fact]
    public async Task O7_a_set_with_tombstones_is_streamed_and_an_event_brings_an_ended_key_back()
    {
        var set = Clicks.Tombstones();
        await using var world = await StreamWorld.OpenAsync(set);
        await world.Online.PublishAsync(set, [new Click(1, "x", Noon, 1, "p")]);
        await world.Online.DrainAsync(world.Store, set);
        await world.Store.RetractAsync(set, new[] { new { user_id = 1L, device = "x" } }, Noon.AddSeconds(10));
        await world.Online.LoadAsync(world.Store, set);
        Assert.Equal(OnlineStatus.Missing, (await world.Online.GetAsync(new { user_id = 1, device = "x" }, [set])).Sets[0].Status);

        Assert.Equal(1, (await world.Online.PublishAsync(set, [new Click(1, "x", Noon.AddSeconds(5), 2, "late"), new Click(1, "x", Noon.AddSeconds(20), 3, "back")])).Served);
        Assert.Equal((2, 0), (await world.Online.DrainAsync(world.Store, set) is var drained ? (drained.Appended, drained.Parked) : default));
        Assert.Equal(3, (await world.Online.GetAsync(new { user_id = 1, device = "x" }, [set])).Values[0]);
        await world.OnlineIsLatestAsync(set);
    }

    [Fact]
    public async Task O7_on_Garnet_streaming_names_Redis()
    {
        var online = (RedisOnlineStore)await new GarnetEngine().CreateAsync();
        var refused = await Assert.ThrowsAsync<NotSupportedException>(() => online.PublishAsync(Clicks, [new Click(1, "x", Noon, 1, "p")]));
        Assert.Contains("Redis", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_in_the_script_are_those_of_the_calendar()
    {
        var redis = await RedisEngine.ConnectionAsync();
        var functions = RedisScripts.Accept[..RedisScripts.Accept.IndexOf("local time = redis.call", StringComparison.Ordinal)];
        var random = new Random(1);
        var times = Enumerable.Range(0, 2000).Select(_ => random.NextInt64(Instants.Microseconds(new DateTime(1970, 1, 1)), Instants.Microseconds(new DateTime(2250, 1, 1))))
            .Concat(Enumerable.Range(1970, 200).SelectMany(year => new[] { new DateTime(year, 2, 28, 23, 59, 59), new DateTime(year, 3, 1), new DateTime(year, 12, 31), new DateTime(year, 1, 1) }.Select(Instants.Microseconds)));
        foreach (var chunk in times.Chunk(500))
        {
            var answers = (RedisValue[])(await redis.GetDatabase().ScriptEvaluateAsync(
                functions + "local out = {} for i, m in ipairs(ARGV) do local t = text_of(tonumber(m)) out[2*i-1] = t out[2*i] = string.format('%.0f', micros_of(t)) end return out", [], [.. chunk.Select(time => (RedisValue)time)]))!;
            for (var i = 0; i < chunk.Length; i++)
            {
                Assert.Equal((Instants.Text(chunk[i]), chunk[i]), (answers[2 * i].ToString(), (long)answers[(2 * i) + 1]));
            }
        }
    }
}

/// <summary>A database and an online store of one test's own.</summary>
internal sealed class StreamWorld : IAsyncDisposable
{
    private readonly TestDatabase database;

    private StreamWorld(TestDatabase database, RedisOnlineStore online, IDatabase redis)
    {
        this.database = database;
        Online = online;
        Database = redis;
        Store = database.Store();
    }

    public RedisOnlineStore Online { get; }

    public IDatabase Database { get; }

    public FeatureStore Store { get; }

    public static async Task<StreamWorld> OpenAsync(FeatureSet set, OnlineOptions? options = null)
    {
        var redis = await RedisEngine.ConnectionAsync();
        var online = (RedisOnlineStore)await new RedisEngine().CreateAsync(options);
        var world = new StreamWorld(await new SqliteEngine().CreateAsync(), online, redis.GetDatabase());
        await world.Store.CreateTablesAsync([set]);
        return world;
    }

    public async Task<List<Row>> HistoryAsync(FeatureSet set) =>
        await TestTables.ReadTableAsync(database.Connection, SqlDialect.Sqlite, set.HistoryTable, [.. PublishBatch.Columns(set).Select(column => new TestColumn(column.Name, column.Type))]);

    /// <summary>The online value of every key of history is the key's newest row (fixture 22), and latest says the same.</summary>
    public async Task OnlineIsLatestAsync(FeatureSet set)
    {
        var expected = ReferenceModel.Latest(set, await HistoryAsync(set));
        Assert.NotEmpty(expected);
        var read = await Online.GetManyAsync(expected, [set]);
        foreach (var (row, features) in expected.Zip(read))
        {
            Assert.True(
                Values.Same(row[set.EventTimeColumn.Name], features.Sets[0].EventTime) && Values.Same(row[set.CreatedTimeColumn!.Name], features.Sets[0].CreatedTime)
                    && set.Features.Zip(features.Values).All(pair => Values.Same(row[pair.First.Name], pair.Second)),
                $"online has {string.Join(", ", features.Values.Select(Values.Show))} of {Values.Show(features.Sets[0].EventTime)} created {Values.Show(features.Sets[0].CreatedTime)} for {row}");
        }
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
