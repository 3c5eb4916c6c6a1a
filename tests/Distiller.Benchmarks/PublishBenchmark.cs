namespace Distiller.Benchmarks;

/// <summary>Publishing rows with all that is promised of it, against the provider's raw loader into a table with the same enforced key.</summary>
internal static class PublishBenchmark
{
    private const int Rows = 1_000_000;
    private const int Keys = 100_000;

    public static async Task DuckDbAsync(RunOptions options, Report report)
    {
        await RunAsync(() => new DuckDbDatabase(), "appender, in memory", 0.4, options, report);
        await RunAsync(() => DuckDbDatabase.InTemporaryFile(), "appender, in a file", 0.4, options, report);
    }

    public static Task SqliteAsync(RunOptions options, Report report) => RunAsync(() => new SqliteDatabase(), "prepared insert in one transaction", 0.5, options, report);

    public static Task PostgreSqlAsync(RunOptions options, Report report) => RunAsync(() => PostgreSqlDatabase.Open(report), "binary COPY", 0.6, options, report);

    private static async Task RunAsync(Func<BenchmarkDatabase?> open, string rival, double bound, RunOptions options, Report report)
    {
        var count = options.Scaled(Rows, Rows);
        var world = World.Build(new(1, 2 * count, options.Scaled(Keys, Rows)));
        List<PublishedRow> earlier = [.. Enumerable.Range(0, count).Select(row => PublishedRow.Of(world, row))];
        List<PublishedRow> batch = [.. Enumerable.Range(count, count).Select(row => PublishedRow.Of(world, row))];
        foreach (var present in new List<PublishedRow>[] { [], earlier })
        {
            if (open() is { } database)
            {
                await using (database)
                {
                    await CompareAsync(database, present, batch, rival, bound, options, report);
                }
            }
        }
    }

    private static async Task CompareAsync(
        BenchmarkDatabase database, List<PublishedRow> present, List<PublishedRow> batch, string rival, double bound, RunOptions options, Report report)
    {
        var expected = Expected(present, batch);
        var ours = PublishedRow.Set("bench");
        var raw = PublishedRow.Set("raw");
        PublishResult? result = null;
        var clock = new StepClock(database);
        IReadOnlyList<string> steps = [];
        var race = await Race.RunAsync(
            options.Runs,
            new(async () =>
            {
                clock.Start();
                result = await database.Store.PublishAsync(ours, batch, new() { Progress = clock });
                steps = [.. clock.Lines()];
            })
            {
                Before = () => PrepareAsync(database, ours, present),
                After = () =>
                {
                    Check(database, ours, present.Count + batch.Count, batch.Count, expected, result!);
                    return database.Store.DropTablesAsync([ours]);
                },
            },
            new(() =>
            {
                database.LoadRaw(raw.HistoryTable.Name, batch);
                return Task.CompletedTask;
            })
            {
                Before = () => PrepareAsync(database, raw, present),
                After = () => database.Store.DropTablesAsync([raw]),
            },
            database);
        report.Say(result!.ToString());
        report.Say("the last run, step by step:");
        report.Say(string.Join(Environment.NewLine, steps));
        report.Add((ReportLine.Of(FormattableString.Invariant($"publish, {database.Name}, {batch.Count} rows into {present.Count}"), race) with { Ratio = 1 / race.Ratio, Unit = "%" })
            .AtLeast(bound).With(FormattableString.Invariant($"rival: {rival}; throughput in % of it, goal 70 %; by CPU time {1 / race.CpuRatio:0 %}")));
    }

    private static async Task PrepareAsync(BenchmarkDatabase database, FeatureSet set, List<PublishedRow> present)
    {
        await database.Store.CreateTablesAsync([set]);
        var history = set.HistoryTable.Name;
        if (present.Count > 0)
        {
            database.LoadRaw(history, present);
            database.Execute($"""
                INSERT INTO {set.LatestTable!.Name}
                SELECT entity_id, feature_timestamp, created_timestamp, f1, f2, f3, f4, f5, f6, f7, f8, f9, created_timestamp
                FROM (SELECT h.*, ROW_NUMBER() OVER (PARTITION BY entity_id ORDER BY feature_timestamp DESC, created_timestamp DESC) AS n FROM {history} h) r
                WHERE n = 1
                ORDER BY entity_id
                """);
        }

        database.Settle(history);
        database.Settle(set.LatestTable!.Name);
    }

    private static (int Keys, double Sum) Expected(List<PublishedRow> present, List<PublishedRow> batch)
    {
        var newest = new Dictionary<long, PublishedRow>();
        foreach (var row in present.Concat(batch))
        {
            if (!newest.TryGetValue(row.EntityId, out var known) || (row.FeatureTimestamp, row.CreatedTimestamp).CompareTo((known.FeatureTimestamp, known.CreatedTimestamp)) > 0)
            {
                newest[row.EntityId] = row;
            }
        }

        return (newest.Count, newest.Values.Sum(row => row.F1));
    }

    private static void Check(BenchmarkDatabase database, FeatureSet set, int rows, int published, (int Keys, double Sum) expected, PublishResult result)
    {
        var history = database.Row($"SELECT COUNT(*) FROM {set.HistoryTable.Name}")[0];
        var latest = database.Row($"SELECT COUNT(*), SUM(f1) FROM {set.LatestTable!.Name}");
        if (history != rows || latest[0] != expected.Keys || latest[1] != expected.Sum || result.Appended != published)
        {
            throw new InvalidOperationException($"{database.Name}: history holds {history} rows and latest {latest[0]} that add up to {latest[1]}, not {rows} and {expected}. {result}");
        }
    }
}
