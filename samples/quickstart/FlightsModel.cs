using Distiller;

namespace Quickstart;

/// <summary>What there is to know before a flight leaves New York: five feature sets of four entities, and the flights to enrich.</summary>
internal static class FlightsModel
{
    private static readonly Entity Airport = Entity.Create("airport").Key<string>("origin").Describe("An airport flights leave from.");

    private static readonly Entity Plane = Entity.Create("plane").Key<string>("tailnum").Describe("An aircraft, by the number on its tail.");

    private static readonly Entity Carrier = Entity.Create("carrier").Key<string>("carrier").Describe("An airline.");

    private static readonly Entity Route = Entity.Create("route").Key<string>("origin").Key<string>("dest").Describe("From one airport to another.");

    public static FeatureSet AirportWeather { get; } = Airport.FeatureSet("airport_weather")
        .Describe("The weather at the airport, hourly.")
        .Feature<double>("temp", "Fahrenheit")
        .Feature<double>("humid", "relative humidity, %")
        .Feature<int>("wind_dir", "degrees")
        .Feature<double>("wind_speed", "miles per hour")
        .Feature<double>("wind_gust", "miles per hour")
        .Feature("precip", FeatureType.Decimal(5, 2), "inches")
        .Feature<double>("pressure", "millibars")
        .Feature<double>("visib", "miles");

    /// <summary>A table that was there before Distiller came: read as it is, never created, altered or published to.</summary>
    public static FeatureSet Planes { get; } = Plane.FeatureSet("planes")
        .Describe("The aircraft register.")
        .Existing("planes")
        .EventTime("in_service_from", TimeKind.Date)
        .WithoutCreatedTime()
        .Feature<string>("manufacturer")
        .Feature<string>("model")
        .Feature<int>("engines")
        .Feature<int>("seats")
        .Feature<string>("engine", "how it is driven")
        .Shaped(new() { HasIndex = true, HasKey = true, HasRowId = true });

    public static FeatureSet PlaneLeg { get; } = Plane.FeatureSet("plane_leg")
        .Describe("The leg the aircraft has just finished.")
        .Feature<string>("last_flight")
        .Feature<string>("last_dest")
        .Feature<int>("last_dep_delay", "minutes")
        .Feature<int>("last_arr_delay", "minutes")
        .Feature<int>("last_air_time", "minutes")
        .Feature<bool>("diverted");

    public static FeatureSet CarrierDelay { get; } = Delays(Carrier.FeatureSet("carrier_delay").Describe("The airline's delays over seven days, daily."));

    public static FeatureSet RouteDelay { get; } = Delays(Route.FeatureSet("route_delay").Describe("The route's delays over 28 days, daily."));

    /// <summary>Every set, in the order their features come out.</summary>
    public static IReadOnlyList<FeatureSet> All { get; } = [AirportWeather, Planes, PlaneLeg, CarrierDelay, RouteDelay];

    /// <summary>The sets that own their tables.</summary>
    public static IReadOnlyList<FeatureSet> Published { get; } = [AirportWeather, PlaneLeg, CarrierDelay, RouteDelay];

    /// <summary>The flights to make a prediction for, each at the hour before its scheduled departure; arr_delay is the label.</summary>
    public static Spine Flights { get; } = Spine.From("flights")
        .At("event_timestamp")
        .Columns("flight_id", "event_timestamp", "carrier", "origin", "dest", "tailnum", "distance", "arr_delay");

    private static FeatureSet Delays(FeatureSet set) => set
        .Feature<int>("flights", "how many left")
        .Feature<double>("mean_dep_delay", "minutes")
        .Feature<double>("cancelled", "the part that never left")
        .Feature<int>("longest", "the longest delay, minutes");
}
