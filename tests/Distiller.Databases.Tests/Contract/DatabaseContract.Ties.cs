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

    /// <summary>Keys are compared in half their bytes where they fit: what the spine has beyond that matches nothing, and one key beyond it in history keeps all whole.</summary>
    [Theory]
    [InlineData(1_000_000L)]
    [InlineData(-int.MaxValue / 2L)]
    [InlineData((int.MaxValue / 2L) + 1)]
    [InlineData(-2147483649L)]
    [InlineData((1L << 32) + 1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task W1_keys_of_any_size_keep_their_own_rows(long other)
    {
        await using var scene = await OpenAsync(engine, new() { LargeHistory = 1 });
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 1, 1), Click(1, 0, 2, 2), Click(other, 0, 1, 3), Click(other, 5, 1, null, "q"), Click(unchecked((int)other), 7, 1, 4)]);
        Row[] spine = [Ask(1, 10), Ask(1, -1), Ask(other, 4), Ask(other, 10), Ask(unchecked((int)other), 10), Ask((1L << 32) + 1, 10), Ask(long.MaxValue, 10), Ask(long.MinValue, 10), Ask(null, 10), Ask(1, null)];
        var asked = (await scene.SpineAsync(spine)).Join(set);

        await scene.AgreesAsync(asked, spine);
        await scene.AgreesAsync(asked.KnownAt(At(1.5)), spine);
        await scene.AgreesAsync(asked.KnownAtEvent(), spine);
    }
}
