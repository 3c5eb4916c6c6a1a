using Distiller.Databases.Tests.Reference;
using Distiller.Redis.Tests.Stores;

namespace Distiller.Redis.Tests.Contract;

/// <summary>What every online store must do alike.</summary>
public abstract partial class OnlineContract(OnlineEngine engine)
{
    private static readonly DateTime Noon = new(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);

    private static readonly Entity User = Entity.Create("user").Key<long>("user_id");

    private static readonly FeatureSet Clicks = User.FeatureSet("clicks").Feature<int>("clicks").Feature<string>("page");

    private static DateTime At(double seconds) => Noon.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    private static LatestRow Click(long user, double at, double? created, int? clicks, string? page = "p", FeatureSet? set = null) => new()
    {
        FeatureSet = set ?? Clicks,
        Key = [user],
        EventTime = At(at),
        CreatedTime = created is { } known ? At(known) : null,
        Values = [clicks, page],
    };

    private static Task<LoadResult> LoadAsync(IOnlineStore store, params LatestRow[] rows) => store.LoadAsync(Stream(rows));

    private static async IAsyncEnumerable<LatestRow> Stream(IEnumerable<LatestRow> rows)
    {
        foreach (var row in rows)
        {
            yield return row;
        }

        await Task.CompletedTask;
    }

    private static string Show(IEnumerable<object?> values) => string.Join(", ", values.Select(Values.Show));

    private async Task<(IOnlineStore Store, TestClock Clock)> OpenAsync(Func<OnlineOptions, OnlineOptions>? how = null)
    {
        var clock = new TestClock(At(1000));
        var options = new OnlineOptions { TimeProvider = clock };
        return (await engine.CreateAsync(how is null ? options : how(options)), clock);
    }
}

public sealed class InMemoryStoreTests() : OnlineContract(new InMemoryEngine());

public sealed class GarnetStoreTests() : OnlineContract(new GarnetEngine());

public sealed class RedisStoreTests() : OnlineContract(new RedisEngine());
