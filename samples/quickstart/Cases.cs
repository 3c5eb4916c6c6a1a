using Distiller;

namespace Quickstart;

/// <summary>One way to ask for the training set.</summary>
/// <param name="Name">Its name, and that of its file.</param>
/// <param name="Meaning">What it asks for.</param>
/// <param name="Training">The training set.</param>
internal sealed record Case(string Name, string Meaning, TrainingSet Training);

internal static class Cases
{
    /// <summary>How old the values of a set may be where age counts; planes do not age.</summary>
    private static readonly Dictionary<FeatureSet, TimeSpan> Ages = new()
    {
        [FlightsModel.AirportWeather] = TimeSpan.FromHours(2),
        [FlightsModel.PlaneLeg] = TimeSpan.FromHours(12),
        [FlightsModel.CarrierDelay] = TimeSpan.FromDays(1),
        [FlightsModel.RouteDelay] = new(hours: 30, minutes: 15, seconds: 0),
    };

    public static Case Default { get; } = new("default", "whatever is known today, however old", Joined(aged: false));

    /// <param name="knownAt">The instant whose knowledge is rebuilt; null = that case is left out.</param>
    public static IReadOnlyList<Case> All(DateTimeOffset? knownAt)
    {
        var plain = Default.Training;
        var aged = Joined(aged: true);
        var cases = new List<Case> { Default, new("max_age", "nothing that is too old", aged) };
        if (knownAt is { } instant)
        {
            cases.Add(new("known_at", FormattableString.Invariant($"what was known at {instant.UtcDateTime:yyyy-MM-dd HH:mm:ss.FFFFFF} UTC"), plain.KnownAt(instant)));
        }

        cases.Add(new("known_at_event", "what was known at each flight's own instant", plain.KnownAtEvent()));
        cases.Add(new("max_age_known_at_event", "both: known then, and not too old", aged.KnownAtEvent()));
        cases.Add(new("strictly", "only what happened before the instant, not at it", plain.Strictly()));
        return cases;
    }

    private static TrainingSet Joined(bool aged)
    {
        TrainingSet? training = null;
        foreach (var set in FlightsModel.All)
        {
            TimeSpan? age = aged && Ages.TryGetValue(set, out var own) ? own : null;
            training = training?.Join(set, maxAge: age) ?? FlightsModel.Flights.Join(set, maxAge: age);
        }

        return training!.OrderBy("flight_id");
    }
}
