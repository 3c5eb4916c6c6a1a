using Dapper;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Backfill in slices of event time, and the catalog.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task B13_a_backfill_in_slices_gives_the_tables_of_one_publish()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var scene = await OpenAsync(engine);
        var source = Clicks("source").Existing("source");
        var rows = Enumerable.Range(0, 300).Select(i => Click(random.Next(20), Math.Round(random.NextDouble() * 1000, 6), random.Next(2000), i)).Concat([Click(1, 0, 0, 1), Click(1, 100, 0, 2), Click(1, 1000, 0, 3)])
            .DistinctBy(row => (row["user_id"], row["feature_timestamp"], row["created_timestamp"])).ToArray();
        await scene.DropInAsync(source, rows);
        foreach (var set in new[] { Clicks("dense"), Clicks("sparse").Sparse(), Clicks("ended").Tombstones() })
        {
            await scene.CreateAsync(set);
            var heard = new List<BackfillProgress>();
            var result = await scene.Store.BackfillAsync(set, "source", TimeSpan.FromSeconds(100), progress: new Hearing<BackfillProgress>(heard.Add));
            var reference = new ReferenceStore();
            reference.Publish(set, rows, At(0));
            var columns = PublishBatch.Columns(set).Select(column => new Engines.TestColumn(column.Name, column.Type)).ToList();
            RowMultiset.AssertEqual(reference.History(set), await Engines.TestTables.ReadTableAsync(scene.Database.Connection, engine.Dialect, set.HistoryTable, columns), $"{engine}, {set.Name}, seed {seed}", inOrder: false);
            Assert.True((await scene.Store.ReconcileAsync(set)).IsConsistent, $"{engine}, {set.Name}, seed {seed}");
            Assert.Equal((11, rows.Length, rows.Length, 0), (result.Slices.Count, (int)result.Offered, (int)result.Appended, (int)result.AlreadyPresent));
            Assert.Equal(Enumerable.Range(1, 11), heard.Select(one => one.Slice));
            Assert.Equal((At(0), At(1000.000001)), (result.Slices[0].From.UtcDateTime, result.Slices[^1].To.UtcDateTime));
            var again = await scene.Store.BackfillAsync(set, "source", TimeSpan.FromSeconds(333));
            Assert.Equal((4, 0, rows.Length), (again.Slices.Count, (int)again.Appended, (int)again.AlreadyPresent));
        }
    }

    [Fact]
    public async Task B13_a_backfill_that_stopped_is_finished_by_running_it_again()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        var source = Clicks("source").Existing("source");
        await scene.DropInAsync(source, [.. Enumerable.Range(0, 10).Select(i => Click(i % 3, i, i, i)), Click(1, 7.5, 7, 78), Click(1, 7.5, 7, 77)]);
        var backfill = Backfill.Of(Publish.From(set, "source"), At(0), At(10), TimeSpan.FromSeconds(2));
        Assert.Equal(5, backfill.Slices);
        var refused = await Assert.ThrowsAsync<RowRefusedException>(() => scene.Store.BackfillAsync(backfill));
        Assert.Contains("slice 4 of 5 (2024-03-10 12:00:06.000000 to before 2024-03-10 12:00:08.000000 UTC)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("user_id = 1", refused.Message, StringComparison.Ordinal);
        Assert.Equal(6, await scene.Database.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM clicks_history"));
        Assert.True((await scene.Store.ReconcileAsync(set)).IsConsistent);
        await scene.Database.ExecuteAsync("DELETE FROM source WHERE clicks = 77");
        var result = await scene.Store.BackfillAsync(backfill);
        Assert.Equal((5, 5, 6), (result.Slices.Count, (int)result.Appended, (int)result.AlreadyPresent));
        Assert.Equal(11, await scene.Database.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM clicks_history"));

        // Cancelled between slices, what is done stays.
        var other = Clicks("other");
        await scene.CreateAsync(other);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Store.BackfillAsync(Publish.From(other, "source"), TimeSpan.FromSeconds(2), new Hearing<BackfillProgress>(one => { if (one.Slice == 2) { cancel.Cancel(); } }), cancel.Token));
        Assert.Equal(4, await scene.Database.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM other_history"));
        Assert.Equal(7, (await scene.Store.BackfillAsync(Publish.From(other, "source"), TimeSpan.FromSeconds(2))).Appended);
    }

    [Fact]
    public async Task B13_every_kind_of_event_time_is_sliced_and_queries_too()
    {
        await using var scene = await OpenAsync(engine);
        foreach (var kind in new[] { TimeKind.Timestamp, TimeKind.Date, TimeKind.EpochSeconds, TimeKind.EpochMilliseconds, TimeKind.EpochMicroseconds }.Concat(engine.KeepsTimesAsText ? [TimeKind.Text] : []))
        {
            var name = kind.ToString().ToLowerInvariant();
            var source = Clicks(name).Existing("source_" + name).EventTime("feature_timestamp", kind).WithoutCreatedTime();
            var set = Clicks("of_" + name);
            await scene.CreateAsync(set);
            await scene.DropInAsync(source, [.. Enumerable.Range(0, 20).Select(i => Row.Of(("user_id", (long)(i % 4)), ("feature_timestamp", kind == TimeKind.Date ? At(0).Date.AddDays(i) : At(i * 43_200)), ("clicks", i), ("page", null)))]);
            var publish = Publish.FromQuery(set, $"SELECT user_id, feature_timestamp, clicks, page FROM source_{name} -- all\n").Times(kind).WithoutCreatedTime().CreatedAt(At(5));
            var result = await scene.Store.BackfillAsync(publish, TimeSpan.FromHours(36));
            Assert.True((20, 20) == (result.Offered, result.Appended), $"{kind}: {result}");
            Assert.True(result.Slices.Count > 5, $"{kind}: {result}");
            Assert.Equal(20, (await scene.Store.BackfillAsync(publish, TimeSpan.FromHours(7))).AlreadyPresent);
        }
    }

    [Fact]
    public async Task B13_what_could_not_be_run_again_or_would_be_left_out_is_refused()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.DropInAsync(Clicks("bare").Existing("bare").WithoutCreatedTime(), Click(1, 0, 0, 1).Without("created_timestamp"));
        await scene.DropInAsync(Clicks("holes").Existing("holes"), Click(1, 0, 0, 1), Click(2, 0, null, 1));
        await scene.DropInAsync(Clicks("untimed").Existing("untimed"), Click(1, 0, 0, 1), Row.Of(("user_id", 7L), ("feature_timestamp", null), ("created_timestamp", At(0)), ("clicks", 3), ("page", "p")));
        await scene.DropInAsync(Clicks("nothing").Existing("nothing"));
        Assert.Contains("CreatedAt(...)", (await Assert.ThrowsAsync<InvalidOperationException>(() => scene.Store.BackfillAsync(set, "bare", TimeSpan.FromDays(1)))).Message, StringComparison.Ordinal);
        Assert.Contains("user_id = 2) has no 'created_timestamp'", (await Assert.ThrowsAsync<RowRefusedException>(() => scene.Store.BackfillAsync(set, "holes", TimeSpan.FromDays(1)))).Message, StringComparison.Ordinal);
        Assert.Contains("user_id = 7) has no 'feature_timestamp'", (await Assert.ThrowsAsync<RowRefusedException>(() => scene.Store.BackfillAsync(set, "untimed", TimeSpan.FromDays(1)))).Message, StringComparison.Ordinal);
        Assert.Empty((await scene.Store.BackfillAsync(set, "nothing", TimeSpan.FromDays(1))).Slices);
        Assert.Equal(0, await scene.Database.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM clicks_history"));
        Assert.Equal(2, (await scene.Store.BackfillAsync(set, "holes", TimeSpan.FromDays(1), createdAt: At(9))).Appended);

        var publish = Publish.From(set, "holes");
        Assert.Throws<ArgumentException>(() => Backfill.Of(publish, At(0), At(0), TimeSpan.FromDays(1)));
        Assert.Throws<ArgumentException>(() => Backfill.Of(publish, At(0), At(1), TimeSpan.Zero));
        Assert.Contains("longer ones", Assert.Throws<ArgumentException>(() => Backfill.Of(publish, At(0), At(86_400), TimeSpan.FromMilliseconds(1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Backfill.Of(Publish.Rows(set), At(0), At(1), TimeSpan.FromSeconds(1)));
        Assert.Throws<InvalidOperationException>(() => Backfill.Of(publish.WithoutCreatedTime(), At(0), At(1), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task F6_the_catalog_lists_sets_columns_and_freshness_as_a_query_and_as_a_view()
    {
        await using var scene = await OpenAsync(engine);
        var set = Entity.Create("user").Key<long>("user_id").Describe("who's there").FeatureSet("clicks").Feature<int>("clicks", "how \"many\"").Feature<string>("page").Describe("it's clicks").Tombstones().MaxAge(TimeSpan.FromDays(2));
        var theirs = Clicks("theirs").Existing("theirs");
        var empty = Clicks("empty");
        await scene.CreateAsync(set, empty);
        await scene.DropInAsync(theirs, Click(1, 7, 0, 1));
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(2, 3, 3, 6)]);
        await scene.RetractAsync(set, at: 10, created: 10, 1);
        var catalog = await scene.Store.CatalogAsync([set, theirs, empty]);
        Assert.Equal(15, catalog.Rows.Count);
        Assert.Equal(["clicks", "user", "it's clicks", 4L, "clicks", "feature", "int32", "how \"many\"", "clicks_history", "clicks_latest", "2.00:00:00", 1L, At(3)], catalog.Rows[3].Take(13));
        Assert.IsType<DateTime>(catalog.Rows[3][13]);
        Assert.Equal(["user_id", "key", "int64", "who's there"], new[] { 4, 5, 6, 7 }.Select(i => catalog.Rows[0][i]));
        Assert.Equal(["theirs", null, null, At(7), null], new[] { 0, 9, 11, 12, 13 }.Select(i => catalog.Rows[5][i]));
        Assert.Equal(["empty", 0L, null, null], new[] { 0, 11, 12, 13 }.Select(i => catalog.Rows[10][i]));
        await scene.Store.CreateCatalogAsync([set, theirs, empty], "feature_catalog");
        await scene.Store.CreateCatalogAsync([set, theirs, empty], "feature_catalog");
        Assert.Equal(15, await scene.Database.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM feature_catalog"));
        Assert.Throws<ArgumentException>(() => FeatureCatalog.Of());
    }

    [Fact]
    public async Task F6_descriptions_become_comments_where_the_engine_keeps_them()
    {
        await using var scene = await OpenAsync(engine);
        var set = Entity.Create("user").Key<long>("user_id").Describe("who's there").FeatureSet("clicks").Feature<int>("clicks", "how \"many\"; it's").Feature<string>("page").Describe("every click").Sparse().Tombstones();
        await scene.CreateAsync(set);
        if (!engine.Dialect.HasComments)
        {
            Assert.Contains("FeatureCatalog", (await Assert.ThrowsAsync<UnsupportedByDialectException>(() => scene.Store.DescribeTablesAsync([set]))).Message, StringComparison.Ordinal);
            return;
        }

        await scene.Store.DescribeTablesAsync([set, Clicks("theirs").Existing("theirs")]);
        await scene.Store.DescribeTablesAsync([set]);
        var (column, table) = engine.Dialect == SqlDialect.DuckDb
            ? ("SELECT comment FROM duckdb_columns() WHERE table_name = 'clicks_history' AND column_name = 'clicks'", "SELECT comment FROM duckdb_tables() WHERE table_name = 'clicks_latest'")
            : ("SELECT col_description('clicks_history'::regclass, attnum) FROM pg_attribute WHERE attrelid = 'clicks_history'::regclass AND attname = 'clicks'", "SELECT obj_description('clicks_latest'::regclass)");
        Assert.Equal("how \"many\"; it's", await scene.Database.Connection.ExecuteScalarAsync<string>(column));
        Assert.Equal("Latest of feature set clicks of user: every click", await scene.Database.Connection.ExecuteScalarAsync<string>(table));
    }

    private sealed class Hearing<T>(Action<T> hear) : IProgress<T>
    {
        public void Report(T value) => hear(value);
    }
}
