using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Cases that real feature stores got wrong.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task P1_two_spine_rows_of_one_key_and_instant_both_come_out()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(2, 0, 0, 6)]);
        Row[] spine = [Ask(1, 10, "a"), Ask(1, 10, "b"), Ask(1, 10, "b"), Ask(2, 10, "a")];
        await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(set), spine);
    }

    [Fact]
    public async Task W1_the_instant_itself_is_taken_and_strictly_it_is_not()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(1, 10, 10, 6), Click(1, 10.000001, 11, 7)]);
        Row[] spine = [Ask(1, 10), Ask(1, 9.999999), Ask(1, 10.000001), Ask(1, 0), Ask(1, -0.000001)];
        var at = await scene.SpineAsync(spine);
        var inclusive = await scene.AgreesAsync(at.Join(set), spine);
        var strict = await scene.AgreesAsync(at.Join(set).Strictly(), spine);
        Assert.Equal(6, inclusive[0]["clicks__clicks"]);
        Assert.Equal(5, strict[0]["clicks__clicks"]);
        Assert.Null(strict[3]["clicks__clicks"]);
    }

    [Fact]
    public async Task W2_of_equal_event_times_the_later_created_wins_whole()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 2, null, "late"), Click(1, 0, 1, 9, null), Click(1, -5, 3, 1, "old")]);
        Row[] spine = [Ask(1, 10), Ask(1, 0)];
        var rows = await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(set), spine);
        Assert.Null(rows[0]["clicks__clicks"]);
        Assert.Equal("late", rows[0]["clicks__page"]);
    }

    [Fact]
    public async Task W2_full_ties_on_a_drop_in_table_give_one_row()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Existing("tied");
        await scene.DropInAsync(set, Click(1, 0, 0, 5), Click(1, 0, 0, 5), Click(1, 0, 0, 5), Click(2, 0, null, 6), Click(2, 0, null, 6));
        Row[] spine = [Ask(1, 10), Ask(2, 10)];
        await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(set), spine);
        Assert.Equal(2, (await TestTables.ReadAsync(scene.Store, Latest.Of(set))).Count);
    }

    [Fact]
    public async Task P3_before_any_history_the_row_stays_with_nulls()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 100, 100, 5)]);
        Row[] spine = [Ask(1, 10), Ask(3, 10)];
        var rows = await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(set), spine);
        Assert.All(rows, row => Assert.Null(row["clicks__clicks"]));
    }

    [Fact]
    public async Task W3_a_null_in_the_winner_is_null()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5, "old"), Click(1, 1, 1, null, null)]);
        Row[] spine = [Ask(1, 10)];
        var rows = await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(set), spine);
        Assert.Null(rows[0]["clicks__page"]);
    }

    [Fact]
    public async Task W4_max_age_is_inclusive_to_the_microsecond_and_an_expired_winner_is_not_replaced()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().MaxAge(TimeSpan.FromMilliseconds(500.001));
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(1, 10, 10, 6)]);
        Row[] spine = [Ask(1, 10.500001), Ask(1, 10.500002), Ask(1, 0.500001), Ask(1, 0.500002), Ask(1, 10)];
        var at = await scene.SpineAsync(spine);
        var rows = await scene.AgreesAsync(at.Join(set), spine);
        Assert.Equal(6, rows[0]["clicks__clicks"]);
        Assert.Null(rows[1]["clicks__clicks"]);
        await scene.AgreesAsync(at.Join(set, maxAge: TimeSpan.Zero), spine);
        await scene.AgreesAsync(at.Join(set, maxAge: TimeSpan.MaxValue), spine);
    }

    [Fact]
    public async Task B2_a_late_row_is_used_by_event_time_not_by_knowledge_and_leaves_latest_alone()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 1, 5), Click(1, 20, 21, 7)]);
        var result = await scene.PublishAsync(set, [Click(1, 10, 1000, 6)]);
        Assert.Equal((1, 0), (result.Late, result.LatestUpdated));
        Row[] spine = [Ask(1, 15), Ask(1, 2000)];
        var at = await scene.SpineAsync(spine);
        Assert.Equal(6, (await scene.AgreesAsync(at.Join(set), spine))[0]["clicks__clicks"]);
        Assert.Equal(5, (await scene.AgreesAsync(at.Join(set).KnownAt(At(500)), spine))[0]["clicks__clicks"]);
        Assert.Equal(5, (await scene.AgreesAsync(at.Join(set).KnownAtEvent(), spine))[0]["clicks__clicks"]);
    }

    [Fact]
    public async Task P5_a_correction_counts_from_when_it_was_known_and_moves_latest()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 1, 5)]);
        Assert.Equal(1, (await scene.PublishAsync(set, [Click(1, 0, 100, 6)])).LatestUpdated);
        Row[] spine = [Ask(1, 50), Ask(1, 150)];
        var at = await scene.SpineAsync(spine);
        Assert.Equal(6, (await scene.AgreesAsync(at.Join(set), spine))[0]["clicks__clicks"]);
        Assert.Equal(5, (await scene.AgreesAsync(at.Join(set).KnownAt(At(99.999999)), spine))[0]["clicks__clicks"]);
        Assert.Equal(6, (await scene.AgreesAsync(at.Join(set).KnownAt(At(100)), spine))[0]["clicks__clicks"]);
        var perRow = await scene.AgreesAsync(at.Join(set).KnownAtEvent(), spine);
        Assert.Equal([5, 6], perRow.Select(row => row["clicks__clicks"]));
    }

    [Fact]
    public async Task W5_one_late_arriving_older_row_does_not_blank_the_newest()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 10, 11, 7), Click(1, 0, 500, 5)]);
        Row[] spine = [Ask(1, 600)];
        Assert.Equal(7, (await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(set), spine))[0]["clicks__clicks"]);
    }

    [Fact]
    public async Task W2_a_null_created_time_is_the_oldest_knowledge_everywhere()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Existing("loose").Latest("loose_latest");
        await scene.DropInAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 5, 6), Click(1, 0, null, 5), Click(2, 0, null, 8)]);
        await scene.PublishAsync(set, [Click(2, 0, 1, 9), Click(1, 0, null, 5)]);
        Row[] spine = [Ask(1, 10), Ask(2, 10)];
        var at = await scene.SpineAsync(spine);
        Assert.Equal([6, 9], (await scene.AgreesAsync(at.Join(set), spine)).Select(row => row["clicks__clicks"]));
        Assert.Equal([5, 8], (await scene.AgreesAsync(at.Join(set).KnownAt(At(0)), spine)).Select(row => row["clicks__clicks"]));
        var unloaded = new List<LatestRow>();
        await foreach (var row in scene.Store.UnloadAsync(set))
        {
            unloaded.Add(row);
        }

        Assert.Equal([6, 9], unloaded.OrderBy(row => (long)row.Key[0]).Select(row => row.Values[0]));
    }

    [Fact]
    public async Task P3_keys_never_meet_unless_every_part_is_equal()
    {
        await using var scene = await OpenAsync(engine);
        var numbers = Entity.Create("pair").Key<int>("a").Key<int>("b").FeatureSet("pairs").Feature<string>("v");
        var words = Entity.Create("words").Key<string>("c").Key<string>("d").FeatureSet("texts").Feature<string>("v");
        await scene.CreateAsync(numbers, words);
        (int A, int B)[] pairs = [(1, 11), (11, 1), (111, 1), (1, 111)];
        (string C, string D)[] texts = [("a:b", "c"), ("a", "b:c"), ("", ""), ("|", ""), ("", "|"), ("a", ""), ("A", ""), ("a ", ""), (" a", ""), ("é", ""), ("e\u0301", ""), ("'", "\"")];
        await scene.PublishAsync(numbers, [.. pairs.Select(pair => Row.Of(("a", pair.A), ("b", pair.B), ("feature_timestamp", At(0)), ("v", $"{pair.A},{pair.B}")))]);
        await scene.PublishAsync(words, [.. texts.Select(text => Row.Of(("c", text.C), ("d", text.D), ("feature_timestamp", At(0)), ("v", $"{text.C},{text.D}")))]);
        TestColumn[] columns = [new("a", StoredType.Of(FeatureType.Int32)), new("b", StoredType.Of(FeatureType.Int32)), new("c", StoredType.Of(FeatureType.String)), new("d", StoredType.Of(FeatureType.String)), new("event_timestamp", StoredType.Instant)];
        Row[] spine =
        [
            .. pairs.Select(pair => Row.Of(("a", pair.A), ("b", pair.B), ("c", null), ("d", ""), ("event_timestamp", At(10)))),
            .. texts.Select(text => Row.Of(("a", 1), ("b", null), ("c", text.C), ("d", text.D), ("event_timestamp", At(10)))),
        ];
        var types = columns.ToDictionary(column => column.Name, column => column.Type);
        await scene.AgreesAsync((await scene.SpineAsync(columns, spine)).Join(numbers).Join(words), spine, types);
    }

    [Fact]
    public async Task P4_one_set_joined_for_two_roles_gives_each_its_own_values()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(2, 0, 0, 6)]);
        TestColumn[] columns = [new("sender", StoredType.Of(FeatureType.Int64)), new("recipient", StoredType.Of(FeatureType.Int64)), new("event_timestamp", StoredType.Instant)];
        Row[] spine = [Row.Of(("sender", 1L), ("recipient", 2L), ("event_timestamp", At(1))), Row.Of(("sender", 2L), ("recipient", 1L), ("event_timestamp", At(1))), Row.Of(("sender", 1L), ("recipient", 1L), ("event_timestamp", At(1)))];
        var training = (await scene.SpineAsync(columns, spine))
            .Join(set, prefix: "sender", keys: new Dictionary<string, string> { ["user_id"] = "sender" })
            .Join(set, prefix: "recipient", keys: new Dictionary<string, string> { ["user_id"] = "recipient" }, features: ["page", "clicks"]);
        var rows = await scene.AgreesAsync(training, spine, columns.ToDictionary(column => column.Name, column => column.Type));
        Assert.Equal((5, 6), ((int)rows[0]["sender__clicks"]!, (int)rows[0]["recipient__clicks"]!));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(200)]
    public async Task P3_a_null_instant_takes_nothing_however_many_rows_there_are(int rows)
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        var plain = Entity.Create("user").Key<long>("user_id").FeatureSet("plain").Feature<int>("clicks").Existing("plain").EventTime("at", TimeKind.Timestamp).WithoutCreatedTime();
        await scene.CreateAsync(set);
        await scene.DropInAsync(plain, Row.Of(("user_id", 1L), ("at", At(0)), ("clicks", 1)), Row.Of(("user_id", 1L), ("at", At(1e6)), ("clicks", 2)));
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(1, 1e6, 1e6, 999)]);
        Row[] spine = [.. Enumerable.Range(0, rows).Select(i => Ask(i % 7 == 0 ? null : 1, i % 3 == 0 ? null : i))];
        var at = await scene.SpineAsync(spine);
        foreach (var training in new[] { at.Join(set), at.Join(set).KnownAtEvent(), at.Join(set).Strictly(), at.Join(plain), at.Join(plain, maxAge: TimeSpan.FromDays(1)) })
        {
            await scene.AgreesAsync(training, spine);
        }
    }

    [Fact]
    public async Task B3_several_versions_in_one_batch_in_any_order_and_the_batch_again()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        Row[] batch = [Click(1, 5, 5, 3), Click(1, 9, 9, 5), Click(1, 7, 30, 4), Click(2, 1, 1, 1), Click(1, 9, 8, 6), Click(1, 5, 5, 3), Click(2, 0, 50, 0)];
        await scene.PublishAsync(set, batch);
        var again = await scene.PublishAsync(set, [.. batch.Reverse()]);
        Assert.Equal((0, 7), (again.Appended, again.AlreadyPresent));
    }

    [Fact]
    public async Task B5_two_different_rows_for_one_fact_are_refused_in_the_batch_and_against_history()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        var within = await scene.RefusedAsync(set, Click(1, 0, 0, 5), Click(2, 0, 0, 5), Click(1, 0, 0, 6));
        Assert.Contains("clicks", within.Message, StringComparison.Ordinal);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        var against = await scene.RefusedAsync(set, Click(7, 0, 0, 5), Click(1, 0, 0, 5, "another"));
        Assert.Contains("page", against.Message, StringComparison.Ordinal);
        Assert.Contains("user_id = 1", against.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T2_instants_are_floored_and_the_first_and_last_days_work()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        DateTime[] instants =
        [
            new DateTime(2024, 3, 9, 23, 59, 59, DateTimeKind.Utc).AddTicks(9_999_996), new DateTime(1969, 12, 31, 23, 59, 59, DateTimeKind.Utc).AddTicks(9_999_999),
            new(1, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc).AddTicks(9_999_999), new(2024, 3, 10, 2, 30, 0, DateTimeKind.Utc), new(2024, 3, 31, 2, 30, 0, DateTimeKind.Unspecified),
        ];
        await scene.PublishAsync(set, [.. instants.Select((instant, i) => Row.Of(("user_id", (long)i), ("feature_timestamp", instant), ("clicks", i), ("page", "p")))]);
        Row[] spine = [.. instants.SelectMany((instant, i) => new[] { Reference.Values.Floor(instant), instant.Year > 1 ? Reference.Values.Floor(instant).AddTicks(-10) : instant }.Select(at => Row.Of(("user_id", (long)i), ("event_timestamp", at), ("label", "x"))))];
        var at = await scene.SpineAsync(spine);
        await scene.AgreesAsync(at.Join(set), spine);
        await scene.AgreesAsync(at.Join(set, maxAge: TimeSpan.FromTicks(10)), spine);
        await scene.AgreesAsync(at.Join(set, maxAge: TimeSpan.FromDays(9000 * 366.0)), spine);
    }

    [Fact]
    public async Task W1_strictly_before_the_last_microsecond_of_all_its_date_still_counts()
    {
        await using var scene = await OpenAsync(engine);
        foreach (var kind in new[] { TimeKind.Date, TimeKind.EpochSeconds, TimeKind.EpochMilliseconds })
        {
            var set = Entity.Create("user").Key<long>("user_id").FeatureSet($"coarse_{kind}").Feature<int>("clicks").Existing($"coarse_{kind}").EventTime("day", kind).WithoutCreatedTime();
            DateTime[] days = [new(1, 1, 1, 0, 0, 0, DateTimeKind.Utc), new(9999, 12, 31, 0, 0, 0, DateTimeKind.Utc)];
            await scene.DropInAsync(set, [.. days.Select((day, i) => Row.Of(("user_id", 1L), ("day", day), ("clicks", i)))]);
            await scene.Database.ExecuteAsync($"CREATE INDEX \"coarse_{kind}_as_of\" ON \"coarse_{kind}\" (\"user_id\", \"day\")");
            DateTime[] instants = [days[0], days[0].AddTicks(10), days[1], days[1].AddTicks(10), days[1].AddTicks(TimeSpan.TicksPerDay - 10)];
            Row[] spine = [.. instants.Select(instant => Row.Of(("user_id", 1L), ("event_timestamp", instant), ("label", "x")))];
            var rows = await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(set, prefix: "c").Strictly(), spine);
            Assert.Equal([null, 0, 0, 1, 1], rows.Select(row => (int?)row["c__clicks"]));
        }
    }

    [Fact]
    public async Task Empty_spine_history_and_publish_are_legal()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, []);
        Row[] spine = [Ask(1, 0)];
        await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(set), spine);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        await scene.AgreesAsync((await scene.SpineAsync()).Join(set), [], allowEmpty: true);
        await scene.PublishAsync(set, []);
    }

    [Fact]
    public async Task Wide_sets_and_many_sets_work()
    {
        await using var scene = await OpenAsync(engine);
        var wide = Enumerable.Range(0, 500).Aggregate(Entity.Create("user").Key<long>("user_id").FeatureSet("wide"), (set, i) => set.Feature<double>($"f{i}"));
        var many = Enumerable.Range(0, 30).Select(i => Clicks($"set{i}")).ToList();
        await scene.CreateAsync([wide, .. many]);
        await scene.PublishAsync(wide, [new([.. new[] { KeyValuePair.Create("user_id", (object?)1L), KeyValuePair.Create("feature_timestamp", (object?)At(0)) }, .. Enumerable.Range(0, 500).Select(i => KeyValuePair.Create($"f{i}", (object?)(double)i))])]);
        foreach (var (set, i) in many.Select((set, i) => (set, i)))
        {
            await scene.PublishAsync(set, [Click(1, i, 0, i), Click(1, -1, 0, -1)]);
        }

        Row[] spine = [Ask(1, 15), Ask(2, 15)];
        var at = await scene.SpineAsync(spine);
        await scene.AgreesAsync(at.Join(wide), spine);
        await scene.AgreesAsync(many.Aggregate(TrainingSet.Of(at), (training, set) => training.Join(set)), spine);
    }

    [Fact]
    public async Task A_column_added_later_is_null_in_older_rows()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.Store.PublishAsync(set, new[] { Click(1, 0, 0, 5) });
        foreach (var table in new[] { set.HistoryTable, set.LatestTable! })
        {
            await scene.Database.ExecuteAsync($"ALTER TABLE \"{table.Name}\" ADD COLUMN \"added\" {engine.Dialect.TypeName(StoredType.Of(FeatureType.Int32))}");
        }

        var grown = set.Feature<int>("added");
        await scene.Store.PublishAsync(grown, new[] { Click(1, 10, 10, 6).With("added", 1) });
        var at = await scene.SpineAsync(Ask(1, 5), Ask(1, 15));
        var rows = await TestTables.ReadAsync(scene.Store, at.Join(grown).OrderBy("event_timestamp"));
        Assert.Equal([(5, null), (6, 1)], rows.Select(row => ((int)row["clicks__clicks"]!, (int?)row["clicks__added"])));
    }

    [Fact]
    public async Task B11_a_nightly_snapshot_grows_history_by_its_changes_only()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        for (var night = 0; night < 10; night++)
        {
            var result = await scene.PublishAsync(set, [.. Enumerable.Range(0, 20).Select(user => Click(user, night * 86400, night * 86400, user == 3 ? night : user, night > 5 && user == 7 ? null : "p"))], onlyChanged: true);
            Assert.Equal(night == 0 ? 20 : night == 6 ? 2 : 1, result.Appended);
        }
    }

    [Fact]
    public async Task P5_known_at_event_strictly_and_null_created_together()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Existing("loose");
        var undated = Entity.Create("user").Key<long>("user_id").FeatureSet("undated").Feature<int>("clicks").Existing("undated").WithoutCreatedTime();
        await scene.DropInAsync(set, Click(1, 0, null, 1), Click(1, 5, 5, 2), Click(1, 5, null, 3), Click(1, 10, 20, 4), Click(1, 20, 19, 5));
        await scene.DropInAsync(undated, Row.Of(("user_id", 1L), ("feature_timestamp", At(0)), ("clicks", 1)));
        Row[] spine = [Ask(1, 0), Ask(1, 0.000001), Ask(1, 5), Ask(1, 5.000001), Ask(1, 10), Ask(1, 19), Ask(1, 20), Ask(1, 20.000001), Ask(null, 5), Ask(1, null)];
        var at = await scene.SpineAsync(spine);
        await scene.AgreesAsync(at.Join(set).KnownAtEvent().Strictly(), spine);
        await scene.AgreesAsync(at.Join(set).KnownAtEvent(), spine);
        var cut = at.Join(set).Join(undated).KnownAt(At(19));
        await scene.AgreesAsync(cut, spine);
        Assert.Contains(cut.Compile(engine.Dialect).Notes, note => note.Contains("'undated'", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => at.Join(undated).KnownAt(At(19), strict: true));
    }
}
