using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Distiller.Redis.Tests.Stores;

/// <summary>A redis-server of one test's own, for what a shared one cannot show: other options, another locale, being killed.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("distiller-redis-").FullName;
    private readonly string[] options;
    private readonly IReadOnlyDictionary<string, string> environment;
    private Process? process;

    private RedisServer(string[] options, IReadOnlyDictionary<string, string>? environment)
    {
        this.options = options;
        this.environment = environment ?? new Dictionary<string, string>();
    }

    public int Port { get; } = FreePort();

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> StartAsync(string[]? options = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        Assert.SkipWhen(RedisEngine.Address is null, RedisEngine.HowToStart);
        Assert.SkipUnless(File.Exists(Binary), $"{Binary} is not installed here, so that no server with options of its own can be started; .ci/start-redis installs it.");
        var server = new RedisServer(options ?? [], environment);
        await server.StartAsync();
        return server;
    }

    public static int FreePort()
    {
        // A cluster node also listens 10000 ports higher.
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            if (((IPEndPoint)listener.LocalEndpoint).Port is var port && port < 55000)
            {
                return port;
            }

            if (Random.Shared.Next(20000, 32000) is var guess && IsFree(guess))
            {
                return guess;
            }
        }
    }

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Binary) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in new[] { "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", directory, "--save", "", "--loglevel", "warning" }.Concat(options))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (var i = 0; i < 200; i++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(25);
            }
        }

        throw new InvalidOperationException($"redis-server {string.Join(' ', start.ArgumentList)} did not start");
    }

    /// <summary>As a crash would: <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    public Task<ConnectionMultiplexer> ConnectAsync(Action<ConfigurationOptions>? configure = null) => ConnectionMultiplexer.ConnectAsync(Address, configure ?? (_ => { }));

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await KillAsync();
        }

        process?.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static string Binary => "/usr/bin/redis-server";

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
