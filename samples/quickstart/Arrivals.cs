using Distiller;

namespace Quickstart;

/// <summary>A history as it arrived: its file's rows, handed to the store up to one instant after another.</summary>
internal abstract class Arrivals(FeatureSet set) : IDisposable
{
    public FeatureSet Set => set;

    /// <summary>The rows in the file.</summary>
    public long Count { get; protected set; }

    /// <summary>When the first row arrived.</summary>
    public DateTime First { get; protected set; } = DateTime.MaxValue;

    /// <summary>When the last row arrived.</summary>
    public DateTime Last { get; protected set; } = DateTime.MinValue;

    /// <summary>The four histories of the flights. Each file is read once to its end: so a bad one is found before anything is written.</summary>
    public static IReadOnlyList<Arrivals> Of(FlightsFiles files) =>
    [
        new Arrivals<AirportWeather>(FlightsModel.AirportWeather, files.AirportWeather),
        new Arrivals<PlaneLeg>(FlightsModel.PlaneLeg, files.PlaneLeg),
        new Arrivals<CarrierDelay>(FlightsModel.CarrierDelay, files.CarrierDelay),
        new Arrivals<RouteDelay>(FlightsModel.RouteDelay, files.RouteDelay),
    ];

    /// <summary>The ends of a number of batches, equally long in time; the last takes whatever is left.</summary>
    public static IEnumerable<DateTime> Cuts(IReadOnlyList<Arrivals> histories, int batches)
    {
        var first = histories.Min(history => history.First);
        var span = Math.Max(0, histories.Max(history => history.Last).Ticks - first.Ticks);
        return Enumerable.Range(1, batches).Select(batch => batch == batches ? DateTime.MaxValue : first.AddTicks((long)((Int128)span * batch / batches)));
    }

    /// <summary>Publishes what has arrived until an instant and was not published before; null where nothing has.</summary>
    public abstract Task<PublishResult?> PublishAsync(FeatureStore store, DateTime until, PublishOptions options, Action<long> taken, CancellationToken cancellationToken);

    public abstract void Dispose();
}

internal sealed class Arrivals<T> : Arrivals
    where T : IArrival
{
    private readonly IEnumerator<T> _rows;
    private bool _hasRow;

    public Arrivals(FeatureSet set, CsvFile<T> file)
        : base(set)
    {
        foreach (var row in file.Rows())
        {
            Count++;
            First = row.CreatedTimestamp < First ? row.CreatedTimestamp : First;
            Last = row.CreatedTimestamp > Last ? row.CreatedTimestamp : Last;
        }

        _rows = file.Rows().GetEnumerator();
        _hasRow = _rows.MoveNext();
    }

    public override async Task<PublishResult?> PublishAsync(FeatureStore store, DateTime until, PublishOptions options, Action<long> taken, CancellationToken cancellationToken) =>
        HasArrived(until) ? await store.PublishAsync(Set, Until(until, taken), options, cancellationToken) : null;

    public override void Dispose() => _rows.Dispose();

    private bool HasArrived(DateTime until) => _hasRow && _rows.Current.CreatedTimestamp <= until;

    private IEnumerable<T> Until(DateTime until, Action<long> taken)
    {
        const int tellEvery = 256;
        var count = 0;
        while (HasArrived(until))
        {
            yield return _rows.Current;
            _hasRow = _rows.MoveNext();
            if (++count == tellEvery)
            {
                taken(count);
                count = 0;
            }
        }

        taken(count);
    }
}
