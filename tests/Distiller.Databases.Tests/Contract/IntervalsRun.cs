using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;

namespace Distiller.Databases.Tests.Contract;

/// <summary>A random world's histories as intervals: queried, kept in a table that is refreshed now and then, and joined back as what they are.</summary>
internal sealed class IntervalsRun(World world, Engine engine, TestDatabase database)
{
    private readonly FeatureStore store = database.Store();
    private readonly ReferenceStore reference = new();
    private readonly Random random = new(world.Seed);

    public async Task RunAsync()
    {
        await TestTables.CreateAsync(database.Connection, engine.Dialect, world.Spine.Table, WorldPlay.Columns(world.Spine.Columns));
        await TestTables.InsertAsync(database.Connection, engine.Dialect, world.Spine.Table, WorldPlay.Columns(world.Spine.Columns), world.Spine.Rows);
        var declared = new Dictionary<FeatureSet, FeatureSet>();
        foreach (var one in world.Sets)
        {
            // The seed decides; that a collapsed table tells less, a max age forbids.
            var collapsed = one.Set.MaximumAge is null && random.Next(2) == 0;
            var names = new Scd2Columns($"from {random.Next(9)}", "until'\"", "is_open");
            var set = one.Set.Scd2($"{one.Set.HistoryTable.Name}_2", collapsed, random.Next(2) == 0 ? names : null);
            declared.Add(one.Set, set);
            await LiveAsync(one, set);
            await QueriesAgreeAsync(set);
        }

        // Collapsed intervals tell no age: a join's own max age would count from where the first of them began. Nor do those of a sparse set tell each feature's.
        foreach (var training in world.Trainings.Where(training => training.Set.Knowledge == Knowledge.Today && training.Set.Joins.All(join => join.MaximumAge is null || !(join.Set.IsSparse || declared[join.Set].Scd2Table!.IsCollapsed))))
        {
            await JoinsBackAsync(training, declared);
        }
    }

    private static List<TestColumn> IntervalColumns(FeatureSet set) => [.. Scd2Planner.TableColumns(set, set.Scd2Table!.Columns).SkipLast(1).Select(column => new TestColumn(column.Name, column.Type))];

    private string Where(string what) => $"{engine}, {what}; {world}";

    private async Task LiveAsync(WorldSet one, FeatureSet set)
    {
        var play = new WorldPlay(engine, database, store, reference);
        await play.CreateTheirsAsync(one);
        await store.CreateTablesAsync([set]);
        foreach (var batch in one.Batches)
        {
            await play.PlayAsync(one, set, batch);
            if (random.Next(3) > 0)
            {
                await RefreshAsync(set);
            }
        }

        await RefreshAsync(set);
        var (keys, removed, written) = await RefreshAsync(set);
        Assert.True((keys, removed, written) == (0, 0, 0), Where($"a refresh of {set.Name} without news recomputed {keys} keys"));
        await RefreshAsync(set, anew: true);
    }

    private async Task<(long Keys, long Removed, long Written)> RefreshAsync(FeatureSet set, bool anew = false)
    {
        var result = await store.RefreshScd2Async(set, anew);
        if (set.LatestTable is not null)
        {
            Assert.False(result.FoundByCounting, Where($"{set.Name} is published to, and rows were not noted"));
        }

        var scd2 = set.Scd2Table!;
        RowMultiset.AssertEqual(
            ReferenceIntervals.Of(set, reference.History(set), scd2.IsCollapsed, scd2.Columns),
            await TestTables.ReadTableAsync(database.Connection, engine.Dialect, scd2.Table, IntervalColumns(set)),
            Where($"SCD2 table of {set.Name}"),
            allowEmpty: true);
        return (result.Keys, result.Removed, result.Written);
    }

    private async Task QueriesAgreeAsync(FeatureSet set)
    {
        var plain = Scd2.Of(set).Named(new());
        var names = set.Scd2Table!.Columns;
        foreach (var statement in set.MaximumAge is null ? new[] { plain, plain.Collapsed(), Scd2.Of(set) } : [Scd2.Of(set)])
        {
            RowMultiset.AssertEqual(
                ReferenceIntervals.Of(set, reference.History(set), statement.IsCollapsed, statement.Columns),
                await TestTables.ReadAsync(store, statement),
                Where($"Scd2.Of({set.Name}){(statement.IsCollapsed ? ".Collapsed()" : "")}"),
                allowEmpty: true);
        }

        var view = TableName.Of($"{set.HistoryTable.Name}_v");
        await store.CreateViewAsync(Scd2.Of(set).AsView(view));
        await store.CreateViewAsync(Scd2.Of(set).AsView(view, replace: true));
        RowMultiset.AssertEqual(
            ReferenceIntervals.Of(set, reference.History(set), set.Scd2Table.IsCollapsed, names),
            await TestTables.ReadTableAsync(database.Connection, engine.Dialect, view, IntervalColumns(set)),
            Where($"view of {set.Name}"),
            allowEmpty: true);
    }

    /// <summary>A training set over the intervals answers what one over the history does.</summary>
    private async Task JoinsBackAsync(WorldTraining training, Dictionary<FeatureSet, FeatureSet> declared)
    {
        var over = world.Spine.Declared;
        TrainingSet? joined = null;
        foreach (var join in training.Set.Joins)
        {
            var set = declared[join.Set];
            var scd2 = set.Scd2Table!;
            var kind = set.EventTimeColumn.Kind;
            var intervals = set.Features.Aggregate(set.Entity.FeatureSet(set.Name), (made, feature) => made.Feature(feature.Name, feature.Type))
                .Existing(scd2.Table).EventTime(scd2.Columns.ValidFrom, kind).WithoutCreatedTime().ValidTo(scd2.Columns.ValidTo);
            var keys = set.Entity.Keys.Select((key, i) => KeyValuePair.Create(key.Name, join.SpineKeys[i])).ToDictionary();
            var features = join.Features.Select(feature => feature.Name).ToList();
            joined = joined is null ? over.Join(intervals, features, join.Prefix, keys, join.MaximumAge) : joined.Join(intervals, features, join.Prefix, keys, join.MaximumAge);
        }

        joined = training.Set.IsStrict ? joined!.Strictly() : joined!;
        joined = training.Set.HasShortNames ? joined.ShortNames() : joined;
        var types = world.Spine.Columns.ToDictionary(column => column.Name, column => column.Time is { } kind ? StoredType.Of(kind) : StoredType.Of(column.Type!));
        var matches = training.Set.HasMatch ? training.Set.Joins.SelectMany(join => new[] { $"{join.Prefix}__status", $"{join.Prefix}__feature_timestamp" }).ToList() : [];
        IReadOnlyList<Row> expected = [.. world.Expected(training, reference).Select(row => new Row(row.Where(cell => !matches.Contains(cell.Key))))];
        foreach (var strategy in engine.Strategies.Select(strategy => (AsOf?)strategy).Prepend(null))
        {
            try
            {
                var actual = await TestTables.ReadAsync(store, strategy is { } kind ? joined.Using(kind) : joined);
                RowMultiset.AssertEqual(expected, [.. actual.Select(row => Typed(row, types))], Where($"{training.Name} over intervals, {strategy?.ToString() ?? "default strategy"}"), allowEmpty: true);
            }
            catch (UnsupportedByDialectException) when (strategy is not null)
            {
                // Not offered for this shape: an exact answer or none.
            }
        }
    }

    private static Row Typed(Row row, Dictionary<string, StoredType> types) => new(row.Select(cell =>
        types.TryGetValue(cell.Key, out var type) && cell.Value is not null ? KeyValuePair.Create(cell.Key, ValueReading.Of(type)(cell.Value)) : cell));
}
