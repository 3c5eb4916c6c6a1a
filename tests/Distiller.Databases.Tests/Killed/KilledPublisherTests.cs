using System.Data.Common;
using System.Globalization;
using Dapper;
using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using Npgsql;

namespace Distiller.Databases.Tests.Killed;

/// <summary>
/// A publisher's process is killed at any instant: what it has committed is there whole, what it was about to commit is there whole or not at all, and the same rows again complete the rest.
/// <c>DISTILLER_KILLS</c> says how often per engine.
/// </summary>
public sealed class KilledPublisherTests
{
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("DISTILLER_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 3;

    [Fact]
    public Task B10_a_killed_publisher_on_SQLite_leaves_whole_batches() => InFileAsync(SqlDialect.Sqlite, "db", file => $"Data Source={file};Pooling=False");

    [Fact]
    public Task B10_a_killed_publisher_on_DuckDB_leaves_whole_batches() => InFileAsync(SqlDialect.DuckDb, "duckdb", file => $"Data Source={file}");

    [Fact]
    public async Task B10_a_killed_publisher_on_PostgreSQL_leaves_whole_batches()
    {
        var server = Environment.GetEnvironmentVariable(PostgreSqlEngine.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), PostgreSqlEngine.HowToStart);
        for (var kill = 0; kill < Kills; kill++)
        {
            var schema = $"k_{Guid.NewGuid():N}";
            await using var setUp = new NpgsqlConnection(server);
            await setUp.OpenAsync(TestContext.Current.CancellationToken);
            await setUp.ExecuteAsync($"CREATE SCHEMA {schema}");
            try
            {
                await KillAsync(SqlDialect.PostgreSql, new NpgsqlConnectionStringBuilder(server) { SearchPath = schema, Pooling = false }.ConnectionString);
            }
            finally
            {
                await setUp.ExecuteAsync($"DROP SCHEMA {schema} CASCADE");
            }
        }
    }

    private static async Task InFileAsync(SqlDialect dialect, string extension, Func<string, string> connectionString)
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            var folder = Directory.CreateTempSubdirectory("distiller_killed_");
            try
            {
                await KillAsync(dialect, connectionString(Path.Combine(folder.FullName, "store." + extension)));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static async Task KillAsync(SqlDialect dialect, string connectionString)
    {
        var seed = Random.Shared.Next();
        var (told, complete) = await KilledAfterAsync(dialect, connectionString, seed);
        await using var connection = await DoomedPublisher.OpenAsync(dialect, connectionString);
        var found = await ReadAsync(connection, dialect, DoomedPublisher.Set.HistoryTable);
        var batches = DoomedPublisher.BatchesOf(seed).ToList();

        // The batch whose commit was under way may be there though nobody was told.
        var published = Enumerable.Range(told, complete ? 1 : 2).FirstOrDefault(count => batches.Take(count).Sum(batch => batch.Count) == found.Count, -1);
        var where = $"{dialect}, seed {seed}, killed after {told} of {batches.Count} batches";
        Assert.True(published >= 0, $"{where}: history holds {found.Count} rows, which are no whole batches ({string.Join(", ", batches.Take(told + 1).Select(batch => batch.Count))})");
        var reference = new ReferenceStore();
        foreach (var batch in batches.Take(published))
        {
            reference.Publish(DoomedPublisher.Set, batch, DateTime.UnixEpoch, onlyChanged: false);
        }

        await AgreeAsync(reference, connection, dialect, where);
        var store = DoomedPublisher.Store(connection);
        for (var i = 0; i < batches.Count; i++)
        {
            var result = await store.PublishAsync(DoomedPublisher.Set, batches[i]);
            Assert.True(result.AlreadyPresent == (i < published ? batches[i].Count : 0), $"{where}, batch {i + 1} again: {result}");
            if (i >= published)
            {
                reference.Publish(DoomedPublisher.Set, batches[i], DateTime.UnixEpoch, onlyChanged: false);
            }
        }

        await AgreeAsync(reference, connection, dialect, where + ", then published again");
    }

    /// <summary>Runs a publisher and kills it somewhere within a random batch.</summary>
    private static async Task<(int Told, bool Complete)> KilledAfterAsync(SqlDialect dialect, string connectionString, int seed)
    {
        var random = new Random(seed);
        var last = random.Next(DoomedPublisher.Batches);
        using var process = DoomedPublisher.Begin(dialect, connectionString, seed);
        try
        {
            var told = -1;
            while (told < last && await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                told = int.Parse(line, CultureInfo.InvariantCulture);
            }

            Assert.True(told == last, $"{dialect}, seed {seed}: the publisher ended after {told} batches by itself");
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 40), TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } line)
            {
                told = int.Parse(line, CultureInfo.InvariantCulture);
            }

            return (told, told == DoomedPublisher.Batches);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static async Task AgreeAsync(ReferenceStore reference, DbConnection connection, SqlDialect dialect, string where)
    {
        RowMultiset.AssertEqual(reference.History(DoomedPublisher.Set), await ReadAsync(connection, dialect, DoomedPublisher.Set.HistoryTable), $"{where}: history", allowEmpty: true, inOrder: false);
        RowMultiset.AssertEqual(reference.Latest(DoomedPublisher.Set), await ReadAsync(connection, dialect, DoomedPublisher.Set.LatestTable!), $"{where}: latest", allowEmpty: true, inOrder: false);
    }

    private static Task<List<Row>> ReadAsync(DbConnection connection, SqlDialect dialect, TableName table) =>
        TestTables.ReadTableAsync(connection, dialect, table, [.. PublishBatch.Columns(DoomedPublisher.Set).Select(column => new TestColumn(column.Name, column.Type))]);
}
