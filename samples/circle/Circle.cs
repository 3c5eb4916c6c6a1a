using System.Data.Common;
using System.Globalization;
using Quickstart;

namespace Distiller.Samples.Circle;

/// <summary>
/// The full circle: measurements arrive as events, one row per sensor; a job turns what is new into history and latest and refreshes the intervals;
/// flights are enriched from history and from the intervals, alike; and the history is turned into events again, which are those that arrived.
/// </summary>
internal sealed class Circle(Database database, DbConnection connection, FlightsFiles files, Action<string> say)
{
    public const string Events = "weather_events";
    public const string EventsView = "weather_as_events";
    private const string Columns = "origin, attribute, value, feature_timestamp, created_timestamp";

    private readonly FeatureStore store = new(connection, new() { Driver = database.Driver });

    /// <summary>The weather at an airport, with its history kept as intervals, too.</summary>
    public static FeatureSet Weather { get; } = FlightsModel.AirportWeather.Scd2("airport_weather_scd2");

    public static Scd2Table Intervals => Weather.Scd2Table!;

    /// <summary>The intervals as what they are: a feature set of their own.</summary>
    private static FeatureSet FromIntervals { get; } = Weather.Features
        .Aggregate(Weather.Entity.FeatureSet("airport_weather"), (set, feature) => set.Feature(feature.Name, feature.Type))
        .Existing(Intervals.Table).EventTime(Intervals.Columns.ValidFrom).WithoutCreatedTime().ValidTo(Intervals.Columns.ValidTo);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        say($"{database.Name} {connection.ServerVersion}: the weather of January 2013 at three airports, as {Weather.Features.Count} sensors tell it.");
        await Database.RunAsync(connection, $"CREATE TABLE {Events} (origin TEXT, attribute TEXT, value TEXT, feature_timestamp {database.InstantType}, created_timestamp {database.InstantType})", cancellationToken);
        await store.CreateTablesAsync([Weather], cancellationToken);
        await ArriveAsync(cancellationToken);
        await LookAsync(cancellationToken);
        await TrainAsync(cancellationToken);
        await ReturnAsync(cancellationToken);
    }

    /// <summary>The continual job, once a week: what arrived since becomes history and latest, and the intervals it touches are made anew.</summary>
    private async Task ArriveAsync(CancellationToken cancellationToken)
    {
        Heading("Events -> history and latest -> SCD2, week by week");
        say("until             events    rows  late  latest    intervals gone      new");
        var since = DateTime.MinValue;
        foreach (var week in files.AirportWeather.Rows().GroupBy(row => row.CreatedTimestamp.AddDays(-(row.CreatedTimestamp.DayOfYear - 1) % 7).Date.AddDays(7)).OrderBy(week => week.Key))
        {
            var events = week.SelectMany(Sensors).ToList();
            await database.InsertAsync(connection, Events, events, cancellationToken);

            // A job may take everything each time, for publishing again changes nothing; this one takes what it has not seen.
            var fresh = since == DateTime.MinValue ? Pivot.From(Weather, Events) : Pivot.FromQuery(Weather, $"SELECT {Columns} FROM {Events} WHERE created_timestamp > '{Text(since)}'");
            var published = await store.PublishEventsAsync(fresh, cancellationToken: cancellationToken);
            var refreshed = await store.RefreshScd2Async(Weather, cancellationToken: cancellationToken);
            since = week.Max(row => row.CreatedTimestamp);
            say(string.Create(CultureInfo.InvariantCulture, $"{week.Key:yyyy-MM-dd}      {events.Count,8:N0}  {published.Appended,6:N0}  {published.Late,4:N0}  {published.LatestInserted + published.LatestUpdated,6:N0}  {refreshed.Removed,16:N0}  {refreshed.Written,7:N0}"));
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        Heading("The intervals of Newark around the night of January 24");
        await using var reader = await store.ReadAsync(Scd2.Of(Weather), cancellationToken);
        var shown = new List<(DateTime From, string Line)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var from = reader.GetDateTime(reader.GetOrdinal(Intervals.Columns.ValidFrom));
            if (reader.GetString(0) == "EWR" && from >= new DateTime(2013, 1, 24, 4, 0, 0) && from < new DateTime(2013, 1, 24, 9, 0, 0))
            {
                shown.Add((from, $"{from:yyyy-MM-dd HH:mm} to {reader.GetValue(reader.GetOrdinal(Intervals.Columns.ValidTo)):yyyy-MM-dd HH:mm}  temp {reader["temp"]}, wind {reader["wind_speed"]}"));
            }
        }

        shown.OrderBy(one => one.From).ToList().ForEach(one => say(one.Line));
    }

    /// <summary>A training set over the intervals is one over the history, row by row.</summary>
    private async Task TrainAsync(CancellationToken cancellationToken)
    {
        Heading("SCD2 -> training set");
        var flights = Spine.Rows(files.Flights.Rows().Select(flight => new { flight_id = flight.FlightId, event_timestamp = flight.EventTimestamp, origin = flight.Origin }).ToList()).At("event_timestamp");
        var (fromHistory, filled) = await ReadAsync(flights.Join(Weather).OrderBy("flight_id"), cancellationToken);
        var (fromIntervals, _) = await ReadAsync(flights.Join(FromIntervals).OrderBy("flight_id"), cancellationToken);
        var differing = fromHistory.Zip(fromIntervals).Count(pair => pair.First != pair.Second) + Math.Abs(fromHistory.Count - fromIntervals.Count);
        say(string.Create(CultureInfo.InvariantCulture, $"{fromHistory.Count:N0} flights, {filled:N0} of {fromHistory.Count * Weather.Features.Count:N0} features filled; over the intervals {differing:N0} rows differ from those over the history."));
    }

    private async Task ReturnAsync(CancellationToken cancellationToken)
    {
        Heading("History -> events: the circle closes");
        await store.CreateViewAsync(Eavt.Of(Weather).AsView(EventsView), cancellationToken);
        var back = await Database.CountAsync(connection, $"SELECT COUNT(*) FROM {EventsView}", cancellationToken);
        var again = await store.PublishEventsAsync(Pivot.From(Weather, EventsView), cancellationToken: cancellationToken);
        var lost = await Database.CountAsync(connection, $"SELECT COUNT(*) FROM (SELECT origin, attribute, feature_timestamp, created_timestamp FROM {Events} EXCEPT SELECT origin, attribute, feature_timestamp, created_timestamp FROM {EventsView}) AS lost", cancellationToken);
        say(string.Create(CultureInfo.InvariantCulture, $"{back:N0} events, {lost:N0} of those that arrived are not among them; published once more, {again.AlreadyPresent:N0} rows are there already and {again.Appended:N0} are new."));
    }

    private async Task<(List<string> Rows, int Filled)> ReadAsync(TrainingSet training, CancellationToken cancellationToken)
    {
        await using var reader = await store.ReadAsync(training, cancellationToken);
        var (rows, filled) = (new List<string>(), 0);
        while (await reader.ReadAsync(cancellationToken))
        {
            var cells = Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)).ToList();
            filled += cells.Skip(3).Count(cell => cell is not null);
            rows.Add(string.Join('|', cells));
        }

        return (rows, filled);
    }

    /// <summary>One event per sensor; one that measured nothing says NULL.</summary>
    private static IEnumerable<object?[]> Sensors(AirportWeather row)
    {
        (string Name, IFormattable? Value)[] sensors =
        [
            ("temp", row.Temp), ("humid", row.Humid), ("wind_dir", row.WindDir), ("wind_speed", row.WindSpeed), ("wind_gust", row.WindGust), ("precip", row.Precip), ("pressure", row.Pressure), ("visib", row.Visib),
        ];
        return sensors.Select(sensor => new object?[] { row.Origin, sensor.Name, sensor.Value?.ToString(null, CultureInfo.InvariantCulture), row.FeatureTimestamp, row.CreatedTimestamp });
    }

    private string Text(DateTime instant) => instant.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + (database.Name == "SQLite" ? "" : "+00");

    private void Heading(string words)
    {
        say("");
        say(words);
    }
}
