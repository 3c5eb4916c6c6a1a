using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Retention: what was true from an instant on stays true.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task F5_training_sets_from_the_instant_on_are_unchanged_in_random_worlds()
    {
        var worlds = Math.Max(8, Setting("DISTILLER_WORLDS", 100) / 3);
        var seed = Setting("DISTILLER_SEED", 1);
        var last = seed + worlds;
        var pruned = 0;
        while (seed < last)
        {
            await using var database = await engine.CreateAsync();
            for (var end = Math.Min(seed + WorldsPerDatabase, last); seed < end; seed++)
            {
                pruned += await PruneWorldAsync(World.Create(seed, Options()), database);
            }
        }

        Assert.True(pruned > worlds, $"only {pruned} rows were pruned in {worlds} worlds");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F5_the_last_row_before_the_instant_stays_and_a_report_deletes_nothing(bool isSparse)
    {
        await using var scene = await OpenAsync(engine);
        var set = isSparse ? Clicks().Sparse() : Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set,
        [
            Click(1, 0, 0, 1, "kept where sparse"), Click(1, 1, 1, 2, null), Click(1, 2, 2, 3, null), Click(1, 10, 10, 4), Click(1, 11, 11, 5),
            Click(2, -100, -100, 6), Click(3, 9.999999, 20, 7), Click(3, 9.999998, 9, 8), Click(3, 9.9, 15, 8), Click(4, 50, 50, 9),
        ]);
        var before = new DateTimeOffset(At(10));
        var report = await scene.Store.PruneAsync(set, before, report: true);
        Assert.Equal((10, 7, isSparse ? 2 : 3, true), (report.Rows, report.RowsBefore, report.Pruned, report.IsReport));
        await scene.TablesAgreeAsync(set);

        Row[] spine = [.. new long[] { 1, 2, 3, 4 }.SelectMany(user => new[] { Ask(user, 10), Ask(user, 10.5), Ask(user, 20), Ask(user, 1000) })];
        var training = (await scene.SpineAsync(spine)).Join(set).WithMatch();
        TrainingSet[] variants = [training, training.Strictly(), training.KnownAtEvent(), training.KnownAt(At(10)), training.KnownAt(At(19.999999)), training.KnownAt(At(20)).Strictly()];
        var earlier = new List<IReadOnlyList<Row>>();
        foreach (var variant in variants)
        {
            earlier.Add(await scene.AgreesAsync(variant, spine));
        }

        var result = await scene.Store.PruneAsync(set, before);
        Assert.Equal((report.Rows, report.RowsBefore, report.Pruned, false), (result.Rows, result.RowsBefore, result.Pruned, result.IsReport));
        for (var i = 0; i < variants.Length; i++)
        {
            RowMultiset.AssertEqual(earlier[i], [.. (await TestTables.ReadAsync(scene.Store, variants[i])).Select(row => row.With("event_timestamp", ValueReading.Of(StoredType.Instant)(row["event_timestamp"]!)))], $"{engine}, variant {i}");
        }

        Assert.True((await scene.Store.ReconcileAsync(set)).IsConsistent);
        Assert.Equal(0, (await scene.Store.PruneAsync(set, before)).Pruned);
        Assert.Contains(result.Pruned.ToString(System.Globalization.CultureInfo.InvariantCulture) + " of 10 history rows deleted", result.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F5_a_tombstone_that_is_a_keys_last_row_stays_so_that_no_late_row_brings_it_back(bool isSparse)
    {
        await using var scene = await OpenAsync(engine);
        var set = isSparse ? Clicks().Sparse().Tombstones() : Clicks().Tombstones();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 1), Click(1, 1, 1, 2), Click(2, 0, 0, 3)]);
        await scene.RetractAsync(set, at: 5, created: 5, 1);
        Assert.Equal(2, (await scene.Store.PruneAsync(set, At(10))).Pruned);
        Assert.True((await scene.Store.ReconcileAsync(set)).IsConsistent);
        await scene.Store.PublishAsync(set, new[] { Click(1, 3, 30, 9) });
        Assert.Equal([2L], (await scene.Store.LatestAsync<ClickRow>(set)).Select(row => row.UserId));
        Assert.True((await scene.Store.ReconcileAsync(set)).IsConsistent);
    }

    [Fact]
    public async Task F5_beside_publishers_of_late_rows_no_key_loses_its_last_row()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        var pruner = await OneAtATime(() => scene.Database.OpenAsync());
        var publisher = await OneAtATime(() => scene.Database.OpenAsync());
        var publishing = Task.Run(async () =>
        {
            for (var round = 0; round < 12; round++)
            {
                await scene.Database.StoreOn(publisher).PublishAsync(set, Enumerable.Range(0, 40).Select(user => Click((round * 20) + user, round % 5, round, round)).ToList());
            }
        });
        var pruning = Task.Run(async () =>
        {
            for (var round = 0; round < 12; round++)
            {
                await scene.Database.StoreOn(pruner).PruneAsync(set, At(100));
            }
        });
        await Task.WhenAll(publishing, pruning);
        Assert.True((await scene.Store.ReconcileAsync(set)).IsConsistent);
        Assert.Equal(260, (await scene.Store.LatestAsync<ClickRow>(set)).Count);
    }

    [Fact]
    public async Task F5_what_cannot_be_pruned_is_refused()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 1), Click(1, 1, 1, 2)]);
        var future = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => scene.Database.Store(new() { TimeProvider = new FixedClock(At(5)) }).PruneAsync(set, At(6)));
        Assert.Contains("after now", future.Message, StringComparison.Ordinal);
        Assert.Contains("read only", Assert.Throws<InvalidOperationException>(() => Prune.Of(Clicks().Existing("theirs"), At(0))).Message, StringComparison.Ordinal);
        Assert.Contains("ordinal", Assert.Throws<InvalidOperationException>(() => Prune.Of(Clicks().Existing("theirs").Latest("now").EventTime("version", TimeKind.Ordinal), At(0))).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.PruneAsync(Clicks("other"), At(0)))).Message, StringComparison.Ordinal);
        await using (var transaction = await scene.Database.Connection.BeginTransactionAsync())
        {
            Assert.Equal(1, (await scene.Database.Store(new() { Transaction = transaction }).PruneAsync(set, At(10))).Pruned);
            await transaction.RollbackAsync();
        }

        await scene.TablesAgreeAsync(set);
    }

    private async Task<int> PruneWorldAsync(World world, TestDatabase database)
    {
        var run = new WorldRun(world, engine, database);
        var reference = await run.FillAsync();
        var store = database.Store(new() { TimeProvider = new FixedClock(DateTimeOffset.MaxValue) });
        var random = new Random(world.Seed);
        var times = world.Sets.Where(set => set.Set.EventTimeColumn.Kind != TimeKind.Ordinal).SelectMany(set => reference.History(set.Set).Select(row => row[set.Set.EventTimeColumn.Name])).OfType<DateTime>().ToList();
        if (times.Count == 0)
        {
            return 0;
        }

        var before = DateTime.SpecifyKind(times[random.Next(times.Count)], DateTimeKind.Utc);
        before = before < DateTime.MaxValue.AddDays(-1) ? before.AddTicks(10 * random.Next(2)) : before;
        var pruned = 0;
        foreach (var set in world.Sets.Select(set => set.Set).Where(set => set.LatestTable is not null && set.EventTimeColumn.Kind != TimeKind.Ordinal))
        {
            var where = $"{engine}, {set.Name} before {before:O}; {world}";
            var history = reference.History(set);
            var kept = ReferenceRetention.Kept(set, history, before);
            var report = await store.PruneAsync(set, new(before), report: true);
            var result = await store.PruneAsync(set, new DateTimeOffset(before));
            Assert.True((report.Rows, report.RowsBefore, report.Pruned) == (result.Rows, result.RowsBefore, result.Pruned), $"{where}: {report} but {result}");
            Assert.True((result.Rows, result.Pruned) == (history.Count, history.Count - kept.Count), $"{where}: {history.Count - kept.Count} rows of {history.Count} are not needed, but {result}");
            var columns = PublishBatch.Columns(set).Select(column => new TestColumn(column.Name, column.Type)).ToList();
            RowMultiset.AssertEqual(kept, await TestTables.ReadTableAsync(database.Connection, engine.Dialect, set.HistoryTable, columns), where, allowEmpty: true, inOrder: false);
            Assert.True((await store.ReconcileAsync(set)).IsConsistent, where);
            pruned += (int)result.Pruned;
        }

        foreach (var training in world.Trainings.Where(training => training.Set.Knowledge != Knowledge.AtInstant || training.Set.KnowledgeInstant >= new DateTimeOffset(before)))
        {
            await run.CompareFromAsync(training, before);
        }

        return pruned;
    }
}
