using System.Globalization;

namespace Distiller.Tests.Sql;

/// <summary>The names of a small world, and its rows as queries: every key of a row has the same number, every feature a value of its own.</summary>
internal sealed record WorldNames(SqlDialect Dialect, IReadOnlyList<string> Features, IReadOnlyList<string> Keys)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public string Event { get; init; } = "happened at";

    public string Created { get; init; } = "stored at";

    public string History { get; init; } = "dense history";

    public string SparseHistory { get; init; } = "sparse history";

    /// <summary>Every name that may differ from world to world.</summary>
    public IEnumerable<string> All => [.. Features, .. Keys, Event, Created, History, SparseHistory];

    public IEnumerable<string> Columns => [.. Keys, Event, Created, .. Features];

    public Entity Entity(string name) => Keys.Aggregate(Distiller.Entity.Create(name), (entity, key) => entity.Key<int>(key));

    public FeatureSet Set(string name, string history) => WithFeatures(Entity("thing").FeatureSet(name).EventTime(Event).CreatedTime(Created).History(history).Latest(history + " latest"));

    public FeatureSet WithFeatures(FeatureSet set) => Features.Aggregate(set, (made, feature) => made.Feature<int>(feature));

    /// <summary>Every column in order; the hours count from noon.</summary>
    public string Row(int key, int at, int created, string value) =>
        $"SELECT {string.Join(", ", KeysAs(key).Append(Instant(at, Event)).Append(Instant(created, Created)).Concat(Features.Select((feature, i) => Typed(FormattableString.Invariant($"{value} + {i * 1000}"), feature))))}";

    public string Key(int key) => $"SELECT {string.Join(", ", KeysAs(key))}";

    public string Asked(int key, int at) => $"SELECT {string.Join(", ", KeysAs(key).Append(Instant(at, "asked at")))}";

    public string EventOf(int key, string attribute, string value) => $"SELECT {string.Join(", ", KeysAs(key).Append($"'{attribute}' AS \"attribute\"").Append($"'{value}' AS \"value\"").Append(Instant(4, Event)).Append(Instant(4, Created)))}";

    private static string Typed(string value, string name) => $"CAST({value} AS INTEGER) AS \"{name}\"";

    private string Instant(int hours, string name)
    {
        var text = Instants.Text(Instants.Microseconds(Noon.AddHours(hours)));
        return Dialect == SqlDialect.Sqlite ? $"'{text}' AS \"{name}\"" : $"TIMESTAMPTZ '{text}+00' AS \"{name}\"";
    }

    private IEnumerable<string> KeysAs(int key) => Keys.Select(name => Typed(key.ToString(CultureInfo.InvariantCulture), name));
}
