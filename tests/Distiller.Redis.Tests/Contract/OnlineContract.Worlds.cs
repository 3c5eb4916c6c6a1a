using System.Globalization;
using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using Distiller.Redis.Tests.Stores;

namespace Distiller.Redis.Tests.Contract;

/// <summary>Fixture 22: after any history, the online store answers what latest and a training set answer.</summary>
public abstract partial class OnlineContract
{
    /// <summary>Random worlds; <c>DISTILLER_WORLDS</c> sets how many, <c>DISTILLER_SEED</c> the first seed.</summary>
    [Fact]
    public async Task O6_random_worlds_answer_what_the_reference_model_answers()
    {
        var seed = Setting("DISTILLER_SEED", 1);
        var last = seed + Setting("DISTILLER_WORLDS", 40);
        while (seed < last)
        {
            await using var database = await new SqliteEngine().CreateAsync();
            for (var end = Math.Min(seed + 10, last); seed < end; seed++)
            {
                var world = World.Create(seed, new() { NotANumber = false, TextTimes = true, ForbiddenNames = ["true", "false"], MaxHistoryRows = 40, MaxSpineRows = 20 });
                await new OnlineWorldRun(world, engine, database).RunAsync();
            }
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var given) ? given : otherwise;
}

/// <summary>A random world published and unloaded in random order, then asked for every key at many instants.</summary>
internal sealed class OnlineWorldRun(World world, OnlineEngine engine, TestDatabase database)
{
    private readonly TestClock published = new(new(2024, 6, 1, 0, 0, 0, DateTimeKind.Utc));
    private readonly TestClock asked = new(new(2024, 6, 1, 0, 0, 0, DateTimeKind.Utc));
    private readonly ReferenceStore reference = new();
    private readonly Random random = new(world.Seed);

    public async Task RunAsync()
    {
        var options = new OnlineOptions { TimeProvider = asked, Buckets = random.Next(2) == 0 ? null : random.Next(1, 20) };

        // A server lets values expire by its own clock: they are kept, and judged when they are read.
        options = world.Sets.Where(set => set.Set.MaximumAge is not null).Aggregate(options, (kept, set) => kept.KeepFor(set.Set, TimeSpan.FromDays(365 * 9000)));
        var online = await engine.CreateAsync(options);
        var store = database.Store(new() { TimeProvider = published });
        foreach (var set in world.Sets)
        {
            await CreateAsync(store, set);
        }

        var waiting = world.Sets.SelectMany(set => set.Batches.Select(batch => (Set: set, Batch: batch))).ToList();
        var queues = waiting.GroupBy(item => item.Set).Select(items => new Queue<(WorldSet Set, WorldBatch Batch)>(items)).ToList();
        while (queues.Count > 0)
        {
            var queue = queues[random.Next(queues.Count)];
            var (set, batch) = queue.Dequeue();
            await PublishAsync(store, set, batch);
            published.Now = published.Now.AddMinutes(random.Next(40));
            if (queue.Count == 0)
            {
                queues.Remove(queue);
            }

            foreach (var unloaded in world.Sets.Where(_ => random.Next(3) == 0))
            {
                await online.LoadAsync(store, unloaded.Set, new() { Whole = random.Next(5) == 0, BatchSize = random.Next(1, 30) });
            }
        }

        foreach (var set in world.Sets)
        {
            await online.LoadAsync(store, set.Set);
            await CompareAsync(online, set);
        }
    }

    private async Task CompareAsync(IOnlineStore online, WorldSet set)
    {
        var history = reference.History(set.Set);
        var keys = history.Select(row => ReferenceModel.KeyOf(set.Set, row)).Append([.. set.Set.Entity.Keys.Select(_ => (object?)null)]).Distinct(ValuesComparer.Instance).ToList();
        var training = Spine.From("asked").At("asked_at", set.Set.EventTimeColumn.Kind == TimeKind.Ordinal ? TimeKind.Ordinal : TimeKind.Instant)
            .Columns([.. set.Set.Entity.Keys.Select(key => key.Name), "asked_at"])
            .Join(set.Set, [.. set.Set.Features.Reverse().Select(feature => feature.Name)]);
        var serving = training.Serve("world");
        foreach (var at in Instants(set, history))
        {
            asked.Now = at is DateTime instant ? instant : asked.Now;
            var spine = keys.Select(key => new Row([.. set.Set.Entity.Keys.Select((column, i) => KeyValuePair.Create(column.Name, key[i])), new("asked_at", at)])).ToList();
            var expected = ReferenceModel.TrainingSet(training, spine, reference.History);
            var read = await online.GetManyAsync(spine, serving);
            var actual = spine.Zip(read, (row, features) => new Row(row.Concat(features.ToDictionary()))).ToList();
            RowMultiset.AssertEqual(expected, actual, $"{engine}, online {set.Set.Name} at {Values.Show(at)}; {world}", allowEmpty: true);

            // The same as latest with its max age judged, and the statuses say so.
            foreach (var (key, features) in keys.Zip(read))
            {
                var row = reference.Latest(set.Set).FirstOrDefault(row => ValuesComparer.Instance.Equals(ReferenceModel.KeyOf(set.Set, row), key));
                var status = row is null || ReferenceModel.IsDeleted(set.Set, row) ? OnlineStatus.Missing : ReferenceModel.IsExpired(set.Set, Youngest(set.Set, row), at, set.Set.MaximumAge) ? OnlineStatus.Expired : OnlineStatus.Hit;
                Assert.True(status == features.Sets[0].Status, $"{engine}: {set.Set.Name} key {string.Join(", ", key.Select(Values.Show))} at {Values.Show(at)} is {features.Sets[0].Status}, not {status}; {world}");
                Assert.True(status == OnlineStatus.Missing || Values.Same(row![set.Set.EventTimeColumn.Name], features.Sets[0].EventTime), $"{engine}: event time of {set.Set.Name}; {world}");
            }
        }
    }

    /// <summary>A row as old as its youngest feature, where a sparse set knows one (O5).</summary>
    private static Row Youngest(FeatureSet set, Row row)
    {
        var times = TablesPlanner.FeatureTimes(set).Select(column => row[column.Name]).OfType<DateTime>().ToList();
        return times.Count == 0 ? row : new(row.Select(cell => cell.Key == set.EventTimeColumn.Name ? new(cell.Key, times.Max()) : cell));
    }

    /// <summary>Instants at or after every event: the last event, and where a max age ends, to the microsecond.</summary>
    private static IEnumerable<object> Instants(WorldSet set, IReadOnlyList<Row> history)
    {
        var times = history.Select(row => row[set.Set.EventTimeColumn.Name]).Where(time => time is not null).ToList();
        if (times.Count == 0)
        {
            yield break;
        }

        if (set.Set.EventTimeColumn.Kind == TimeKind.Ordinal)
        {
            yield return times.Cast<long>().Max();
            yield break;
        }

        var newest = times.Cast<DateTime>().Max();
        yield return newest;
        if (set.Set.MaximumAge is { } age && newest.Year < 9000 && age < TimeSpan.FromDays(36_500))
        {
            var whole = age - TimeSpan.FromTicks(age.Ticks % 10);
            foreach (var time in times.Cast<DateTime>().Distinct().Where(time => time.Year > 1900 && time + whole >= newest).Take(4))
            {
                yield return time + whole;
                yield return time + whole + TimeSpan.FromMicroseconds(1);
            }
        }
    }

    private async Task CreateAsync(FeatureStore store, WorldSet set)
    {
        if (!set.Set.IsExisting)
        {
            await store.CreateTablesAsync([set.Set]);
            return;
        }

        await TestTables.CreateAsync(database.Connection, SqlDialect.Sqlite, set.Set.HistoryTable, Columns(set));
        if (set.Set.LatestTable is { } latest)
        {
            await TestTables.CreateAsync(database.Connection, SqlDialect.Sqlite, latest, Columns(set), [.. set.Set.Entity.Keys.Select(key => key.Name)]);
        }
    }

    private async Task PublishAsync(FeatureStore store, WorldSet set, WorldBatch batch)
    {
        if (World.Play(reference, set, batch) is null)
        {
            await TestTables.InsertAsync(database.Connection, SqlDialect.Sqlite, set.Set.HistoryTable, Columns(set), batch.Rows);
            return;
        }

        if (batch.EndedKeys is { } keys)
        {
            var table = TableName.Of($"ended_{Guid.NewGuid():N}"[..20]);
            var columns = Columns(set)[..set.Set.Entity.Keys.Count];
            await TestTables.CreateAsync(database.Connection, SqlDialect.Sqlite, table, columns);
            await TestTables.InsertAsync(database.Connection, SqlDialect.Sqlite, table, columns, [.. keys.Select(key => new Row(columns.Select((column, i) => KeyValuePair.Create(column.Name, key[i]))))]);
            await store.RetractAsync(Retract.Of(set.Set, Spine.From(table), batch.EndedAt).CreatedAt(batch.Created));
            return;
        }

        await store.PublishAsync(set.Set, batch.Rows, new() { CreatedAt = batch.Created, OnlyChanged = batch.OnlyChanged });
    }

    private static List<TestColumn> Columns(WorldSet set) =>
        [.. set.Columns.Select(column => new TestColumn(column.Name, column.Time is { } kind ? StoredType.Of(kind) : StoredType.Of(column.Type!), column.IsNullable))];
}
