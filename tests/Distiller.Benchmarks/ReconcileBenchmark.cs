namespace Distiller.Benchmarks;

/// <summary>What comparing latest with its history costs: against the plain query somebody would write for it, the newest row of each key by a window joined with latest on both sides. A thousand rows are damaged.</summary>
internal static class ReconcileBenchmark
{
    private const int Keys = 1_000_000;
    private const int Versions = 3;
    private const string Features = "w.f1 IS DISTINCT FROM l.f1 OR w.f2 IS DISTINCT FROM l.f2 OR w.f3 IS DISTINCT FROM l.f3 OR w.f4 IS DISTINCT FROM l.f4 OR w.f5 IS DISTINCT FROM l.f5";

    private const string Plain = $"""
        WITH newest AS (
          SELECT id, feature_timestamp, created_timestamp, f1, f2, f3, f4, f5, ROW_NUMBER() OVER (PARTITION BY id ORDER BY feature_timestamp DESC, created_timestamp DESC) AS place FROM bench_history
        )
        SELECT COUNT(CASE WHEN l.id IS NULL THEN 1 END), COUNT(CASE WHEN w.id IS NULL THEN 1 END), COUNT(CASE WHEN l.id IS NOT NULL AND w.id IS NOT NULL THEN 1 END)
        FROM (SELECT id, feature_timestamp, created_timestamp, f1, f2, f3, f4, f5 FROM newest WHERE place = 1) AS w
        FULL JOIN bench_latest AS l ON w.id = l.id
        WHERE w.id IS NULL OR l.id IS NULL OR w.feature_timestamp IS DISTINCT FROM l.feature_timestamp OR w.created_timestamp IS DISTINCT FROM l.created_timestamp OR {Features}
        """;

    private static readonly FeatureSet Set = Enumerable.Range(1, 5).Aggregate(Entity.Create("bench").Key<long>("id").FeatureSet("bench"), (set, i) => set.Feature<double>(FormattableString.Invariant($"f{i}")));

    public static Task RunAsync(RunOptions options, Report report) => EachEngine.RunAsync(options, report, async database =>
    {
        var keys = options.Scaled(Keys, Keys);
        var store = database.Store;
        await store.DropTablesAsync([Set]);
        await store.CreateTablesAsync([Set]);
        for (var version = 0; version < Versions; version++)
        {
            await store.PublishAsync(Set, Rows(keys, version));
        }

        database.Execute("UPDATE bench_latest SET f1 = -1 WHERE id % 2000 = 0");
        database.Execute("DELETE FROM bench_latest WHERE id % 2000 = 1");
        database.Settle("bench_history");
        database.Settle("bench_latest");
        var wrong = (keys + 1999) / 2000;
        var ours = new Contender(async () =>
        {
            var result = await store.ReconcileAsync(Set);
            if ((result.Missing, result.Extra, result.Differing) is var found && found != ((keys + 1998) / 2000, 0, wrong))
            {
                throw new InvalidOperationException($"{database.Name}: {found}");
            }
        });
        var rival = new Contender(() =>
        {
            if (database.Row(Plain) is var found && (found[0], found[1], found[2]) != ((keys + 1998) / 2000, 0, wrong))
            {
                throw new InvalidOperationException($"{database.Name}: {string.Join(", ", found)}");
            }

            return Task.CompletedTask;
        });
        if (options.ShowSql)
        {
            report.Say(Reconcile.Of(Set).ToSql(database.Dialect) + "\n" + Plain);
        }

        var race = await Race.RunAsync(options.Runs, ours, rival, database);
        report.Add(ReportLine.Of(FormattableString.Invariant($"reconcile, {database.Name}, {keys} keys of {Versions} versions"), race).With(FormattableString.Invariant($"rival: the plain comparison; CPU ratio {race.CpuRatio:0.00}")).AtMost(1.3));
        await store.DropTablesAsync([Set]);
    });

    private static IEnumerable<BenchRow> Rows(int keys, int version)
    {
        var at = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(version);
        return Enumerable.Range(0, keys).Select(id => new BenchRow(id, at.AddSeconds(id % 86_400), at.AddDays(1), id * 0.5, id + version, version, id % 97, 1.0 / (id + 1)));
    }

    private sealed record BenchRow(long Id, DateTime FeatureTimestamp, DateTime CreatedTimestamp, double F1, double F2, double F3, double F4, double F5);
}
