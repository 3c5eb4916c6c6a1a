using Dapper;
using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Latest against history: damage of every kind is found, shown and repaired.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task F3_damage_to_latest_is_found_and_repaired_in_random_worlds()
    {
        var worlds = Math.Max(6, Setting("DISTILLER_WORLDS", 100) / 4);
        var seed = Setting("DISTILLER_SEED", 1);
        var last = seed + worlds;
        var seen = new HashSet<LatestDifference>();
        while (seed < last)
        {
            await using var database = await engine.CreateAsync();
            for (var end = Math.Min(seed + WorldsPerDatabase, last); seed < end; seed++)
            {
                var world = World.Create(seed, Options());
                var reference = await new WorldRun(world, engine, database).FillAsync();
                foreach (var set in world.Sets.Where(set => set.Set.LatestTable is not null))
                {
                    seen.UnionWith(await DamageAndRepairAsync(set.Set, reference, database, world));
                }
            }
        }

        Assert.Equal(Enum.GetValues<LatestDifference>(), seen.Order());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task F3_a_report_tells_each_difference_with_both_sides_and_a_repair_closes_it(bool isSparse, bool hasTombstones)
    {
        await using var scene = await OpenAsync(engine);
        var set = isSparse ? Clicks().Sparse() : Clicks();
        set = hasTombstones ? set.Tombstones() : set;
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5, "a"), Click(1, 10, 10, 6, "b"), Click(2, 0, 0, 7), Click(3, 0, 0, 8), Click(4, 0, 0, null, null), Click(5, 0, 0, 1)]);
        if (hasTombstones)
        {
            await scene.RetractAsync(set, at: 20, created: 20, 5);
        }

        var clean = await scene.Store.ReconcileAsync(set);
        Assert.True(clean.IsConsistent);
        Assert.Empty(clean.Keys);
        await scene.Database.ExecuteAsync("UPDATE clicks_latest SET clicks = 99, page = NULL WHERE user_id = 1");
        await scene.Database.ExecuteAsync("DELETE FROM clicks_latest WHERE user_id IN (2, 5)");
        await scene.Database.ExecuteAsync("UPDATE clicks_latest SET user_id = 33 WHERE user_id = 3");

        var report = await scene.Store.ReconcileAsync(set);
        Assert.Equal((3, 1, 1, false), (report.Missing, report.Extra, report.Differing, report.IsRepaired));
        Assert.Equal(
            [(LatestDifference.Differing, 1L), (LatestDifference.Extra, 33L), (LatestDifference.Missing, 2L), (LatestDifference.Missing, 3L), (LatestDifference.Missing, 5L)],
            report.Keys.Select(key => (key.Difference, (long)key.Key[0]!)));
        var differing = report.Keys[0];
        Assert.Equal(["clicks", "page"], differing.DifferingColumns);
        var (clicks, time) = (report.Columns.ToList().IndexOf("clicks"), report.Columns.ToList().IndexOf("feature_timestamp"));
        Assert.Equal((6, 99, At(10)), (differing.MustBe![clicks], differing.Is![clicks], differing.MustBe[time]));
        Assert.Equal((null, 8), (report.Keys[1].MustBe, report.Keys[1].Is![clicks]));
        Assert.Equal((7, null), (report.Keys[2].MustBe![clicks], report.Keys[2].Is));
        Assert.Contains("3 keys missing, 1 extra, 1 differing", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("99 → 6", report.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, (await scene.Store.ReconcileAsync(Reconcile.Of(set).Showing(1))).Keys.Count(key => key.Difference != LatestDifference.Differing));

        var repaired = await scene.Store.ReconcileAsync(set, repair: true);
        Assert.Equal((3, 1, 1, true), (repaired.Missing, repaired.Extra, repaired.Differing, repaired.IsRepaired));
        Assert.Equal(report.Keys.Select(key => key.Key[0]), repaired.Keys.Select(key => key.Key[0]));
        await scene.TablesAgreeAsync(set);
        Assert.True((await scene.Store.ReconcileAsync(set, repair: true)).IsConsistent);
        await scene.LatestAgreesAsync(set);
    }

    [Fact]
    public async Task F3_a_repair_moves_published_timestamp_on_for_what_it_writes_and_no_other()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        var store = scene.Database.Store(new() { TimeProvider = new FixedClock(At(500)) });
        await store.PublishAsync(set, new[] { Click(1, 0, 0, 5), Click(2, 0, 0, 6) });
        await scene.Database.ExecuteAsync("UPDATE clicks_latest SET clicks = 99 WHERE user_id = 1");
        await store.ReconcileAsync(set, repair: true);
        var rows = new Dictionary<long, LatestRow>();
        await foreach (var row in store.UnloadAsync(set))
        {
            rows.Add((long)row.Key[0], row);
        }

        Assert.Equal((At(500.000001), 5), (rows[1].PublishedTimestamp, rows[1].Values[0]));
        Assert.Equal(At(500), rows[2].PublishedTimestamp);
    }

    [Fact]
    public async Task F3_a_drop_in_is_reconciled_and_any_row_of_a_tie_is_its_latest()
    {
        await using var scene = await OpenAsync(engine);
        var tied = Clicks("tied").Existing("tied").Latest("tied_now");
        await scene.DropInAsync(tied, Click(1, 0, null, 5, "a"), Click(1, 0, null, 6, "b"), Click(2, 0, 0, 7), Click(3, 5, 5, 1), Click(3, 5, null, 2));
        await scene.Database.ExecuteAsync("INSERT INTO tied_now SELECT user_id, feature_timestamp, created_timestamp, clicks, page FROM tied WHERE clicks IN (6, 7, 2)");
        var report = await scene.Store.ReconcileAsync(tied);
        Assert.Equal((0, 0, 1), (report.Missing, report.Extra, report.Differing));
        Assert.Equal(3L, Assert.Single(report.Keys).Key[0]);
        Assert.Equal(["created_timestamp", "clicks"], report.Keys[0].DifferingColumns);
        await scene.Database.ExecuteAsync("UPDATE tied_now SET clicks = 5 WHERE user_id = 1");
        Assert.Equal(2, (await scene.Store.ReconcileAsync(tied, repair: true)).Differing);
        Assert.True((await scene.Store.ReconcileAsync(tied)).IsConsistent);
        Assert.Equal(1, await scene.Database.Connection.ExecuteScalarAsync<int>("SELECT clicks FROM tied_now WHERE user_id = 3"));
    }

    [Fact]
    public async Task F3_beside_publishers_a_repair_is_right_and_loses_nothing()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.Store.PublishAsync(set, Enumerable.Range(0, 50).Select(user => Click(user, 0, 0, user)).ToList());
        var reconciler = await OneAtATime(() => scene.Database.OpenAsync());
        var publisher = await OneAtATime(() => scene.Database.OpenAsync());
        var publishing = Task.Run(async () =>
        {
            for (var round = 1; round <= 12; round++)
            {
                await scene.Database.StoreOn(publisher).PublishAsync(set, Enumerable.Range(0, 60).Select(user => Click(user, round, round, round)).ToList());
            }
        });
        var repairing = Task.Run(async () =>
        {
            for (var round = 0; round < 12; round++)
            {
                Assert.True((await scene.Database.StoreOn(reconciler).ReconcileAsync(set, repair: true)).IsConsistent);
                Assert.True((await scene.Database.StoreOn(reconciler).ReconcileAsync(set)).IsConsistent);
            }
        });
        await Task.WhenAll(publishing, repairing);
        Assert.Equal(60, (await scene.Store.LatestAsync<ClickRow>(set)).Count(row => row.Clicks == 12));
    }

    [Fact]
    public async Task F3_inside_a_callers_transaction_the_caller_decides_and_what_cannot_be_reconciled_is_said()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        await scene.Database.ExecuteAsync("DELETE FROM clicks_latest");
        await using (var transaction = await scene.Database.Connection.BeginTransactionAsync())
        {
            Assert.Equal(1, (await scene.Database.Store(new() { Transaction = transaction }).ReconcileAsync(set, repair: true)).Missing);
            await transaction.RollbackAsync();
        }

        Assert.Equal(1, (await scene.Store.ReconcileAsync(set)).Missing);
        Assert.Contains("no latest table", Assert.Throws<InvalidOperationException>(() => Reconcile.Of(Clicks().Existing("theirs"))).Message, StringComparison.Ordinal);
        Assert.Contains("'other_history' does not exist", (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.ReconcileAsync(Clicks("other")))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Reconcile.Of(set).Showing(0));
    }

    private async Task<IEnumerable<LatestDifference>> DamageAndRepairAsync(FeatureSet set, ReferenceStore reference, TestDatabase database, World world)
    {
        var store = database.Store();
        var where = $"{engine}, {set.Name}; {world}";
        Assert.True((await store.ReconcileAsync(set)).IsConsistent, where);

        // Rows deleted, values overwritten, keys that history forgets.
        var random = new Random(world.Seed);
        var columns = LatestFromHistory.Columns(set).Select(column => new TestColumn(column.Name, column.Type with { IsKey = false })).ToList();
        var scope = new PlanScope(engine.Dialect, SqlStyle.Parameters);
        foreach (var row in reference.Latest(set))
        {
            var key = set.Entity.Keys.Select(column => (Scalar)new Compare(CompareOp.Equal, new ColumnRef(null, column.Name), new Value(StoredType.Of(column.Type), row[column.Name])));
            SqlStatement? damage = random.Next(4) switch
            {
                0 => new Delete(set.LatestTable!, "damaged", Scalar.And(key)),
                1 => new Delete(set.HistoryTable, "damaged", Scalar.And(key)),
                2 => new Update(set.LatestTable!, ValueList<(string, Scalar)>.Of(set.Features.Take(random.Next(1, 3)).Select(feature => (feature.Name, (Scalar)new NullOf(StoredType.Of(feature.Type))))), Scalar.And(key)),
                _ => null,
            };
            if (damage is not null)
            {
                var step = StatementWriter.Step(scope, "damage", damage);
                await database.Connection.ExecuteAsync(step.Text, new StepParameters(engine.Dialect, step.Parameters, default));
            }

            if (damage is Delete { Table: var table } && table == set.HistoryTable)
            {
                reference.Erase(set, ReferenceModel.KeyOf(set, row));
            }
        }

        var must = reference.Latest(set).ToDictionary(row => ReferenceModel.KeyOf(set, row), ValuesComparer.Instance);
        var found = (await TestTables.ReadTableAsync(database.Connection, engine.Dialect, set.LatestTable!, columns)).ToDictionary(row => ReferenceModel.KeyOf(set, row), ValuesComparer.Instance);
        var missing = must.Keys.Where(key => !found.ContainsKey(key)).ToHashSet(ValuesComparer.Instance);
        var extra = found.Keys.Where(key => !must.ContainsKey(key)).ToHashSet(ValuesComparer.Instance);
        var differing = must.Where(row => found.TryGetValue(row.Key, out var other) && columns.Any(column => !Values.Same(row.Value[column.Name], other[column.Name]))).Select(row => row.Key).ToHashSet(ValuesComparer.Instance);
        var report = await store.ReconcileAsync(Reconcile.Of(set).Showing(1000));
        Assert.True((missing.Count, extra.Count, differing.Count) == (report.Missing, report.Extra, report.Differing), $"{where}: {missing.Count} missing, {extra.Count} extra, {differing.Count} differing, but {report}");
        foreach (var one in report.Keys)
        {
            Assert.True((one.Difference switch { LatestDifference.Missing => missing, LatestDifference.Extra => extra, _ => differing }).Contains(one.Key), $"{where}: {one.Difference} {string.Join(", ", one.Key.Select(Values.Show))}");
            Told(one.MustBe, must.GetValueOrDefault(one.Key));
            Told(one.Is, found.GetValueOrDefault(one.Key));
        }

        await store.ReconcileAsync(set, repair: true);
        RowMultiset.AssertEqual([.. must.Values], await TestTables.ReadTableAsync(database.Connection, engine.Dialect, set.LatestTable!, columns), $"{where}, repaired", allowEmpty: true, inOrder: false);
        Assert.True((await store.ReconcileAsync(set)).IsConsistent, where);
        return report.Keys.Select(key => key.Difference);

        void Told(IReadOnlyList<object?>? told, Row? row)
        {
            if (told is not null)
            {
                Assert.True(report.Columns.Select(column => row![column]).Zip(told).All(pair => Values.Same(pair.First, pair.Second)), $"{where}: {row} is told as {string.Join(", ", told.Select(Values.Show))}");
            }
        }
    }
}
