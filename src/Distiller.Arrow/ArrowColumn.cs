using Apache.Arrow;
using Apache.Arrow.Types;

namespace Distiller;

/// <summary>One column of a batch as it fills: arrays as Arrow lays them out, handed over without a copy, and new ones for the next batch.</summary>
internal abstract class ArrowColumn(Field described, int ordinal) : ColumnSink
{
    private byte[] valid = [];
    private int most;
    private int nulls;

    public Field Field => described;

    protected int Ordinal => ordinal;

    public static ArrowColumn Of(ResultColumn column, int ordinal)
    {
        return column.Type!.Value switch
        {
            { Time: TimeKind.Ordinal } => As<long>(Int64Type.Default),
            { Time: not null } => new FixedColumn<DateTime, long, AsMicroseconds>(column.Name, new TimestampType(TimeUnit.Microsecond, "UTC"), ordinal),
            { Feature: { } type } => type.Kind switch
            {
                FeatureKind.Bool => new BoolColumn(column.Name, ordinal),
                FeatureKind.Int32 => As<int>(Int32Type.Default),
                FeatureKind.Int64 => As<long>(Int64Type.Default),
                FeatureKind.Float32 => As<float>(FloatType.Default),
                FeatureKind.Float64 => As<double>(DoubleType.Default),
                FeatureKind.Decimal => new FixedColumn<decimal, Int128, AsDigits>(column.Name, new Decimal128Type(type.Precision, type.Scale), ordinal, new(column.Name, type)),
                FeatureKind.Date => new FixedColumn<DateOnly, int, AsDays>(column.Name, Date32Type.Default, ordinal),
                FeatureKind.Bytes => new BinaryColumn(new(column.Name, BinaryType.Default, nullable: true), ordinal),
                FeatureKind.Json => new TextColumn(new(column.Name, StringType.Default, nullable: true, Json), ordinal),
                FeatureKind.Guid => new GuidColumn(column.Name, ordinal),
                FeatureKind.FloatVector => type.Length > 0 ? new FixedVectorColumn(column.Name, type.Length, ordinal) : new VectorColumn(column.Name, ordinal),
                _ => new TextColumn(new(column.Name, StringType.Default, nullable: true), ordinal),
            },
            var other => throw new NotSupportedException(other.ToString()),
        };

        FixedColumn<T, T, AsRead<T>> As<T>(IArrowType type)
            where T : unmanaged => new(column.Name, type, ordinal);
    }

    public sealed override void Begin(int rows)
    {
        nulls = 0;
        valid = [];
        most = rows;
        BeginValues(rows);
    }

    /// <summary>The column of the batch that ends here.</summary>
    public IArrowArray End(int rows)
    {
        var array = EndValues(rows, nulls == 0 ? ArrowBuffer.Empty : new(valid.AsMemory(0, (rows + 7) / 8)), nulls);
        valid = [];
        return array;
    }

    protected abstract void BeginValues(int rows);

    protected abstract IArrowArray EndValues(int rows, ArrowBuffer validity, int nullCount);

    /// <summary>Notes that the row holds NULL; every other holds a value.</summary>
    protected void Null(int row)
    {
        if (nulls++ == 0)
        {
            valid = new byte[(most + 7) / 8];
            valid.AsSpan().Fill(byte.MaxValue);
        }

        valid[row >> 3] &= (byte)~(1 << (row & 7));
    }

    private static readonly IReadOnlyDictionary<string, string> Json = new Dictionary<string, string> { ["ARROW:extension:name"] = "arrow.json", ["ARROW:extension:metadata"] = "" };
}
