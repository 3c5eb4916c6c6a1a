using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Sentences of SEMANTICS.md that need a test of their own: times, output columns, created times.</summary>
public abstract partial class DatabaseContract
{
    private static readonly TimeKind[] CountedKinds = [TimeKind.EpochSeconds, TimeKind.EpochMilliseconds, TimeKind.EpochMicroseconds];

    private IEnumerable<TimeKind> Kinds =>
        [TimeKind.Instant, TimeKind.Timestamp, TimeKind.Date, .. CountedKinds, .. engine.KeepsTimesAsText ? [TimeKind.Text] : Array.Empty<TimeKind>()];

    [Fact]
    public async Task T1_every_dotnet_form_of_an_instant_is_one_instant_and_utc_comes_back()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        var utc = At(0);
        object[] forms = [utc, DateTime.SpecifyKind(utc, DateTimeKind.Unspecified), utc.ToLocalTime(), new DateTimeOffset(utc).ToOffset(new(5, 45, 0)), new DateTimeOffset(utc).ToOffset(new(-3, -30, 0))];
        await scene.Store.PublishAsync(set, forms.Select((form, i) => Row.Of(("user_id", (long)i), ("feature_timestamp", form), ("created_timestamp", form), ("clicks", i), ("page", "p"))));
        var rows = await TestTables.ReadAsync(scene.Store, Latest.Of(set));
        Assert.Equal(forms.Length, rows.Count);
        foreach (var instant in rows.SelectMany(row => new[] { row["feature_timestamp"], row["created_timestamp"] }))
        {
            Assert.Equal((utc, DateTimeKind.Utc), ((DateTime)instant!, ((DateTime)instant).Kind));
        }

        var spine = Spine.Rows(forms.Select((form, i) => new { user_id = (long)i, event_timestamp = form is DateTimeOffset offset ? offset : new DateTimeOffset(Reference.Values.Floor(utc)) }));
        Assert.All(await TestTables.ReadAsync(scene.Store, spine.Join(set)), row => Assert.Equal((int)(long)row["user_id"]!, row["clicks__clicks"]));
        Assert.All(await TestTables.ReadAsync(scene.Store, spine.Join(set).Strictly()), row => Assert.Null(row["clicks__clicks"]));
    }

    [Fact]
    public async Task T3_another_session_time_zone_changes_no_result()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().MaxAge(TimeSpan.FromDays(1));
        var daily = Entity.Create("user").Key<long>("user_id").FeatureSet("daily").Feature<int>("clicks").Existing("daily").EventTime("day", TimeKind.Date).WithoutCreatedTime();
        await scene.CreateAsync(set);
        await MoveAsync("Pacific/Kiritimati");
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(1, 43_199, 43_199, 6)]);
        await scene.DropInAsync(daily, Row.Of(("user_id", 1L), ("day", Noon.Date), ("clicks", 1)), Row.Of(("user_id", 1L), ("day", Noon.Date.AddDays(1)), ("clicks", 2)));
        await MoveAsync("America/St_Johns");
        await scene.PublishAsync(set, [Click(1, 43_200, 43_200, 7), Click(1, 20, 50_000, 8)]);
        Row[] spine = [Ask(1, 0), Ask(1, 43_199.999999), Ask(1, 43_200), Ask(1, 129_600), Ask(1, 129_600.000001)];
        var at = await scene.SpineAsync(spine);
        await MoveAsync("Asia/Kathmandu");
        foreach (var training in new[] { at.Join(set).Join(daily), at.Join(set).Join(daily).Strictly(), at.Join(set).Join(daily, maxAge: TimeSpan.FromHours(12)).KnownAtEvent(), at.Join(set).KnownAt(At(43_199)) })
        {
            await scene.AgreesAsync(training, spine);
        }

        // SQLite's sessions have no zone.
        Task MoveAsync(string zone) => engine.Dialect == SqlDialect.Sqlite ? Task.CompletedTask : scene.Database.ExecuteAsync($"SET TimeZone = '{zone}'");
    }

    [Fact]
    public async Task T4_existing_tables_keep_their_times_in_every_kind()
    {
        await using var scene = await OpenAsync(engine);
        Row[] spine = [Ask(1, 0), Ask(1, 43_200), Ask(1, 129_599.999999), Ask(1, 129_600), Ask(1, -43_200), Ask(1, -43_200.000001), Ask(1, null)];
        var at = await scene.SpineAsync(spine);
        foreach (var kind in Kinds)
        {
            var set = Entity.Create("user").Key<long>("user_id").FeatureSet($"kept_as_{kind}").Feature<int>("clicks").Existing($"kept_as_{kind}").EventTime("happened", kind).CreatedTime("known", kind);
            await scene.DropInAsync(set, [.. new[] { -1, 0, 1, 2 }.Select(day => Row.Of(("user_id", 1L), ("happened", Noon.Date.AddDays(day)), ("known", Noon.Date.AddDays(day + 1)), ("clicks", day)))]);
            await scene.Store.CheckAsync([set]);
            foreach (var training in new[] { at.Join(set), at.Join(set).Strictly(), at.Join(set, maxAge: TimeSpan.FromHours(12)), at.Join(set).KnownAtEvent(), at.Join(set).KnownAt(At(43_199)) })
            {
                await scene.AgreesAsync(training, spine);
            }
        }
    }

    [Fact]
    public async Task T4_check_tells_how_a_time_column_should_have_been_declared()
    {
        await using var scene = await OpenAsync(engine);
        var kept = Entity.Create("user").Key<long>("user_id").FeatureSet("kept").Feature<int>("clicks").Existing("kept").EventTime("happened", TimeKind.Timestamp).WithoutCreatedTime();
        await scene.DropInAsync(kept, Row.Of(("user_id", 1L), ("happened", At(0)), ("clicks", 1)));
        var wrong = kept.EventTime("happened", TimeKind.EpochSeconds);
        var problem = Assert.Single((await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.CheckAsync([wrong]))).Problems);

        // Where columns hold anything, the first value in another form is shown; elsewhere the declaration to use.
        Assert.Contains(engine.Dialect == SqlDialect.Sqlite ? "2024-03-10 12:00:00.000000" : "EventTime(\"happened\", TimeKind.Timestamp)", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T5_a_spine_of_every_kind_meets_a_column_of_every_kind()
    {
        await using var scene = await OpenAsync(engine);
        var sets = new List<FeatureSet>();
        foreach (var kind in Kinds)
        {
            var set = Entity.Create("user").Key<long>("user_id").FeatureSet($"kept_as_{kind}").Feature<int>("clicks").Existing($"kept_as_{kind}").EventTime("happened", kind).WithoutCreatedTime();
            await scene.DropInAsync(set, [.. new[] { -1, 0, 1 }.Select(day => Row.Of(("user_id", 1L), ("happened", Noon.Date.AddDays(day)), ("clicks", day)))]);
            sets.Add(set);
        }

        foreach (var kind in Kinds.Where(kind => kind != TimeKind.Text))
        {
            TestColumn[] columns = [new("user_id", StoredType.Of(FeatureType.Int64)), new("asked", StoredType.Of(kind))];
            Row[] spine = [.. new DateTime?[] { Noon.Date, Noon.Date.AddDays(1), Noon.Date.AddDays(-2), null }.Select(day => Row.Of(("user_id", 1L), ("asked", day)))];
            var at = (await scene.SpineAsync(columns, spine)).At("asked", kind);
            var training = sets.Aggregate(TrainingSet.Of(at), (joined, set) => joined.Join(set));
            var types = columns.ToDictionary(column => column.Name, column => column.Type);
            await scene.AgreesAsync(training, spine, types);
            await scene.AgreesAsync(training.Strictly(), spine, types);
        }
    }

    [Fact]
    public async Task T5_a_spine_declared_as_another_kind_is_refused_with_the_declaration_to_use()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        TestColumn[] columns = [new("user_id", StoredType.Of(FeatureType.Int64)), new("asked", StoredType.Of(TimeKind.Date))];
        var at = (await scene.SpineAsync(columns, [Row.Of(("user_id", 1L), ("asked", Noon.Date))])).At("asked");
        var refused = await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.QueryAsync<ClickRow>(at.Join(set)));
        Assert.Contains("At(\"asked\", TimeKind.", refused.Message, StringComparison.Ordinal);
        await scene.AgreesAsync(at.At("asked", TimeKind.Date).Join(set), [Row.Of(("user_id", 1L), ("asked", Noon.Date))], columns.ToDictionary(column => column.Name, column => column.Type));
    }

    [Fact]
    public async Task P2_the_spine_comes_first_then_the_joins_and_nothing_else()
    {
        await using var scene = await OpenAsync(engine);
        var (clicks, other) = (Clicks(), Clicks("other"));
        var labelled = clicks.Entity.FeatureSet("labelled").Feature<string>("LABEL");
        await scene.CreateAsync(clicks, other, labelled);
        Row[] spine = [Ask(1, 0)];
        var at = await scene.SpineAsync(spine);
        foreach (var strategy in engine.Strategies)
        {
            var row = Assert.Single(await TestTables.ReadAsync(scene.Store, at.Join(other, features: ["page", "clicks"]).Join(clicks, prefix: "mine").Using(strategy)));
            Assert.Equal(["user_id", "event_timestamp", "label", "other__page", "other__clicks", "mine__clicks", "mine__page"], row.Keys);
        }

        // Undeclared, the spine's columns are asked of the database.
        var described = Assert.Single(await TestTables.ReadAsync(scene.Store, Spine.From(at.Table!).Join(clicks, features: ["page"]).ShortNames()));
        Assert.Equal(["user_id", "event_timestamp", "label", "page"], described.Keys);

        // Two of one name, compared without case: refused where both are known, before anything runs.
        Assert.Throws<ArgumentException>(() => at.Join(clicks).Join(clicks));
        Assert.Throws<ArgumentException>(() => at.Join(labelled).ShortNames());
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => TestTables.ReadAsync(scene.Store, Spine.From(at.Table!).Join(labelled).ShortNames()));
        Assert.Contains("the spine's column 'label' and to feature 'LABEL' of the join 'labelled'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task P7_a_max_age_of_the_join_replaces_the_sets_own_either_way()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().MaxAge(TimeSpan.FromSeconds(10));
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        Row[] spine = [Ask(1, 10), Ask(1, 10.000001), Ask(1, 5), Ask(1, 5.000001), Ask(1, 20), Ask(1, 20.000001)];
        var training = (await scene.SpineAsync(spine))
            .Join(set)
            .Join(set, prefix: "shorter", maxAge: TimeSpan.FromSeconds(5))
            .Join(set, prefix: "longer", maxAge: TimeSpan.FromSeconds(20));
        var rows = await scene.AgreesAsync(training, spine);
        Assert.Equal([1, 0, 1, 1, 0, 0], rows.Select(row => row["clicks__clicks"] is null ? 0 : 1));
        Assert.Equal([1, 1, 1, 1, 1, 0], rows.Select(row => row["longer__clicks"] is null ? 0 : 1));
    }

    [Fact]
    public async Task P8_rows_are_ordered_when_asked_for_null_last()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(2, 0, 0, 3), Click(3, 0, 0, null)]);
        Row[] spine = [Ask(3, 1, "a"), Ask(1, 1, "b"), Ask(2, 1, "c"), Ask(null, 1, "d"), Ask(2, 1, "a")];
        var at = await scene.SpineAsync(spine);
        foreach (var strategy in engine.Strategies)
        {
            var rows = await TestTables.ReadAsync(scene.Store, at.Join(set).OrderBy("clicks__clicks", "label").Using(strategy));
            Assert.Equal(["a", "c", "b", "a", "d"], rows.Select(row => row["label"]));
        }
    }

    [Fact]
    public async Task B4_created_time_comes_from_the_row_or_the_call_or_the_clock()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        var clock = new FixedClock(new(2024, 6, 1, 0, 0, 0, TimeSpan.Zero));
        var store = scene.Database.Store(new() { TimeProvider = clock });
        await store.PublishAsync(set, new[] { Click(1, 0, 7, 5), Click(2, 0, null, 5) }, new() { CreatedAt = At(9) });
        await store.PublishAsync(set, new[] { Click(3, 0, null, 5), Click(4, 0, null, 5) });
        Assert.Equal([At(7), At(9), clock.GetUtcNow().UtcDateTime, clock.GetUtcNow().UtcDateTime], await CreatedAsync());

        // Repeated with the same created time nothing changes; by a later clock it is a newer statement of the same fact.
        Assert.Equal(1, (await store.PublishAsync(set, new[] { Click(2, 0, null, 5) }, new() { CreatedAt = At(9) })).AlreadyPresent);
        clock.Now += TimeSpan.FromHours(1);
        Assert.Equal(1, (await store.PublishAsync(set, new[] { Click(3, 0, null, 5) })).LatestUpdated);
        Assert.Equal(clock.GetUtcNow().UtcDateTime, (await CreatedAsync())[2]);

        async Task<List<object?>> CreatedAsync() => [.. (await TestTables.ReadAsync(store, Latest.Of(set))).OrderBy(row => (long)row["user_id"]!).Select(row => row["created_timestamp"])];
    }

    [Fact]
    public async Task B9_the_counts_add_up()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(2, 10, 10, 5)]);
        var result = await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(1, 5, 5, 6), Click(1, 5, 5, 6), Click(2, 5, 20, 4), Click(3, 0, 0, 1), Click(3, 1, 1, 1)], onlyChanged: true);
        Assert.Equal((6, 2, 1), (result.Offered, result.AlreadyPresent, result.Unchanged));
        Assert.Equal(result.Offered, result.Appended + result.AlreadyPresent + result.Unchanged);
        Assert.Equal((1, 1, 1), (result.Late, result.LatestInserted, result.LatestUpdated));
    }

    [Fact]
    public async Task B11_a_late_row_can_make_a_row_left_out_before_a_change()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        Row[] snapshot = [Click(1, 20, 20, 5)];
        Assert.Equal(1, (await scene.PublishAsync(set, snapshot, onlyChanged: true)).Unchanged);
        Assert.Equal(1, (await scene.PublishAsync(set, snapshot, onlyChanged: true)).Unchanged);
        await scene.PublishAsync(set, [Click(1, 10, 30, 9)]);
        Assert.Equal(1, (await scene.PublishAsync(set, snapshot, onlyChanged: true)).Appended);
    }

    [Fact]
    public async Task B12_a_drop_in_with_tie_breakers_is_published_to()
    {
        await using var scene = await OpenAsync(engine);
        var set = Entity.Create("user").Key<long>("user_id").FeatureSet("ranked").Feature<int>("clicks").Existing("ranked").Latest("ranked_latest").WithoutCreatedTime().TieBreaker<long>("revision");
        await scene.DropInAsync(set);
        await scene.PublishAsync(set, [Ranked(0, null, 1), Ranked(0, 2, 2), Ranked(0, 1, 3)]);
        Assert.Equal(1, (await scene.PublishAsync(set, [Ranked(0, null, 1), Ranked(-5, 9, 4)])).Late);
        await scene.RefusedAsync(set, Ranked(0, null, 7));
        Row[] spine = [Ask(1, 0), Ask(1, -1)];
        Assert.Equal([2, 4], (await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(set), spine)).Select(row => row["ranked__clicks"]));
        await scene.Store.CreateTablesAsync([set]);
        await scene.Store.DropTablesAsync([set]);
        await scene.TablesAgreeAsync(set);

        static Row Ranked(double at, long? revision, int clicks) => Row.Of(("user_id", 1L), ("feature_timestamp", At(at)), ("clicks", clicks), ("revision", revision));
    }
}
