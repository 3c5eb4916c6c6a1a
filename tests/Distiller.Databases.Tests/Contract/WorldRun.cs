using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;

namespace Distiller.Databases.Tests.Contract;

/// <summary>A random world lived through on an engine, and compared at each step with the reference model.</summary>
internal sealed class WorldRun(World world, Engine engine, TestDatabase database)
{
    private readonly FeatureStore store = database.Store(new() { LargeHistory = world.Seed % 2 == 0 ? 1 : long.MaxValue });
    private readonly ReferenceStore reference = new();

    public async Task RunAsync()
    {
        await TestTables.CreateAsync(database.Connection, engine.Dialect, world.Spine.Table, Columns(world.Spine.Columns));
        await TestTables.InsertAsync(database.Connection, engine.Dialect, world.Spine.Table, Columns(world.Spine.Columns), world.Spine.Rows);
        foreach (var set in world.Sets)
        {
            await CreateAsync(set);
            foreach (var batch in set.Batches)
            {
                await PublishAsync(set, batch);
            }

            await CompareTablesAsync(set, "after its batches");
            foreach (var refusal in set.Refusals)
            {
                await RefuseAsync(set, refusal);
            }

            await CompareTablesAsync(set, "after its refusals");
            await CompareLatestAsync(set);
        }

        foreach (var training in world.Trainings)
        {
            await CompareAsync(training);
        }
    }

    /// <summary>Only fills the tables, for a test of something else.</summary>
    /// <returns>What the reference store holds then.</returns>
    public async Task<ReferenceStore> FillAsync()
    {
        await TestTables.CreateAsync(database.Connection, engine.Dialect, world.Spine.Table, Columns(world.Spine.Columns));
        await TestTables.InsertAsync(database.Connection, engine.Dialect, world.Spine.Table, Columns(world.Spine.Columns), world.Spine.Rows);
        foreach (var set in world.Sets)
        {
            await CreateAsync(set);
            foreach (var batch in set.Batches)
            {
                await PublishAsync(set, batch);
            }
        }

        return reference;
    }

    private static List<TestColumn> Columns(IEnumerable<WorldColumn> columns) =>
        [.. columns.Select(column => new TestColumn(column.Name, column.Time is { } kind ? StoredType.Of(kind) : StoredType.Of(column.Type!), column.IsNullable))];

    private string Where(string what) => $"{engine}, {what}; {world}";

    private async Task CreateAsync(WorldSet set)
    {
        if (!set.Set.IsExisting)
        {
            await store.CreateTablesAsync([set.Set]);
            return;
        }

        var columns = Columns(set.Columns);
        await TestTables.CreateAsync(database.Connection, engine.Dialect, set.Set.HistoryTable, columns);
        if (set.Set.LatestTable is { } latest)
        {
            await TestTables.CreateAsync(database.Connection, engine.Dialect, latest, columns, [.. set.Set.Entity.Keys.Select(key => key.Name)]);
        }
    }

    private async Task PublishAsync(WorldSet set, WorldBatch batch)
    {
        var counts = World.Play(reference, set, batch);
        if (counts is null)
        {
            await TestTables.InsertAsync(database.Connection, engine.Dialect, set.Set.HistoryTable, Columns(set.Columns), batch.Rows);
            return;
        }

        var result = batch.EndedKeys is { } keys ? await RetractAsync(set, keys, batch) : await store.PublishAsync(set.Set, batch.Rows, new() { CreatedAt = batch.Created, OnlyChanged = batch.OnlyChanged });
        Assert.True(
            (result.Offered, result.Appended, result.AlreadyPresent, result.Unchanged, result.LatestInserted, result.LatestUpdated, result.Late)
                == (counts.Offered, counts.Appended, counts.AlreadyPresent, counts.Unchanged, counts.LatestInserted, counts.LatestUpdated, counts.Late),
            Where($"publish of {set.Set.Name}: expected {counts}, got {result}"));
    }

    private async Task<PublishResult> RetractAsync(WorldSet set, IReadOnlyList<IReadOnlyList<object?>> keys, WorldBatch batch)
    {
        var table = TableName.Of($"ended_{Guid.NewGuid():N}"[..20]);
        var columns = Columns(set.Columns.Take(set.Set.Entity.Keys.Count));
        await TestTables.CreateAsync(database.Connection, engine.Dialect, table, columns);
        await TestTables.InsertAsync(database.Connection, engine.Dialect, table, columns, [.. keys.Select(key => new Row(columns.Select((column, i) => KeyValuePair.Create(column.Name, key[i]))))]);
        return await store.RetractAsync(Retract.Of(set.Set, Spine.From(table), batch.EndedAt).CreatedAt(batch.Created));
    }

    private async Task RefuseAsync(WorldSet set, WorldRefusal refusal)
    {
        try
        {
            await store.PublishAsync(set.Set, refusal.Batch.Rows, new() { CreatedAt = refusal.Batch.Created, OnlyChanged = refusal.Batch.OnlyChanged });
        }
        catch (RowRefusedException refused)
        {
            Assert.True(refused.Message.Contains(set.Set.Name, StringComparison.Ordinal), Where($"refusal names no feature set: {refused.Message}"));
            return;
        }

        Assert.Fail(Where($"publish of {set.Set.Name} was not refused by {refusal.Rule}"));
    }

    private async Task CompareTablesAsync(WorldSet set, string when)
    {
        var columns = Columns(set.Columns);
        var history = await TestTables.ReadTableAsync(database.Connection, engine.Dialect, set.Set.HistoryTable, columns);
        RowMultiset.AssertEqual(reference.History(set.Set), history, Where($"history of {set.Set.Name} {when}"), allowEmpty: true, inOrder: false);
        if (set.Set.LatestTable is { } latest)
        {
            var rows = await TestTables.ReadTableAsync(database.Connection, engine.Dialect, latest, [.. columns, .. TablesPlanner.FeatureTimes(set.Set).Select(column => new TestColumn(column.Name, column.Type, IsNullable: true))]);
            RowMultiset.AssertEqual(reference.Latest(set.Set), rows, Where($"latest of {set.Set.Name} {when}"), allowEmpty: true, inOrder: false);
        }
    }

    private async Task CompareLatestAsync(WorldSet set)
    {
        var columns = set.Set.Entity.Keys.Select(key => key.Name).Append(set.Set.EventTimeColumn.Name)
            .Concat(set.Set.CreatedTimeColumn is { } created ? [created.Name] : []).Concat(set.Set.Features.Select(feature => feature.Name)).ToList();
        RowMultiset.AssertEqual(
            Only(reference.Visible(set.Set), columns), await TestTables.ReadAsync(store, Latest.Of(set.Set)), Where($"Latest.Of({set.Set.Name})"), allowEmpty: true);
        if (set.Set.EventTimeColumn.Kind != TimeKind.Ordinal && reference.Latest(set.Set) is [var first, ..])
        {
            var at = (DateTime)first[set.Set.EventTimeColumn.Name]!;
            at = at.Year < 9000 && set.Set.MaximumAge is { } age && age < TimeSpan.FromDays(1000) ? at + age : at;
            RowMultiset.AssertEqual(
                Only(reference.LatestJudged(set.Set, at), columns), await TestTables.ReadAsync(store, Latest.Of(set.Set).At(at)), Where($"Latest.Of({set.Set.Name}).At({at:O})"), allowEmpty: true);
        }

        columns = [.. columns, .. set.Set.HasTombstones ? [ReferenceModel.Deleted] : Array.Empty<string>(), .. set.Set.IsSparse ? set.Set.Features.Select(ReferenceModel.TimeOf) : []];
        var unloaded = await TestTables.ReadAsync(store, Unload.Of(set.Set));
        RowMultiset.AssertEqual(Only(reference.Latest(set.Set), columns), Only(unloaded, columns), Where($"Unload.Of({set.Set.Name})"), allowEmpty: true);
    }

    private static List<Row> Only(IEnumerable<Row> rows, IReadOnlyList<string> columns) => [.. rows.Select(row => new Row(columns.Select(column => KeyValuePair.Create(column, row[column]))))];

    private async Task CompareAsync(WorldTraining training)
    {
        var expected = world.Expected(training, reference);
        var declared = world.Spine.Columns.ToDictionary(column => column.Name, column => column.Time is { } kind ? StoredType.Of(kind) : StoredType.Of(column.Type!));
        await CompareAsync(expected, training.Set, declared, $"{training.Name}, default strategy");
        foreach (var strategy in engine.Strategies)
        {
            try
            {
                await CompareAsync(expected, training.Set.Using(strategy), declared, $"{training.Name}, {strategy}");
            }
            catch (UnsupportedByDialectException refused) when (refused.Message.Contains($"strategy {strategy}", StringComparison.Ordinal))
            {
                // Not offered for this shape: an exact answer or none.
            }
        }
    }

    /// <summary>The rows of a training set from an instant on are what the reference says; earlier ones may be anything.</summary>
    public async Task CompareFromAsync(WorldTraining training, DateTime from)
    {
        var column = training.Set.Spine.InstantColumn;
        if (column.Kind == TimeKind.Ordinal)
        {
            return;
        }

        var types = world.Spine.Columns.ToDictionary(one => one.Name, one => one.Time is { } kind ? StoredType.Of(kind) : StoredType.Of(one.Type!));
        var actual = (await TestTables.ReadAsync(store, training.Set)).Select(row => new Row(row.Select(cell => types.TryGetValue(cell.Key, out var type) && cell.Value is not null ? KeyValuePair.Create(cell.Key, ValueReading.Of(type)(cell.Value)) : cell)));
        RowMultiset.AssertEqual([.. world.Expected(training, reference).Where(IsFrom)], [.. actual.Where(IsFrom)], Where($"{training.Name} from {from:O}"), allowEmpty: true);

        bool IsFrom(Row row) => ReferenceModel.Time(row[column.Name]) is not { } at || at >= from.Ticks;
    }

    private async Task CompareAsync(IReadOnlyList<Row> expected, TrainingSet training, IReadOnlyDictionary<string, StoredType> spine, string what)
    {
        List<Row> actual;
        try
        {
            actual = await TestTables.ReadAsync(store, training);
        }
        catch (StatementFailedException failed)
        {
            throw new InvalidOperationException(Where(what) + "\n" + failed.Sql, failed);
        }

        // The spine's own columns come as the provider hands them out; they are read here as the test declared them.
        var typed = actual.Select(row => new Row(row.Select(cell => spine.TryGetValue(cell.Key, out var type) && cell.Value is not null
            ? KeyValuePair.Create(cell.Key, ValueReading.Of(type)(cell.Value))
            : cell))).ToList();
        RowMultiset.AssertEqual(expected, typed, Where(what), allowEmpty: world.Spine.Rows.Count == 0);
    }
}
