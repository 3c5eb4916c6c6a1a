namespace Distiller.Benchmarks;

/// <summary>A world's tables in a database, and the two queries that are measured over them.</summary>
internal sealed class AsOfTables
{
    private const string Result = "bench_out";

    private readonly BenchmarkDatabase database;
    private readonly World world;
    private readonly FeatureSet set;
    private readonly TimeKind times;
    private readonly string spine;

    private AsOfTables(BenchmarkDatabase database, World world, FeatureSet set, TimeKind times, string spine)
    {
        this.database = database;
        this.world = world;
        this.set = set;
        this.times = times;
        this.spine = spine;
    }

    public string HandWritten => database.HandWritten(spine, set.HistoryTable.Name);

    public string SpineTable => spine;

    public string HistoryTable => set.HistoryTable.Name;

    /// <summary>Tables as Distiller creates them.</summary>
    public static async Task<AsOfTables> OwnedAsync(BenchmarkDatabase database, World world, string name = "bench")
    {
        var set = Set(name);
        await database.Store.CreateTablesAsync([set]);
        return Load(database, world, set, TimeKind.Instant, name);
    }

    /// <summary>A sparse set's tables as Distiller creates them: of every feature about 30 % of the values are NULL, or of the last all.</summary>
    public static async Task<AsOfTables> SparseAsync(BenchmarkDatabase database, World world, bool isLastNull, string name)
    {
        var set = Set(name).Sparse();
        var full = name + "_full";
        await database.Store.CreateTablesAsync([set]);
        database.CreateTable(full, world.History, TimeKind.Instant);
        database.Load(full, world.History, TimeKind.Instant);
        var features = Enumerable.Range(1, World.Features).Select(i => isLastNull && i == World.Features ? "NULL" : FormattableString.Invariant($"CASE WHEN CAST(f{i} * 1024 AS bigint) % 10 >= {World.NullTenths} THEN f{i} END"));
        database.Execute($"INSERT INTO {set.HistoryTable.Name} SELECT entity_id, feature_timestamp, created_timestamp, {string.Join(", ", features)} FROM {full}");
        database.Execute($"DROP TABLE {full}");
        var spine = name + "_spine";
        database.CreateTable(spine, world.Spine, TimeKind.Instant);
        database.Load(spine, world.Spine, TimeKind.Instant);
        database.Settle(spine);
        database.Settle(set.HistoryTable.Name);
        return new(database, world, set, TimeKind.Instant, spine);
    }

    /// <summary>Tables as an adopter has them: instants without a zone, with the as-of index or without any.</summary>
    public static AsOfTables DropIn(BenchmarkDatabase database, World world, bool isIndexed, string name = "bench")
    {
        var kind = database.DropInKind;
        var table = name + "_existing";
        var set = Set(name).Existing(table).EventTime("feature_timestamp", kind).CreatedTime("created_timestamp", kind);
        database.CreateTable(table, world.History, kind);
        var tables = Load(database, world, set, kind, name + "_drop_in");
        if (isIndexed && database.UsesIndex)
        {
            database.Execute($"CREATE INDEX {table}_as_of ON {table} (entity_id, feature_timestamp DESC, created_timestamp DESC)");
            database.Settle(table);
        }

        return tables;
    }

    /// <summary>The query a store runs for the training set over these tables.</summary>
    public async Task<string> SelectAsync(Report report, AsOf? strategy = null)
    {
        var training = Spine.From(spine).At("event_timestamp", times).Columns("label", "entity_id", "event_timestamp").Join(set, prefix: "bench");
        training = strategy is { } pinned ? training.Using(pinned) : training;
        var options = database.Options;
        var (described, scope) = await new SpineDescription(new(database.Connection, options, database.Dialect, options.Driver ?? new AnyDriver(database.Dialect)))
            .PrepareAsync(training, new(database.Dialect, SqlStyle.Parameters), CancellationToken.None);
        var script = described.Build(scope);
        report.Say(string.Join(Environment.NewLine, script.Comments));
        return script.Single is { Parameters.Count: 0 } step ? step.Text : throw new InvalidOperationException("The query takes parameters, which no CREATE TABLE AS can.");
    }

    /// <summary>A query's result written into a temporary table, which is checked afterwards where an answer is expected, and dropped.</summary>
    public Contender Into(string select, Checksum? expected)
    {
        var create = $"CREATE TEMP TABLE {Result} AS {select}";
        return new(() =>
        {
            database.Execute(create);
            return Task.CompletedTask;
        })
        {
            After = () =>
            {
                if (expected is not null)
                {
                    Check(expected);
                }

                database.Execute($"DROP TABLE {Result}");
                return Task.CompletedTask;
            },
        };
    }

    public void Drop()
    {
        database.Execute($"DROP TABLE {spine}");
        database.Execute($"DROP TABLE {set.HistoryTable.Name}");
        if (!set.IsExisting)
        {
            database.Execute($"DROP TABLE {set.LatestTable!.Name}");
        }
    }

    private static FeatureSet Set(string name) =>
        Enumerable.Range(1, World.Features).Aggregate(Entity.Create("entity").Key<long>("entity_id").FeatureSet(name), (set, i) => set.Feature<double>(FormattableString.Invariant($"f{i}")));

    private static AsOfTables Load(BenchmarkDatabase database, World world, FeatureSet set, TimeKind times, string name)
    {
        var spine = name + "_spine";
        database.CreateTable(spine, world.Spine, times);
        database.Load(spine, world.Spine, times);
        database.Load(set.HistoryTable.Name, world.History, times);
        database.Settle(spine);
        database.Settle(set.HistoryTable.Name);
        return new(database, world, set, times, spine);
    }

    private void Check(Checksum expected)
    {
        var actual = Checksum.Of(database.Row($"SELECT COUNT(*), COUNT(bench__f1), SUM(bench__f1), SUM(bench__f{World.Features}), SUM(bench__f1 * (label % {Checksum.Modulus})) FROM {Result}"));
        if (actual != expected)
        {
            throw new InvalidOperationException($"{database.Name}, {world.Shape}: the training set adds up to {actual}, not to {expected}.");
        }
    }
}
