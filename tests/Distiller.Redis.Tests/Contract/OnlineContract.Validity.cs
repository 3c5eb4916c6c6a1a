using System.Text;
using Distiller.Databases.Tests.Reference;
using Distiller.Redis.Tests.Stores;

namespace Distiller.Redis.Tests.Contract;

/// <summary>Intervals and static sets online.</summary>
public abstract partial class OnlineContract
{
    private static readonly FeatureSet Tier = User.FeatureSet("tier").Feature<string>("tier").Existing("tiers").EventTime("valid_from").WithoutCreatedTime().ValidTo("valid_to");

    private static readonly FeatureSet Country = User.FeatureSet("country").Feature<string>("country").Existing("countries").Static();

    [Fact]
    public async Task O5_an_interval_is_a_hit_until_its_end_and_no_longer()
    {
        // A century later by the reader's clock: a server's own has not come that far.
        const double end = 3_000_000_000;
        var (store, clock) = await OpenAsync();
        await LoadAsync(store, Interval(1, 0, end, "a"), Interval(2, 0, null, "b"));
        foreach (var seconds in new[] { 0, end - 0.000001 })
        {
            clock.Now = At(seconds);
            var read = await store.GetAsync(new { user_id = 1 }, [Tier]);
            Assert.Equal((OnlineStatus.Hit, "a"), (read.Sets[0].Status, (string?)read["tier__tier"]));
        }

        clock.Now = At(end);
        var ended = await store.GetAsync(new { user_id = 1 }, [Tier]);
        Assert.Null(ended["tier__tier"]);
        Assert.NotEqual(OnlineStatus.Hit, ended.Sets[0].Status);
        Assert.Equal("b", (await store.GetAsync(new { user_id = 2 }, [Tier]))["tier__tier"]);
    }

    [Fact]
    public async Task O5_an_interval_that_was_open_and_is_closed_by_the_next_load_ends()
    {
        var (store, clock) = await OpenAsync();
        clock.Now = At(50);
        await LoadAsync(store, Interval(1, 0, null, "a"));
        Assert.Equal("a", (await store.GetAsync(new { user_id = 1 }, [Tier]))["tier__tier"]);
        await LoadAsync(store, Interval(1, 0, 40, "a"));
        Assert.Null((await store.GetAsync(new { user_id = 1 }, [Tier]))["tier__tier"]);
        await LoadAsync(store, Interval(1, 45, null, "c"));
        Assert.Equal("c", (await store.GetAsync(new { user_id = 1 }, [Tier]))["tier__tier"]);
    }

    [Fact]
    public async Task O3_intervals_and_static_values_are_laid_out_as_documented()
    {
        var (store, clock) = await OpenAsync();
        clock.Now = At(0);
        await LoadAsync(store, Interval(1, 0, 3_000_000_000, "a"), Interval(2, 0, null, "b"), new LatestRow { FeatureSet = Country, Key = [1L], EventTime = null, Values = ["AT"] });
        Assert.Equal(
            [
                """{"t":"2026-03-10 12:00:00.000000","c":"                          ","v":1,"u":"2121-04-03 17:20:00.000000","f":{"tier":"a"}}""",
                """{"t":"2026-03-10 12:00:00.000000","c":"                          ","v":1,"f":{"tier":"b"}}""",
                """{"t":"                          ","c":"                          ","v":1,"f":{"country":"AT"}}""",
            ],
            (await store.ReadAsync([$"{store.Options.Prefix}:tier:1", $"{store.Options.Prefix}:tier:2", $"{store.Options.Prefix}:country:1"], default)).Select(value => Encoding.UTF8.GetString(value!.Value.Span)));
    }

    [Fact]
    public async Task O4_a_static_value_is_replaced_by_every_load_and_has_no_age()
    {
        var (store, clock) = await OpenAsync();
        await LoadAsync(store, new LatestRow { FeatureSet = Country, Key = [1L], EventTime = null, Values = ["AT"] });
        await LoadAsync(store, new LatestRow { FeatureSet = Country, Key = [1L], EventTime = null, Values = ["DE"] });
        clock.Now = At(1_000_000_000);
        var read = await store.GetAsync(new { user_id = 1 }, [Country, Tier]);
        Assert.Equal((OnlineStatus.Hit, null, "DE"), (read.Sets[0].Status, read.Sets[0].EventTime, (string?)read["country__country"]));
        Assert.Equal(OnlineStatus.Missing, read.Sets[1].Status);
    }

    private static LatestRow Interval(long user, double from, double? to, string tier) => new()
    {
        FeatureSet = Tier,
        Key = [user],
        EventTime = At(from),
        ValidTo = to is { } end ? At(end) : null,
        Values = [tier],
    };
}
