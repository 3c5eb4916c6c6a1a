namespace Distiller.Benchmarks;

/// <summary>What twice the rows cost: a hot key (fixture 25), and a table without any index (fixture 26).</summary>
internal static class GrowthBenchmark
{
    private const int HotRows = 100_000;
    private const int BareRows = 1_000_000;

    public static Task SkewAsync(RunOptions options, Report report)
    {
        var whole = new WorldShape(options.Scaled(10_000, HotRows), options.Scaled(HotRows, HotRows), 1);
        return EachEngine.RunAsync(options, report, async database =>
        {
            await CompareAsync(database, "one hot key, owned", whole, whole with { SpineRows = whole.SpineRows / 2, HistoryRows = whole.HistoryRows / 2 }, 3, options, report, AsOfTables.OwnedAsync);
            await CompareAsync(database, "one hot key, drop-in without index", whole, whole with { SpineRows = whole.SpineRows / 2, HistoryRows = whole.HistoryRows / 2 }, 3, options, report, Bare);
        });
    }

    public static Task NoIndexAsync(RunOptions options, Report report)
    {
        var whole = new WorldShape(options.Scaled(100_000, BareRows), options.Scaled(BareRows, BareRows), options.Scaled(10_000, BareRows));
        var half = new WorldShape(whole.SpineRows / 2, whole.HistoryRows / 2, whole.Keys / 2);
        return EachEngine.RunAsync(options, report, database => CompareAsync(database, "drop-in without index", whole, half, 2.6, options, report, Bare));
    }

    private static Task<AsOfTables> Bare(BenchmarkDatabase database, World world, string name) => Task.FromResult(AsOfTables.DropIn(database, world, isIndexed: false, name));

    private static async Task CompareAsync(
        BenchmarkDatabase database, string what, WorldShape whole, WorldShape half, double bound, RunOptions options, Report report, Func<BenchmarkDatabase, World, string, Task<AsOfTables>> create)
    {
        var (large, wholeTables) = await PrepareAsync(whole, "whole");
        var (small, halfTables) = await PrepareAsync(half, "half");
        var race = await Race.RunAsync(options.Runs, large, small, database);
        report.Add(ReportLine.Of($"growth, {database.Name}, {what}: {whole} / {half}", race).AtMost(bound).With(FormattableString.Invariant($"rival: ours on half the rows; CPU ratio {race.CpuRatio:0.00}")));
        wholeTables.Drop();
        halfTables.Drop();

        async Task<(Contender Contender, AsOfTables Tables)> PrepareAsync(WorldShape shape, string name)
        {
            var world = World.Build(shape);
            var tables = await create(database, world, name);
            return (tables.Into(await tables.SelectAsync(report), SortMerge.Expected(world)), tables);
        }
    }
}
