using System.Globalization;
using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Wide history as events, and event tables as histories (F2).</summary>
public abstract partial class DatabaseContract
{
    /// <summary>Good texts with their values, and bad ones, per type; all engines agree on them.</summary>
    private static readonly (FeatureType Type, (string Text, object Value)[] Good, string[] Bad)[] Texts =
    [
        (FeatureType.Bool, [("true", true), ("false", false)], ["True", "1", "", "yes", " true"]),
        (FeatureType.Int32, [("0", 0), ("-2147483648", int.MinValue), ("2147483647", int.MaxValue)], ["2147483648", "-2147483649", "1.5", "", "x", "1e3", "+1", "007", "- 1", " 1", "99999999999999999999"]),
        (FeatureType.Int64, [("-9223372036854775808", long.MinValue), ("9223372036854775807", long.MaxValue)], ["9223372036854775808", "-9223372036854775809", "1.0", "abc"]),
        (FeatureType.Float64, [("0.1", 0.1), ("-1.5e-10", -1.5e-10), ("1.7976931348623157e308", double.MaxValue), ("5", 5.0), ("Infinity", double.PositiveInfinity), ("INF", double.PositiveInfinity), ("-inf", double.NegativeInfinity), ("-INFINITY", double.NegativeInfinity)], ["1e309", "abc", "", "1,5", ".5", "1.", "0x10", "1 "]),
        (FeatureType.Float32, [("0.5", 0.5f), ("3.4028235e38", float.MaxValue)], ["3.5e38", "-1e39", "one"]),
        (FeatureType.Decimal(5, 2), [("1.5", 1.5m), ("-999.99", -999.99m), ("0", 0m), ("7.00", 7m)], ["1000", "1.234", "1e2", "", ".5", "abc", "--1", "00.1"]),
        (FeatureType.Decimal(2, 2), [("0.25", 0.25m), ("-0.01", -0.01m)], ["1.00", "0.255"]),
        (FeatureType.Decimal(3, 0), [("999", 999m)], ["1000", "9.5"]),
        (FeatureType.String, [("", ""), ("it's \\ \"x\"", "it's \\ \"x\""), ("NULL", "NULL")], []),
        (FeatureType.Bytes, [("", Array.Empty<byte>()), ("00ff", new byte[] { 0, 255 })], ["0", "zz", "0x00"]),
        (FeatureType.Date, [("2024-02-29", new DateOnly(2024, 2, 29)), ("0001-01-01", DateOnly.MinValue), ("9999-12-31", DateOnly.MaxValue)], ["2023-02-29", "2024-13-01", "2024-1-1", "20240101", "", "2024-04-31", "2024-02-29 00:00:00"]),
        (FeatureType.Timestamp, [("2024-02-29 12:30:00", new DateTime(2024, 2, 29, 12, 30, 0, DateTimeKind.Utc)), ("1969-12-31 23:59:59.75", new DateTime(1969, 12, 31, 23, 59, 59, 750, DateTimeKind.Utc)), ("2024-01-01 00:00:00.000001", new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(10))],
            ["2024-02-30 00:00:00", "2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-01-01 24:00:00", "2024-01-01", "2024-01-01 00:00:00.", "2024-01-01 00:00:00.0000001", "2024-01-01 00:60:00"]),
        (FeatureType.Guid, [("0F8FAD5B-d9cb-469f-a165-70867728950e", new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"))], ["0f8fad5b", "", "0f8fad5b-d9cb-469f-a165-70867728950g", "0f8fad5bd9cb469fa16570867728950e"]),
    ];

    [Fact]
    public async Task F2_events_of_random_worlds_and_back_are_the_history()
    {
        var worlds = Math.Max(Setting("DISTILLER_WORLDS", 100) / 4, 4);
        var seed = Setting("DISTILLER_SEED", 1);
        var last = seed + worlds;
        var roundTrips = 0;
        while (seed < last)
        {
            await using var database = await engine.CreateAsync();
            for (var end = Math.Min(seed + WorldsPerDatabase, last); seed < end; seed++)
            {
                var run = new EventsRun(World.Create(seed, Options()), engine, database);
                await run.RunAsync();
                roundTrips += run.RoundTrips;
            }
        }

        Assert.True(roundTrips > worlds / 2, $"only {roundTrips} round trips");
    }

    [Fact]
    public async Task F2_texts_are_read_as_their_type_and_what_does_not_fit_is_refused_by_row()
    {
        await using var scene = await OpenAsync(engine);
        var number = 0;
        foreach (var (type, good, bad) in Texts)
        {
            var set = Events($"e{number++}").Feature("value_of", type);
            var table = await EventsAsync(scene, [.. good.Select((one, i) => (i + 1L, "value_of", (string?)one.Text))]);
            var rows = await TestTables.ReadAsync(scene.Store, Pivot.From(set, table));
            RowMultiset.AssertEqual([.. good.Select((one, i) => EventRow(i + 1).With("value_of", one.Value))], rows, $"{engine}: {type}");
            foreach (var text in bad)
            {
                table = await EventsAsync(scene, (1, "value_of", good[0].Text), (7, "value_of", text));
                await scene.CreateAsync(set);
                var refused = await Record.ExceptionAsync(() => scene.Store.PublishEventsAsync(Pivot.From(set, table))) as RowRefusedException ?? throw new InvalidOperationException($"{engine}: '{text}' passes for {type}");
                Assert.Contains($"does not fit {type}: {text}", refused.Message, StringComparison.Ordinal);
                Assert.Contains($"'{set.Name}'", refused.Message, StringComparison.Ordinal);
                Assert.Contains("user_id = 7", refused.Message, StringComparison.Ordinal);
                Assert.Contains("attribute = value_of", refused.Message, StringComparison.Ordinal);
                Assert.Equal(2, refused.Row);
                await Assert.ThrowsAsync<RowRefusedException>(() => TestTables.ReadAsync(scene.Store, Pivot.From(set, table)));
            }
        }
    }

    [Fact]
    public async Task F2_an_absent_event_and_a_written_NULL_stay_apart()
    {
        await using var scene = await OpenAsync(engine);
        var set = Events("readings").Feature<int>("a").Feature<string>("b");
        await scene.CreateAsync(set);
        var written = await EventsAsync(scene, (1, "a", "5"), (1, "b", null));
        var absent = await EventsAsync(scene, (2, "a", "5"));

        // Dense: a written NULL is a NULL, an absent event an error.
        Assert.Equal((1, 1), ((int)(await scene.Store.PublishEventsAsync(Pivot.From(set, written))).Appended, (await TestTables.ReadAsync(scene.Store, Latest.Of(set))).Count));
        var refused = await Assert.ThrowsAsync<RowRefusedException>(() => scene.Store.PublishEventsAsync(Pivot.From(set, absent)));
        Assert.Contains("user_id = 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("there is no event for b", refused.Message, StringComparison.Ordinal);

        // Sparse: an absent event is a NULL, a written NULL an error.
        Assert.Equal(1, (await scene.Store.PublishEventsAsync(Pivot.From(set, absent).Sparse())).Appended);
        refused = await Assert.ThrowsAsync<RowRefusedException>(() => scene.Store.PublishEventsAsync(Pivot.From(set, written).Sparse()));
        Assert.Contains("a written NULL", refused.Message, StringComparison.Ordinal);
        Assert.Contains("attribute = b", refused.Message, StringComparison.Ordinal);

        var events = await TestTables.ReadAsync(scene.Store, Eavt.Of(set));
        Assert.Equal(4, events.Count);
        Assert.Equal(2, events.Count(row => row["value"] is null));
        Assert.Equal(2, (await TestTables.ReadAsync(scene.Store, Eavt.Of(set).WithoutNulls())).Count);
    }

    [Fact]
    public async Task F2_unknown_attributes_and_contradictions_are_refused()
    {
        await using var scene = await OpenAsync(engine);
        var set = Events("readings").Feature<int>("a");
        await scene.CreateAsync(set);
        await RefusedAsync("no feature has the attribute's name; there are a (IgnoringOthers() leaves such events out)", "user_id = 2", (1, "a", "5"), (2, "A", "6"));
        await RefusedAsync("column 'attribute' is NULL", "user_id = 2", (1, "a", "5"), (2, null, "6"));
        await RefusedAsync("column 'user_id' is NULL", "user_id = NULL", (1, "a", "5"), (null, "a", "6"));
        await RefusedAsync("two events tell different values of one fact", "user_id = 2", (1, "a", "5"), (2, "a", "6"), (2, "a", "7"));
        await RefusedAsync("two events tell different values of one fact", "user_id = 2", (1, "a", "5"), (2, "a", "6"), (2, "a", null));

        // The same event twice is one; other attributes may be left out, whatever they hold.
        var table = await EventsAsync(scene, (1, "a", "5"), (1, "a", "5"), (3, "a", null), (3, "a", null), (1, "other", "x"), (9, "other", null));
        Assert.Equal((2, 0), ((int)(await scene.Store.PublishEventsAsync(Pivot.From(set, table).IgnoringOthers())).Appended, 0));

        async Task RefusedAsync(string problem, string key, params (long?, string?, string?)[] events)
        {
            var source = await EventsAsync(scene, events);
            var refused = await Assert.ThrowsAsync<RowRefusedException>(() => scene.Store.PublishEventsAsync(Pivot.From(set, source)));
            Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
            Assert.Contains(key, refused.Message, StringComparison.Ordinal);
            Assert.Empty(await TestTables.ReadAsync(scene.Store, Latest.Of(set)));
        }
    }

    [Fact]
    public async Task F2_a_column_the_events_lack_is_named_with_the_way_out_before_anything_is_staged()
    {
        await using var scene = await OpenAsync(engine);
        var set = Events("readings").Feature<int>("a");
        await scene.CreateAsync(set);
        var table = TableName.Of("bare");
        await TestTables.CreateAsync(scene.Database.Connection, engine.Dialect, table, [new("user_id", StoredType.Of(FeatureType.Int64)), new("sensor", StoredType.Of(FeatureType.String))]);
        foreach (var events in new[] { Pivot.From(set, table), Pivot.FromQuery(set, "SELECT user_id, sensor FROM bare") })
        {
            var refused = await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.PublishEventsAsync(events));
            Assert.Equal(4, refused.Problems.Count);
            Assert.All(refused.Problems, problem => Assert.Contains("of its events; it has user_id, sensor.", problem, StringComparison.Ordinal));
            foreach (var (column, way) in new[] { ("feature_timestamp", "Pivot.FromQuery"), ("created_timestamp", "WithoutCreatedTime()"), ("attribute", "Named(...)"), ("value", "Named(...)") })
            {
                Assert.Contains(refused.Problems, problem => problem.Contains($"'{column}'", StringComparison.Ordinal) && problem.Contains(way, StringComparison.Ordinal));
            }
        }

        var named = await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.PublishEventsAsync(Pivot.From(set, table).Named(new("sensor")).WithoutCreatedTime()));
        Assert.Equal(2, named.Problems.Count);
        Assert.Contains("'feature_timestamp'", named.Problems[0], StringComparison.Ordinal);
        Assert.Contains("'value'", named.Problems[1], StringComparison.Ordinal);
    }

    /// <summary>The whole way: events with and without a created time, to history and latest, to intervals, to a training set.</summary>
    [Fact]
    public async Task F2_events_become_history_latest_intervals_and_a_training_set()
    {
        await using var scene = await OpenAsync(engine);
        var set = Entity.Create("user").Key<long>("user_id").FeatureSet("readings").Feature<double>("heat").Feature<double>("light").Scd2("readings_scd2");
        await scene.CreateAsync(set);
        var columns = new List<TestColumn> { new("user_id", StoredType.Of(FeatureType.Int64)), new("feature_timestamp", StoredType.Instant), new("sensor", StoredType.Of(FeatureType.String)), new("reading", StoredType.Of(FeatureType.Float64)) };
        await TestTables.CreateAsync(scene.Database.Connection, engine.Dialect, "sensors", columns);
        var events = Pivot.From(set, "sensors").Named(new("sensor", "reading")).Values(FeatureType.Float64).WithoutCreatedTime();
        var reference = new ReferenceStore();
        for (var run = 0; run < 4; run++)
        {
            // Each run brings one later and one earlier row of either key, and everything before again.
            Row[] rows = [.. Enumerable.Range(1, 2).SelectMany(user => new[] { Wide(user, 10 * run, run), Wide(user, -10 * run, run) }).DistinctBy(row => (row["user_id"], row["feature_timestamp"]))];
            await TestTables.InsertAsync(scene.Database.Connection, engine.Dialect, "sensors", columns, rows.SelectMany(row => new[] { "heat", "light" }.Select(sensor =>
                Row.Of(("user_id", row["user_id"]), ("feature_timestamp", row["feature_timestamp"]), ("sensor", sensor), ("reading", row[sensor])))));
            var fresh = Pivot.FromQuery(set, $"SELECT * FROM sensors WHERE reading >= {run.ToString(CultureInfo.InvariantCulture)}00").Named(new("sensor", "reading")).Values(FeatureType.Float64).WithoutCreatedTime();
            var result = await scene.Store.PublishEventsAsync(fresh, new() { CreatedAt = At(1000 + run) });
            var counts = reference.Publish(set, rows, At(1000 + run));
            Assert.Equal((counts.Appended, counts.Late), ((int)result.Appended, (int)result.Late));
            Assert.Equal(2, (await scene.Store.RefreshScd2Async(set)).Keys);
            RowMultiset.AssertEqual(ReferenceIntervals.Of(set, reference.History(set)), await scene.IntervalsAsync(set), $"{engine}, run {run}");
        }

        RowMultiset.AssertEqual([.. reference.History(set).Select(row => row.Without("created_timestamp"))], await TestTables.ReadAsync(scene.Store, events), $"{engine}: all events pivoted", inOrder: false);
        RowMultiset.AssertEqual(reference.Latest(set), await TestTables.ReadAsync(scene.Store, Latest.Of(set)), $"{engine}: latest", inOrder: false);

        static Row Wide(int user, double at, int run) => Row.Of(("user_id", (long)user), ("feature_timestamp", At(at)), ("heat", (run * 100d) + user), ("light", (run * 100d) + (user * 2) + (at / 1000) + 1));
    }

    private static FeatureSet Events(string name) => Entity.Create("user").Key<long>("user_id").FeatureSet(name);

    private static Row EventRow(long user) => Row.Of(("user_id", user), ("feature_timestamp", At(0)), ("created_timestamp", At(1)));

    private async Task<TableName> EventsAsync(Scene scene, params (long? User, string? Attribute, string? Value)[] events)
    {
        var table = TableName.Of($"events_{Guid.NewGuid():N}"[..20]);
        var columns = new List<TestColumn>
        {
            new("user_id", StoredType.Of(FeatureType.Int64)), new("attribute", StoredType.Of(FeatureType.String)), new("value", StoredType.Of(FeatureType.String)), new("feature_timestamp", StoredType.Instant), new("created_timestamp", StoredType.Instant),
        };
        await TestTables.CreateAsync(scene.Database.Connection, engine.Dialect, table, columns);
        await TestTables.InsertAsync(scene.Database.Connection, engine.Dialect, table, columns, events.Select(one =>
            Row.Of(("user_id", one.User), ("attribute", one.Attribute), ("value", one.Value), ("feature_timestamp", At(0)), ("created_timestamp", At(1)))));
        return table;
    }
}
