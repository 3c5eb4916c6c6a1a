using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;

namespace Distiller.Databases.Tests.Contract;

/// <summary>A small hand-made store on an engine, lived through beside the reference model.</summary>
internal sealed partial class Scene(Engine engine, TestDatabase database, FeatureStoreOptions? options = null) : IAsyncDisposable
{
    private readonly ReferenceStore reference = new();

    public static readonly DateTime Noon = new(2024, 3, 10, 12, 0, 0, DateTimeKind.Utc);

    public FeatureStore Store { get; } = database.Store(options);

    public TestDatabase Database => database;

    public static async Task<Scene> OpenAsync(Engine engine, FeatureStoreOptions? options = null) => new(engine, await engine.CreateAsync(), options);

    public static DateTime At(double seconds) => Noon.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    public static FeatureSet Clicks(string name = "clicks") => Entity.Create("user").Key<long>("user_id").FeatureSet(name).Feature<int>("clicks").Feature<string>("page");

    /// <summary>A row of <see cref="Clicks"/>; a null created time is left to the call.</summary>
    public static Row Click(long user, double at, double? created, int? clicks, string? page = "p") => Row.Of(
        ("user_id", user), ("feature_timestamp", At(at)), ("created_timestamp", created is { } known ? At(known) : null), ("clicks", clicks), ("page", page));

    public static Row Ask(long? user, double? at, string label = "x") => Row.Of(("user_id", user), ("event_timestamp", at is { } seconds ? At(seconds) : null), ("label", label));

    public async Task CreateAsync(params FeatureSet[] sets) => await Store.CreateTablesAsync(sets);

    /// <summary>Makes a drop-in table as its owner would have it, and fills it.</summary>
    public async Task DropInAsync(FeatureSet set, params Row[] rows)
    {
        var columns = Columns(set);
        await TestTables.CreateAsync(database.Connection, engine.Dialect, set.HistoryTable, columns);
        if (set.LatestTable is { } latest)
        {
            await TestTables.CreateAsync(database.Connection, engine.Dialect, latest, columns, [.. set.Entity.Keys.Select(key => key.Name)]);
        }

        await TestTables.InsertAsync(database.Connection, engine.Dialect, set.HistoryTable, columns, rows);
        reference.Load(set, rows);
    }

    public async Task<PublishResult> PublishAsync(FeatureSet set, IReadOnlyList<Row> rows, bool onlyChanged = false, DateTime? created = null)
    {
        var call = created ?? At(1_000_000);
        var counts = reference.Publish(set, rows, call, onlyChanged);
        var result = await Store.PublishAsync(set, rows, new() { CreatedAt = call, OnlyChanged = onlyChanged });
        Assert.Equal(
            (counts.Offered, counts.Appended, counts.AlreadyPresent, counts.Unchanged, counts.LatestInserted, counts.LatestUpdated, counts.Late),
            ((int)result.Offered, (int)result.Appended, (int)result.AlreadyPresent, (int)result.Unchanged, (int)result.LatestInserted, (int)result.LatestUpdated, (int)result.Late));
        await TablesAgreeAsync(set);
        return result;
    }

    public async Task<RowRefusedException> RefusedAsync(FeatureSet set, params Row[] rows)
    {
        var refused = await Assert.ThrowsAsync<RowRefusedException>(() => Store.PublishAsync(set, rows, new() { CreatedAt = At(1_000_000) }));
        Assert.Contains(set.Name, refused.Message, StringComparison.Ordinal);
        await TablesAgreeAsync(set);
        return refused;
    }

    /// <summary>History and latest are as the reference model has them (fixture 22: latest is the winner at t = for ever).</summary>
    public async Task TablesAgreeAsync(FeatureSet set)
    {
        var columns = Columns(set);
        RowMultiset.AssertEqual(reference.History(set), await TestTables.ReadTableAsync(database.Connection, engine.Dialect, set.HistoryTable, columns), $"{engine}: history of {set.Name}", allowEmpty: true, inOrder: false);
        if (set.LatestTable is { } latest)
        {
            columns.AddRange(TablesPlanner.FeatureTimes(set).Select(column => new TestColumn(column.Name, column.Type, IsNullable: true)));
            RowMultiset.AssertEqual(reference.Latest(set), await TestTables.ReadTableAsync(database.Connection, engine.Dialect, latest, columns), $"{engine}: latest of {set.Name}", allowEmpty: true, inOrder: false);
        }
    }

    /// <summary>Writes rows into a history as somebody else's job does: past Distiller.</summary>
    public async Task InsertAsync(FeatureSet set, params Row[] rows)
    {
        await TestTables.InsertAsync(database.Connection, engine.Dialect, set.HistoryTable, Columns(set), rows);
        reference.Load(set, rows);
    }

    /// <summary>Refreshes a set's SCD2 table, which then is as the reference model has it.</summary>
    public async Task<Scd2Result> RefreshAsync(FeatureSet set)
    {
        var result = await Store.RefreshScd2Async(set);
        await IntervalsAgreeAsync(set);
        return result;
    }

    public async Task IntervalsAgreeAsync(FeatureSet set)
    {
        var scd2 = set.Scd2Table!;
        RowMultiset.AssertEqual(
            ReferenceIntervals.Of(set, reference.History(set), scd2.IsCollapsed, scd2.Columns), await IntervalsAsync(set), $"{engine}: intervals of {set.Name}", allowEmpty: true);
    }

    public async Task<List<Row>> IntervalsAsync(FeatureSet set) => await TestTables.ReadTableAsync(
        database.Connection, engine.Dialect, set.Scd2Table!.Table, [.. Scd2Planner.TableColumns(set, set.Scd2Table.Columns).SkipLast(1).Select(column => new TestColumn(column.Name, column.Type))]);

    /// <summary>The spine as a table of the database.</summary>
    public async Task<Spine> SpineAsync(params Row[] rows) => await SpineAsync([new("user_id", StoredType.Of(FeatureType.Int64)), new("event_timestamp", StoredType.Instant), new("label", StoredType.Of(FeatureType.String))], rows);

    public async Task<Spine> SpineAsync(IReadOnlyList<TestColumn> columns, IReadOnlyList<Row> rows)
    {
        var table = TableName.Of($"spine_{Guid.NewGuid():N}"[..20]);
        await TestTables.CreateAsync(database.Connection, engine.Dialect, table, columns);
        await TestTables.InsertAsync(database.Connection, engine.Dialect, table, columns, rows);
        return Spine.From(table).Columns([.. columns.Select(column => column.Name)]);
    }

    /// <summary>The training set equals the reference model's by the default strategy and by every other that answers.</summary>
    /// <returns>The rows.</returns>
    public async Task<IReadOnlyList<Row>> AgreesAsync(TrainingSet training, IReadOnlyList<Row> spine, IReadOnlyDictionary<string, StoredType>? types = null, bool allowEmpty = false)
    {
        var expected = ReferenceModel.TrainingSet(training, spine, reference.History);
        var answered = 0;
        foreach (var strategy in engine.Strategies.Select(strategy => (AsOf?)strategy).Prepend(null))
        {
            var pinned = strategy is { } kind ? training.Using(kind) : training;
            try
            {
                var actual = await TestTables.ReadAsync(Store, pinned);
                RowMultiset.AssertEqual(expected, [.. actual.Select(row => Typed(row, types))], $"{engine}, {strategy?.ToString() ?? "default strategy"}", allowEmpty);
                answered++;
            }
            catch (UnsupportedByDialectException) when (strategy is not null)
            {
                // Not offered for this shape: an exact answer or none.
            }
        }

        Assert.True(answered > 1, $"{engine}: only {answered} strategies answered");
        return expected;
    }

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    private static Row Typed(Row row, IReadOnlyDictionary<string, StoredType>? types) => new(row.Select(cell =>
    {
        var type = types?.GetValueOrDefault(cell.Key) ?? cell.Key switch
        {
            "event_timestamp" => StoredType.Instant,
            _ => (StoredType?)null,
        };
        return type is { } known && (known.IsTime || known.Feature is not null) && cell.Value is not null ? KeyValuePair.Create(cell.Key, ValueReading.Of(known)(cell.Value)) : cell;
    }));

    private static List<TestColumn> Columns(FeatureSet set) =>
        [.. PublishBatch.Columns(set).Select(column => new TestColumn(column.Name, column.Type, IsNullable: true))];
}
