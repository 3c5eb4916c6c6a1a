using Dapper;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Distiller.Databases.Tests.Engines;

public sealed class SqliteEngine : Engine
{
    public override SqlDialect Dialect => SqlDialect.Sqlite;

    public override IReadOnlyList<AsOf> Strategies => [AsOf.Lookup, AsOf.Union];

    public override int WorldsForEach => 12;

    public override bool HoldsNaN => false;

    public override bool KeepsTimesAsText => true;

    public override IReadOnlyList<string> ForbiddenNames => ["true", "false"];

    protected override Task<TestDatabase> CreateDatabaseAsync()
    {
        var file = Path.Combine(Path.GetTempPath(), $"distiller_{Guid.NewGuid():N}.db");
        return Task.FromResult(new TestDatabase(
            null,
            async () =>
            {
                var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=60");
                await connection.OpenAsync();
                await connection.ExecuteAsync("PRAGMA journal_mode = wal; PRAGMA synchronous = off");
                return connection;
            },
            () =>
            {
                foreach (var path in new[] { file, file + "-wal", file + "-shm" })
                {
                    File.Delete(path);
                }

                return Task.CompletedTask;
            }));
    }
}

public sealed class DuckDbEngine : Engine
{
    public override SqlDialect Dialect => SqlDialect.DuckDb;

    public override IReadOnlyList<AsOf> Strategies => [AsOf.AsofJoin, AsOf.Union, AsOf.Lateral];

    public override bool HoldsNaN => true;

    public override bool KeepsTimesAsText => false;

    protected override async Task<TestDatabase> CreateDatabaseAsync()
    {
        // An in-memory database lives as long as one of its connections: this one outlives the test's own.
        var first = new DuckDBConnection("Data Source=:memory:");
        await first.OpenAsync();
        await first.ExecuteAsync("SET threads = 1; SET TimeZone = 'America/St_Johns'");
        return new(
            new DuckDbDriver(),
            async () =>
            {
                var connection = first.Duplicate();
                await connection.OpenAsync();
                return connection;
            },
            async () => await first.DisposeAsync());
    }
}

public sealed class PostgreSqlEngine : Engine
{
    public const string Variable = "DISTILLER_POSTGRES";

    public static readonly string HowToStart =
        $"no PostgreSQL is named: start one with `docker run -d -p 5432:5432 -e POSTGRES_HOST_AUTH_METHOD=trust postgres:15` and set {Variable}=\"Host=127.0.0.1;Username=postgres;Database=postgres\"";

    public override SqlDialect Dialect => SqlDialect.PostgreSql;

    public override IReadOnlyList<AsOf> Strategies => [AsOf.Lateral, AsOf.Union];

    public override int WorldsForEach => 2;

    public override bool HoldsNaN => true;

    public override bool KeepsTimesAsText => false;

    // System columns of every table.
    public override IReadOnlyList<string> ForbiddenNames => ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

    protected override async Task<TestDatabase> CreateDatabaseAsync()
    {
        var server = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), HowToStart);
        var schema = $"t_{Guid.NewGuid():N}";
        var own = new NpgsqlConnectionStringBuilder(server) { SearchPath = schema, Timezone = "Asia/Kathmandu", Pooling = false, Options = "-c jit=off" };
        await using (var setUp = new NpgsqlConnection(server))
        {
            await setUp.OpenAsync(TestContext.Current.CancellationToken);
            await setUp.ExecuteAsync($"CREATE SCHEMA {schema}");
        }

        return new(
            new PostgreSqlDriver(),
            async () =>
            {
                var connection = new NpgsqlConnection(own.ConnectionString);
                await connection.OpenAsync();
                return connection;
            },
            async () =>
            {
                await using var cleanUp = new NpgsqlConnection(server);
                await cleanUp.OpenAsync();
                await cleanUp.ExecuteAsync($"DROP SCHEMA {schema} CASCADE");
            });
    }
}
