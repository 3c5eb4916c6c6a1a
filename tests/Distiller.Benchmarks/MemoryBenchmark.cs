namespace Distiller.Benchmarks;

/// <summary>Whether reading ten times the rows takes more memory: unload and a typed stream of latest.</summary>
internal static class MemoryBenchmark
{
    private const int Rows = 1_000_000;
    private const double ManagedBound = 2;
    private const double ProcessBound = 32;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var whole = options.Scaled(Rows, Rows);
        foreach (var open in new Func<BenchmarkDatabase?>[] { () => DuckDbDatabase.InTemporaryFile(), () => new SqliteDatabase(), () => PostgreSqlDatabase.Open(report) })
        {
            if (open() is { } database)
            {
                await using (database)
                {
                    await MeasureAsync(database, whole, report);
                }
            }
        }
    }

    private static async Task MeasureAsync(BenchmarkDatabase database, int whole, Report report)
    {
        var large = PublishedRow.Set("whole");
        var small = PublishedRow.Set("tenth");
        await database.Store.CreateTablesAsync([large, small]);
        Load(database, large, whole);
        Load(database, small, whole / 10);
        var readings = new (string Name, Func<FeatureSet, Task<(int Rows, Growth Growth)>> Read)[]
        {
            ("unload", set => GrowthOfAsync(database.Store.UnloadAsync(set))),
            ("stream of latest", set => GrowthOfAsync(database.Store.StreamAsync<PublishedRow>(Latest.Of(set)))),
        };
        foreach (var (name, read) in readings)
        {
            // Once for the code that is compiled on the way and for the engine's own cache of the table.
            await read(large);
            var (_, tenth) = await read(small);
            var (rows, all) = await read(large);
            if (rows != whole)
            {
                throw new InvalidOperationException($"{database.Name}: {name} handed out {rows} rows of {whole}.");
            }

            Add("managed heap", growth => growth.Managed, ManagedBound);
            Add("process", growth => growth.Process, ProcessBound);

            void Add(string what, Func<Growth, double> of, double bound) => report.Add(
                new ReportLine($"memory, {database.Name}, {name}, {what}", Megabytes(of(all)), Megabytes(of(tenth)), of(all) - of(tenth)) { Unit = "MB" }
                    .AtMost(bound).With(FormattableString.Invariant($"growth while reading {whole} rows against {whole / 10}; ratio: the difference")));
        }
    }

    private static void Load(BenchmarkDatabase database, FeatureSet set, int rows)
    {
        var latest = set.LatestTable!.Name;
        database.Load(latest, new LatestRows(rows), TimeKind.Instant);
        database.Settle(latest);
    }

    private static async Task<(int Rows, Growth Growth)> GrowthOfAsync<T>(IAsyncEnumerable<T> rows)
    {
        var before = Growth.Now();
        var (managed, process, count) = (0.0, 0.0, 0);
        await foreach (var row in rows)
        {
            GC.KeepAlive(row);
            if (++count % 10_000 == 0)
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

    private sealed class LatestRows(int count) : RowSource
    {
        public override IReadOnlyList<(string Name, Cell Cell)> Columns { get; } =
        [
            ("entity_id", Cell.Integer), ("feature_timestamp", Cell.Time), ("created_timestamp", Cell.Time),
            .. Enumerable.Range(1, 9).Select(i => (FormattableString.Invariant($"f{i}"), Cell.Number)),
            ("published_timestamp", Cell.Time),
        ];

        public override int Count => count;

        public override long Integer(int row, int column) => column == 0 ? row : (1_700_000_000L + row) * 1_000_000;

        public override double Number(int row, int column) => World.Feature(row, column);
    }
}
