namespace Distiller.Benchmarks;

/// <summary>What a sparse training set costs: against the dense one of the same shape, and as one hot key grows (fixture 25). A feature that is always NULL is reported beside.</summary>
internal static class SparseBenchmark
{
    private const int Rows = 1_000_000;
    private const int HotRows = 100_000;

    /// <summary>A probe for a value that is nowhere reads all of its key's history: quadratic in a hot key, so it is shown on few rows.</summary>
    private const int NowhereDivisor = 10;

    public static Task RunAsync(RunOptions options, Report report)
    {
        var full = new WorldShape(options.Scaled(100_000, Rows), options.Scaled(Rows, Rows), options.Scaled(10_000, Rows));
        var hot = new WorldShape(options.Scaled(10_000, Rows), options.Scaled(HotRows, Rows), 1);
        var few = hot with { SpineRows = Math.Max(2, hot.SpineRows / NowhereDivisor), HistoryRows = Math.Max(2, hot.HistoryRows / NowhereDivisor) };
        return EachEngine.RunAsync(options, report, async database =>
        {
            await AgainstDenseAsync(database, full, isLastNull: false, options, report);
            await AgainstDenseAsync(database, full, isLastNull: true, options, report);
            await GrowthAsync(database, hot, isLastNull: false, null, options, report);
            await GrowthAsync(database, few, isLastNull: true, null, options, report);
            await GrowthAsync(database, few, isLastNull: true, AsOf.Union, options, report);
        });
    }

    private static async Task AgainstDenseAsync(BenchmarkDatabase database, WorldShape shape, bool isLastNull, RunOptions options, Report report)
    {
        var world = World.Build(shape);
        var sparse = await AsOfTables.SparseAsync(database, world, isLastNull, "sparse");
        var dense = await AsOfTables.OwnedAsync(database, world, "dense");
        var (ours, rival) = (await sparse.SelectAsync(report), await dense.SelectAsync(report));
        if (options.ShowSql)
        {
            report.Say(ours);
        }

        var race = await Race.RunAsync(options.Runs, sparse.Into(ours, SortMerge.ExpectedSparse(world, isLastNull)), dense.Into(rival, SortMerge.Expected(world)), database);
        var line = ReportLine.Of($"sparse, {database.Name}, {shape}{(isLastNull ? ", one feature always NULL" : ", 30 % NULL")}", race).With(FormattableString.Invariant($"rival: ours, dense; CPU ratio {race.CpuRatio:0.00}"));
        report.Add(isLastNull ? line : line.AtMost(4));
        sparse.Drop();
        dense.Drop();
    }

    private static async Task GrowthAsync(BenchmarkDatabase database, WorldShape whole, bool isLastNull, AsOf? strategy, RunOptions options, Report report)
    {
        var half = whole with { SpineRows = whole.SpineRows / 2, HistoryRows = whole.HistoryRows / 2 };
        var (large, wholeTables) = await PrepareAsync(whole, "whole");
        var (small, halfTables) = await PrepareAsync(half, "half");
        var race = await Race.RunAsync(options.Runs, large, small, database);
        var line = ReportLine.Of($"sparse growth, {database.Name}, one hot key{(isLastNull ? ", one feature always NULL" : "")}{(strategy is null ? "" : $", {strategy}")}: {whole} / {half}", race)
            .With(FormattableString.Invariant($"rival: ours on half the rows; CPU ratio {race.CpuRatio:0.00}"));
        report.Add(isLastNull ? line : line.AtMost(3));
        wholeTables.Drop();
        halfTables.Drop();

        async Task<(Contender Contender, AsOfTables Tables)> PrepareAsync(WorldShape shape, string name)
        {
            var world = World.Build(shape);
            var tables = await AsOfTables.SparseAsync(database, world, isLastNull, name);
            return (tables.Into(await tables.SelectAsync(report, strategy), SortMerge.ExpectedSparse(world, isLastNull)), tables);
        }
    }
}
