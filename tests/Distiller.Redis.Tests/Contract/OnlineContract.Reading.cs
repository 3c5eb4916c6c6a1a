using System.ComponentModel.DataAnnotations.Schema;
using Distiller.Redis.Tests.Stores;

namespace Distiller.Redis.Tests.Contract;

/// <summary>Reading: ages, statuses, shapes.</summary>
public abstract partial class OnlineContract
{
    private static readonly FeatureSet Product = Entity.Create("product").Key<int>("product_id").FeatureSet("product").Feature<double>("price").Feature<bool>("in_stock").Feature("embedding", FeatureType.Vector(2));

    public sealed record Prediction(int? SenderClicks, string? SenderPage, double? ProductPrice);

    public sealed class Settable
    {
        [Column("product__price")]
        public float? Cost { get; set; }

        public long? SenderClicks { get; init; }
    }

    public sealed record Strict(int SenderClicks);

    [Fact]
    public async Task O5_a_value_is_a_hit_until_its_max_age_and_not_a_microsecond_longer()
    {
        var (store, clock) = await OpenAsync();
        var set = Clicks.MaxAge(TimeSpan.FromSeconds(30));
        var serving = ServingSet.Of("s", set);
        // On a server values expire by its clock: they are kept for longer, and judged by the test's.
        store = await engine.CreateAsync(store.Options.KeepFor(set, TimeSpan.FromDays(365 * 200)));
        await LoadAsync(store, Click(1, 0, 0, 5, set: set));
        foreach (var (seconds, status) in new[] { (-10.0, OnlineStatus.Hit), (30, OnlineStatus.Hit), (30.0000009, OnlineStatus.Hit), (30.000001, OnlineStatus.Expired), (1e6, OnlineStatus.Expired) })
        {
            clock.Now = At(0).AddTicks((long)Math.Round(seconds * 1e7));
            var read = await store.GetAsync(new { user_id = 1 }, serving);
            Assert.Equal(status, read.Sets[0].Status);
            Assert.Equal(At(0), read.Sets[0].EventTime);
            Assert.Equal(status == OnlineStatus.Hit ? [5, "p"] : new object?[2], read.Values);
        }
    }

    [Fact]
    public async Task O5_a_store_lets_values_expire_at_event_time_and_max_age()
    {
        var now = DateTime.UtcNow;
        var (store, clock) = await OpenAsync();
        clock.Now = now;
        var set = Clicks.MaxAge(TimeSpan.FromSeconds(60));
        await LoadAsync(store, Row(1, now.AddSeconds(-59)), Row(2, now.AddSeconds(-61)), Row(3, new(1, 1, 1, 0, 0, 0, DateTimeKind.Utc)), Row(4, now), Row(5, new(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc)), Row(6, new DateTime(1969, 12, 31, 23, 0, 0, DateTimeKind.Utc)));
        await Task.Delay(engine.ExpiresByTestClock ? 0 : 1500);
        clock.Now = now.AddSeconds(1.5);
        foreach (var (user, there) in new[] { (1, false), (2, false), (3, false), (4, true), (5, true), (6, false) })
        {
            Assert.True(there == (await store.ReadAsync([$"{store.Options.Prefix}:clicks:{user}"], default))[0] is not null, $"value {user}");
            Assert.Equal(there ? OnlineStatus.Hit : OnlineStatus.Missing, (await store.GetAsync(new { user_id = user }, [set])).Sets[0].Status);
        }

        // A value that has expired leaves no way for an older one, which has expired too.
        Assert.Equal(1, (await LoadAsync(store, Row(1, now.AddSeconds(-100)))).Read);
        Assert.Equal(OnlineStatus.Missing, (await store.GetAsync(new { user_id = 1 }, [set])).Sets[0].Status);

        LatestRow Row(long user, DateTime at) => new() { FeatureSet = set, Key = [user], EventTime = at, CreatedTime = at, Values = [1, "p"] };
    }

    [Fact]
    public async Task O5_a_join_that_allows_older_values_than_are_kept_is_refused_naming_it()
    {
        var set = Clicks.MaxAge(TimeSpan.FromSeconds(30));
        var serving = Spine.From("s").Join(set, prefix: "older", maxAge: TimeSpan.FromSeconds(60)).Serve("old");
        var (store, clock) = await OpenAsync();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => store.GetAsync(new { user_id = 1 }, serving));
        Assert.Contains("'older'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("KeepFor", refused.Message, StringComparison.Ordinal);

        store = await engine.CreateAsync(store.Options.KeepFor(set, TimeSpan.FromDays(365 * 200)));
        await LoadAsync(store, Click(1, 0, 0, 5, set: set));
        clock.Now = At(60);
        Assert.Equal(5, (await store.GetAsync(new { user_id = 1 }, serving))["older__clicks"]);
        Assert.Equal(OnlineStatus.Expired, (await store.GetAsync(new { user_id = 1 }, [set])).Sets[0].Status);
        Assert.Throws<ArgumentException>(() => new OnlineOptions().KeepFor(set, TimeSpan.FromSeconds(29)));
        Assert.Throws<ArgumentException>(() => new OnlineOptions().KeepFor(Clicks, TimeSpan.FromSeconds(29)));
    }

    [Fact]
    public async Task O6_statuses_tell_hits_from_misses_and_a_miss_is_no_error()
    {
        var (store, _) = await OpenAsync();
        await LoadAsync(store, Click(1, 0, 0, 5), new() { FeatureSet = Product, Key = [7], EventTime = At(0), CreatedTime = At(1), Values = [9.5, true, new[] { 1f, 2f }] });

        var read = await store.GetAsync(new { user_id = 1L, product_id = 8, request = "anything" }, [Clicks, Product]);
        Assert.Equal([OnlineStatus.Hit, OnlineStatus.Missing], read.Sets.Select(set => set.Status));
        Assert.Equal(["clicks__clicks", "clicks__page", "product__price", "product__in_stock", "product__embedding"], read.Columns);
        Assert.Equal([5, "p", null, null, null], read.Values);
        Assert.False(read.IsComplete);
        Assert.Equal((At(0), At(0)), (read.Sets[0].EventTime, read.Sets[0].CreatedTime));
        Assert.Null(read.Sets[1].EventTime);

        // A NULL equals nothing (P3).
        var nulls = await store.GetAsync(new Dictionary<string, object?> { ["USER_ID"] = null, ["product_id"] = 7L }, [Clicks, Product]);
        Assert.Equal([OnlineStatus.Missing, OnlineStatus.Hit], nulls.Sets.Select(set => set.Status));

        var lacking = await Assert.ThrowsAsync<ArgumentException>(() => store.GetAsync(new { user_id = 1L }, [Clicks, Product]));
        Assert.Contains("'product_id'", lacking.Message, StringComparison.Ordinal);
        var misfit = await Assert.ThrowsAsync<ArgumentException>(() => store.GetAsync(new { user_id = 1L, product_id = "seven" }, [Clicks, Product]));
        Assert.Contains("'product_id'", misfit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task O6_many_entities_come_back_in_their_order()
    {
        var (store, _) = await OpenAsync();
        await LoadAsync(store, [.. Enumerable.Range(0, 1000).Select(i => Click(i, 0, 0, i))]);
        var order = Enumerable.Range(0, 1200).Select(i => (long)((i * 7919) % 1200)).ToList();
        var read = await store.GetManyAsync(order.Select(user => new { user_id = user }), [Clicks]);
        Assert.Equal(order.Select(user => user < 1000 ? (int?)user : null), read.Select(features => (int?)features.Values[0]));
        Assert.Empty(await store.GetManyAsync(Array.Empty<object>().Select(_ => new { user_id = 1L }), [Clicks]));
    }

    [Fact]
    public async Task P12_a_training_sets_joins_are_answered_in_its_columns_and_order()
    {
        var (store, _) = await OpenAsync();
        await LoadAsync(store, Click(1, 0, 0, 5, "home"), Click(2, 0, 0, 6, "cart"), new() { FeatureSet = Product, Key = [7], EventTime = At(0), CreatedTime = At(0), Values = [9.5, true, new[] { 1f, 2f }] });
        var training = Spine.From("labels").Columns("sender_id", "recipient_id", "product_id", "event_timestamp")
            .Join(Clicks, ["page", "clicks"], "sender", new Dictionary<string, string> { ["user_id"] = "sender_id" })
            .Join(Product, ["price", "embedding"])
            .Join(Clicks, ["clicks"], "recipient", new Dictionary<string, string> { ["user_id"] = "recipient_id" });
        var serving = training.Serve("model");

        var read = await store.GetAsync(new { SenderId = 1, recipient_id = 2, product_id = 7 }, serving);

        Assert.Equal(["sender__page", "sender__clicks", "product__price", "product__embedding", "recipient__clicks"], read.Columns);
        Assert.Equal(["home", 5, 9.5, 6], read.Values.Where(value => value is not float[]));
        Assert.Equal(OnlineStatus.Hit, read.StatusOf("recipient"));
        Assert.Throws<KeyNotFoundException>(() => read.StatusOf("clicks"));
        Assert.Equal(read.Values, read.ToDictionary().Values);
        Assert.Equal(new(5, "home", 9.5), read.To<Prediction>());
        Assert.Equal((9.5f, 5L), (read.To<Settable>().Cost, read.To<Settable>().SenderClicks));
    }

    [Fact]
    public async Task P12_a_vector_has_the_declared_order_and_NaN_for_what_is_missing()
    {
        var (store, _) = await OpenAsync();
        await LoadAsync(store, Click(1, 0, 0, null), new() { FeatureSet = Product, Key = [7], EventTime = At(0), CreatedTime = At(0), Values = [0.1, true, new[] { 1f, 2f }] });
        var serving = Spine.From("labels").Join(Product).Join(Clicks, ["clicks"]).Serve("model");

        float[] expected = [0.1f, 1f, 1f, 2f, float.NaN];
        Assert.Equal(expected, (await store.GetAsync(new { user_id = 1, product_id = 7 }, serving)).ToVector());
        var missing = await store.GetAsync(new { user_id = 1, product_id = 8 }, serving);
        Assert.Equal(Enumerable.Repeat(float.NaN, 5), missing.ToVector());
        var span = new float[6];
        Assert.Equal(5, missing.CopyTo(span));
        Assert.Throws<ArgumentException>(() => missing.CopyTo(new float[4]));

        var text = await Assert.ThrowsAsync<InvalidOperationException>(async () => (await store.GetAsync(new { user_id = 1 }, [Clicks])).ToVector());
        Assert.Contains("'page'", text.Message, StringComparison.Ordinal);
        var wrong = Assert.Throws<InvalidOperationException>(() => missing.To<Strict>());
        Assert.Contains("SenderClicks", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_and_loading_can_be_cancelled()
    {
        var (store, _) = await OpenAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.GetAsync(new { user_id = 1 }, [Clicks], cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.LoadAsync(Stream([Click(1, 0, 0, 1)]), null, cancelled.Token));
    }
}
