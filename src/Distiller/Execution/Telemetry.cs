using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Distiller;

/// <summary>Traces and metrics under the name <c>Distiller</c>.</summary>
internal static class Telemetry
{
    private const string Name = "Distiller";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> RowsOffered = Meter.CreateCounter<long>("distiller.publish.offered", "{row}", "Rows offered to publish.");
    private static readonly Counter<long> RowsAppended = Meter.CreateCounter<long>("distiller.publish.appended", "{row}", "Rows appended to history.");
    private static readonly Counter<long> RowsLate = Meter.CreateCounter<long>("distiller.publish.late", "{row}", "Rows appended below their key's latest.");
    private static readonly Counter<long> RowsRead = Meter.CreateCounter<long>("distiller.read.rows", "{row}", "Rows read from training sets, latest and unloads.");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("distiller.publish.retries", "{retry}", "Publish transactions tried again.");
    private static readonly Counter<long> OnlineReads = Meter.CreateCounter<long>("distiller.online.reads", "{value}", "Feature sets asked of an online store, by status.");
    private static readonly Counter<long> OnlineLoads = Meter.CreateCounter<long>("distiller.online.loaded", "{row}", "Rows loaded into an online store, by whether they were written or older.");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("distiller.operation.duration", "s", "Duration of the store's operations.");

    public static Operation Start(string operation, SqlDialect dialect, string subject) => Start(operation, dialect.Name, subject);

    public static Operation Start(string operation, string system, string subject) => new(Source.StartActivity(Name + "." + operation), operation, system, subject);

    public static void Published(PublishResult result)
    {
        var set = new KeyValuePair<string, object?>("distiller.feature_set", result.FeatureSet);
        RowsOffered.Add(result.Offered, set);
        RowsAppended.Add(result.Appended, set);
        RowsLate.Add(result.Late, set);
    }

    public static void Retried() => Retries.Add(1);

    public static void Read(string operation, long rows) => RowsRead.Add(rows, new KeyValuePair<string, object?>("distiller.operation", operation));

    public static void Read(string system, IReadOnlyList<OnlineFeatures> answers)
    {
        if (OnlineReads.Enabled)
        {
            foreach (var set in answers.SelectMany(answer => answer.Sets))
            {
                OnlineReads.Add(1, new("distiller.feature_set", set.Set.Name), new("distiller.status", set.Status switch { OnlineStatus.Hit => "hit", OnlineStatus.Expired => "expired", _ => "missing" }), new("db.system.name", system));
            }
        }
    }

    public static void Loaded(string featureSet, int rows, int written)
    {
        var set = new KeyValuePair<string, object?>("distiller.feature_set", featureSet);
        OnlineLoads.Add(written, set, new("distiller.outcome", "written"));
        OnlineLoads.Add(rows - written, set, new("distiller.outcome", "older"));
    }

    /// <summary>One operation as a trace and a duration; failed unless it is said to be done.</summary>
    internal sealed class Operation : IDisposable
    {
        private readonly Activity? activity;
        private readonly long started = Stopwatch.GetTimestamp();
        private readonly string operation;
        private readonly string system;
        private bool isDone;

        public Operation(Activity? activity, string operation, string system, string subject)
        {
            this.activity = activity;
            this.operation = operation;
            this.system = system;
            activity?.SetTag("db.system.name", system);
            activity?.SetTag("distiller.subject", subject);
        }

        public void Done() => isDone = true;

        public void Dispose()
        {
            Durations.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds,
                new("distiller.operation", operation),
                new("db.system.name", system),
                new("distiller.outcome", isDone ? "done" : "failed"));
            activity?.SetStatus(isDone ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
            activity?.Dispose();
        }
    }
}
