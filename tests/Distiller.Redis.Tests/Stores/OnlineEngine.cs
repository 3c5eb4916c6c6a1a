using Garnet;
using StackExchange.Redis;

namespace Distiller.Redis.Tests.Stores;

/// <summary>A kind of online store that the contract runs on.</summary>
public abstract class OnlineEngine
{
    /// <summary>Whether values expire by the test's clock; else by the server's.</summary>
    public virtual bool ExpiresByTestClock => false;

    /// <summary>A store under a prefix that no other test has; skips visibly where a server is needed and none is named.</summary>
    public abstract Task<IOnlineStore> CreateAsync(OnlineOptions? options = null);

    public override string ToString() => GetType().Name;

    protected static OnlineOptions Own(OnlineOptions? options) => (options ?? new()) with { Prefix = $"t{Guid.NewGuid():N}" };
}

public sealed class InMemoryEngine : OnlineEngine
{
    public override bool ExpiresByTestClock => true;

    public override Task<IOnlineStore> CreateAsync(OnlineOptions? options = null) => Task.FromResult<IOnlineStore>(new InMemoryOnlineStore(Own(options)));
}

/// <summary>A Redis-like server in this process.</summary>
public sealed class GarnetEngine : OnlineEngine
{
    private static readonly Lazy<IConnectionMultiplexer> Started = new(Start);

    public static IConnectionMultiplexer Connection => Started.Value;

    public override Task<IOnlineStore> CreateAsync(OnlineOptions? options = null) => Task.FromResult<IOnlineStore>(new RedisOnlineStore(Connection, Own(options)));

    private static ConnectionMultiplexer Start()
    {
        var port = RedisServer.FreePort();
        new GarnetServer(["--port", $"{port}", "--bind", "127.0.0.1", "--lua", "--memory", "64m", "--index", "16m"]).Start();
        return ConnectionMultiplexer.Connect($"127.0.0.1:{port}");
    }
}

/// <summary>The Redis that <c>DISTILLER_REDIS</c> names.</summary>
public sealed class RedisEngine : OnlineEngine
{
    public const string Variable = "DISTILLER_REDIS";

    public static readonly string HowToStart =
        $"no Redis is named: start one with `.ci/start-redis /tmp/distiller-redis 63790` or `docker run -d -p 6379:6379 redis:7`, and set {Variable} to its address, 127.0.0.1:6379";

    private static readonly Lazy<Task<IConnectionMultiplexer>> Connected = new(ConnectAsync);

    public static string? Address => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address ? address : null;

    /// <summary>Connects, or fails where what is named does not answer.</summary>
    public static async Task<IConnectionMultiplexer> ConnectionAsync()
    {
        Assert.SkipWhen(Address is null, HowToStart);
        return await Connected.Value;
    }

    public override async Task<IOnlineStore> CreateAsync(OnlineOptions? options = null) => new RedisOnlineStore(await ConnectionAsync(), Own(options));

    private static async Task<IConnectionMultiplexer> ConnectAsync() => await ConnectionMultiplexer.ConnectAsync(Address!);
}
