using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;

namespace Distiller.Databases.Tests.Contract;

/// <summary>The batches of a random world's set, lived through on an engine and in the reference store, for tests of what is made of its tables.</summary>
internal sealed class WorldPlay(Engine engine, TestDatabase database, FeatureStore store, ReferenceStore reference)
{
    public static List<TestColumn> Columns(IEnumerable<WorldColumn> columns) =>
        [.. columns.Select(column => new TestColumn(column.Name, column.Time is { } kind ? StoredType.Of(kind) : StoredType.Of(column.Type!), column.IsNullable))];

    /// <summary>Creates the user's tables of a set; Distiller's own are the caller's to create.</summary>
    public async Task CreateTheirsAsync(WorldSet set)
    {
        if (!set.Set.IsExisting)
        {
            return;
        }

        await TestTables.CreateAsync(database.Connection, engine.Dialect, set.Set.HistoryTable, Columns(set.Columns));
        if (set.Set.LatestTable is { } latest)
        {
            await TestTables.CreateAsync(database.Connection, engine.Dialect, latest, Columns(set.Columns), [.. set.Set.Entity.Keys.Select(key => key.Name)]);
        }
    }

    /// <param name="world">The set as the world made it.</param>
    /// <param name="set">The set as it is declared here: the same, or with an SCD2 table.</param>
    /// <param name="batch">The batch.</param>
    public async Task PlayAsync(WorldSet world, FeatureSet set, WorldBatch batch)
    {
        if (World.Play(reference, world, batch) is null)
        {
            await TestTables.InsertAsync(database.Connection, engine.Dialect, set.HistoryTable, Columns(world.Columns), batch.Rows);
        }
        else if (batch.EndedKeys is { } keys)
        {
            var columns = Columns(world.Columns.Take(set.Entity.Keys.Count));
            var table = TableName.Of($"ended_{Guid.NewGuid():N}"[..20]);
            await TestTables.CreateAsync(database.Connection, engine.Dialect, table, columns);
            await TestTables.InsertAsync(database.Connection, engine.Dialect, table, columns, [.. keys.Select(key => new Row(columns.Select((column, i) => KeyValuePair.Create(column.Name, key[i]))))]);
            await store.RetractAsync(Retract.Of(set, Spine.From(table), batch.EndedAt).CreatedAt(batch.Created));
        }
        else
        {
            await store.PublishAsync(set, batch.Rows, new() { CreatedAt = batch.Created, OnlyChanged = batch.OnlyChanged });
        }
    }
}
