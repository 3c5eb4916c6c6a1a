using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Distiller;

/// <summary>How a value read is kept; as a type of its own, so that it costs no call.</summary>
internal interface IStoring<in TRead, out TStored>
{
    TStored Store(TRead value);
}

/// <summary>As it is.</summary>
internal readonly struct AsRead<T> : IStoring<T, T>
{
    public T Store(T value) => value;
}

/// <summary>Microseconds since 1970-01-01, UTC.</summary>
internal readonly struct AsMicroseconds : IStoring<DateTime, long>
{
    public long Store(DateTime value) => Instants.Microseconds(value);
}

/// <summary>Days since 1970-01-01.</summary>
internal readonly struct AsDays : IStoring<DateOnly, int>
{
    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public int Store(DateOnly value) => value.DayNumber - Epoch;
}

/// <summary>Values of one width, each as Arrow keeps it.</summary>
internal sealed class FixedColumn<TRead, TStored, TStoring>(string name, IArrowType type, int ordinal, TStoring storing = default) : ArrowColumn(new(name, type, nullable: true), ordinal)
    where TRead : struct
    where TStored : unmanaged
    where TStoring : struct, IStoring<TRead, TStored>
{
    private byte[] values = [];

    public override void Append(TypedReader reader, int row)
    {
        TStored stored = default;
        if (reader.TryRead<TRead>(Ordinal, out var value))
        {
            stored = storing.Store(value);
        }
        else
        {
            Null(row);
        }

        Unsafe.WriteUnaligned(ref values[row * Unsafe.SizeOf<TStored>()], stored);
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
            Null(row);
            return;
        }

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
        }
        else
        {
            Null(row);
        }
    }

    protected override void BeginValues(int rows) => values = new byte[rows * Width];

    protected override IArrowArray EndValues(int rows, ArrowBuffer validity, int nullCount) =>
        ArrowArrayFactory.BuildArray(new ArrayData(GuidType.Default, rows, nullCount, 0, [validity, new ArrowBuffer(values.AsMemory(0, rows * Width))]));
}

/// <summary>A decimal as the whole number of its last digit.</summary>
internal readonly struct AsDigits(string column, FeatureType type) : IStoring<decimal, Int128>
{
    private readonly Int128 bound = Power(type.Precision);

    public Int128 Store(decimal value)
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
