using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;

namespace Distiller.Databases.Tests.Contract;

/// <summary>A random world's tables as somebody without declarations has them: its latest rows as tables without event time, its histories as tables to be found.</summary>
internal sealed class TablesRun(World world, Engine engine, TestDatabase database)
{
    private readonly FeatureStore store = database.Store();
    private readonly ReferenceStore reference = new();
    private readonly Dictionary<FeatureSet, FeatureSet> still = [];
    private readonly Dictionary<FeatureSet, FeatureSet> found = [];
    private readonly Dictionary<FeatureSet, IReadOnlyList<Row>> rows = [];

    public int Static { get; private set; }

    public int Found { get; private set; }

    public async Task RunAsync()
    {
        await TestTables.CreateAsync(database.Connection, engine.Dialect, world.Spine.Table, WorldPlay.Columns(world.Spine.Columns));
        await TestTables.InsertAsync(database.Connection, engine.Dialect, world.Spine.Table, WorldPlay.Columns(world.Spine.Columns), world.Spine.Rows);
        var play = new WorldPlay(engine, database, store, reference);
        foreach (var one in world.Sets)
        {
            await play.CreateTheirsAsync(one);
            if (!one.Set.IsExisting)
            {
                await store.CreateTablesAsync([one.Set]);
            }

            foreach (var batch in one.Batches)
            {
                await play.PlayAsync(one, one.Set, batch);
            }

            await StandStillAsync(one);
            await FindAsync(one.Set);
        }

        foreach (var training in world.Trainings)
        {
            await JoinStaticAsync(training);
            await JoinFoundAsync(training);
        }
    }

    private string Where(string what) => $"{engine}, {what}; {world}";

    /// <summary>The visible latest rows, without their times, as a table of the user's.</summary>
    private async Task StandStillAsync(WorldSet one)
    {
        var set = one.Set;
        var kept = set.Entity.Keys.Select(key => key.Name).Concat(set.Features.Select(feature => feature.Name)).ToList();
        var table = TableName.Of($"{set.HistoryTable.Name}_s");
        var columns = WorldPlay.Columns(kept.Select(name => one.Columns.First(column => column.Name == name)));
        rows[set] = [.. reference.Visible(set).Select(row => new Row(kept.Select(name => KeyValuePair.Create(name, row[name]))))];
        await TestTables.CreateAsync(database.Connection, engine.Dialect, table, columns);
        await TestTables.InsertAsync(database.Connection, engine.Dialect, table, columns, rows[set]);
        still[set] = set.Features.Aggregate(set.Entity.FeatureSet(set.Name), (made, feature) => made.Feature(feature.Name, feature.Type)).Existing(table).Static();
        RowMultiset.AssertEqual(rows[set], await TestTables.ReadAsync(store, Latest.Of(still[set])), Where($"latest of static {set.Name}"), allowEmpty: true);
    }

    /// <summary>What a history's table and a few names tell; sets whose ties nothing but the declaration breaks, or with rows that mean something else than they say, cannot be found.</summary>
    private async Task FindAsync(FeatureSet set)
    {
        if (set.HasTombstones || set.IsSparse || set.CreatedTimeColumn is null)
        {
            return;
        }

        var answer = await store.FeatureSetFromTableAsync(set.HistoryTable, new()
        {
            Name = set.Name,
            Entity = set.Entity,
            EventTime = set.EventTimeColumn.Name,
            EventKind = set.EventTimeColumn.Kind,
            CreatedTime = set.CreatedTimeColumn.Name,
            CreatedKind = set.CreatedTimeColumn.Kind,
            Features = [.. set.Features.Select(feature => feature.Name)],
        });
        Assert.True(answer.Set.Features.Count == set.Features.Count, Where($"{set.Name} has {set.Features.Count} features, found were {answer}"));
        found[set] = answer.Set;
    }

    private async Task JoinStaticAsync(WorldTraining training)
    {
        var joined = Joined(training, still, keepsAge: false);
        joined = training.Set.HasMatch ? joined.WithMatch() : joined;
        var expected = ReferenceModel.TrainingSet(joined, world.Spine.Rows, set => rows[still.Single(pair => pair.Value == set).Key]);
        RowMultiset.AssertEqual(expected, await ReadAsync(training, joined), Where($"{training.Name} over static tables"), allowEmpty: true);
        Static++;
    }

    private async Task JoinFoundAsync(WorldTraining training)
    {
        if (training.Set.Joins.Any(join => !found.ContainsKey(join.Set)))
        {
            return;
        }

        var joined = Joined(training, found, keepsAge: true);
        joined = training.Set.IsStrict ? joined.Strictly() : joined;
        joined = training.Set.HasMatch ? joined.WithMatch() : joined;
        joined = training.Set.Knowledge switch { Knowledge.AtEvent => joined.KnownAtEvent(), Knowledge.AtInstant => joined.KnownAt(training.Set.KnowledgeInstant!.Value), _ => joined };
        RowMultiset.AssertEqual(world.Expected(training, reference), await ReadAsync(training, joined), Where($"{training.Name} over tables that were found"), allowEmpty: true);
        Found++;
    }

    private TrainingSet Joined(WorldTraining training, Dictionary<FeatureSet, FeatureSet> sets, bool keepsAge)
    {
        TrainingSet? joined = null;
        foreach (var join in training.Set.Joins)
        {
            var set = sets[join.Set];
            var keys = set.Entity.Keys.Select((key, i) => KeyValuePair.Create(key.Name, join.SpineKeys[i])).ToDictionary();
            var features = join.Features.Select(feature => feature.Name).ToList();
            var age = keepsAge ? join.MaximumAge : null;
            joined = joined is null ? world.Spine.Declared.Join(set, features, join.Prefix, keys, age) : joined.Join(set, features, join.Prefix, keys, age);
        }

        return training.Set.HasShortNames ? joined!.ShortNames() : joined!;
    }

    /// <summary>The rows as the declared types have them: what a catalog tells is wider on some engines.</summary>
    private async Task<IReadOnlyList<Row>> ReadAsync(WorldTraining training, TrainingSet joined)
    {
        var types = world.Spine.Columns.Select(column => KeyValuePair.Create(column.Name, column.Time is { } kind ? StoredType.Of(kind) : StoredType.Of(column.Type!)))
            .Concat(training.Set.Joins.SelectMany(join => join.Features.Select(feature => KeyValuePair.Create(training.Set.HasShortNames ? feature.Name : $"{join.Prefix}__{feature.Name}", StoredType.Of(feature.Type)))))
            .ToDictionary();
        return [.. (await TestTables.ReadAsync(store, joined)).Select(row => new Row(row.Select(cell =>
            types.TryGetValue(cell.Key, out var type) && cell.Value is not null ? KeyValuePair.Create(cell.Key, ValueReading.Of(type)(cell.Value)) : cell)))];
    }
}
