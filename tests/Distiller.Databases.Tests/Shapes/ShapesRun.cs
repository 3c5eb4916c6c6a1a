using Apache.Arrow;
using Apache.Arrow.Ipc;
using Distiller.Databases.Tests.Contract;
using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Distiller.Databases.Tests.Shapes;

/// <summary>A random world's training sets as record batches, as an IPC file and as a data view, each compared with the reference model.</summary>
internal sealed class ShapesRun(World world, Engine engine, TestDatabase database)
{
    private const int SmallBatch = 7;

    private readonly FeatureStore store = database.Store();

    public async Task RunAsync()
    {
        var reference = await new WorldRun(world, engine, database).FillAsync();
        var types = world.Spine.Columns.Where(column => column.Type is not null).ToDictionary(column => column.Name, column => column.Type!);
        foreach (var training in world.Trainings)
        {
            var expected = world.Expected(training, reference);
            await CompareArrowAsync(training, expected, new() { BatchRows = SmallBatch, Types = types });
            await CompareFileAsync(training, expected, new() { Types = types });
            await CompareViewAsync(training, expected);
        }
    }

    private string Where(string what) => $"{engine}, {what}; {world}";

    private async Task CompareArrowAsync(WorldTraining training, IReadOnlyList<Row> expected, ArrowOptions options)
    {
        var rows = new List<Row>();
        var lengths = new List<int>();
        await foreach (var batch in store.ReadArrowAsync(training.Set, options))
        {
            using (batch)
            {
                rows.AddRange(ArrowRows.Of(batch));
                lengths.Add(batch.Length);
            }
        }

        RowMultiset.AssertEqual(expected, rows, Where($"{training.Name} as Arrow"), allowEmpty: true);
        Assert.All(lengths.SkipLast(1), length => Assert.Equal(SmallBatch, length));
        Assert.True(lengths.Count == Math.Max(1, (expected.Count + SmallBatch - 1) / SmallBatch), Where($"{lengths.Count} batches for {expected.Count} rows"));
    }

    private async Task CompareFileAsync(WorldTraining training, IReadOnlyList<Row> expected, ArrowOptions options)
    {
        using var file = new MemoryStream();
        Assert.Equal(expected.Count, await store.WriteArrowAsync(training.Set, file, options));
        file.Position = 0;
        var extensions = new ExtensionTypeRegistry();
        extensions.Register(GuidExtensionDefinition.Instance);
        using var reader = new ArrowFileReader(new ArrowContext(extensionRegistry: extensions), file, leaveOpen: true);
        var rows = new List<Row>();
        while (await reader.ReadNextRecordBatchAsync() is { } batch)
        {
            rows.AddRange(ArrowRows.Of(batch));
        }

        RowMultiset.AssertEqual(expected, rows, Where($"{training.Name} as an IPC file"), allowEmpty: true);
    }

    /// <summary>The features, without those ML.NET cannot hold or holds no NULL of.</summary>
    private async Task CompareViewAsync(WorldTraining training, IReadOnlyList<Row> expected)
    {
        var features = training.Set.Joins
            .SelectMany(join => join.Features.Select(feature => (Name: training.Set.HasShortNames ? feature.Name : $"{join.Prefix}__{feature.Name}", feature.Type)))
            .Where(feature => feature.Type.Kind is not (FeatureKind.Bytes or FeatureKind.Timestamp or FeatureKind.Date))
            .ToList();
        if (features.Count == 0)
        {
            return;
        }

        var types = world.Spine.Columns.Where(column => column.Type is not null).ToDictionary(column => column.Name, column => column.Type!);
        var options = new DataViewOptions { Columns = [.. features.Select(feature => feature.Name)], Types = types };
        if (expected.SelectMany(row => features.Select(feature => row[feature.Name])).OfType<double>().Any(value => double.IsFinite(value) && !float.IsFinite((float)value)))
        {
            await Assert.ThrowsAsync<InvalidCastException>(() => store.ReadDataViewAsync(training.Set, options));
            return;
        }

        var view = await store.ReadDataViewAsync(training.Set, options);
        var wanted = expected.Select(row => new Row(features.Select(feature => KeyValuePair.Create(feature.Name, (object?)Expected(feature.Type, row[feature.Name]))))).ToList();
        Assert.Equal(wanted.Count, view.GetRowCount());
        for (var pass = 0; pass < 2; pass++)
        {
            RowMultiset.AssertEqual(wanted, DataViewRows.Of(view), Where($"{training.Name} as a data view, pass {pass}"), allowEmpty: true);
        }
    }

    private static object Expected(FeatureType type, object? value) => (type.Kind, value) switch
    {
        (FeatureKind.String or FeatureKind.Json, null) => "",
        (FeatureKind.Guid, null) => "",
        (FeatureKind.FloatVector, null) => Enumerable.Repeat(float.NaN, type.Length).ToArray(),
        (_, null) => float.NaN,
        (_, bool flag) => flag ? 1f : 0f,
        (_, int number) => (float)number,
        (_, long number) => (float)number,
        (_, double number) => (float)number,
        (_, decimal number) => (float)number,
        (_, Guid id) => id.ToString(),
        _ => value,
    };
}

/// <summary>A data view as rows, by ML.NET's own cursor.</summary>
internal static class DataViewRows
{
    public static List<Row> Of(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var cells = view.Schema.Select(column => Cell(cursor, column)).ToList();
        var rows = new List<Row>();
        while (cursor.MoveNext())
        {
            rows.Add(new(view.Schema.Select((column, i) => KeyValuePair.Create(column.Name, (object?)cells[i]()))));
        }

        return rows;
    }

    private static Func<object> Cell(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        return column.Type switch
        {
            NumberDataViewType => Read<float>(value => value),
            BooleanDataViewType => Read<bool>(value => value),
            TextDataViewType => Read<ReadOnlyMemory<char>>(value => value.ToString()),
            DateTimeDataViewType => Read<DateTime>(value => value),
            VectorDataViewType => Read<VBuffer<float>>(value => value.DenseValues().ToArray()),
            _ => throw new NotSupportedException(column.Type.ToString()),
        };

        Func<object> Read<T>(Func<T, object> box)
        {
            var getter = cursor.GetGetter<T>(column);
            var value = default(T)!;
            return () =>
            {
                getter(ref value);
                return box(value);
            };
        }
    }
}
