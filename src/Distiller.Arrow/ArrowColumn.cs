using Apache.Arrow;
using Apache.Arrow.Types;

namespace Distiller;

/// <summary>One column of a batch as it fills: arrays as Arrow lays them out, handed over without a copy, and new ones for the next batch.</summary>
internal abstract class ArrowColumn(Field described, int ordinal)
{
    private byte[] valid = [];
    private int nulls;

    public Field Field => described;

    protected int Ordinal => ordinal;

    public static ArrowColumn Of(ResultColumn column, int ordinal) => column.Type!.Value switch
    {
        { Time: TimeKind.Ordinal } => new FixedColumn<long, long>(column.Name, Int64Type.Default, ordinal, static value => value),
        { Time: not null } => new FixedColumn<DateTime, long>(column.Name, new TimestampType(TimeUnit.Microsecond, "UTC"), ordinal, Instants.Microseconds),
        { Feature: { } type } => type.Kind switch
        {
            FeatureKind.Bool => new BoolColumn(column.Name, ordinal),
            FeatureKind.Int32 => new FixedColumn<int, int>(column.Name, Int32Type.Default, ordinal, static value => value),
            FeatureKind.Int64 => new FixedColumn<long, long>(column.Name, Int64Type.Default, ordinal, static value => value),
            FeatureKind.Float32 => new FixedColumn<float, float>(column.Name, FloatType.Default, ordinal, static value => value),
            FeatureKind.Float64 => new FixedColumn<double, double>(column.Name, DoubleType.Default, ordinal, static value => value),
            FeatureKind.Decimal => new FixedColumn<decimal, Int128>(column.Name, new Decimal128Type(type.Precision, type.Scale), ordinal, new DecimalDigits(column.Name, type).Unscaled),
            FeatureKind.Date => new FixedColumn<DateOnly, int>(column.Name, Date32Type.Default, ordinal, static value => value.DayNumber - Epoch),
            FeatureKind.Bytes => new BinaryColumn(new(column.Name, BinaryType.Default, nullable: true), ordinal),
            FeatureKind.Json => new TextColumn(new(column.Name, StringType.Default, nullable: true, Json), ordinal),
            FeatureKind.Guid => new GuidColumn(column.Name, ordinal),
            FeatureKind.FloatVector => type.Length > 0 ? new FixedVectorColumn(column.Name, type.Length, ordinal) : new VectorColumn(column.Name, ordinal),
            _ => new TextColumn(new(column.Name, StringType.Default, nullable: true), ordinal),
        },
        var other => throw new NotSupportedException(other.ToString()),
    };

    /// <summary>Begins a batch of at most so many rows.</summary>
    public void Begin(int rows)
    {
        valid = new byte[(rows + 7) / 8];
        nulls = 0;
        BeginValues(rows);
    }

    /// <summary>Takes the reader's current row as the batch's row.</summary>
    public abstract void Append(TypedReader reader, int row);

    /// <summary>The column of the batch that ends here.</summary>
    public IArrowArray End(int rows)
    {
        var array = EndValues(rows, nulls == 0 ? ArrowBuffer.Empty : new(valid.AsMemory(0, (rows + 7) / 8)), nulls);
        valid = [];
        return array;
    }

    protected abstract void BeginValues(int rows);

    protected abstract IArrowArray EndValues(int rows, ArrowBuffer validity, int nullCount);

    protected void Valid(int row) => valid[row >> 3] |= (byte)(1 << (row & 7));

    protected void Null() => nulls++;

    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private static readonly IReadOnlyDictionary<string, string> Json = new Dictionary<string, string> { ["ARROW:extension:name"] = "arrow.json", ["ARROW:extension:metadata"] = "" };
}
