namespace Distiller.Benchmarks;

/// <summary>A training set of one feature set of ten features against the best SQL written by hand for the engine, over the same tables, into a temporary table.</summary>
internal static class AsOfBenchmark
{
    private static readonly WorldShape A = new(100_000, 1_000_000, 10_000);
    private static readonly WorldShape D = new(1_000_000, 10_000_000, 100_000);

    public static async Task DuckDbAsync(RunOptions options, Report report)
    {
        await RunAsync(() => new DuckDbDatabase(), D, "D", 1.35, "rival: bare ASOF LEFT JOIN, ties unresolved; goal 1.2", options, report, rivalIsExact: false);
        await RunAsync(() => new DuckDbDatabase(), A, "A", null, "rival: bare ASOF LEFT JOIN, ties unresolved", options, report, rivalIsExact: false);
    }

    public static Task SqliteAsync(RunOptions options, Report report) =>
        RunAsync(() => new SqliteDatabase(), A, "A", 1.1, "rival: V4st", options, report, rivalIsExact: true);

    public static Task PostgreSqlAsync(RunOptions options, Report report) =>
        RunAsync(() => PostgreSqlDatabase.Open(report), A, "A", 1.1, "rival: V4o", options, report, rivalIsExact: true);

    private static async Task RunAsync(
        Func<BenchmarkDatabase?> open, WorldShape full, string shapeName, double? bound, string remark, RunOptions options, Report report, bool rivalIsExact)
    {
        var database = open();
        if (database is null)
        {
            return;
        }

        await using (database)
        {
            var world = World.Build(Scaled(full, options));
            var expected = SortMerge.Expected(world);
            var owned = await AsOfTables.OwnedAsync(database, world);
            var line = await RaceAsync(database, owned, $"as-of, {database.Name}, {shapeName} ({world.Shape}), owned");
            report.Add(bound is { } most ? line.AtMost(most) : line);
            owned.Drop();

            var dropIn = AsOfTables.DropIn(database, world, isIndexed: true);
            report.Add(await RaceAsync(database, dropIn, $"as-of, {database.Name}, {shapeName}, drop-in ({database.DropInKind}{(database.UsesIndex ? ", indexed" : "")})"));
            dropIn.Drop();

            async Task<ReportLine> RaceAsync(BenchmarkDatabase on, AsOfTables tables, string name)
            {
                var ours = await tables.SelectAsync(report);
                if (options.ShowSql)
                {
                    report.Say(ours + Environment.NewLine + "-- rival" + Environment.NewLine + tables.HandWritten);
                }

                var race = await Race.RunAsync(options.Runs, tables.Into(ours, expected), tables.Into(tables.HandWritten, rivalIsExact ? expected : null), on);
                return ReportLine.Of(name, race).With(remark).With(FormattableString.Invariant($"CPU ratio {race.CpuRatio:0.00}"));
            }
        }
    }

    private static WorldShape Scaled(WorldShape full, RunOptions options) => full with
    {
        SpineRows = options.Scaled(full.SpineRows, full.HistoryRows),
        HistoryRows = options.Scaled(full.HistoryRows, full.HistoryRows),
        Keys = options.Scaled(full.Keys, full.HistoryRows),
    };
}
