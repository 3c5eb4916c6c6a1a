using StackExchange.Redis;

namespace Distiller.Redis.Tests.Stores;

/// <summary>Three redis-servers of this test run's own, as one cluster.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private const int Slots = 16384;

    private RedisCluster(IReadOnlyList<RedisServer> nodes) => Nodes = nodes;

    public IReadOnlyList<RedisServer> Nodes { get; }

    public static async Task<RedisCluster> StartAsync()
    {
        var nodes = new List<RedisServer>();
        for (var i = 0; i < 3; i++)
        {
            nodes.Add(await RedisServer.StartAsync(["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no", "--appendonly", "yes", "--appendfsync", "always"]));
        }

        var cluster = new RedisCluster(nodes);
        for (var i = 0; i < 3; i++)
        {
            await cluster.RunAsync(i, "CLUSTER", "ADDSLOTSRANGE", $"{i * Slots / 3}", $"{((i + 1) * Slots / 3) - 1}");
            await cluster.RunAsync(i, "CLUSTER", "SET-CONFIG-EPOCH", $"{i + 1}");
        }

        foreach (var other in nodes.Skip(1))
        {
            await cluster.RunAsync(0, "CLUSTER", "MEET", "127.0.0.1", $"{other.Port}");
        }

        await cluster.SettleAsync(3);
        return cluster;
    }

    public Task<ConnectionMultiplexer> ConnectAsync() =>
        ConnectionMultiplexer.ConnectAsync(string.Join(',', Nodes.Select(node => node.Address)) + ",abortConnect=false,connectTimeout=2000,asyncTimeout=4000,syncTimeout=4000,allowAdmin=true");

    public Task<string> IdAsync(int node) => RunAsync(node, "CLUSTER", "MYID");

    /// <summary>The node that has a slot.</summary>
    public static int OwnerOf(int slot) => Enumerable.Range(0, 3).First(node => slot < (node + 1) * Slots / 3);

    /// <summary>Waits until every node knows all slots and nodes.</summary>
    public async Task SettleAsync(int nodes)
    {
        for (var i = 0; i < 400; i++)
        {
            var states = await Task.WhenAll(Enumerable.Range(0, nodes).Select(node => RunAsync(node, "CLUSTER", "INFO")));
            if (states.All(state => state.Contains("cluster_state:ok", StringComparison.Ordinal) && state.Contains($"cluster_known_nodes:{nodes}", StringComparison.Ordinal) && state.Contains("cluster_slots_ok:16384", StringComparison.Ordinal)))
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException("The cluster did not settle: " + string.Join("\n", await Task.WhenAll(Enumerable.Range(0, nodes).Select(node => RunAsync(node, "CLUSTER", "INFO")))));
    }

    /// <summary>A command by redis-cli, which follows no redirection.</summary>
    public async Task<string> RunAsync(int node, params string[] command)
    {
        var start = new System.Diagnostics.ProcessStartInfo("/usr/bin/redis-cli") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "-p", $"{Nodes[node].Port}", "--raw" }.Concat(command))
        {
            start.ArgumentList.Add(argument);
        }

        using var cli = System.Diagnostics.Process.Start(start)!;
        var output = await cli.StandardOutput.ReadToEndAsync();
        await cli.WaitForExitAsync();
        return output.Trim('\n');
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }
    }
}
