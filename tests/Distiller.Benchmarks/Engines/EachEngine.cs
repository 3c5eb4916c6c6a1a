namespace Distiller.Benchmarks;

/// <summary>A benchmark on one engine after the other.</summary>
internal static class EachEngine
{
    /// <summary>The engines' names, as <see cref="BenchmarkDatabase.Name"/> tells them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["DuckDB", "SQLite", "PostgreSQL"];

    public static async Task RunAsync(RunOptions options, Report report, Func<BenchmarkDatabase, Task> run)
    {
        foreach (var name in Names.Where(options.Wants))
        {
            if (Open(name, report) is { } database)
            {
                await using (database)
                {
                    await run(database);
                }
            }
        }
    }

    private static BenchmarkDatabase? Open(string name, Report report) => name switch
    {
        "DuckDB" => new DuckDbDatabase(),
        "SQLite" => new SqliteDatabase(),
        _ => PostgreSqlDatabase.Open(report),
    };
}
