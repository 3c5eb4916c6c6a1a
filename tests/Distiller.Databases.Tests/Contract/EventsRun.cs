using System.Globalization;
using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;

namespace Distiller.Databases.Tests.Contract;

/// <summary>A random world's histories as events, and back: the round trip is the identity.</summary>
internal sealed class EventsRun(World world, Engine engine, TestDatabase database)
{
    private readonly FeatureStore store = database.Store();
    private readonly ReferenceStore reference = new();

    public int RoundTrips { get; private set; }

    public async Task RunAsync()
    {
        var play = new WorldPlay(engine, database, store, reference);
        foreach (var one in world.Sets)
        {
            var set = one.Set;
            await play.CreateTheirsAsync(one);
            if (!set.IsExisting)
            {
                await store.CreateTablesAsync([set]);
            }

            foreach (var batch in one.Batches)
            {
                await play.PlayAsync(one, set, batch);
            }

            await CompareAsync(set);
        }
    }

    private string Where(string what) => $"{engine}, {what}; {world}";

    private async Task CompareAsync(FeatureSet set)
    {
        var names = new EavtColumns("what\"", "how much");
        var facts = set.Entity.Keys.Select(key => key.Name).Append(set.EventTimeColumn.Name).ToList();
        var times = set.CreatedTimeColumn is { } created ? facts.Append(created.Name).ToList() : facts;
        var rows = reference.History(set).Where(row => facts.All(name => row[name] is not null)).ToList();
        foreach (var statement in new[] { Eavt.Of(set).Named(names), Eavt.Of(set).Named(names).WithoutNulls() })
        {
            var expected = rows.SelectMany(row => ReferenceModel.IsDeleted(set, row)
                ? [Event(row, ReferenceModel.Deleted, "true")]
                : set.Features.Where(feature => !statement.LeavesOutNulls || row[feature.Name] is not null).Select(feature => Event(row, feature.Name, Text(feature.Type, row[feature.Name]))));
            var types = set.Features.Select(feature => KeyValuePair.Create(feature.Name, feature.Type)).Append(new(ReferenceModel.Deleted, FeatureType.Bool)).ToDictionary();
            var actual = (await TestTables.ReadAsync(store, statement)).Select(row => row.With(names.Value, Plain(types[(string)row[names.Attribute]!], (string?)row[names.Value])));
            RowMultiset.AssertEqual([.. expected], [.. actual], Where($"events of {set.Name}"), allowEmpty: true, inOrder: false);
        }

        // Where nothing tells two rows of one fact apart, they cannot be told apart as events either.
        var distinct = rows.Select(row => new Row(times.Concat(set.Features.Select(feature => feature.Name)).Concat(set.HasTombstones ? [ReferenceModel.Deleted] : []).Select(name => KeyValuePair.Create(name, row[name])))).ToList();
        if (distinct.Select(row => (IReadOnlyList<object?>)[.. times.Select(name => row[name])]).Distinct(ValuesComparer.Instance).Count() < distinct.Count)
        {
            return;
        }

        RoundTrips++;
        var view = TableName.Of($"{set.HistoryTable.Name}_ev");
        await store.CreateViewAsync(Eavt.Of(set).Named(names).AsView(view));
        var back = Pivot.From(set, view).Named(names);
        RowMultiset.AssertEqual(distinct, await TestTables.ReadAsync(store, back), Where($"events of {set.Name} pivoted"), allowEmpty: true, inOrder: false);
        if (set.CreatedTimeColumn is { Kind: TimeKind.Instant } && set.EventTimeColumn.Kind == TimeKind.Instant && distinct.All(row => row[times[^1]] is not null) && !set.IsExisting)
        {
            var copy = set.History($"{set.HistoryTable.Name}_c").Latest($"{set.HistoryTable.Name}_l");
            await store.CreateTablesAsync([copy]);
            var result = await store.PublishEventsAsync(Pivot.From(copy, view).Named(names));
            Assert.Equal(distinct.Count, result.Appended);
            Assert.Equal(distinct.Count, (await store.PublishEventsAsync(Pivot.From(copy, view).Named(names))).AlreadyPresent);
            RowMultiset.AssertEqual(
                distinct,
                await TestTables.ReadTableAsync(database.Connection, engine.Dialect, copy.HistoryTable, [.. PublishBatch.Columns(copy).Select(column => new TestColumn(column.Name, column.Type))]),
                Where($"events of {set.Name} published"),
                allowEmpty: true,
                inOrder: false);
        }

        Row Event(Row row, string attribute, object? value) => new(times.Select(name => KeyValuePair.Create(name, row[name])).Append(new(names.Attribute, attribute)).Append(new(names.Value, value)));
    }

    /// <summary>The documented text of a value; floats as numbers, and of documents and vectors only whether there is one, since engines write them differently.</summary>
    private static object? Text(FeatureType type, object? value) => Values.Stored(value) switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        DateTime instant => instant.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        decimal number => number.ToString("F" + type.Scale.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        Guid id => id.ToString("D", CultureInfo.InvariantCulture),
        float or double or float[] => "a value",
        string when type.Kind == FeatureKind.Json => "a value",
        var other => Convert.ToString(other, CultureInfo.InvariantCulture),
    };

    private static object? Plain(FeatureType type, string? text) => text is not null && type.Kind is FeatureKind.Float32 or FeatureKind.Float64 or FeatureKind.FloatVector or FeatureKind.Json ? text is null ? null : "a value" : text;
}
