using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Distiller.Samples.Online;

/// <summary>Listens to the meter named Distiller and shows its sums as text; an exporter such as OpenTelemetry's takes the same names.</summary>
internal sealed class Metrics : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<string, double> sums = new();

    public Metrics()
    {
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == "Distiller")
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.Start();
    }

    public string Text() => string.Concat(sums.OrderBy(sum => sum.Key, StringComparer.Ordinal).Select(sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Key} {sum.Value}\n")));

    public void Dispose() => listener.Dispose();

    private void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new List<string>();
        foreach (var tag in tags)
        {
            labels.Add($"{tag.Key}=\"{tag.Value}\"");
        }

        sums.AddOrUpdate($"{name}{{{string.Join(',', labels)}}}", value, (_, sum) => sum + value);
    }
}
