using System.Globalization;
using Distiller.Benchmarks;

if (args is [MemoryBenchmark.Child, var engine, var reading, var rows])
{
    await MemoryBenchmark.ChildAsync(engine, reading, int.Parse(rows, CultureInfo.InvariantCulture));
    return 0;
}

var benchmarks = new Dictionary<string, Func<RunOptions, Report, Task>>(StringComparer.Ordinal)
{
    ["asof-duckdb"] = AsOfBenchmark.DuckDbAsync,
    ["asof-sqlite"] = AsOfBenchmark.SqliteAsync,
    ["asof-postgres"] = AsOfBenchmark.PostgreSqlAsync,
    ["feast-postgres"] = FeastBenchmark.RunAsync,
    ["skew"] = GrowthBenchmark.SkewAsync,
    ["sparse"] = SparseBenchmark.RunAsync,
    ["reconcile"] = ReconcileBenchmark.RunAsync,
    ["no-index"] = GrowthBenchmark.NoIndexAsync,
    ["compile"] = CompileBenchmark.RunAsync,
    ["publish-duckdb"] = PublishBenchmark.DuckDbAsync,
    ["publish-sqlite"] = PublishBenchmark.SqliteAsync,
    ["publish-postgres"] = PublishBenchmark.PostgreSqlAsync,
    ["online-unload"] = OnlineBenchmark.UnloadAsync,
    ["online-get"] = OnlineBenchmark.GetAsync,
    ["shapes"] = ShapesBenchmark.RunAsync,
    ["preview"] = PreviewBenchmark.RunAsync,
    ["scd2"] = HistoryBenchmark.Scd2Async,
    ["eavt"] = HistoryBenchmark.EavtAsync,
    ["memory"] = MemoryBenchmark.RunAsync,
};

RunOptions options;
try
{
    options = RunOptions.Parse(args, benchmarks.Keys);
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync($"""
        {wrong.Message}
        Benchmarks: {string.Join(", ", benchmarks.Keys)}, all
        Options:    --runs N (alternated runs, default 5)   --rows N (history rows; the other sizes in proportion)   --quick (a twentieth of the rows, 3 runs)   --sql (print the SQL of both sides)   --engine NAME (only this one, where a benchmark takes several)
        PostgreSQL: set {PostgreSqlDatabase.Variable} to a connection string; without it its benchmarks are left out, and that is said.
        Redis:      set {OnlineBenchmark.Variable} to the address of one that may be emptied; likewise.
        """);
    return 2;
}

var report = new Report(Console.Out, options.IsFullSize);
foreach (var name in options.Names)
{
    report.Say($"{Environment.NewLine}== {name}");
    await benchmarks[name](options, report);
}

Console.WriteLine();
Console.WriteLine(report.Markdown());
return report.HasMissed ? 1 : 0;
