using Npgsql;

namespace Distiller.Benchmarks;

/// <summary>A training set on PostgreSQL against the point-in-time SQL template of Feast, rebuilt, without its created-column part and with it.</summary>
internal static class FeastBenchmark
{
    private const int Limit = 240;
    private const int HistoryRows = 2_000_000;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var database = PostgreSqlDatabase.Open(report);
        if (database is null)
        {
            return;
        }

        await using (database)
        {
            await RunAsync(database, hasCreated: false, 40, options, report);
            await RunAsync(database, hasCreated: true, 80, options, report);
        }
    }

    private static async Task RunAsync(PostgreSqlDatabase database, bool hasCreated, double bound, RunOptions options, Report report)
    {
        var world = World.Build(new(options.Scaled(100_000, HistoryRows), options.Scaled(HistoryRows, HistoryRows), options.Scaled(10_000, HistoryRows)) { HasTies = hasCreated, IsEven = true });
        var expected = SortMerge.Expected(world);
        var tables = await AsOfTables.OwnedAsync(database, world);
        var ours = tables.Into(await tables.SelectAsync(report), expected);
        var template = Template(tables.SpineTable, tables.HistoryTable, hasCreated);
        if (options.ShowSql)
        {
            report.Say(template);
        }

        await Race.TimeAsync(ours);
        var taken = new List<double>();
        for (var i = 0; i < options.Runs; i++)
        {
            taken.Add((await Race.TimeAsync(ours)).Milliseconds);
        }

        report.Say($"Feast's template {(hasCreated ? "with" : "without")} its created-column part runs once, for at most {Limit} s");
        var (milliseconds, isStopped) = await OnceAsync(database, tables.Into(template, null));
        var median = Race.Median(taken);
        report.Add(new ReportLine(
            $"Feast's SQL, PostgreSQL, {world.Shape}, {(hasCreated ? "with created column, ties" : "without created column, no ties")}",
            ReportLine.Milliseconds(median),
            ReportLine.Milliseconds(milliseconds),
            milliseconds / median).AtLeast(bound).With("ratio: rival / ours" + (isStopped ? $"; rival stopped at {Limit} s" : "")));
        tables.Drop();
    }

    private static async Task<(double Milliseconds, bool IsStopped)> OnceAsync(PostgreSqlDatabase database, Contender rival)
    {
        database.Execute($"SET statement_timeout = '{Limit}s'");
        try
        {
            return ((await Race.TimeAsync(rival)).Milliseconds, false);
        }
        catch (PostgresException stopped) when (stopped.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            return (Limit * 1_000, true);
        }
        finally
        {
            database.Execute("SET statement_timeout = 0");
        }
    }

    /// <summary>Row ids of concatenated text, a join to all that is past, grouping for the newest, and joins back.</summary>
    private static string Template(string spine, string history, bool hasCreated)
    {
        var features = string.Join(", ", Enumerable.Range(1, World.Features).Select(i => FormattableString.Invariant($"f{i}")));
        var created = hasCreated ? ", created_timestamp" : "";
        var dedup = hasCreated ? """
            bench__dedup AS (
              SELECT bench__entity_row_unique_id, event_timestamp, MAX(created_timestamp) AS created_timestamp
              FROM bench__base
              GROUP BY bench__entity_row_unique_id, event_timestamp
            ),
            """ : "";
        var latestCreated = hasCreated ? ", MAX(created_timestamp) AS created_timestamp" : "";
        var latestJoin = hasCreated ? "INNER JOIN bench__dedup USING (bench__entity_row_unique_id, event_timestamp, created_timestamp)" : "";
        return $"""
            WITH entity_dataframe AS (
              SELECT *, event_timestamp AS entity_timestamp,
                CAST(entity_id AS TEXT) || CAST(event_timestamp AS TEXT) AS bench__entity_row_unique_id
              FROM {spine}
            ),
            bench__entity_dataframe AS (
              SELECT entity_id, entity_timestamp, bench__entity_row_unique_id
              FROM entity_dataframe
              GROUP BY entity_id, entity_timestamp, bench__entity_row_unique_id
            ),
            bench__subquery AS (
              SELECT feature_timestamp AS event_timestamp{created}, entity_id, {features}
              FROM {history}
              WHERE feature_timestamp <= (SELECT MAX(entity_timestamp) FROM entity_dataframe)
            ),
            bench__base AS (
              SELECT subquery.*, entity_dataframe.entity_timestamp, entity_dataframe.bench__entity_row_unique_id
              FROM bench__subquery AS subquery
              INNER JOIN bench__entity_dataframe AS entity_dataframe
                ON TRUE AND subquery.event_timestamp <= entity_dataframe.entity_timestamp AND subquery.entity_id = entity_dataframe.entity_id
            ),
            {dedup}
            bench__latest AS (
              SELECT bench__entity_row_unique_id, MAX(event_timestamp) AS event_timestamp{latestCreated}
              FROM bench__base
              {latestJoin}
              GROUP BY bench__entity_row_unique_id
            ),
            bench__cleaned AS (
              SELECT base.*
              FROM bench__base AS base
              INNER JOIN bench__latest USING (bench__entity_row_unique_id, event_timestamp{created})
            )
            SELECT label, entity_id, event_timestamp, {string.Join(", ", Enumerable.Range(1, World.Features).Select(i => FormattableString.Invariant($"cleaned.f{i} AS bench__f{i}")))}
            FROM entity_dataframe
            LEFT JOIN (SELECT bench__entity_row_unique_id, {features} FROM bench__cleaned) AS cleaned USING (bench__entity_row_unique_id)
            """;
    }
}
