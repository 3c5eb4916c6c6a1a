using Dapper;
using DuckDB.NET.Data;

namespace Distiller.Samples.Training;

/// <summary>The month of flights in an embedded database: the flights to learn from, the aircraft register, and the history of four feature sets.</summary>
internal static class History
{
    /// <summary>The first flights that the models are tested on, not trained: a split by time, as the model will be used.</summary>
    public static readonly DateTimeOffset Split = new(2013, 1, 25, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When the job runs: everything has happened and is known.</summary>
    public static readonly DateTimeOffset End = new(2013, 2, 1, 12, 0, 0, TimeSpan.Zero);

    public static async Task<FeatureStore> FillAsync(DuckDBConnection connection, string data, Action<string> say)
    {
        // The files are in UTC, and the label is what the model shall tell: whether a flight will be a quarter of an hour late or more.
        await connection.ExecuteAsync($"""
            SET TimeZone = 'UTC';
            CREATE TABLE flights AS
            SELECT flight_id, event_timestamp, origin, dest, carrier, tailnum, distance, CAST(date_part('hour', event_timestamp) AS INTEGER) AS hour_of_day, arr_delay >= 15 AS is_late
            FROM read_csv('{Path.Combine(data, "flights.csv.gz")}', types = {InUtc("event_timestamp")})
            WHERE arr_delay IS NOT NULL;
            CREATE VIEW train AS SELECT * FROM flights WHERE event_timestamp < TIMESTAMPTZ '{Split:yyyy-MM-dd HH:mm:ss}+00';
            CREATE VIEW test AS SELECT * FROM flights WHERE event_timestamp >= TIMESTAMPTZ '{Split:yyyy-MM-dd HH:mm:ss}+00';
            CREATE TABLE planes AS SELECT * FROM read_csv('{Path.Combine(data, "planes.csv.gz")}', types = {Typed(("in_service_from", "DATE"), ("engines", "INTEGER"), ("seats", "INTEGER"))});
            """);

        var store = new FeatureStore(connection, new() { Driver = new DuckDbDriver() });
        await store.CreateTablesAsync(DelayModel.Published);
        await store.CheckAsync(DelayModel.All);
        foreach (var set in DelayModel.Published)
        {
            // Created times come with the rows: the history knows what was known when.
            var file = Path.Combine(data, set.Name + ".csv.gz");
            say((await store.PublishFromQueryAsync(set, $"SELECT * FROM read_csv('{file}', types = {InUtc("feature_timestamp", "created_timestamp")})")).ToString());
        }

        return store;
    }

    private static string InUtc(params string[] columns) => Typed([.. columns.Select(column => (column, "TIMESTAMPTZ"))]);

    private static string Typed(params (string Column, string Type)[] columns) => $"{{{string.Join(", ", columns.Select(column => $"'{column.Column}': '{column.Type}'"))}}}";
}
