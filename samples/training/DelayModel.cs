using Quickstart;

namespace Distiller.Samples.Training;

/// <summary>What the model sees of a flight an hour before it leaves, declared once: the training set is built from it, and the online store answers it.</summary>
internal static class DelayModel
{
    /// <summary>What the flight's own row tells, at training and at scoring; it follows the features.</summary>
    public static readonly IReadOnlyList<string> OfTheFlight = ["distance", "hour_of_day"];

    private static readonly TimeSpan AnyAge = TimeSpan.FromDays(3650);

    private static readonly FeatureSet Weather = FlightsModel.AirportWeather.MaxAge(TimeSpan.FromHours(3));

    private static readonly FeatureSet Leg = FlightsModel.PlaneLeg.MaxAge(TimeSpan.FromHours(12));

    public static IReadOnlyList<FeatureSet> Published { get; } = [Weather, Leg, FlightsModel.CarrierDelay, FlightsModel.RouteDelay];

    public static IReadOnlyList<FeatureSet> All { get; } = [Weather, FlightsModel.Planes, Leg, FlightsModel.CarrierDelay, FlightsModel.RouteDelay];

    public static ServingSet Serving { get; } = Serve(Weather, Leg);

    /// <summary>The same, but what the aircraft has just done counts for two hours only: a change somebody makes after the model was trained.</summary>
    public static ServingSet Changed { get; } = Serve(Weather, Leg.MaxAge(TimeSpan.FromHours(2)));

    /// <summary>The columns of the model's input, in order.</summary>
    public static IReadOnlyList<string> Inputs { get; } = [.. Serving.Columns, .. OfTheFlight];

    /// <summary>The flights with everything known of each at its instant.</summary>
    public static TrainingSet AsItWas(string flights) => Spine.From(flights)
        .Columns("flight_id", "event_timestamp", "origin", "dest", "carrier", "tailnum", "distance", "hour_of_day", "is_late")
        .Join(Serving)
        .KnownAtEvent();

    /// <summary>The flights with what is served of each at the end of the month.</summary>
    public static TrainingSet AtTheEnd(string flights, DateTimeOffset end) => At(flights, end, Serving);

    /// <summary>The mistake: the flights joined with the latest tables, whatever they hold at the end of the month, however old the flight.</summary>
    public static TrainingSet FromLatest(string flights, DateTimeOffset end) => At(flights, end, Serve(Weather.MaxAge(AnyAge), Leg.MaxAge(AnyAge)));

    private static TrainingSet At(string flights, DateTimeOffset end, ServingSet serving) => Spine
        .Query($"SELECT *, TIMESTAMPTZ '{end:yyyy-MM-dd HH:mm:ss}+00' AS asked_at FROM {flights}")
        .At("asked_at")
        .Columns("flight_id", "asked_at", "origin", "dest", "carrier", "tailnum", "distance", "hour_of_day", "is_late")
        .Join(serving);

    private static ServingSet Serve(FeatureSet weather, FeatureSet leg) => Spine.From("flights")
        .Join(weather, ["temp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"])
        .Join(FlightsModel.Planes, ["engines", "seats"])
        .Join(leg, ["last_dep_delay", "last_arr_delay", "last_air_time", "diverted"])
        .Join(FlightsModel.CarrierDelay)
        .Join(FlightsModel.RouteDelay)
        .Serve("flight_delay");
}
