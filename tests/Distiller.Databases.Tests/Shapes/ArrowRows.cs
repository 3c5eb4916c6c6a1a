using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;
using Distiller.Databases.Tests.Reference;

namespace Distiller.Databases.Tests.Shapes;

/// <summary>Record batches as rows of the reference model, by Arrow's own accessors.</summary>
internal static class ArrowRows
{
    public static IEnumerable<Row> Of(RecordBatch batch) =>
        Enumerable.Range(0, batch.Length).Select(row => new Row(batch.Schema.FieldsList.Select((field, i) => KeyValuePair.Create(field.Name, Cell(batch.Column(i), row)))));

    private static object? Cell(IArrowArray array, int row) => array.IsNull(row) ? null : array switch
    {
        BooleanArray values => values.GetValue(row),
        Int32Array values => values.GetValue(row),
        Int64Array values => values.GetValue(row),
        FloatArray values => values.GetValue(row),
        DoubleArray values => values.GetValue(row),
        Decimal128Array values => values.GetValue(row),
        TimestampArray values => values.GetTimestamp(row)!.Value.UtcDateTime,
        Date32Array values => values.GetDateOnly(row),
        StringArray values => values.GetString(row),
        BinaryArray values => values.GetBytes(row).ToArray(),
        GuidArray values => values.GetGuid(row),
        ListArray values => Floats(values.GetSlicedValues(row)),
        FixedSizeListArray values => Floats(values.GetSlicedValues(row)),
        _ => throw new NotSupportedException(array.GetType().Name),
    };

    private static float[] Floats(IArrowArray values) => [.. ((FloatArray)values).Values[..values.Length]];

    /// <summary>The declared type of a column of a batch, in words.</summary>
    public static string TypeOf(Field field) => field.DataType switch
    {
        TimestampType type => $"timestamp {type.Unit} {type.Timezone}",
        Decimal128Type type => FormattableString.Invariant($"decimal({type.Precision},{type.Scale})"),
        FixedSizeListType type => FormattableString.Invariant($"{type.ValueDataType.Name}[{type.ListSize}]"),
        ListType type => $"{type.ValueDataType.Name}[]",
        var type => type.Name + (field.HasMetadata ? " " + field.Metadata["ARROW:extension:name"] : ""),
    };
}
