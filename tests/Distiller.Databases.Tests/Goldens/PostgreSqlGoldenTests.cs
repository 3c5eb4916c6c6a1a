using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Distiller.Databases.Tests.Engines;
using Npgsql;

namespace Distiller.Databases.Tests.Goldens;

/// <summary>What the goldens of Distiller.Tests print for PostgreSQL runs there as it stands.</summary>
public sealed partial class PostgreSqlGoldenTests
{
    /// <summary>Run first: the tables the goldens speak of, then what creates the others and fills them.</summary>
    private static readonly string[] SetUp =
        ["_tables", "create_tables", "create_tables_every_type", "create_tables_every_key_type", "create_tables_sparse", "create_tables_scd2", "publish_table", "publish_query", "publish_composite_key", "publish_named_tables", "publish_sparse", "publish_sparse_tombstones", "publish_tombstones", "retract_query", "retract_sparse"];

    private static readonly string Folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "Distiller.Tests", "Golden", "PostgreSQL"));

    [Fact]
    public async Task Every_golden_runs_as_it_stands()
    {
        var server = Environment.GetEnvironmentVariable(PostgreSqlEngine.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), PostgreSqlEngine.HowToStart);
        var name = $"goldens_{Guid.NewGuid():N}";
        await using var admin = NpgsqlDataSource.Create(server);
        await RunAsync(admin, $"CREATE DATABASE {name} TEMPLATE template0");
        try
        {
            // Sessions of a zone that is no whole hours away: what takes a local time for an instant fails here.
            var connection = new NpgsqlConnectionStringBuilder(server) { Database = name, Timezone = "Asia/Kathmandu", Pooling = false };
            await using var goldens = NpgsqlDataSource.Create(connection.ConnectionString);
            foreach (var step in SetUp)
            {
                await RunAsync(goldens, Read(step, name));
            }

            var failures = new List<string>();
            foreach (var golden in Directory.GetFiles(Folder, "*.sql").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal).Except(SetUp))
            {
                // What one golden does, the next does not see.
                var text = Read(golden, name);
                try
                {
                    await RunAsync(goldens, "DROP TABLE IF EXISTS train_new; CREATE SCHEMA IF NOT EXISTS shop");
                    await RunAsync(goldens, golden == "drop_tables" ? $"BEGIN;\n{text}\nROLLBACK;" : text);
                }
                catch (PostgresException failure)
                {
                    failures.Add($"{golden}: {failure.MessageText} (at {failure.Position})");
                }
            }

            Assert.Empty(failures);
        }
        finally
        {
            await RunAsync(admin, $"DROP DATABASE {name} WITH (FORCE)");
        }
    }

    /// <summary>A golden as it stands, but for the one that names a database, which can only be the test's own.</summary>
    private static string Read(string golden, string database) =>
        File.ReadAllText(Path.Combine(Folder, golden + ".sql")).Replace("\"depot\".", $"\"{database}\".", StringComparison.Ordinal);

    private static async Task RunAsync(NpgsqlDataSource source, string sql)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var connection = await source.OpenConnectionAsync(cancellation);
        foreach (var text in sql.Contains(": the clock\n", StringComparison.Ordinal) || Parameter().IsMatch(sql) ? sql.Split(";\n", StringSplitOptions.RemoveEmptyEntries) : [sql])
        {
            await using var command = new NpgsqlCommand(text, connection);
            foreach (Match parameter in Parameter().Matches(text))
            {
                var value = parameter.Groups["value"].Value;
                command.Parameters.AddWithValue(parameter.Groups["name"].Value, parameter.Groups["type"].Value switch
                {
                    "int64" => long.Parse(value, CultureInfo.InvariantCulture),
                    "time (Date)" => DateOnly.FromDateTime(Instant(value)),
                    _ => Instant(value),
                });
            }

            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.NextResultAsync(cancellation))
            {
            }
        }
    }

    private static DateTime Instant(string value) =>
        value == "the clock" ? DateTime.UnixEpoch : DateTime.Parse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^-- (?<name>p\d+) (?<type>[^:]+): (?<value>.+)$", RegexOptions.Multiline)]
    private static partial Regex Parameter();
}
