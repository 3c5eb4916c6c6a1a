using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Distiller;

/// <summary>Values of one width, each as Arrow keeps it.</summary>
internal sealed class FixedColumn<TRead, TStored>(string name, IArrowType type, int ordinal, Func<TRead, TStored> store) : ArrowColumn(new(name, type, nullable: true), ordinal)
    where TRead : struct
    where TStored : unmanaged
{
    private byte[] values = [];

    public override void Append(TypedReader reader, int row)
    {
        var stored = MemoryMarshal.Cast<byte, TStored>(values.AsSpan());
        if (reader.TryRead<TRead>(Ordinal, out var value))
        {
            stored[row] = typeof(TRead) == typeof(TStored) ? (TStored)(object)value : store(value);
            Valid(row);
        }
        else
        {
            stored[row] = default;
            Null();
        }
    }

    protected override void BeginValues(int rows) => values = GC.AllocateUninitializedArray<byte>(rows * Unsafe.SizeOf<TStored>());

    protected override IArrowArray EndValues(int rows, ArrowBuffer validity, int nullCount)
    {
        var array = ArrowArrayFactory.BuildArray(new ArrayData(Field.DataType, rows, nullCount, 0, [validity, new(values.AsMemory(0, rows * Unsafe.SizeOf<TStored>()))]));
        values = [];
        return array;
    }
}

/// <summary>One bit a value.</summary>
internal sealed class BoolColumn(string name, int ordinal) : ArrowColumn(new(name, BooleanType.Default, nullable: true), ordinal)
{
    private byte[] values = [];

    public override void Append(TypedReader reader, int row)
    {
        if (!reader.TryRead<bool>(Ordinal, out var value))
        {
            Null();
            return;
        }

        Valid(row);
        if (value)
        {
            values[row >> 3] |= (byte)(1 << (row & 7));
        }
    }

    protected override void BeginValues(int rows) => values = new byte[(rows + 7) / 8];

    protected override IArrowArray EndValues(int rows, ArrowBuffer validity, int nullCount) => new BooleanArray(new(values.AsMemory(0, (rows + 7) / 8)), validity, rows, nullCount, 0);
}

/// <summary>Sixteen bytes in the order people read them (RFC 4122), as <c>arrow.uuid</c> wants.</summary>
internal sealed class GuidColumn(string name, int ordinal) : ArrowColumn(new(name, GuidType.Default, nullable: true), ordinal)
{
    private const int Width = 16;

    private byte[] values = [];

    public override void Append(TypedReader reader, int row)
    {
        if (reader.TryRead<Guid>(Ordinal, out var value))
        {
            value.TryWriteBytes(values.AsSpan(row * Width), bigEndian: true, out _);
            Valid(row);
        }
        else
        {
            Null();
        }
    }

    protected override void BeginValues(int rows) => values = new byte[rows * Width];

    protected override IArrowArray EndValues(int rows, ArrowBuffer validity, int nullCount) =>
        ArrowArrayFactory.BuildArray(new ArrayData(GuidType.Default, rows, nullCount, 0, [validity, new ArrowBuffer(values.AsMemory(0, rows * Width))]));
}

/// <summary>A decimal as the whole number of its last digit.</summary>
internal sealed class DecimalDigits(string column, FeatureType type)
{
    private readonly Int128 bound = Power(type.Precision);

    public Int128 Unscaled(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var digits = new Int128((uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        var more = type.Scale - value.Scale;
        var (whole, rest) = more >= 0 ? (digits * Power(more), 0) : Int128.DivRem(digits, Power(-more));
        return rest == 0 && whole < bound
            ? value < 0 ? -whole : whole
            : throw new InvalidCastException(FormattableString.Invariant($"Column '{column}' holds {value}, which does not fit {type}; give it another type, or round it in the query."));
    }

    private static Int128 Power(int digits)
    {
        Int128 power = 1;
        for (var i = 0; i < digits; i++)
        {
            power *= 10;
        }

        return power;
    }
}
