using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Sets whose features are what breaks ties.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task B12_a_set_whose_features_all_break_ties_is_published_to_and_unloads_them()
    {
        await using var scene = await OpenAsync(engine);
        var set = Entity.Create("user").Key<long>("user_id").FeatureSet("ranks").Feature<int>("rank").Existing("ranks").Latest("ranks_now").WithoutCreatedTime().TieBreaker("rank").TieBreaker<string>("source");
        await scene.DropInAsync(set);
        Row[] rows = [Ranked(1, 0, 5, "a"), Ranked(1, 0, 7, "a"), Ranked(1, 0, 7, "b"), Ranked(1, 0, 5, "a"), Ranked(2, 10, null, null)];

        await scene.PublishAsync(set, rows);
        await scene.PublishAsync(set, rows);

        var unloaded = new List<LatestRow>();
        await foreach (var row in scene.Store.UnloadAsync(set))
        {
            unloaded.Add(row);
        }

        Assert.Equal([(1L, (int?)7, (object?)"b"), (2L, null, null)], unloaded.OrderBy(row => row.Key[0]).Select(row => ((long)row.Key[0], (int?)row.TieBreakers[0], row.TieBreakers[1])));
        Assert.All(unloaded, row => Assert.Equal(row.Values[0], row.TieBreakers[0]));

        static Row Ranked(long user, double at, int? rank, string? source) => Row.Of(("user_id", user), ("feature_timestamp", At(at)), ("rank", rank), ("source", source));
    }
}
