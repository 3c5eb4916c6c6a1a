using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>History as intervals (F1), and tables of intervals as feature sets.</summary>
public abstract partial class DatabaseContract
{
    /// <summary>Random worlds as <see cref="Random_worlds_equal_the_reference_model"/>, a tenth as many: each is refreshed and joined back many times.</summary>
    [Fact]
    public async Task F1_intervals_of_random_worlds_equal_the_reference_model()
    {
        var worlds = Math.Max(Setting("DISTILLER_WORLDS", 100) / 10, 2);
        var seed = Setting("DISTILLER_SEED", 1);
        var last = seed + worlds;
        while (seed < last)
        {
            await using var database = await engine.CreateAsync();
            for (var end = Math.Min(seed + WorldsPerDatabase, last); seed < end; seed++)
            {
                await new IntervalsRun(World.Create(seed, Options()), engine, database).RunAsync();
            }
        }
    }

    [Fact]
    public async Task F1_late_rows_split_intervals_and_corrections_replace_them()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Scd2("clicks_scd2");
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(1, 10, 10, 6), Click(2, 0, 0, 7)]);
        Assert.Equal((2L, 0L, 3L, false), Told(await scene.RefreshAsync(set)));

        await scene.PublishAsync(set, [Click(1, 4, 20, 9)]);
        Assert.Equal((1L, 2L, 3L, false), Told(await scene.RefreshAsync(set)));
        Assert.Equal(
            [(At(0), At(4), false, 5), (At(4), At(10), false, 9), (At(10), null, true, 6)],
            (await scene.IntervalsAsync(set)).Where(row => (long)row["user_id"]! == 1).OrderBy(row => row["valid_from"])
                .Select(row => ((DateTime)row["valid_from"]!, (DateTime?)row["valid_to"], (bool)row["is_current"]!, (int)row["clicks"]!)));

        await scene.PublishAsync(set, [Click(1, 4, 30, null, null), Click(1, 4, 15, 1)]);
        Assert.Equal((1L, 3L, 3L, false), Told(await scene.RefreshAsync(set)));
        Assert.Null((await scene.IntervalsAsync(set)).Single(row => (DateTime)row["valid_from"]! == At(4))["clicks"]);
        Assert.Equal((0L, 0L, 0L, false), Told(await scene.RefreshAsync(set)));
    }

    [Fact]
    public async Task F1_consecutive_intervals_with_equal_features_are_one_where_asked()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Scd2("clicks_scd2", collapsed: true);
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(1, 10, 10, 5), Click(1, 20, 20, null), Click(1, 30, 30, null), Click(1, 40, 40, 5), Click(1, 50, 50, 5)]);
        Assert.Equal((1L, 0L, 3L, false), Told(await scene.RefreshAsync(set)));

        // A late row makes two of one interval, a correction one of three.
        await scene.PublishAsync(set, [Click(1, 5, 60, 6)]);
        Assert.Equal((1L, 3L, 5L, false), Told(await scene.RefreshAsync(set)));
        await scene.PublishAsync(set, [Click(1, 5, 70, 5)]);
        Assert.Equal((1L, 5L, 3L, false), Told(await scene.RefreshAsync(set)));
    }

    [Fact]
    public async Task F1_intervals_are_those_of_what_a_pruned_history_still_holds()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Scd2("clicks_scd2");
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(1, 10, 10, 6), Click(1, 20, 20, 7), Click(2, 0, 0, 8), Click(3, 30, 30, 9)]);
        await scene.RefreshAsync(set);

        await scene.Store.PruneAsync(set, new DateTimeOffset(At(15)));
        await scene.Store.RefreshScd2Async(set);
        Assert.Equal(
            [(1L, At(10), At(20), 6), (1L, At(20), null, 7), (2L, At(0), null, 8), (3L, At(30), null, 9)],
            (await scene.IntervalsAsync(set)).OrderBy(row => row["user_id"]).ThenBy(row => row["valid_from"])
                .Select(row => ((long)row["user_id"]!, (DateTime)row["valid_from"]!, (DateTime?)row["valid_to"], (int)row["clicks"]!)));
        Assert.Equal((0L, 0L, 0L, false), Told(await scene.Store.RefreshScd2Async(set)));

        // One row less and one more: the number of a key's rows does not tell.
        await scene.Store.PruneAsync(set, new DateTimeOffset(At(25)));
        await scene.Store.PublishAsync(set, new[] { Click(1, 40, 40, 4) });
        Assert.Equal((1L, 2L, 2L, true), Told(await scene.Store.RefreshScd2Async(set)));
        Assert.Equal(
            [(At(20), At(40), 7), (At(40), null, 4)],
            (await scene.IntervalsAsync(set)).Where(row => (long)row["user_id"]! == 1).OrderBy(row => row["valid_from"])
                .Select(row => ((DateTime)row["valid_from"]!, (DateTime?)row["valid_to"], (int)row["clicks"]!)));
    }

    [Fact]
    public async Task F1_only_keys_whose_history_has_grown_are_recomputed()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Scd2("clicks_scd2");
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [.. Enumerable.Range(0, 20).Select(user => Click(user, 0, 0, user))]);
        await scene.RefreshAsync(set);
        await scene.Database.ExecuteAsync("UPDATE clicks_scd2 SET clicks = -1");
        await scene.PublishAsync(set, [Click(3, 10, 10, 33), Click(4, 0, 0, 4)]);
        Assert.Equal((1L, 1L, 2L, false), Told(await scene.Store.RefreshScd2Async(set)));
        Assert.Equal([3, 33, .. Enumerable.Repeat(-1, 19)], (await scene.IntervalsAsync(set)).Select(row => (int)row["clicks"]!).OrderDescending().OrderBy(clicks => clicks < 0 ? 1 : 0).ThenBy(clicks => clicks));
        await scene.Store.RefreshScd2Async(set, anew: true);
        await scene.IntervalsAgreeAsync(set);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task F1_what_a_key_said_before_its_first_new_row_is_left_alone_where_rows_say_all(bool collapsed, bool sparse)
    {
        await using var scene = await OpenAsync(engine);
        var set = (sparse ? Clicks().Sparse() : Clicks()).Scd2("clicks_scd2", collapsed: collapsed);
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [.. Enumerable.Range(0, 5).Select(i => Click(1, 10 * i, 10 * i, i)), Click(2, 0, 0, 9)]);
        await scene.RefreshAsync(set);
        await scene.Database.ExecuteAsync("UPDATE clicks_scd2 SET clicks = -1");

        // A late row in the third interval: that one ends earlier, and those before it stay as they are.
        await scene.PublishAsync(set, [Click(1, 25, 60, 7), Click(1, 45, 61, 8)]);
        Assert.Equal(sparse ? (1L, 5L, 7L, false) : (1L, 3L, 5L, false), Told(await scene.Store.RefreshScd2Async(set)));
        Assert.Equal(
            sparse ? [0, 1, 2, 7, 3, 4, 8, -1] : [-1, -1, 2, 7, 3, 4, 8, -1],
            (await scene.IntervalsAsync(set)).OrderBy(row => row["user_id"]).ThenBy(row => row["valid_from"]).Select(row => (int)row["clicks"]!));
        await scene.Store.RefreshScd2Async(set, anew: true);
        await scene.IntervalsAgreeAsync(set);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F1_the_rows_of_a_key_that_ended_and_came_back_are_all_counted(bool anew)
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Tombstones().Scd2("clicks_scd2");
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(2, 0, 0, 6), Click(3, 0, 0, 7)]);
        await scene.Store.RetractAsync(set, new[] { new { user_id = 1L }, new { user_id = 3L } }, new DateTimeOffset(At(10)));
        await scene.Store.RefreshScd2Async(set, anew);
        await scene.Store.PublishAsync(set, new[] { Click(1, 20, 20, 8) });
        Assert.Equal((1L, 1L, 2L, false), Told(await scene.Store.RefreshScd2Async(set)));

        // Nothing but the key with the row that nobody noted has another number of rows than its intervals tell.
        await scene.InsertAsync(set, Click(2, -5, 5, 35).With("deleted", false));
        Assert.Equal((1L, 1L, 2L, true), Told(await scene.Store.RefreshScd2Async(set)));
    }

    [Fact]
    public async Task F1_rows_that_came_past_publishing_are_found_by_counting()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Scd2("clicks_scd2");
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [.. Enumerable.Range(0, 9).Select(user => Click(user, 0, 0, user))]);
        await scene.RefreshAsync(set);
        await scene.InsertAsync(set, Click(3, -5, 5, 35), Click(7, -5, 5, 75));
        await scene.PublishAsync(set, [Click(4, 10, 10, 41)]);
        Assert.Equal((3L, 3L, 6L, true), Told(await scene.RefreshAsync(set)));
        await scene.PublishAsync(set, [Click(4, 20, 20, 42)]);
        Assert.Equal((1L, 1L, 2L, false), Told(await scene.RefreshAsync(set)));
    }

    [Fact]
    public async Task F1_publishers_and_refreshes_at_once_lose_nothing()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Scd2("clicks_scd2");
        await scene.CreateAsync(set);
        var seed = Environment.TickCount;
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async worker =>
        {
            var store = scene.Database.StoreOn(await OneAtATime(() => scene.Database.OpenAsync()));
            var random = new Random(seed + worker);
            for (var round = 0; round < 8; round++)
            {
                var (first, at) = (random.Next(9), random.Next(1000));
                var rows = Enumerable.Range(first, 4).Select(user => Click(user, at, round, (worker * 100) + round)).Select(row => row.With("created_timestamp", At((worker * 100) + round))).ToArray();
                await Task.Run(async () =>
                {
                    if (worker < 3)
                    {
                        await store.PublishAsync(set, rows);
                    }
                    else
                    {
                        Assert.False((await store.RefreshScd2Async(set)).FoundByCounting);
                    }
                });
            }
        }));
        Assert.False((await scene.Store.RefreshScd2Async(set)).FoundByCounting);
        var columns = PublishBatch.Columns(set).Select(column => new TestColumn(column.Name, column.Type)).ToList();
        var history = await TestTables.ReadTableAsync(scene.Database.Connection, engine.Dialect, set.HistoryTable, columns);
        Assert.Equal(96, history.Count);
        RowMultiset.AssertEqual(ReferenceIntervals.Of(set, history), await scene.IntervalsAsync(set), $"{engine}, seed {seed}");
        Assert.Equal(0, (await scene.Store.RefreshScd2Async(set)).Keys);
    }

    [Fact]
    public async Task F1_refreshes_of_a_table_nobody_publishes_to_at_once_write_each_interval_once()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Existing("theirs").Scd2("clicks_scd2");
        await scene.DropInAsync(set, [.. Enumerable.Range(0, 30).Select(i => Click(i % 3, i, i, i))]);
        await scene.CreateAsync(set);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var store = scene.Database.StoreOn(await OneAtATime(() => scene.Database.OpenAsync()));
            await Task.Run(() => store.RefreshScd2Async(set));
        }));
        await scene.IntervalsAgreeAsync(set);
    }

    [Fact]
    public async Task F1_a_refresh_within_a_callers_transaction_is_the_callers_to_keep()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Scd2("clicks_scd2");
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        await using (var transaction = await scene.Database.Connection.BeginTransactionAsync())
        {
            var inside = scene.Database.Store(new() { Transaction = transaction });
            await inside.PublishAsync(set, new[] { Click(1, 10, 10, 6) });
            Assert.Equal((1L, 0L, 2L, false), Told(await inside.RefreshScd2Async(set)));
            await transaction.RollbackAsync();
        }

        Assert.Empty(await scene.IntervalsAsync(set));
        Assert.Equal((1L, 0L, 1L, false), Told(await scene.RefreshAsync(set)));
    }

    [Fact]
    public async Task F1_what_is_missing_or_declared_wrong_is_said_before_anything_runs()
    {
        await using var scene = await OpenAsync(engine);
        var plain = Clicks();
        var set = plain.Scd2("clicks_scd2");
        await scene.CreateAsync(plain);
        Assert.Contains("has no SCD2 table", Assert.Throws<InvalidOperationException>(() => RefreshScd2.Of(plain)).Message, StringComparison.Ordinal);
        Assert.Contains("'clicks_scd2' does not exist; create it with CreateTablesAsync", (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.RefreshScd2Async(set))).Message, StringComparison.Ordinal);
        Assert.Contains("'clicks_scd2_pending' does not exist", (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.PublishAsync(set, new[] { Click(1, 0, 0, 5) }))).Message, StringComparison.Ordinal);
        Assert.Contains("clicks_scd2", (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.CheckAsync([set]))).Message, StringComparison.Ordinal);
        await scene.CreateAsync(set);
        await scene.Store.CheckAsync([set]);
        await scene.Store.DropTablesAsync([set]);
        await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.RefreshScd2Async(set));
    }

    private static (long Keys, long Removed, long Written, bool FoundByCounting) Told(Scd2Result result) => (result.Keys, result.Removed, result.Written, result.FoundByCounting);
}
