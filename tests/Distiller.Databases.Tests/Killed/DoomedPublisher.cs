using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Distiller.Databases.Tests.Reference;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Distiller.Databases.Tests.Killed;

/// <summary>A publisher in a process of its own, which is this program started anew, so that it can be killed at any instant.</summary>
internal static class DoomedPublisher
{
    public const int Batches = 12;

    private const string EngineVariable = "DISTILLER_KILLED_PUBLISHER_ENGINE";
    private const string ConnectionVariable = "DISTILLER_KILLED_PUBLISHER_CONNECTION";
    private const string SeedVariable = "DISTILLER_KILLED_PUBLISHER_SEED";
    private const int RowsPerBatch = 200;
    private const int Keys = 60;

    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static FeatureSet Set { get; } = Entity.Create("user").Key<long>("user_id").FeatureSet("spend").Feature<double>("spend_7d").Feature<string>("tier");

    /// <summary>Rows in any order of event time, with corrections of earlier batches: late ones, too.</summary>
    public static IEnumerable<IReadOnlyList<Row>> BatchesOf(int seed)
    {
        var random = new Random(seed);
        for (var batch = 0; batch < Batches; batch++)
        {
            var created = Start.AddDays(batch);
            yield return
            [
                .. Enumerable.Range(0, RowsPerBatch)
                    .Select(_ => (User: (long)random.Next(Keys), Event: Start.AddHours(random.Next(24 * Batches))))
                    .Distinct()
                    .Select(fact => Row.Of(
                        ("user_id", fact.User),
                        ("feature_timestamp", fact.Event),
                        ("created_timestamp", created),
                        ("spend_7d", random.NextDouble()),
                        ("tier", random.Next(4) == 0 ? null : "tier " + random.Next(9)))),
            ];
        }
    }

    public static async Task<DbConnection> OpenAsync(SqlDialect dialect, string connectionString)
    {
        DbConnection connection = dialect == SqlDialect.Sqlite ? new SqliteConnection(connectionString)
            : dialect == SqlDialect.DuckDb ? new DuckDBConnection(connectionString)
            : new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }

    public static FeatureStore Store(DbConnection connection) => new(connection, new()
    {
        Driver = connection is DuckDBConnection ? new DuckDbDriver() : connection is NpgsqlConnection ? new PostgreSqlDriver() : null,
    });

    /// <summary>Starts the process; it writes a line for each batch once it is published.</summary>
    public static Process Begin(SqlDialect dialect, string connectionString, int seed)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(program, isHost ? [typeof(DoomedPublisher).Assembly.Location] : []) { RedirectStandardOutput = true };
        start.Environment[EngineVariable] = dialect.Name;
        start.Environment[ConnectionVariable] = connectionString;
        start.Environment[SeedVariable] = seed.ToString(CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }

    /// <summary>Whether this process is a publisher's.</summary>
    public static bool IsAsked => Environment.GetEnvironmentVariable(EngineVariable) is not null;

    public static Task PublishAsync() => PublishAsync(
        SqlDialect.All.Single(dialect => dialect.Name == Environment.GetEnvironmentVariable(EngineVariable)),
        Environment.GetEnvironmentVariable(ConnectionVariable)!,
        int.Parse(Environment.GetEnvironmentVariable(SeedVariable)!, CultureInfo.InvariantCulture));

    private static async Task PublishAsync(SqlDialect dialect, string connectionString, int seed)
    {
        await using var connection = await OpenAsync(dialect, connectionString);
        var store = Store(connection);
        await store.CreateTablesAsync([Set]);
        var published = 0;
        Console.WriteLine(published);
        foreach (var batch in BatchesOf(seed))
        {
            await store.PublishAsync(Set, batch);
            Console.WriteLine(++published);
        }
    }
}
