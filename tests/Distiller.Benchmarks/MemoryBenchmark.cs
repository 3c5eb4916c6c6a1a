using System.Diagnostics;
using System.Globalization;
using Apache.Arrow;

namespace Distiller.Benchmarks;

/// <summary>
/// Whether reading ten times the rows takes more memory: unload, a typed stream of latest, and Arrow batches. Each is measured in a process of its own, because memory that was taken once is not taken again.
/// </summary>
internal static class MemoryBenchmark
{
    /// <summary>What the process that measures is called with.</summary>
    public const string Child = "memory-of";

    private const int Rows = 1_000_000;
    private const double ManagedBound = 2;
    private const double ProcessBound = 32;

    private static readonly Dictionary<string, Func<BenchmarkDatabase, FeatureSet, Task<(int Rows, Growth Growth)>>> Readings = new()
    {
        ["unload"] = (database, set) => GrowthOfAsync(database.Store.UnloadAsync(set)),
        ["stream"] = (database, set) => GrowthOfAsync(database.Store.StreamAsync<PublishedRow>(Latest.Of(set))),
        ["arrow"] = (database, set) => GrowthOfAsync(RowsOfAsync(database.Store.ReadArrowAsync(Latest.Of(set)))),
    };

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var whole = options.Scaled(Rows, Rows);
        foreach (var engine in new[] { "DuckDB", "SQLite", "PostgreSQL" })
        {
            if (engine == "PostgreSQL" && !PostgreSqlDatabase.IsConfigured(report))
            {
                continue;
            }

            foreach (var reading in Readings.Keys)
            {
                var (tenth, all) = await MeasureAsync(engine, reading, whole);
                Add("managed heap", growth => growth.Managed, ManagedBound);
                Add("process", growth => growth.Process, ProcessBound);

                void Add(string what, Func<Growth, double> of, double bound) => report.Add(
                    new ReportLine($"memory, {engine}, {reading} of latest, {what}", Megabytes(of(all)), Megabytes(of(tenth)), of(all) - of(tenth)) { Unit = "MB" }
                        .AtMost(bound).With(FormattableString.Invariant($"growth while reading {whole} rows; rival: {whole / 10}; ratio: the difference")));
            }
        }
    }

    /// <summary>Measures, in the process that is there for it, and prints four numbers.</summary>
    public static async Task ChildAsync(string engine, string reading, int whole)
    {
        await using BenchmarkDatabase database = engine switch
        {
            "DuckDB" => DuckDbDatabase.InTemporaryFile(),
            "SQLite" => new SqliteDatabase(),
            _ => PostgreSqlDatabase.Open(new(Console.Error, isFullSize: false))!,
        };
        var large = PublishedRow.Set("whole");
        var small = PublishedRow.Set("tenth");
        await database.Store.CreateTablesAsync([large, small]);
        Load(database, large, whole);
        Load(database, small, whole / 10);

        // First the code that is compiled on the way, and the engine's own cache of the large table.
        await Readings[reading](database, small);
        Scan(database, large);
        var (_, tenth) = await Readings[reading](database, small);
        var (rows, all) = await Readings[reading](database, large);
        if (rows != whole)
        {
            throw new InvalidOperationException($"{database.Name}: {reading} handed out {rows} rows of {whole}.");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tenth.Managed} {tenth.Process} {all.Managed} {all.Process}"));
    }

    private static async Task<(Growth Tenth, Growth All)> MeasureAsync(string engine, string reading, int whole)
    {
        var host = Environment.ProcessPath!;
        List<string> arguments = [Child, engine, reading, whole.ToString(CultureInfo.InvariantCulture)];
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
        {
            arguments.Insert(0, typeof(MemoryBenchmark).Assembly.Location);
        }

        using var child = Process.Start(new ProcessStartInfo(host, arguments) { RedirectStandardOutput = true })!;
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        if (child.ExitCode != 0)
        {
            throw new InvalidOperationException($"{engine}, {reading}: measuring ended with {child.ExitCode}. {output}");
        }

        var numbers = output.Trim().Split('\n')[^1].Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return (new(numbers[0], numbers[1]), new(numbers[2], numbers[3]));
    }

    private static void Load(BenchmarkDatabase database, FeatureSet set, int rows)
    {
        var latest = set.LatestTable!.Name;
        database.Load(latest, new LatestRows(rows), TimeKind.Instant);
        database.Settle(latest);
    }

    private static void Scan(BenchmarkDatabase database, FeatureSet set)
    {
        var features = string.Join(", ", set.Features.Select(feature => $"SUM({feature.Name})"));
        database.Row($"SELECT COUNT(CASE WHEN entity_id > 0 AND feature_timestamp < created_timestamp AND created_timestamp < published_timestamp THEN 1 END), {features} FROM {set.LatestTable!.Name}");
    }

    private static async IAsyncEnumerable<int> RowsOfAsync(IAsyncEnumerable<RecordBatch> batches)
    {
        await foreach (var batch in batches)
        {
            for (var i = 0; i < batch.Length; i++)
            {
                yield return i;
            }

            batch.Dispose();
        }
    }

    private static async Task<(int Rows, Growth Growth)> GrowthOfAsync<T>(IAsyncEnumerable<T> rows)
    {
        var before = Growth.Now();
        var (managed, process, count) = (0.0, 0.0, 0);
        await foreach (var row in rows)
        {
            GC.KeepAlive(row);
            if (count++ % 10_000 == 0)
            {
                var now = Growth.Now();
                (managed, process) = (Math.Max(managed, now.Managed - before.Managed), Math.Max(process, now.Process - before.Process));
            }
        }

        return (count, new(managed, process));
    }

    private static string Megabytes(double value) => FormattableString.Invariant($"{value:0.0} MB");

    private readonly record struct Growth(double Managed, double Process)
    {
        private const double Megabyte = 1 << 20;

        /// <summary>What is alive, and what the system has given the process.</summary>
        public static Growth Now() => new(GC.GetTotalMemory(forceFullCollection: true) / Megabyte, Environment.WorkingSet / Megabyte);
    }
}
