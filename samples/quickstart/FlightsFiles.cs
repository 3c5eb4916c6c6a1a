namespace Quickstart;

/// <summary>The six files of a data folder, each <c>NAME.csv.gz</c> or <c>NAME.csv</c>.</summary>
internal sealed class FlightsFiles(DirectoryInfo folder)
{
    public CsvFile<Flight> Flights { get; } = new(Find(folder, "flights"), Flight.Read);

    public CsvFile<Plane> Planes { get; } = new(Find(folder, "planes"), Plane.Read);

    public CsvFile<AirportWeather> AirportWeather { get; } = new(Find(folder, "airport_weather"), Quickstart.AirportWeather.Read);

    public CsvFile<PlaneLeg> PlaneLeg { get; } = new(Find(folder, "plane_leg"), Quickstart.PlaneLeg.Read);

    public CsvFile<CarrierDelay> CarrierDelay { get; } = new(Find(folder, "carrier_delay"), Quickstart.CarrierDelay.Read);

    public CsvFile<RouteDelay> RouteDelay { get; } = new(Find(folder, "route_delay"), Quickstart.RouteDelay.Read);

    private static string Find(DirectoryInfo folder, string name)
    {
        if (!folder.Exists)
        {
            throw new UserMistakeException($"There is no folder {folder.FullName}.");
        }

        string[] paths = [Path.Combine(folder.FullName, name + ".csv.gz"), Path.Combine(folder.FullName, name + ".csv")];
        return paths.FirstOrDefault(File.Exists) ?? throw new UserMistakeException($"The folder {folder.FullName} has no file {name}.csv.gz (nor {name}.csv).");
    }
}
