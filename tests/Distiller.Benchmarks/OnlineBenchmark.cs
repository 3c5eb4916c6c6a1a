using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;

namespace Distiller.Benchmarks;

/// <summary>Loading and reading Redis, against what the server and its client take by themselves.</summary>
internal static class OnlineBenchmark
{
    public const string Variable = "DISTILLER_REDIS";

    private const int UnloadRows = 500_000;
    private const int Reads = 20_000;
    private const int BatchSize = 512;
    private const int BatchesAtOnce = 4;

    /// <summary>Unload out of DuckDB, against the same script fed the same bytes prepared in memory, and against plain SET.</summary>
    public static async Task UnloadAsync(RunOptions options, Report report)
    {
        await using var redis = await OpenAsync(report);
        if (redis is null)
        {
            return;
        }

        await using BenchmarkDatabase database = DuckDbDatabase.InTemporaryFile();
        var rows = options.Scaled(UnloadRows, UnloadRows);
        var set = PublishedRow.Set("bench");
        await database.Store.CreateTablesAsync([set]);
        database.Load(set.LatestTable!.Name, new LatestRows(rows), TimeKind.Instant);
        database.Settle(set.LatestTable.Name);

        var store = new RedisOnlineStore(redis, new() { Prefix = "bench" });
        var prepared = await PreparedAsync(store.Options, database.Store.UnloadAsync(set));
        var before = await UsedAsync(redis);
        LoadResult? result = null;
        var ours = new Contender(async () => result = await store.LoadAsync(database.Store, set, new() { Whole = true, BatchSize = BatchSize, BatchesAtOnce = BatchesAtOnce }))
        {
            Before = () => FlushAsync(redis),
            After = () => result!.Written == rows ? Task.CompletedTask : throw new InvalidOperationException($"{result} of {rows}"),
        };
        var script = await Race.RunAsync(options.Runs, ours, new(() => SendAsync(prepared, batch => redis.GetDatabase().ScriptEvaluateAsync(RedisScripts.Write, batch.Keys, batch.Arguments))) { Before = () => FlushAsync(redis) });
        report.Add((ReportLine.Of(FormattableString.Invariant($"unload to Redis, {rows} rows of 9 features"), script) with { Ratio = 1 / script.Ratio, Unit = "%" })
            .AtLeast(0.8).With(FormattableString.Invariant($"rival: the same script fed prepared bytes; {rows / script.Ours:0}k rows/s; CPU of this process {script.CpuRatio:0.00} times")));
        var used = await UsedAsync(redis) - before;
        var set1 = await Race.RunAsync(options.Runs, ours, new(() => SendAsync(prepared, SetAllAsync)) { Before = () => FlushAsync(redis) });
        report.Add((ReportLine.Of(FormattableString.Invariant($"unload to Redis, {rows} rows of 9 features, to SET"), set1) with { Ratio = 1 / set1.Ratio, Unit = "%" })
            .AtLeast(0.5).With("rival: raw pipelined SET of the same bytes; goal 50 %"));
        report.Say(FormattableString.Invariant($"Redis memory: {(double)used / rows:0} bytes a value of {prepared[0].Values[0].Length()} bytes under a key of {prepared[0].Keys[0].ToString().Length}"));
        await FlushAsync(redis);

        Task SetAllAsync(Batch batch)
        {
            var db = redis.GetDatabase();
            var last = Task.CompletedTask;
            for (var i = 0; i < batch.Keys.Length; i++)
            {
                last = db.StringSetAsync(batch.Keys[i], batch.Values[i], null, When.Always, i + 1 < batch.Keys.Length ? CommandFlags.FireAndForget : CommandFlags.None);
            }

            return last;
        }
    }

    /// <summary>GetAsync of five sets of ten features, against a bare MGET and a JsonDocument of each value; one of each in turn.</summary>
    public static async Task GetAsync(RunOptions options, Report report)
    {
        await using var redis = await OpenAsync(report);
        if (redis is null)
        {
            return;
        }

        await FlushAsync(redis);
        var store = new RedisOnlineStore(redis, new() { Prefix = "bench" });
        var user = Entity.Create("user").Key<long>("user_id");
        var sets = Enumerable.Range(1, 5).Select(number => Enumerable.Range(1, 10).Aggregate(user.FeatureSet($"set_{number}"), (set, i) => set.Feature<double>($"feature_{i}"))).ToArray();
        await store.LoadAsync(Rows(sets));
        var serving = ServingSet.Of("bench", sets);
        var keys = Enumerable.Range(0, 1000).Select(id => sets.Select(set => (RedisKey)$"bench:{set.Name}:{id}").ToArray()).ToArray();
        var db = redis.GetDatabase();
        Func<long, Task>[] contenders = [OursAsync, BareAsync, AdHocAsync];
        List<double>[] times = [[], [], []];
        int[] order = [0, 1, 2];
        var random = new Random(20240101);
        var reads = options.Scaled(Reads, Reads);
        for (var i = -1000; i < reads; i++)
        {
            // Who comes first finds the caches cold, and who comes next pays for what the last one left: the order is drawn each time.
            random.Shuffle(order);
            var id = (long)((i + 1000) * 7919 % 1000);
            foreach (var turn in order)
            {
                var time = await TimeAsync(() => contenders[turn](id));
                if (i >= 0)
                {
                    times[turn].Add(time);
                }
            }
        }

        var bare = times[1];
        foreach (var (name, taken) in new[] { ("a serving set", times[0]), ("a list of sets", times[2]) })
        {
            report.Add(new ReportLine($"get 5 sets of 10 features, {name}, p50", ReportLine.Milliseconds(At(taken, 0.5)), ReportLine.Milliseconds(At(bare, 0.5)), At(taken, 0.5) / At(bare, 0.5))
                .AtMost(1.15).With(FormattableString.Invariant($"rival: bare MGET + JsonDocument; p99 {At(taken, 0.99):0.000} to {At(bare, 0.99):0.000} ms; {reads} of each in turn")));
        }

        report.Say(FormattableString.Invariant($"allocated a read: {await AllocatedAsync(OursAsync):0} bytes; list of sets {await AllocatedAsync(AdHocAsync):0}; bare {await AllocatedAsync(BareAsync):0}"));
        await FlushAsync(redis);

        async Task OursAsync(long id)
        {
            var features = await store.GetAsync(new { user_id = id }, serving);
            if (features.Values[49] is not double)
            {
                throw new InvalidOperationException("A miss.");
            }
        }

        async Task AdHocAsync(long id) => await store.GetAsync(new { user_id = id }, sets);

        async Task BareAsync(long id)
        {
            foreach (var value in await db.StringGetAsync(keys[id]))
            {
                using var document = JsonDocument.Parse((ReadOnlyMemory<byte>)value);
            }
        }
    }

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        var started = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<double> AllocatedAsync(Func<long, Task> read)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 1000; i++)
        {
            await read(i);
        }

        return (GC.GetTotalAllocatedBytes(precise: true) - before) / 1000.0;
    }

    private static double At(List<double> times, double share) => times.Order().ElementAt((int)(times.Count * share));

    private static async IAsyncEnumerable<LatestRow> Rows(FeatureSet[] sets)
    {
        var random = new Random(1);
        foreach (var set in sets)
        {
            for (var id = 0L; id < 1000; id++)
            {
                yield return new() { FeatureSet = set, Key = [id], EventTime = DateTime.UnixEpoch.AddDays(20_000), CreatedTime = DateTime.UnixEpoch.AddDays(20_000), Values = [.. set.Features.Select(_ => (object)random.NextDouble())] };
            }
        }

        await Task.CompletedTask;
    }

    private static async Task<List<Batch>> PreparedAsync(OnlineOptions options, IAsyncEnumerable<LatestRow> rows)
    {
        var batches = new List<Batch>();
        await foreach (var chunk in rows.Chunk(BatchSize))
        {
            using var encoder = new OnlineEncoder(options, chunk[0].FeatureSet);
            var (keys, values, arguments) = (new RedisKey[chunk.Length], new RedisValue[chunk.Length], new RedisValue[3 * chunk.Length]);
            for (var i = 0; i < chunk.Length; i++)
            {
                var buffer = new ArrayBufferWriter<byte>();
                var (key, rank, _) = encoder.Append(chunk[i], DateTimeOffset.UnixEpoch, buffer);
                keys[i] = key;
                values[i] = arguments[3 * i] = buffer.WrittenSpan.ToArray();
                arguments[(3 * i) + 1] = rank;
                arguments[(3 * i) + 2] = RedisValue.EmptyString;
            }

            batches.Add(new(keys, values, arguments));
        }

        return batches;
    }

    private static async Task SendAsync(List<Batch> batches, Func<Batch, Task> send)
    {
        var underway = new Queue<Task>();
        foreach (var batch in batches)
        {
            if (underway.Count >= BatchesAtOnce)
            {
                await underway.Dequeue();
            }

            underway.Enqueue(send(batch));
        }

        await Task.WhenAll(underway);
    }

    private static async Task<ConnectionMultiplexer?> OpenAsync(Report report)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address)
        {
            return await ConnectionMultiplexer.ConnectAsync(address + ",allowAdmin=true,syncTimeout=60000,asyncTimeout=60000");
        }

        report.Say($"Left out: set {Variable} to the address of a Redis that may be emptied.");
        return null;
    }

    private static Task FlushAsync(ConnectionMultiplexer redis) => redis.GetServers()[0].FlushDatabaseAsync();

    private static async Task<long> UsedAsync(ConnectionMultiplexer redis) =>
        long.Parse((await redis.GetServers()[0].InfoAsync("memory")).SelectMany(group => group).First(item => item.Key == "used_memory_dataset").Value, CultureInfo.InvariantCulture);

    private sealed record Batch(RedisKey[] Keys, RedisValue[] Values, RedisValue[] Arguments);
}
