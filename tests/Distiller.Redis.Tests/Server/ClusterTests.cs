using Distiller.Databases.Tests.Engines;
using Distiller.Redis.Tests.Contract;
using Distiller.Redis.Tests.Stores;
using StackExchange.Redis;

namespace Distiller.Redis.Tests.Server;

/// <summary>The cluster that the tests of this run share.</summary>
public sealed class ClusterEngine : OnlineEngine
{
    private static readonly Lazy<Task<(RedisCluster Cluster, IConnectionMultiplexer Redis)>> Started = new(StartAsync);

    public static async Task<(RedisCluster Cluster, IConnectionMultiplexer Redis)> SharedAsync()
    {
        Assert.SkipWhen(RedisEngine.Address is null, RedisEngine.HowToStart);
        return await Started.Value;
    }

    public override async Task<IOnlineStore> CreateAsync(OnlineOptions? options = null) => new RedisOnlineStore((await SharedAsync()).Redis, Own(options));

    private static async Task<(RedisCluster Cluster, IConnectionMultiplexer Redis)> StartAsync()
    {
        var cluster = await RedisCluster.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return (cluster, await cluster.ConnectAsync());
    }
}

public sealed class ClusterStoreTests() : OnlineContract(new ClusterEngine());

/// <summary>What only a cluster can do: move slots, lose a node. Each test has a cluster of its own.</summary>
public sealed class ClusterTests
{
    private static readonly FeatureSet Clicks = Entity.Create("user").Key<long>("user_id").FeatureSet("clicks").Feature<int>("clicks");

    private static readonly DateTime Noon = new(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);

    private static LatestRow Row(long user, int clicks, double at = 0) => new() { FeatureSet = Clicks, Key = [user], EventTime = Noon.AddSeconds(at), CreatedTime = Noon, Values = [clicks] };

    [Fact]
    public async Task Streaming_on_a_cluster_needs_buckets_and_keeps_value_and_log_together()
    {
        var (_, redis) = await ClusterEngine.SharedAsync();
        var plain = new RedisOnlineStore(redis, new() { Prefix = $"t{Guid.NewGuid():N}" });
        var refused = await Assert.ThrowsAsync<NotSupportedException>(() => plain.PublishAsync(Clicks, [new { user_id = 1L, feature_timestamp = Noon, clicks = 1 }]));
        Assert.Contains("Buckets", refused.Message, StringComparison.Ordinal);

        await using var database = await new SqliteEngine().CreateAsync();
        var source = database.Store();
        await source.CreateTablesAsync([Clicks]);
        var store = new RedisOnlineStore(redis, plain.Options with { Buckets = 16 });
        var result = await store.PublishAsync(Clicks, Enumerable.Range(0, 1000).Select(i => new { user_id = (long)(i % 300), feature_timestamp = Noon.AddSeconds(i), clicks = i }));
        Assert.Equal((1000, 1000), (result.Accepted, result.Served));
        Assert.Equal(1000, await store.WaitingAsync(Clicks));
        var drained = await store.DrainAsync(source, Clicks);
        Assert.Equal((1000, 1000), (drained.Events, drained.Appended));
        var read = await store.GetManyAsync(Enumerable.Range(0, 300).Select(user => new { user_id = user }), [Clicks]);
        Assert.Equal(Enumerable.Range(0, 300).Select(user => user < 100 ? user + 900 : user + 600), read.Select(features => (int)features.Values[0]!));
        Assert.Equal(0, (await store.LoadAsync(source, Clicks)).Older);
    }

    [Fact]
    public async Task A_slot_that_moves_while_it_is_written_and_read_loses_nothing()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var redis = await cluster.ConnectAsync();
        var store = new RedisOnlineStore(redis, new() { Buckets = 1 });
        const int users = 60;
        await store.LoadAsync(Stream(Enumerable.Range(0, users).Select(user => Row(user, 0))));
        var slot = redis.GetHashSlot("distiller:clicks:{0}:0");
        var from = RedisCluster.OwnerOf(slot);
        var to = (from + 1) % 3;
        await cluster.RunAsync(to, "CLUSTER", "SETSLOT", $"{slot}", "IMPORTING", await cluster.IdAsync(from));
        await cluster.RunAsync(from, "CLUSTER", "SETSLOT", $"{slot}", "MIGRATING", await cluster.IdAsync(to));
        for (var user = 0; user < users; user++)
        {
            if (user % 10 == 5)
            {
                // Half of the slot is here, half is there.
                await store.LoadAsync(Stream(Enumerable.Range(0, users).Select(other => Row(other, user, user))));
                var half = await store.GetManyAsync(Enumerable.Range(0, users).Select(other => new { user_id = other }), [Clicks]);
                Assert.All(half, features => Assert.Equal(user, features.Values[0]));
            }

            await cluster.RunAsync(from, "MIGRATE", "127.0.0.1", $"{cluster.Nodes[to].Port}", $"distiller:clicks:{{0}}:{user}", "0", "5000");
        }

        foreach (var node in new[] { to, from, 3 - to - from })
        {
            await cluster.RunAsync(node, "CLUSTER", "SETSLOT", $"{slot}", "NODE", await cluster.IdAsync(to));
        }

        // The client learns by MOVED that the slot lies elsewhere now.
        await store.LoadAsync(Stream(Enumerable.Range(0, users).Select(user => Row(user, 1000, 1000))));
        Assert.Equal(0, (await store.LoadAsync(Stream(Enumerable.Range(0, users).Select(user => Row(user, 999, 999))))).Written);
        Assert.All(await store.GetManyAsync(Enumerable.Range(0, users).Select(other => new { user_id = other }), [Clicks]), features => Assert.Equal(1000, features.Values[0]));
    }

    [Fact]
    public async Task A_node_that_is_killed_fails_clearly_and_comes_back_with_what_it_had()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var redis = await cluster.ConnectAsync();
        var store = new RedisOnlineStore(redis);
        const int users = 300;
        await store.LoadAsync(Stream(Enumerable.Range(0, users).Select(user => Row(user, 1))));
        await cluster.Nodes[1].KillAsync();

        var failure = await Assert.ThrowsAsync<OnlineStoreException>(() => store.GetManyAsync(Enumerable.Range(0, users).Select(user => new { user_id = user }), [Clicks]));
        Assert.Contains("Redis at", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OnlineStoreException>(() => store.LoadAsync(Stream(Enumerable.Range(0, users).Select(user => Row(user, 2, 2)))));

        await cluster.Nodes[1].StartAsync();
        await cluster.SettleAsync(3);
        for (var i = 0; ; i++)
        {
            try
            {
                await store.LoadAsync(Stream(Enumerable.Range(0, users).Select(user => Row(user, 2, 2))));
                break;
            }
            catch (OnlineStoreException) when (i < 100)
            {
                await Task.Delay(100);
            }
        }

        Assert.All(await store.GetManyAsync(Enumerable.Range(0, users).Select(user => new { user_id = user }), [Clicks]), features => Assert.Equal(2, features.Values[0]));
    }

    private static async IAsyncEnumerable<LatestRow> Stream(IEnumerable<LatestRow> rows)
    {
        foreach (var row in rows)
        {
            yield return row;
        }

        await Task.CompletedTask;
    }
}
