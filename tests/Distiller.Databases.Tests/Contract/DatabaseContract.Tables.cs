using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Feature sets and training sets made of tables that are there, without a declaration.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task P10_B12_static_tables_and_tables_that_are_found_in_random_worlds_equal_the_reference_model()
    {
        var worlds = Math.Max(Setting("DISTILLER_WORLDS", 100) / 10, 4);
        var seed = Setting("DISTILLER_SEED", 1);
        var last = seed + worlds;
        var (still, found) = (0, 0);
        while (seed < last)
        {
            await using var database = await engine.CreateAsync();
            for (var end = Math.Min(seed + WorldsPerDatabase, last); seed < end; seed++)
            {
                var run = new TablesRun(World.Create(seed, Options()), engine, database);
                await run.RunAsync();
                (still, found) = (still + run.Static, found + run.Found);
            }
        }

        Assert.True(still > worlds && found > 0, $"only {still} static and {found} found");
    }

    [Fact]
    public async Task B12_a_view_is_found_like_a_table_and_what_is_named_is_never_left_out()
    {
        await using var scene = await OpenAsync(engine);
        var instant = engine.Dialect.TypeName(StoredType.Instant);
        await scene.Database.ExecuteAsync($"CREATE TABLE measured (user_id BIGINT, event_time {instant}, heat DOUBLE PRECISION, odd {(engine.Dialect == SqlDialect.Sqlite ? "" : "TIME")})");
        await scene.Database.ExecuteAsync("CREATE VIEW measured_view AS SELECT * FROM measured");
        await scene.Database.ExecuteAsync($"INSERT INTO measured VALUES (1, '2024-03-10 12:00:00.000000{(engine.Dialect == SqlDialect.Sqlite ? "" : "+00")}', 21.5, NULL)");

        // SQLite says of a column without a type, seen through a view, that it holds bytes.
        var isOdd = engine.Dialect != SqlDialect.Sqlite;
        var found = await scene.Store.FeatureSetFromTableAsync("measured_view");
        Assert.Equal(("event_time", "heat"), (found.Set.EventTimeColumn.Name, found.Set.Features[0].Name));
        Assert.Equal(isOdd, found.ToString().Contains("the column 'odd' is", StringComparison.Ordinal));
        Row[] spine = [Ask(1, 5), Ask(1, -5)];
        var rows = await TestTables.ReadAsync(scene.Store, (await scene.SpineAsync(spine)).Join(found.Set).OrderBy("event_timestamp"));
        Assert.Equal([null, 21.5], rows.Select(row => row["measured_view__heat"]));

        if (isOdd)
        {
            await RefusedAsync("has a column 'odd'", "which no feature type holds", new() { Features = ["heat", "odd"] });
        }

        await RefusedAsync("'heat'", "does not tell how it keeps instants", new() { EventTime = "heat" });
        await RefusedAsync("TableColumns.ValidTo", "static", new() { Features = ["heat"], ValidTo = "happened" }, "still");
        await RefusedAsync("no column 'gone'", "it has user_id", new() { Features = ["gone"] });

        async Task RefusedAsync(string what, string why, TableColumns columns, string table = "measured_view")
        {
            if (table == "still")
            {
                await scene.Database.ExecuteAsync("CREATE TABLE still (user_id BIGINT, heat DOUBLE PRECISION, happened BIGINT)");
            }

            var refused = await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.FeatureSetFromTableAsync(table, columns));
            Assert.Contains(what, refused.Message, StringComparison.Ordinal);
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task B12_a_feature_set_is_made_of_a_table_that_is_there()
    {
        await using var scene = await OpenAsync(engine);
        var owned = Clicks().Feature<double>("score").Feature<bool>("flag").Feature("price", FeatureType.Decimal(9, 2)).Feature<byte[]>("raw").Feature<float>("short").Feature<long>("big");
        await scene.CreateAsync(owned);
        await scene.Store.PublishAsync(owned, new[] { Click(1, 0, 0, 5).With("score", 0.5).With("flag", true).With("price", 1.5m).With("raw", new byte[] { 1 }).With("short", 0.5f).With("big", 7L) });
        var found = await scene.Store.FeatureSetFromTableAsync(owned.HistoryTable);
        Assert.Equal((owned.HistoryTable, true, "feature_timestamp", "created_timestamp"), (found.Set.HistoryTable, found.Set.IsExisting, found.Set.EventTimeColumn.Name, found.Set.CreatedTimeColumn?.Name));
        Assert.Equal(owned.Features.Select(feature => feature.Name), found.Set.Features.Select(feature => feature.Name));
        Assert.Equal(["user_id"], found.Set.Entity.Keys.Select(key => key.Name));
        Assert.Contains("keys user_id; event time 'feature_timestamp'", found.ToString(), StringComparison.Ordinal);
        if (engine.Dialect != SqlDialect.Sqlite)
        {
            // SQLite's types are wider than the declared ones, and a decimal is text.
            Assert.Equal(owned.Features.Select(feature => feature.Type), found.Set.Features.Select(feature => feature.Type));
        }

        await scene.Store.CheckAsync([found.Set]);
        Row[] spine = [Ask(1, 5), Ask(2, 5)];
        var at = await scene.SpineAsync(spine);
        var rows = await TestTables.ReadAsync(scene.Store, at.Join(found.Set, ["clicks", "page"]));
        Assert.Equal(["5", ""], rows.Select(row => Convert.ToString(row[$"{owned.HistoryTable.Name}__clicks"], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task B12_what_a_table_does_not_tell_is_asked_for_or_said()
    {
        await using var scene = await OpenAsync(engine);
        var instant = engine.Dialect.TypeName(StoredType.Instant);
        var number = engine.Dialect.TypeName(StoredType.Of(FeatureType.Int64));
        await scene.Database.ExecuteAsync($"CREATE TABLE no_key (a_id {number}, b_id {number}, happened {instant}, x {number})");
        await scene.Database.ExecuteAsync($"CREATE TABLE counted (a_id {number}, ts {number}, x {number}, odd {(engine.Dialect == SqlDialect.Sqlite ? "" : "TIME")})");
        await scene.Database.ExecuteAsync($"CREATE TABLE ranges (a_id {number}, valid_from {instant}, valid_to {instant}, x {number})");
        await scene.Database.ExecuteAsync($"CREATE TABLE fixed_table (a_id {number}, x {number})");

        Assert.Contains("The keys of 'no_key' are not told", (await MismatchAsync("no_key")).Message, StringComparison.Ordinal);
        Assert.Contains("has no column 'missing'; it has a_id, b_id", (await MismatchAsync("no_key", new() { Keys = ["missing"] })).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", (await MismatchAsync("nowhere")).Message, StringComparison.Ordinal);
        Assert.Contains("say so with TableColumns.EventKind", (await MismatchAsync("counted", new() { EventTime = "ts" })).Message, StringComparison.Ordinal);

        var counted = await scene.Store.FeatureSetFromTableAsync("counted", new() { EventTime = "ts", EventKind = TimeKind.EpochSeconds, Name = "c" });
        Assert.Equal(("c", TimeKind.EpochSeconds, 1), (counted.Set.Name, counted.Set.EventTimeColumn.Kind, counted.Set.Features.Count));
        Assert.Contains("the column 'odd' is", counted.ToString(), StringComparison.Ordinal);

        var ranges = await scene.Store.FeatureSetFromTableAsync("ranges");
        Assert.Equal(("valid_from", "valid_to"), (ranges.Set.EventTimeColumn.Name, ranges.Set.ValidToColumn?.Name));
        var still = await scene.Store.FeatureSetFromTableAsync("fixed_table");
        Assert.True(still.Set.IsStatic);
        Assert.Contains("static", still.ToString(), StringComparison.Ordinal);

        async Task<TableMismatchException> MismatchAsync(string table, TableColumns? columns = null) =>
            await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.FeatureSetFromTableAsync(table, columns));
    }

    [Fact]
    public async Task B12_a_training_set_is_made_of_tables_without_a_declaration()
    {
        await using var scene = await OpenAsync(engine);
        var clicks = Clicks().Existing("page_clicks");
        await scene.DropInAsync(clicks, Click(1, 0, 0, 5), Click(1, 10, 10, 6), Click(2, 0, 0, 7));
        await TiersAsync(scene, Tiers().EventTime("valid_from").ValidTo("valid_to"), Tier(1, 0, 8, "a")
            .With("valid_from", At(0)).With("valid_to", At(8)));
        await CountriesAsync(scene, Countries(), (1, "AT"), (2, "DE"));
        Row[] spine = [Ask(1, 5, "a"), Ask(1, 12, "b"), Ask(2, 5, "c"), Ask(null, 5, "d")];
        var at = (await scene.SpineAsync(spine)).Table!;
        var found = await scene.Store.TrainingSetFromTablesAsync(at, ["page_clicks", "tiers", "countries"]);
        var rows = await TestTables.ReadAsync(scene.Store, found.Training.OrderBy("label"));
        Assert.Equal(
            ["a|5|a|AT", "b|6||AT", "c|7||DE", "d|||"],
            rows.Select(row => string.Join('|', new[] { "label", "page_clicks__clicks", "tiers__tier", "countries__country" }.Select(name => Convert.ToString(row[name], System.Globalization.CultureInfo.InvariantCulture)))));
        Assert.Equal(4, found.Notes.Count);
        Assert.Contains("'countries': keys user_id; static", found.ToString(), StringComparison.Ordinal);
        Assert.Contains("does not exist", (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.TrainingSetFromTablesAsync(at, ["nowhere"]))).Message, StringComparison.Ordinal);
        Assert.Contains("'label' that holds instants", (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.TrainingSetFromTablesAsync(at, ["countries"], "label"))).Message, StringComparison.Ordinal);
    }
}
