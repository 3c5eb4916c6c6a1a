namespace Quickstart;

/// <summary>A row that says when the store came to know of it.</summary>
internal interface IArrival
{
    DateTime CreatedTimestamp { get; }
}

/// <summary>A flight to make a prediction for; the label is how late it arrived.</summary>
internal sealed record Flight(long FlightId, DateTime EventTimestamp, string? Carrier, string? Origin, string? Dest, string? Tailnum, int? Distance, int? ArrDelay)
{
    public static Flight Read(CsvLine line) => new(
        line.Int64("flight_id"),
        line.Instant("event_timestamp"),
        line.Text("carrier"),
        line.Text("origin"),
        line.Text("dest"),
        line.Text("tailnum"),
        line.Int32("distance"),
        line.Int32("arr_delay"));
}

/// <summary>A line of the aircraft register.</summary>
internal sealed record Plane(string Tailnum, DateOnly InServiceFrom, string? Manufacturer, string? Model, int? Engines, int? Seats, string? Engine)
{
    public static Plane Read(CsvLine line) => new(
        line.Key("tailnum"),
        line.Date("in_service_from"),
        line.Text("manufacturer"),
        line.Text("model"),
        line.Int32("engines"),
        line.Int32("seats"),
        line.Text("engine"));
}

// The properties of the rows below are the columns of a feature set: case and underscores do not matter.
internal sealed record AirportWeather(
    string Origin,
    DateTime FeatureTimestamp,
    DateTime CreatedTimestamp,
    double? Temp,
    double? Humid,
    int? WindDir,
    double? WindSpeed,
    double? WindGust,
    decimal? Precip,
    double? Pressure,
    double? Visib) : IArrival
{
    public static AirportWeather Read(CsvLine line) => new(
        line.Key("origin"),
        line.Instant("feature_timestamp"),
        line.Instant("created_timestamp"),
        line.Double("temp"),
        line.Double("humid"),
        line.Int32("wind_dir"),
        line.Double("wind_speed"),
        line.Double("wind_gust"),
        line.Decimal("precip"),
        line.Double("pressure"),
        line.Double("visib"));
}

internal sealed record PlaneLeg(
    string Tailnum,
    DateTime FeatureTimestamp,
    DateTime CreatedTimestamp,
    string? LastFlight,
    string? LastDest,
    int? LastDepDelay,
    int? LastArrDelay,
    int? LastAirTime,
    bool? Diverted) : IArrival
{
    public static PlaneLeg Read(CsvLine line) => new(
        line.Key("tailnum"),
        line.Instant("feature_timestamp"),
        line.Instant("created_timestamp"),
        line.Text("last_flight"),
        line.Text("last_dest"),
        line.Int32("last_dep_delay"),
        line.Int32("last_arr_delay"),
        line.Int32("last_air_time"),
        line.Bool("diverted"));
}

internal sealed record CarrierDelay(string Carrier, DateTime FeatureTimestamp, DateTime CreatedTimestamp, int? Flights, double? MeanDepDelay, double? Cancelled, int? Longest) : IArrival
{
    public static CarrierDelay Read(CsvLine line) => new(
        line.Key("carrier"),
        line.Instant("feature_timestamp"),
        line.Instant("created_timestamp"),
        line.Int32("flights"),
        line.Double("mean_dep_delay"),
        line.Double("cancelled"),
        line.Int32("longest"));
}

internal sealed record RouteDelay(string Origin, string Dest, DateTime FeatureTimestamp, DateTime CreatedTimestamp, int? Flights, double? MeanDepDelay, double? Cancelled, int? Longest) : IArrival
{
    public static RouteDelay Read(CsvLine line) => new(
        line.Key("origin"),
        line.Key("dest"),
        line.Instant("feature_timestamp"),
        line.Instant("created_timestamp"),
        line.Int32("flights"),
        line.Double("mean_dep_delay"),
        line.Double("cancelled"),
        line.Int32("longest"));
}
