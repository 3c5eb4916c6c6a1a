using Distiller.Databases.Tests.Reference;

namespace Distiller.Redis.Tests.Contract;

/// <summary>Keys, values, versions.</summary>
public abstract partial class OnlineContract
{
    [Fact]
    public async Task O2_keys_never_meet_unless_every_part_is_equal()
    {
        var (store, _) = await OpenAsync();
        var set = Entity.Create("pair").Key<string>("a").Key<string>("b").FeatureSet("pairs {odd}:name").Feature<int>("n");
        (string A, string B)[] keys =
        [
            ("a:b", "c"), ("a", "b:c"), ("", "a"), ("a", ""), ("", ""), ("a%3Ab", "c"), ("{x}", "y"), ("|", " "), ("a ", "b"), ("a", "b"), ("A", "b"), ("ä", "ß"), ("日本", "🙂"), ("a\u0301", "b"), ("á", "b"), ("*", "?"),
        ];
        await LoadAsync(store, [.. keys.Select((key, i) => new LatestRow { FeatureSet = set, Key = [key.A, key.B], EventTime = Noon, CreatedTime = Noon, Values = [i] })]);

        var read = await store.GetManyAsync(keys.Select(key => new { a = key.A, b = key.B }), [set]);

        Assert.Equal(Enumerable.Range(0, keys.Length), read.Select(features => (int)features[$"{set.Name}__n"]!));
        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => store.GetAsync(new { a = "\ud800", b = "" }, [set]));
        Assert.Contains("'a'", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task O3_values_of_every_type_come_back()
    {
        var (store, _) = await OpenAsync();
        (FeatureType Type, object?[] Values)[] types =
        [
            (FeatureType.Bool, [true, false, null]),
            (FeatureType.Int32, [int.MinValue, int.MaxValue, 0, null]),
            (FeatureType.Int64, [long.MinValue, long.MaxValue, (1L << 53) + 1, null]),
            (FeatureType.Float32, [float.MinValue, float.MaxValue, float.Epsilon, 0.1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, null]),
            (FeatureType.Float64, [double.MinValue, double.MaxValue, double.Epsilon, 0.1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, null]),
            (FeatureType.Decimal(28, 6), [9999999999999999999999.999999m, -0.000001m, 12.50m, 0m, null]),
            (FeatureType.String, ["", " ", "\"quoted\" \\ and \t\n", "\0", "ä日本🙂", new string('x', 1_000_000), "null", null]),
            (FeatureType.Bytes, [Array.Empty<byte>(), new byte[] { 0, 255, 34, 92 }, null]),
            (FeatureType.Date, [DateOnly.MinValue, DateOnly.MaxValue, new DateOnly(1969, 12, 31), null]),
            (FeatureType.Timestamp, [new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc).AddTicks(9_999_990), Noon.AddTicks(10), null]),
            (FeatureType.Guid, [Guid.Empty, Guid.NewGuid(), null]),
            (FeatureType.Json, ["{\"a\": [1, 2]}", "null", "  1.0 ", "\"text\"", null]),
            (FeatureType.FloatVector, [new[] { 0.1f, float.NaN, float.NegativeInfinity }, Array.Empty<float>(), null]),
            (FeatureType.Vector(3), [new[] { 1f, 2f, 3f }, null]),
        ];
        var set = types.Select((type, i) => (type.Type, Name: $"f {i} \"é\"")).Aggregate(User.FeatureSet("every"), (made, feature) => made.Feature(feature.Name, feature.Type));
        var rows = Enumerable.Range(0, types.Max(type => type.Values.Length)).Select(i => types.Select(type => type.Values[i % type.Values.Length]).ToArray()).ToList();
        await LoadAsync(store, [.. rows.Select((values, i) => new LatestRow { FeatureSet = set, Key = [(long)i], EventTime = Noon, CreatedTime = Noon, Values = values })]);

        var read = await store.GetManyAsync(rows.Select((_, i) => new { user_id = (long)i }), [set]);

        for (var i = 0; i < rows.Count; i++)
        {
            Assert.Equal(OnlineStatus.Hit, read[i].Sets[0].Status);
            Assert.All(rows[i].Zip(read[i].Values), pair => Assert.True(Values.Same(pair.First, pair.Second) && pair.First?.GetType() == pair.Second?.GetType(), $"{Values.Show(pair.First)} came back as {Values.Show(pair.Second)}"));
        }

        Assert.Equal(12.50m.ToString(System.Globalization.CultureInfo.InvariantCulture), Convert.ToString(read.Select(features => features.Values[5]).First(value => value is 12.50m), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task O3_a_value_that_holds_less_or_more_than_is_asked_for_is_read_by_name()
    {
        var (store, _) = await OpenAsync();
        await LoadAsync(store, Click(1, 0, 0, 5, "home"));
        var evolved = User.FeatureSet("clicks").Feature<string>("page").Feature<double>("added_later").Feature<int>("clicks");
        var read = await store.GetAsync(new { user_id = 1 }, [evolved]);
        Assert.Equal(["home", null, 5], read.Values);
        Assert.Equal(OnlineStatus.Hit, read.Sets[0].Status);

        var retyped = User.FeatureSet("clicks").Feature<int>("page");
        var wrong = await Assert.ThrowsAsync<OnlineStoreException>(() => store.GetAsync(new { user_id = 1 }, [retyped]));
        Assert.Contains("'page' that is no int32", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task O4_an_older_value_never_replaces_a_newer_one_and_an_equal_one_replaces()
    {
        var (store, _) = await OpenAsync();
        await LoadAsync(store, Click(1, 10, 10, 5));
        Assert.Equal(1, (await LoadAsync(store, Click(1, 9.999999, 20, 6))).Older);
        Assert.Equal(5, await ClicksAsync(1));

        // A correction: the same event time, created later, does replace; created earlier, or never, does not.
        Assert.Equal(1, (await LoadAsync(store, Click(1, 10, 10.000001, 7))).Written);
        Assert.Equal(7, await ClicksAsync(1));
        Assert.Equal(2, (await LoadAsync(store, Click(1, 10, 10, 8), Click(1, 10, null, 9))).Older);
        Assert.Equal(7, await ClicksAsync(1));

        // The same version again is the same row again, whatever it says.
        Assert.Equal(1, (await LoadAsync(store, Click(1, 10, 10.000001, 11))).Written);
        Assert.Equal(11, await ClicksAsync(1));

        // Several versions of a key in one batch, in any order.
        await LoadAsync(store, Click(2, 30, 1, 3), Click(2, 10, 1, 1), Click(2, 30, 2, 4), Click(2, 20, 1, 2));
        Assert.Equal(4, await ClicksAsync(2));

        // A created time that is NULL is the oldest.
        await LoadAsync(store, Click(3, 10, null, 1));
        Assert.Equal(1, await ClicksAsync(3));
        await LoadAsync(store, Click(3, 10, -100_000_000, 2));
        Assert.Equal(2, await ClicksAsync(3));

        async Task<int> ClicksAsync(long user) => (int)(await store.GetAsync(new { user_id = user }, [Clicks]))["clicks__clicks"]!;
    }

    [Fact]
    public async Task O4_versions_are_ordered_byte_by_byte_also_where_centuries_and_digits_differ()
    {
        var (store, _) = await OpenAsync();
        DateTime[] times = [new(1, 1, 1, 0, 0, 0, DateTimeKind.Utc), new(999, 12, 31, 0, 0, 0, DateTimeKind.Utc), new(1969, 12, 31, 23, 59, 59, DateTimeKind.Utc), Noon, Noon.AddTicks(10), Noon.AddTicks(90), Noon.AddTicks(100), new(2099, 1, 1, 0, 0, 0, DateTimeKind.Utc), new(9999, 12, 31, 0, 0, 0, DateTimeKind.Utc)];
        for (var i = 0; i < times.Length; i++)
        {
            for (var j = 0; j < times.Length; j++)
            {
                var key = (i * 100L) + j;
                await LoadAsync(store, Row(key, times[i], 1), Row(key, times[j], 2));
                Assert.True((j >= i ? 2 : 1) == (int)(await store.GetAsync(new { user_id = key }, [Clicks])).Values[0]!, $"{times[i]:O} then {times[j]:O}");
            }
        }

        static LatestRow Row(long key, DateTime at, int clicks) => new() { FeatureSet = Clicks, Key = [key], EventTime = at, CreatedTime = null, Values = [clicks, "p"] };
    }

    [Fact]
    public async Task O4_tie_breakers_stand_in_the_created_times_place()
    {
        var (store, _) = await OpenAsync();
        object?[][] ordered =
        [
            [null, null], [null, ""], [null, "a"], [null, "aa"], [null, "b"], [null, "ä"], [null, "🙂"], [long.MinValue, null], [-10L, "z"], [-9L, "a"], [0L, ""], [9L, "b"], [10L, "a"], [10L, "a\0"], [10L, "ab"], [long.MaxValue, null],
        ];
        var set = User.FeatureSet("tied").Feature<int>("n").Existing("tied").WithoutCreatedTime().TieBreaker<long>("first").TieBreaker<string>("second");
        for (var i = 0; i < ordered.Length; i++)
        {
            for (var j = 0; j < ordered.Length; j++)
            {
                var key = (i * 100L) + j;
                await LoadAsync(store, Row(key, ordered[i], 1), Row(key, ordered[j], 2));
                Assert.True((j >= i ? 2 : 1) == (int)(await store.GetAsync(new { user_id = key }, [set])).Values[0]!, $"{Show(ordered[i])} then {Show(ordered[j])}");
            }
        }

        LatestRow Row(long key, object?[] ties, int n) => new() { FeatureSet = set, Key = [key], EventTime = Noon, Values = [n], TieBreakers = ties };
    }

    [Fact]
    public async Task O4_ordinals_are_ordered_as_numbers()
    {
        var (store, _) = await OpenAsync();
        var set = User.FeatureSet("versions").Feature<int>("n").Existing("versions").EventTime("version", TimeKind.Ordinal).WithoutCreatedTime();
        long[] ordinals = [long.MinValue, -10, -9, 0, 9, 10, long.MaxValue];
        foreach (var (ordinal, i) in ordinals.Select((ordinal, i) => (ordinal, i)))
        {
            await LoadAsync(store, Row(ordinal, i));
            await LoadAsync(store, Row(ordinals[0], -1));
            var read = await store.GetAsync(new { user_id = 1 }, [set]);
            Assert.Equal((i == 0 ? -1 : i, ordinal), ((int)read.Values[0]!, (long)read.Sets[0].EventTime!));
        }

        LatestRow Row(long ordinal, int n) => new() { FeatureSet = set, Key = [1L], EventTime = ordinal, Values = [n] };
    }

    [Fact]
    public async Task O4_of_writers_at_once_the_newest_stays()
    {
        var (store, _) = await OpenAsync();
        var random = new Random(7);
        var versions = Enumerable.Range(0, 400).Select(i => Click(i % 5, random.Next(20), random.Next(20), i)).ToList();

        await Task.WhenAll(versions.Chunk(50).Select(chunk => Task.Run(() => store.LoadAsync(Stream(chunk), new() { BatchSize = 7 }))));

        foreach (var key in versions.GroupBy(row => (long)row.Key[0]))
        {
            var newest = key.OrderByDescending(row => row.EventTime).ThenByDescending(row => row.CreatedTime).First();
            var read = (await store.GetAsync(new { user_id = key.Key }, [Clicks])).Sets[0];
            Assert.Equal((newest.EventTime, newest.CreatedTime), (read.EventTime, read.CreatedTime));
        }
    }

    [Fact]
    public async Task What_Distiller_did_not_write_is_neither_read_nor_replaced()
    {
        var (store, _) = await OpenAsync();
        await LoadAsync(store, Click(1, 0, 0, 1));
        foreach (var (text, words) in new[]
        {
            ("hello", "did not write"),
            ("", "did not write"),
            ($"{{\"t\":\"{At(0):yyyy-MM-dd HH:mm:ss.ffffff}\",\"c\":\"{At(0):yyyy-MM-dd HH:mm:ss.ffffff}\",\"v\":2,\"f\":{{}}}}", "layout version 2"),
            ($"{{\"t\":\"{At(0):yyyy-MM-dd HH:mm:ss.ffffff}\",\"c\":\"{At(0):yyyy-MM-dd HH:mm:ss.ffffff}\",\"v\":12,\"f\":{{}}}}", "layout version 12"),
        })
        {
            var user = 100 + text.Length;
            var key = $"{store.Options.Prefix}:clicks:{user}";
            await store.WriteAsync([new(key, System.Text.Encoding.UTF8.GetBytes(text), 0, null)], default);

            var read = await Assert.ThrowsAsync<OnlineStoreException>(() => store.GetAsync(new { user_id = user }, [Clicks]));
            Assert.Contains(words, read.Message, StringComparison.Ordinal);
            Assert.Contains(key, read.Message, StringComparison.Ordinal);
            Assert.Equal(key, read.Key);

            var write = await Assert.ThrowsAsync<OnlineStoreException>(() => LoadAsync(store, Click(1, 50, 50, 2), Click(user, 50, 50, 2)));
            Assert.Contains(words, write.Message, StringComparison.Ordinal);
            Assert.Equal(key, write.Key);
            Assert.Equal(text, System.Text.Encoding.UTF8.GetString((await store.ReadAsync([key], default))[0]!.Value.Span));
        }
    }

    [Fact]
    public async Task A_deleted_key_is_missing_and_a_late_row_does_not_bring_it_back()
    {
        var (store, _) = await OpenAsync();
        await LoadAsync(store, Click(1, 0, 0, 5));
        var key = $"{store.Options.Prefix}:clicks:1";
        var deleted = System.Text.Encoding.UTF8.GetBytes($"{{\"t\":\"{At(10):yyyy-MM-dd HH:mm:ss.ffffff}\",\"c\":\"{At(10):yyyy-MM-dd HH:mm:ss.ffffff}\",\"v\":1,\"d\":true}}");
        Assert.Equal(1, await store.WriteAsync([new(key, deleted, OnlineLayout.RankLength, null)], default));
        var read = await store.GetAsync(new { user_id = 1 }, [Clicks]);
        Assert.Equal((OnlineStatus.Missing, null), (read.Sets[0].Status, read.Values[0]));

        Assert.Equal(1, (await LoadAsync(store, Click(1, 5, 20, 6))).Older);
        Assert.Equal(OnlineStatus.Missing, (await store.GetAsync(new { user_id = 1 }, [Clicks])).Sets[0].Status);
        await LoadAsync(store, Click(1, 11, 11, 7));
        Assert.Equal(7, (await store.GetAsync(new { user_id = 1 }, [Clicks])).Values[0]);
    }

    [Fact]
    public async Task A_value_with_event_times_of_its_features_has_each_judged_by_its_own()
    {
        var (store, clock) = await OpenAsync();
        var set = Clicks.MaxAge(TimeSpan.FromSeconds(100)).Sparse();
        var value = System.Text.Encoding.UTF8.GetBytes(
            $"{{\"t\":\"{At(500):yyyy-MM-dd HH:mm:ss.ffffff}\",\"c\":\"{new string(' ', 26)}\",\"v\":1,\"e\":\"{At(50):yyyy-MM-dd HH:mm:ss.ffffff}\",\"f\":{{\"clicks\":5,\"page\":\"p\"}},\"s\":{{\"clicks\":\"{At(0):yyyy-MM-dd HH:mm:ss.ffffff}\",\"page\":\"{At(50):yyyy-MM-dd HH:mm:ss.ffffff}\"}}}}");
        await store.WriteAsync([new($"{store.Options.Prefix}:clicks:1", value, OnlineLayout.RankLength, null)], default);
        clock.Now = At(100);
        Assert.Equal([5, "p"], (await store.GetAsync(new { user_id = 1 }, [set])).Values);
        Assert.Equal(At(50), (await store.GetAsync(new { user_id = 1 }, [set])).Sets[0].EventTime);
        clock.Now = At(100.000001);
        var read = await store.GetAsync(new { user_id = 1 }, [set]);
        Assert.Equal([null, "p"], read.Values);
        Assert.Equal(OnlineStatus.Hit, read.Sets[0].Status);
        clock.Now = At(150.000001);
        Assert.Equal(OnlineStatus.Expired, (await store.GetAsync(new { user_id = 1 }, [set])).Sets[0].Status);
    }
}
