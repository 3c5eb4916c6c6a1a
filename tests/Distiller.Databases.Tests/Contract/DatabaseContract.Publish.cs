using System.Data.Common;
using Dapper;
using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Publishing under faults, beside other publishers, inside a caller's transaction and from every source.</summary>
public abstract partial class DatabaseContract
{
    public sealed record ClickRow(long UserId, DateTime FeatureTimestamp, DateTime? CreatedTimestamp, int? Clicks, string? Page);

    [Fact]
    public async Task B1_B10_inside_a_callers_transaction_nothing_is_kept_unless_the_caller_commits()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        await using (var transaction = await scene.Database.Connection.BeginTransactionAsync())
        {
            var inside = scene.Database.Store(new() { Transaction = transaction });
            var result = await inside.PublishAsync(set, new[] { Click(1, 10, 10, 6), Click(2, 0, 0, 7) });
            Assert.Equal((2, 1, 1), (result.Appended, result.LatestInserted, result.LatestUpdated));
            await Assert.ThrowsAsync<RowRefusedException>(() => inside.PublishAsync(set, new[] { Click(3, 0, 0, 1), Click(1, 10, 10, 999) }));
            await transaction.RollbackAsync();
        }

        await scene.TablesAgreeAsync(set);
    }

    [Fact]
    public async Task B10_a_refusal_inside_a_callers_transaction_leaves_what_the_caller_wrote()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await using (var transaction = await scene.Database.Connection.BeginTransactionAsync())
        {
            var inside = scene.Database.Store(new() { Transaction = transaction });
            await inside.PublishAsync(set, new[] { Click(1, 0, 0, 5) });
            await Assert.ThrowsAsync<RowRefusedException>(() => inside.PublishAsync(set, new[] { Click(2, 0, 0, 1), Click(1, 0, 0, 999) }));
            await inside.PublishAsync(set, new[] { Click(3, 0, 0, 7) });
            await transaction.CommitAsync();
        }

        Assert.Equal([1L, 3L], (await scene.Store.LatestAsync<ClickRow>(set)).Select(row => row.UserId).Order());
    }

    [Fact]
    public async Task B10_a_source_that_fails_half_way_leaves_both_tables_as_they_were_and_no_stage()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => scene.Store.PublishAsync(set, Failing()));
        Assert.Equal("the source is gone", failure.Message);
        await scene.TablesAgreeAsync(set);
        await scene.PublishAsync(set, [Click(1, 10, 10, 6)]);

        static IEnumerable<Row> Failing()
        {
            for (var i = 0; i < 2500; i++)
            {
                yield return Click(i, 50, 50, i);
            }

            throw new TimeoutException("the source is gone");
        }
    }

    [Fact]
    public async Task B10_cancelling_leaves_both_tables_as_they_were()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Store.PublishAsync(set, Cancelling(), null, cancel.Token));
        await scene.TablesAgreeAsync(set);

        // At each step in turn, as the progress tells of it.
        var steps = 0;
        for (var isDone = false; !isDone; steps++)
        {
            using var later = new CancellationTokenSource();
            var seen = 0;
            var progress = new Heard(_ =>
            {
                if (seen++ == steps)
                {
                    later.Cancel();
                }
            });
            try
            {
                await scene.Store.PublishAsync(set, new[] { Click(1, 10, 10, 6), Click(2, 10, 10, 6) }, new() { Progress = progress }, later.Token);
                isDone = true;
            }
            catch (OperationCanceledException)
            {
                await scene.TablesAgreeAsync(set);
            }
        }

        Assert.True(steps > 5, $"only {steps} steps were heard of");

        IEnumerable<Row> Cancelling()
        {
            for (var i = 0; i < 10_000; i++)
            {
                if (i == 3000)
                {
                    cancel.Cancel();
                }

                yield return Click(i, 50, 50, i);
            }
        }
    }

    [Fact]
    public async Task B6_null_keys_null_event_times_and_values_that_do_not_fit_are_refused_by_row_and_column()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Feature("price", FeatureType.Decimal(5, 2));
        await scene.CreateAsync(set);
        var good = Click(1, 0, 0, 5).With("price", 1.50m);
        await scene.PublishAsync(set, [good]);
        foreach (var (bad, column) in new[] { (good.With("user_id", null), "user_id"), (good.With("feature_timestamp", null), "feature_timestamp"), (good.With("clicks", 3_000_000_000L), "clicks"), (good.With("price", 1.234m), "price"), (good.With("price", 1000m), "price"), (good.With("page", "\uD800"), "page") })
        {
            var refused = await scene.RefusedAsync(set, Click(8, 0, 0, 1).With("price", null), bad);
            Assert.Equal((2L, column), (refused.Row, refused.Column));
        }
    }

    [Fact]
    public async Task B8_sources_of_every_kind_give_the_same_tables()
    {
        await using var scene = await OpenAsync(engine);
        ClickRow[] rows = [new(1, At(0), At(1), 5, "a"), new(1, At(5), null, 6, null), new(2, At(3), At(9), null, "b")];
        var sets = Enumerable.Range(0, 5).Select(i => Clicks($"from{i}")).ToList();
        var source = Clicks("source").Existing("source");
        await scene.CreateAsync([.. sets]);
        await scene.DropInAsync(source, [.. rows.Select(row => Row.Of(("user_id", row.UserId), ("feature_timestamp", row.FeatureTimestamp), ("created_timestamp", row.CreatedTimestamp), ("clicks", row.Clicks), ("page", row.Page)))]);
        var how = new PublishOptions { CreatedAt = At(77) };
        await scene.Store.PublishAsync(sets[0], rows, how);
        await scene.Store.PublishAsync(sets[1], rows.ToAsyncEnumerable(), how);
        var other = await scene.Database.OpenAsync();
        await using (var reader = await other.ExecuteReaderAsync("SELECT * FROM source"))
        {
            await scene.Store.PublishAsync(sets[2], reader, how);
        }

        await scene.Store.PublishFromAsync(sets[3], "source", how);
        await scene.Store.PublishFromQueryAsync(sets[4], "SELECT * FROM source", how);
        var expected = rows.Select(row => row with { CreatedTimestamp = row.CreatedTimestamp ?? At(77) }).OrderBy(row => row.FeatureTimestamp).ToList();
        foreach (var set in sets)
        {
            var history = await scene.Store.QueryAsync<ClickRow>(Latest.Of(Clicks(set.Name).Existing(set.HistoryTable)));
            Assert.Equal([expected[2], expected[1]], history.OrderByDescending(row => row.FeatureTimestamp));
        }
    }

    [Fact]
    public async Task B11_one_source_feeds_several_sets_in_one_transaction()
    {
        await using var scene = await OpenAsync(engine);
        var entity = Entity.Create("user").Key<long>("user_id");
        var clicks = entity.FeatureSet("only_clicks").Feature<int>("clicks");
        var pages = entity.FeatureSet("only_pages").Feature<string>("page");
        await scene.CreateAsync(clicks, pages);
        ClickRow[] rows = [new(1, At(0), At(1), 5, "a"), new(2, At(3), At(9), null, "b")];
        var results = await scene.Store.PublishAsync([clicks, pages], rows);
        Assert.Equal([2L, 2L], results.Select(result => result.Appended));
        ClickRow[] bad = [new(3, At(0), At(1), 5, "a"), new(3, At(0), At(1), 5, "b")];
        await Assert.ThrowsAsync<RowRefusedException>(() => scene.Store.PublishAsync([clicks, pages], bad));
        Assert.Equal(2, (await TestTables.ReadAsync(scene.Store, Latest.Of(clicks))).Count);
        Assert.Equal(2, (await TestTables.ReadAsync(scene.Store, Latest.Of(pages))).Count);
    }

    [Fact]
    public async Task B6_a_source_table_is_checked_like_rows_in_memory()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        foreach (var (name, row) in new[] { ("bad1", Click(1, 0, 0, 1).With("user_id", null)), ("bad2", Click(1, 0, 0, 1).With("feature_timestamp", null)) })
        {
            await scene.DropInAsync(Clicks(name).Existing(name), Click(5, 0, 0, 1), row);
            var refused = await Assert.ThrowsAsync<RowRefusedException>(() => scene.Store.PublishFromAsync(set, name));
            Assert.Contains("NULL", refused.Message, StringComparison.Ordinal);
            await scene.TablesAgreeAsync(set);
        }
    }

    [Fact]
    public async Task B7_publishers_of_the_same_rows_at_once_append_each_row_once()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        const int publishers = 4;
        var seed = Environment.TickCount;
        var batches = Enumerable.Range(0, 6).Select(batch => Enumerable.Range(0, 40).Select(i => Click((batch + i) % 9, i % 11, batch, ((batch + i) % 9 * 1000) + (i % 11 * 10) + batch)).DistinctBy(row => (row["user_id"], row["feature_timestamp"], row["created_timestamp"])).ToArray()).ToList();
        await Task.WhenAll(Enumerable.Range(0, publishers).Select(async publisher =>
        {
            var connection = await OneAtATime(() => scene.Database.OpenAsync());
            var store = scene.Database.StoreOn(connection);
            foreach (var batch in batches.OrderBy(_ => new Random(seed + publisher).Next()))
            {
                await Task.Run(() => store.PublishAsync(set, batch));
            }
        }));
        var reference = new ReferenceStore();
        foreach (var batch in batches)
        {
            reference.Publish(set, batch, At(0));
        }

        var columns = PublishBatch.Columns(set).Select(column => new TestColumn(column.Name, column.Type)).ToList();
        RowMultiset.AssertEqual(reference.History(set), await TestTables.ReadTableAsync(scene.Database.Connection, engine.Dialect, set.HistoryTable, columns), $"{engine}, seed {seed}", inOrder: false);
        RowMultiset.AssertEqual(reference.Latest(set), await TestTables.ReadTableAsync(scene.Database.Connection, engine.Dialect, set.LatestTable!, columns), $"{engine}, seed {seed}", inOrder: false);
    }

    [Fact]
    public async Task B5_B7_of_two_publishers_of_different_rows_for_one_fact_one_is_refused()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        for (var round = 0; round < 10; round++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 2).Select(async publisher =>
            {
                var connection = await OneAtATime(() => scene.Database.OpenAsync());
                try
                {
                    await Task.Run(() => scene.Database.StoreOn(connection).PublishAsync(set, new[] { Click(1, round, 0, publisher), Click(2, round, 0, 7) }));
                    return 1;
                }
                catch (RowRefusedException)
                {
                    return 0;
                }
            }));
            Assert.Equal(1, outcomes.Sum());
        }

        Assert.Equal(20, await scene.Database.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM clicks_history"));
    }

    [Fact]
    public async Task B12_a_set_without_a_latest_table_answers_latest_and_refuses_publish()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Existing("theirs");
        await scene.DropInAsync(set, Click(1, 0, 0, 5), Click(1, 10, null, 6), Click(2, 0, 5, 7), Click(2, 0, 6, 8));
        Assert.Equal([6, 8], (await scene.Store.LatestAsync<ClickRow>(set)).OrderBy(row => row.UserId).Select(row => row.Clicks));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => scene.Store.PublishAsync(set, new[] { Click(1, 0, 0, 5) }));
        Assert.Contains("Latest(table)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B12_check_names_missing_tables_columns_and_wrong_types()
    {
        await using var scene = await OpenAsync(engine);
        var absent = Clicks().Existing("absent");
        var missing = await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.CheckAsync([absent]));
        Assert.Contains("'absent' does not exist", missing.Message, StringComparison.Ordinal);
        await scene.DropInAsync(Clicks().Existing("theirs"), Click(1, 0, 0, 5));
        await scene.Store.CheckAsync([Clicks().Existing("theirs")]);
        var grown = await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.CheckAsync([Clicks().Feature<int>("nope").Existing("theirs")]));
        Assert.Contains("no column 'nope'", grown.Message, StringComparison.Ordinal);
        var wrong = await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.CheckAsync([Entity.Create("user").Key<long>("user_id").FeatureSet("wrong").Feature<double>("page").Existing("theirs")]));
        Assert.Contains("'page'", wrong.Message, StringComparison.Ordinal);
        var spine = await scene.SpineAsync(Ask(1, 5));
        await Assert.ThrowsAsync<TableMismatchException>(() => TestTables.ReadAsync(scene.Store, spine.Join(absent)));
    }

    [Fact]
    public async Task O1_unload_is_whole_or_since_a_watermark_and_a_late_row_moves_no_published_timestamp()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        var clock = new FixedClock(new(2024, 6, 1, 0, 0, 0, TimeSpan.Zero));
        var store = scene.Database.Store(new() { TimeProvider = clock });
        await store.PublishAsync(set, new[] { Click(1, 0, 0, 5), Click(2, 0, 0, 6) });
        var watermark = (await Unloaded(null)).Max(row => row.PublishedTimestamp)!.Value;
        Assert.Equal(clock.GetUtcNow().UtcDateTime, watermark);
        clock.Now += TimeSpan.FromHours(1);
        await store.PublishAsync(set, new[] { Click(2, 10, 10, 7), Click(1, -10, 999, 4) });
        var moved = Assert.Single(await Unloaded(new DateTimeOffset(watermark).AddMinutes(30)));
        Assert.Equal(2L, moved.Key[0]);
        Assert.Equal(7, moved.Values[0]);
        Assert.Equal(2, (await Unloaded(watermark)).Count);

        async Task<List<LatestRow>> Unloaded(DateTimeOffset? since)
        {
            var rows = new List<LatestRow>();
            await foreach (var row in store.UnloadAsync(set, since))
            {
                rows.Add(row);
            }

            return rows;
        }
    }

    [Fact]
    public async Task P11_into_writes_fails_replaces_and_appends()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        var training = (await scene.SpineAsync(Ask(1, 5), Ask(2, 5), Ask(1, 5))).Join(set);
        Assert.Equal(3, await scene.Store.IntoAsync(training, "made"));
        var exists = await Assert.ThrowsAsync<InvalidOperationException>(() => scene.Store.IntoAsync(training, "made"));
        Assert.Contains("'made' exists", exists.Message, StringComparison.Ordinal);
        Assert.Equal(3, await scene.Store.IntoAsync(training, "made", IfExists.Append));
        Assert.Equal(6, await scene.Database.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM made"));
        Assert.Equal(3, await scene.Store.IntoAsync(training, "made", IfExists.Replace));
        Assert.Equal(2, await scene.Database.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM made WHERE clicks__clicks = 5"));
        var rows = Spine.Rows(new[] { new { user_id = 1L, event_timestamp = At(5), extra = true }, new { user_id = 9L, event_timestamp = At(5), extra = false } }).Join(set);
        Assert.Equal(2, await scene.Store.IntoAsync(rows, "made_from_rows"));
    }

    [Fact]
    public async Task Closed_connections_are_refused_with_the_way_out()
    {
        await using var scene = await OpenAsync(engine);
        await scene.Database.Connection.CloseAsync();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => scene.Store.CreateTablesAsync([Clicks()]));
        Assert.Contains("open it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task I5_database_errors_say_which_statement_of_which_set_failed()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => scene.Store.PublishFromQueryAsync(set, "SELECT nonsense FROM nowhere"));
        var wrapped = Assert.IsType<StatementFailedException>(failed);
        Assert.IsAssignableFrom<DbException>(wrapped.InnerException);
        Assert.Contains("'clicks'", wrapped.Message, StringComparison.Ordinal);
    }

    private static readonly SemaphoreSlim Opening = new(1);

    private static async Task<T> OneAtATime<T>(Func<Task<T>> open)
    {
        await Opening.WaitAsync();
        try
        {
            return await open();
        }
        finally
        {
            Opening.Release();
        }
    }

    private sealed class Heard(Action<StoreProgress> hear) : IProgress<StoreProgress>
    {
        public void Report(StoreProgress value) => hear(value);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
