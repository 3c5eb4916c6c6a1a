using System.Diagnostics;
using System.Globalization;
using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using Distiller.Redis.Tests.Stores;
using Microsoft.Data.Sqlite;
using StackExchange.Redis;

namespace Distiller.Redis.Tests.Truth;

/// <summary>
/// Publishers, unloaders and drains as processes of their own that are killed at random points (<c>kill -9</c>), and then: nothing lost, nothing regressed, online is latest is the winner of history.
/// <c>DISTILLER_ONLINE_KILLS</c> sets how many are killed.
/// </summary>
public sealed class TruthTests
{
    [Fact]
    public async Task O7_nothing_is_lost_and_nothing_regresses_however_often_the_processes_are_killed()
    {
        var redis = await RedisEngine.ConnectionAsync();
        var kills = int.TryParse(Environment.GetEnvironmentVariable("DISTILLER_ONLINE_KILLS"), CultureInfo.InvariantCulture, out var given) ? given : 12;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("DISTILLER_SEED"), CultureInfo.InvariantCulture, out var first) ? first : Random.Shared.Next();
        var random = new Random(seed);
        var prefix = $"truth{Guid.NewGuid():N}";
        var file = Path.Combine(Path.GetTempPath(), $"{prefix}.db");
        var journal = Path.Combine(Path.GetTempPath(), $"{prefix}.journal");
        var running = new Dictionary<string, Worker>();
        try
        {
            await using (var connection = await TruthWorker.OpenAsync(file))
            {
                await new FeatureStore(connection).CreateTablesAsync([TruthWorker.Set]);
            }

            Directory.CreateDirectory(journal);
            var online = TruthWorker.Online(redis, prefix);
            var seen = new Dictionary<long, (DateTime Event, DateTime Created)>();
            string[] roles = ["publisher", "streamer", "unloader", "drain"];
            var starts = 0;
            foreach (var role in roles)
            {
                running[role] = Worker.Start(role, file, prefix, journal, (seed * 1000) + starts++);
            }

            for (var killed = 0; killed < kills; killed++)
            {
                var role = roles[killed % roles.Length];
                await running[role].WorksAsync();
                await Task.Delay(random.Next(0, 250));
                await NeverBackAsync(online, seen, seed);
                await running[role].KillAsync();
                running[role] = Worker.Start(role, file, prefix, journal, (seed * 1000) + starts++);
            }

            foreach (var worker in running.Values)
            {
                await worker.KillAsync();
            }

            await using var end = await TruthWorker.OpenAsync(file);
            var store = new FeatureStore(end);
            var drained = await online.DrainAsync(store, TruthWorker.Set, new() { Consumer = "last", ClaimAfter = TimeSpan.Zero });
            Assert.Equal(0, await online.WaitingAsync(TruthWorker.Set));
            Assert.Empty(await online.ParkedAsync(TruthWorker.Set));
            await online.LoadAsync(store, TruthWorker.Set);
            await NeverBackAsync(online, seen, seed);

            var columns = PublishBatch.Columns(TruthWorker.Set).Select(column => new TestColumn(column.Name, column.Type)).ToList();
            var history = await TestTables.ReadTableAsync(end, SqlDialect.Sqlite, TruthWorker.Set.HistoryTable, columns);
            var latest = await TestTables.ReadTableAsync(end, SqlDialect.Sqlite, TruthWorker.Set.LatestTable!, columns);
            var expected = ReferenceModel.Latest(TruthWorker.Set, history);
            RowMultiset.AssertEqual(expected, latest, $"latest, seed {seed}", inOrder: false);
            Assert.Equal(history.Count, history.Select(row => ((long)row["id"]!, (DateTime)row["created_timestamp"]!, (DateTime)row["feature_timestamp"]!)).Distinct().Count());

            // Whatever was acknowledged to a publisher is in history.
            var tokens = history.Select(row => (long)row["token"]!).ToHashSet();
            var acknowledged = Directory.GetFiles(journal).SelectMany(File.ReadAllLines).Where(line => line.EndsWith('.')).Select(line => long.Parse(line.TrimEnd('.'), CultureInfo.InvariantCulture)).ToList();
            Assert.True(acknowledged.Count > 0, $"nothing was acknowledged (seed {seed})");
            Assert.True(acknowledged.All(tokens.Contains), $"{acknowledged.Count(token => !tokens.Contains(token))} of {acknowledged.Count} acknowledged rows are lost (seed {seed})");

            var read = await online.GetManyAsync(expected, [TruthWorker.Set]);
            foreach (var (row, features) in expected.Zip(read))
            {
                Assert.True(
                    Values.Same(row["token"], features.Values[0]) && Values.Same(row["feature_timestamp"], features.Sets[0].EventTime) && Values.Same(row["created_timestamp"], features.Sets[0].CreatedTime),
                    $"online has token {features.Values[0]} of {features.Sets[0].EventTime:O} for {row} (seed {seed})");
            }

            TestContext.Current.SendDiagnosticMessage($"seed {seed}: {kills} kills, {starts} starts, {history.Count} rows of history, {acknowledged.Count} acknowledged, the last drain took {drained.Events}");
        }
        finally
        {
            // Also where the test failed, nothing may go on working.
            foreach (var worker in running.Values)
            {
                worker.Stop();
            }

            foreach (var path in new[] { file, file + "-wal", file + "-shm" })
            {
                File.Delete(path);
            }

            Directory.Delete(journal, recursive: true);
        }
    }

    /// <summary>An online value is never replaced by an older one, whoever is killed.</summary>
    private static async Task NeverBackAsync(RedisOnlineStore online, Dictionary<long, (DateTime Event, DateTime Created)> seen, int seed)
    {
        var read = await online.GetManyAsync(Enumerable.Range(0, TruthWorker.Keys).Select(id => new { id }), [TruthWorker.Set]);
        for (var id = 0L; id < TruthWorker.Keys; id++)
        {
            var set = read[(int)id].Sets[0];
            if (set.Status != OnlineStatus.Hit)
            {
                Assert.False(seen.ContainsKey(id), $"key {id} was there and is gone (seed {seed})");
                continue;
            }

            var version = ((DateTime)set.EventTime!, (DateTime)set.CreatedTime!);
            Assert.True(!seen.TryGetValue(id, out var before) || version.CompareTo(before) >= 0, $"key {id} went back from {before} to {version} (seed {seed})");
            seen[id] = version;
        }
    }

    /// <summary>One process at work.</summary>
    private sealed class Worker
    {
        private readonly Process process;
        private readonly string role;
        private readonly TaskCompletionSource works = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<string> errors = [];

        private Worker(string role, Process process)
        {
            this.role = role;
            this.process = process;
        }

        public static Worker Start(string role, string file, string prefix, string journal, int seed)
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            {
                start.ArgumentList.Add(typeof(TruthTests).Assembly.Location);
            }

            foreach (var argument in new[] { TruthWorker.Argument, role, file, RedisEngine.Address!, prefix, journal, seed.ToString(CultureInfo.InvariantCulture) })
            {
                start.ArgumentList.Add(argument);
            }

            var worker = new Worker(role, Process.Start(start)!);
            worker.process.OutputDataReceived += (_, _) => worker.works.TrySetResult();
            worker.process.ErrorDataReceived += (_, line) => worker.errors.Add(line.Data ?? "");
            worker.process.BeginOutputReadLine();
            worker.process.BeginErrorReadLine();
            return worker;
        }

        /// <summary>Waits until it has done its first piece of work.</summary>
        public async Task WorksAsync()
        {
            var first = await Task.WhenAny(works.Task, process.WaitForExitAsync(), Task.Delay(TimeSpan.FromMinutes(2)));
            Assert.True(first == works.Task, $"the {role} {(process.HasExited ? "failed" : "does nothing")}: {string.Join('\n', errors)}");
        }

        /// <summary>Kills it, which must still be at work: a failure of its own ends it.</summary>
        public async Task KillAsync()
        {
            Assert.False(process.HasExited, $"the {role} failed: {string.Join('\n', errors)}");
            process.Kill();
            await process.WaitForExitAsync();
        }

        /// <summary>Ends it, if it has not ended yet.</summary>
        public void Stop()
        {
            process.Kill();
            process.Dispose();
        }
    }
}

/// <summary>What the processes do until they are killed.</summary>
internal static class TruthWorker
{
    public const string Argument = "truth-worker";

    public const int Keys = 40;

    public static readonly FeatureSet Set = Entity.Create("thing").Key<long>("id").FeatureSet("truth").Feature<long>("token");

    private static readonly DateTime Noon = new(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);

    private static readonly DrainOptions Draining = new() { BatchSize = 25, ClaimAfter = TimeSpan.FromMilliseconds(500) };

    public static RedisOnlineStore Online(IConnectionMultiplexer redis, string prefix) => new(redis, new() { Prefix = prefix });

    public static async Task<SqliteConnection> OpenAsync(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=60");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = wal";
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public static async Task RunAsync(string role, string file, string address, string prefix, string journal, int seed)
    {
        var random = new Random(seed);
        await using var connection = await OpenAsync(file);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(address);
        var store = new FeatureStore(connection);
        var online = Online(redis, prefix);
        await using var acknowledged = new StreamWriter(Path.Combine(journal, $"{role}{seed}"));
        for (var round = 0; ; round++)
        {
            if (round == 1)
            {
                Console.WriteLine("works");
            }

            // SQLite's waiters poll: a writer that never rests would starve them.
            await Task.Delay(random.Next(30));

            var rows = Enumerable.Range(0, random.Next(1, 30))
                .Select(_ => new { id = (long)random.Next(Keys), feature_timestamp = Noon.AddSeconds(random.Next(100_000)), token = random.NextInt64(1L << 62) })
                .DistinctBy(row => (row.id, row.feature_timestamp)).ToList();
            switch (role)
            {
                case "publisher":
                    await store.PublishAsync(Set, rows);
                    await SayAsync(rows.Select(row => row.token));
                    break;
                case "streamer":
                    await online.PublishAsync(Set, rows);
                    await SayAsync(rows.Select(row => row.token));
                    break;
                case "unloader":
                    await online.LoadAsync(store, Set, new() { BatchSize = random.Next(1, 20), Whole = random.Next(5) == 0 });
                    break;
                default:
                    // It ends when the log is empty, which may be never.
                    await online.DrainAsync(store, Set, Draining with { Consumer = $"drain{random.Next(2)}", Progress = new Worked() });
                    break;
            }
        }

        // One write of whole lines: what is torn by a kill has no full stop.
        async Task SayAsync(IEnumerable<long> tokens)
        {
            await acknowledged.WriteAsync(string.Concat(tokens.Select(token => string.Create(CultureInfo.InvariantCulture, $"{token}.\n"))));
            await acknowledged.FlushAsync();
        }
    }

    private sealed class Worked : IProgress<StoreProgress>
    {
        public void Report(StoreProgress value) => Console.WriteLine("works");
    }
}
