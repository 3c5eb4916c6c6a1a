using System.Diagnostics;
using System.Text;
using Distiller.Redis.Tests.Stores;
using StackExchange.Redis;

namespace Distiller.Redis.Tests.Server;

/// <summary>What goes wrong on a real server is said clearly, and nothing is half done.</summary>
public sealed class BadServerTests
{
    private static readonly FeatureSet Clicks = Entity.Create("user").Key<long>("user_id").FeatureSet("clicks").Feature<string>("page");

    private static readonly DateTime Noon = new(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Redis_answers_when_it_is_configured()
    {
        var redis = await RedisEngine.ConnectionAsync();
        Assert.True(redis.GetServers()[0].Version.Major >= 7);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named()
    {
        var port = RedisServer.FreePort();
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},abortConnect=false,connectTimeout=200,asyncTimeout=500,syncTimeout=500");
        var store = new RedisOnlineStore(redis);
        foreach (var doing in new Func<Task>[] { () => store.GetAsync(new { user_id = 1 }, [Clicks]), () => LoadAsync(store, Row(1, 0)), () => store.PublishAsync(Clicks, [new { user_id = 1L, feature_timestamp = Noon, page = "p" }]) })
        {
            var failure = await Assert.ThrowsAsync<OnlineStoreException>(doing);
            Assert.Contains($"127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
            Assert.NotNull(failure.InnerException);
        }
    }

    [Fact]
    public async Task A_read_only_replica_is_named_and_still_read()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync(["--replicaof", "127.0.0.1", $"{primary.Port}"]);
        await using var onPrimary = await primary.ConnectAsync();
        await using var onReplica = await replica.ConnectAsync();
        await LoadAsync(new RedisOnlineStore(onPrimary), Row(1, 0));
        var store = new RedisOnlineStore(onReplica);
        await WaitAsync(async () => (await onReplica.GetDatabase().ExecuteAsync("EXISTS", "distiller:clicks:1")).ToString() == "1");

        Assert.Equal(OnlineStatus.Hit, (await store.GetAsync(new { user_id = 1 }, [Clicks])).Sets[0].Status);
        var failure = await Assert.ThrowsAsync<OnlineStoreException>(() => LoadAsync(store, Row(2, 0)));
        Assert.Contains("primary", failure.Message, StringComparison.Ordinal);
        Assert.Equal(OnlineStatus.Missing, (await new RedisOnlineStore(onPrimary).GetAsync(new { user_id = 2 }, [Clicks])).Sets[0].Status);
    }

    [Fact]
    public async Task A_server_out_of_memory_refuses_whole_batches_and_keeps_what_it_has()
    {
        await using var server = await RedisServer.StartAsync(["--maxmemory", "6mb", "--maxmemory-policy", "noeviction"]);
        await using var redis = await server.ConnectAsync();
        var store = new RedisOnlineStore(redis);
        await LoadAsync(store, Row(1, 0));
        var big = new string('x', 50_000);
        var failure = await Assert.ThrowsAsync<OnlineStoreException>(() => store.LoadAsync(Stream(Enumerable.Range(0, 1000).Select(i => Row(i, 10, big))), new() { BatchSize = 10 }));
        Assert.Contains("out of memory", failure.Message, StringComparison.Ordinal);

        // A batch was written whole or not at all, and what is there is whole.
        var read = await store.GetManyAsync(Enumerable.Range(0, 1000).Select(user => new { user_id = user }), [Clicks]);
        Assert.Contains(read, features => features.Sets[0].Status == OnlineStatus.Missing);
        Assert.All(read.Chunk(10), batch => Assert.Single(batch.Select(features => Equals(features.Values[0], big)).Distinct()));

        var events = await Assert.ThrowsAsync<OnlineStoreException>(() => store.PublishAsync(Clicks, Enumerable.Range(2000, 500).Select(i => new { user_id = (long)i, feature_timestamp = Noon, page = big })));
        Assert.Contains("out of memory", events.Message, StringComparison.Ordinal);
        var served = (await store.GetManyAsync(Enumerable.Range(2000, 500).Select(user => new { user_id = user }), [Clicks])).Count(features => features.Sets[0].Status == OnlineStatus.Hit);
        Assert.Equal(served, await store.WaitingAsync(Clicks));
    }

    [Fact]
    public async Task A_server_that_has_forgotten_the_scripts_is_told_them_again()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var store = new RedisOnlineStore(redis);
        await LoadAsync(store, Row(1, 0));
        await redis.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
        await LoadAsync(store, Row(2, 0));
        await store.PublishAsync(Clicks, [new { user_id = 3L, feature_timestamp = Noon, page = "p" }]);
        Assert.All(await store.GetManyAsync(new[] { 1, 2, 3 }.Select(user => new { user_id = user }), [Clicks]), features => Assert.True(features.IsComplete));
    }

    [Fact]
    public async Task A_key_of_a_foreign_type_is_named_and_left_as_it_is()
    {
        var redis = await RedisEngine.ConnectionAsync();
        var store = (RedisOnlineStore)await new RedisEngine().CreateAsync();
        var key = $"{store.Options.Prefix}:clicks:2";
        await redis.GetDatabase().ListRightPushAsync(key, "theirs");

        var failure = await Assert.ThrowsAsync<OnlineStoreException>(() => LoadAsync(store, Row(1, 0), Row(2, 0)));
        Assert.Equal(key, failure.Key);
        Assert.Contains(key, failure.Message, StringComparison.Ordinal);
        Assert.Equal(OnlineStatus.Missing, (await store.GetAsync(new { user_id = 1 }, [Clicks])).Sets[0].Status);
        Assert.Equal("theirs", await redis.GetDatabase().ListGetByIndexAsync(key, 0));

        failure = await Assert.ThrowsAsync<OnlineStoreException>(() => store.PublishAsync(Clicks, [new { user_id = 2L, feature_timestamp = Noon, page = "p" }]));
        Assert.Equal(key, failure.Key);
        Assert.Equal(0, await store.WaitingAsync(Clicks));
    }

    [Fact]
    public async Task O4_the_servers_locale_does_not_order_versions()
    {
        var locales = Directory.CreateTempSubdirectory("distiller-locale-").FullName;
        try
        {
            // A locale in which 9 comes before 0 and digits before blanks.
            var source = Path.Combine(locales, "backwards");
            await File.WriteAllTextAsync(source, "LC_COLLATE\norder_start forward\n" + string.Concat("9876543210".Select(digit => $"<U{(int)digit:X4}>\n")) + "<U0020>\norder_end\nEND LC_COLLATE\n");
            foreach (var category in new[] { "LC_CTYPE", "LC_MONETARY", "LC_NUMERIC", "LC_TIME", "LC_MESSAGES", "LC_PAPER", "LC_NAME", "LC_ADDRESS", "LC_TELEPHONE", "LC_MEASUREMENT", "LC_IDENTIFICATION" })
            {
                await File.AppendAllTextAsync(source, $"{category}\ncopy \"POSIX\"\nEND {category}\n");
            }

            var compile = Process.Start(new ProcessStartInfo("localedef", ["-c", "-i", source, "-f", "UTF-8", Path.Combine(locales, "back_WARDS.UTF-8")]) { RedirectStandardError = true, RedirectStandardOutput = true });
            Assert.SkipWhen(compile is null, "localedef is not installed here, so that no server in another locale can be started.");
            await compile.WaitForExitAsync();
            Assert.SkipUnless(Directory.Exists(Path.Combine(locales, "back_WARDS.UTF-8")) || Directory.Exists(Path.Combine(locales, "back_WARDS.utf8")), "localedef made no locale here (the package locales has the UTF-8 character map).");

            await using var server = await RedisServer.StartAsync(environment: new Dictionary<string, string> { ["LOCPATH"] = locales, ["LC_ALL"] = "back_WARDS.UTF-8" });
            await using var redis = await server.ConnectAsync();
            Assert.Equal(1, (int)await redis.GetDatabase().ScriptEvaluateAsync("return '9' < '0' and 1 or 0"));

            var store = new RedisOnlineStore(redis);
            await LoadAsync(store, Row(1, 9), Row(1, 10), Row(1, 8, "older"), Row(2, 10), Row(2, 9, "older"));
            await LoadAsync(store, Row(3, 0) with { CreatedTime = null }, Row(3, 0));
            await LoadAsync(store, Row(3, 0, "older") with { CreatedTime = null });
            Assert.All(await store.GetManyAsync(new[] { 1, 2, 3 }.Select(user => new { user_id = user }), [Clicks]), features => Assert.Equal("p", features.Values[0]));
            Assert.Equal(Noon.AddSeconds(10), (await store.GetAsync(new { user_id = 1 }, [Clicks])).Sets[0].EventTime);
        }
        finally
        {
            Directory.Delete(locales, recursive: true);
        }
    }

    [Fact]
    public async Task O3_the_layout_is_read_with_nothing_but_redis_cli()
    {
        var address = RedisEngine.Address;
        Assert.SkipWhen(address is null, RedisEngine.HowToStart);
        Assert.SkipUnless(File.Exists("/usr/bin/redis-cli"), "redis-cli is not installed here.");
        var options = new OnlineOptions { Prefix = $"cli{Guid.NewGuid():N}", Buckets = 8 };
        var store = new RedisOnlineStore(await RedisEngine.ConnectionAsync(), options);
        var plain = new RedisOnlineStore(await RedisEngine.ConnectionAsync(), options with { Buckets = null });
        var set = Entity.Create("seat").Key<long>("flight").Key<string>("seat no").FeatureSet("seat map").MaxAge(TimeSpan.FromDays(36_500)).Feature<double>("fare").Feature<string>("note").Feature("exact", FeatureType.Decimal(10, 2));
        var row = new LatestRow { FeatureSet = set, Key = [42L, "12:a é"], EventTime = Noon.AddTicks(20), CreatedTime = Noon.AddTicks(10), Values = [1.5, "ü", 2.50m] };
        await store.LoadAsync(Stream([row]));
        await plain.LoadAsync(Stream([row]));

        // As src/Distiller.Redis/LAYOUT.md has it: every part percent-encoded, joined by colons; the hash tag is CRC16 of the key text modulo the buckets.
        const string expected = """{"t":"2026-03-10 12:00:00.000002","c":"2026-03-10 12:00:00.000001","v":1,"f":{"fare":1.5,"note":"ü","exact":"2.50"}}""";
        Assert.Equal(expected, await CliAsync(address, "GET", $"{options.Prefix}:seat%20map:42:12%3Aa%20%C3%A9"));
        var bucket = Crc16("42:12%3Aa%20%C3%A9"u8) % 8;
        Assert.Equal(expected, await CliAsync(address, "GET", $"{options.Prefix}:seat%20map:{{{bucket}}}:42:12%3Aa%20%C3%A9"));
        // Two microseconds past a millisecond: rounded up, or the value would be gone while it may be served.
        Assert.Equal((new DateTimeOffset(Noon.AddDays(36_500)).ToUnixTimeMilliseconds() + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), await CliAsync(address, "PEXPIRETIME", $"{options.Prefix}:seat%20map:42:12%3Aa%20%C3%A9"));
    }

    private static async Task<string> CliAsync(string address, params string[] command)
    {
        var start = new ProcessStartInfo("/usr/bin/redis-cli") { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        foreach (var argument in new[] { "-h", address.Split(':')[0], "-p", address.Split(':')[1], "--raw" }.Concat(command))
        {
            start.ArgumentList.Add(argument);
        }

        using var cli = Process.Start(start)!;
        var output = await cli.StandardOutput.ReadToEndAsync();
        await cli.WaitForExitAsync();
        return output.TrimEnd('\n');
    }

    // The bitwise textbook form, independent of the product's.
    private static int Crc16(ReadOnlySpan<byte> text)
    {
        var crc = 0;
        foreach (var value in text)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                var carry = ((crc >> 15) ^ (value >> bit)) & 1;
                crc = ((crc << 1) & 0xFFFF) ^ (carry * 0x1021);
            }
        }

        return crc;
    }

    private static LatestRow Row(long user, double at, string page = "p") => new() { FeatureSet = Clicks, Key = [user], EventTime = Noon.AddSeconds(at), CreatedTime = Noon, Values = [page] };

    private static Task<LoadResult> LoadAsync(IOnlineStore store, params LatestRow[] rows) => store.LoadAsync(Stream(rows));

    private static async IAsyncEnumerable<LatestRow> Stream(IEnumerable<LatestRow> rows)
    {
        foreach (var row in rows)
        {
            yield return row;
        }

        await Task.CompletedTask;
    }

    private static async Task WaitAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 400 && !await holds(); i++)
        {
            await Task.Delay(25);
        }

        Assert.True(await holds());
    }
}
