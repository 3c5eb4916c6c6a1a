using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Distiller;

/// <summary>Values of any width: offsets, and bytes that grow.</summary>
internal abstract class OffsetColumn(Field field, int ordinal) : ArrowColumn(field, ordinal)
{
    private const int FewBytes = 1024;

    private byte[] offsets = [];
    private byte[] bytes = [];
    private int used;

    protected override void BeginValues(int rows)
    {
        offsets = GC.AllocateUninitializedArray<byte>((rows + 1) * sizeof(int));
        bytes = GC.AllocateUninitializedArray<byte>(Math.Max(FewBytes, used));
        used = 0;
        BinaryPrimitives.WriteInt32LittleEndian(offsets, 0);
    }

    protected override IArrowArray EndValues(int rows, ArrowBuffer validity, int nullCount)
    {
        var array = Array(rows, new(offsets.AsMemory(0, (rows + 1) * sizeof(int))), bytes.AsMemory(0, used), validity, nullCount);
        (offsets, bytes) = ([], []);
        return array;
    }

    protected abstract IArrowArray Array(int rows, ArrowBuffer ends, ReadOnlyMemory<byte> content, ArrowBuffer validity, int nullCount);

    /// <summary>Room for so many more bytes.</summary>
    protected Span<byte> Room(int more)
    {
        if (bytes.Length - used < more)
        {
            var wanted = (long)used + more;
            if (wanted > System.Array.MaxLength)
            {
                throw new InvalidOperationException($"The values of column '{Field.Name}' take more than 2 GB in one batch; ask for fewer rows (ArrowOptions.BatchRows).");
            }

            var larger = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(bytes.Length * 2L, wanted, System.Array.MaxLength));
            bytes.AsSpan(0, used).CopyTo(larger);
            bytes = larger;
        }

        return bytes.AsSpan(used);
    }

    /// <summary>Takes so many of the bytes as the row's value, whose end is counted in units of so many bytes.</summary>
    protected void Take(int row, int written, int unit = 1)
    {
        used += written;
        BinaryPrimitives.WriteInt32LittleEndian(offsets.AsSpan((row + 1) * sizeof(int)), used / unit);
    }
}

/// <summary>Text as UTF-8.</summary>
internal sealed class TextColumn(Field field, int ordinal) : OffsetColumn(field, ordinal)
{
    public override void Append(TypedReader reader, int row)
    {
        if (reader.TryReadText(Ordinal) is not { } text)
        {
            Null(row);
            Take(row, 0);
            return;
        }

        Take(row, Encoding.UTF8.GetBytes(text, Room(text.Length <= 256 ? Encoding.UTF8.GetMaxByteCount(text.Length) : Encoding.UTF8.GetByteCount(text))));
    }

    protected override IArrowArray Array(int rows, ArrowBuffer ends, ReadOnlyMemory<byte> content, ArrowBuffer validity, int nullCount) =>
        new StringArray(rows, ends, new(content), validity, nullCount, 0);
}

/// <summary>Bytes as they are.</summary>
internal sealed class BinaryColumn(Field field, int ordinal) : OffsetColumn(field, ordinal)
{
    public override void Append(TypedReader reader, int row)
    {
        if (reader.IsDBNull(Ordinal))
        {
            Null(row);
            Take(row, 0);
            return;
        }

        var value = reader.GetFieldValue<byte[]>(Ordinal);
        value.CopyTo(Room(value.Length));
        Take(row, value.Length);
    }

    protected override IArrowArray Array(int rows, ArrowBuffer ends, ReadOnlyMemory<byte> content, ArrowBuffer validity, int nullCount) =>
        new BinaryArray(BinaryType.Default, rows, ends, new(content), validity, nullCount, 0);
}

/// <summary>Vectors of any length.</summary>
internal sealed class VectorColumn(string name, int ordinal) : OffsetColumn(new(name, new ListType(new Field("item", FloatType.Default, nullable: false)), nullable: true), ordinal)
{
    public override void Append(TypedReader reader, int row)
    {
        if (reader.IsDBNull(Ordinal))
        {
            Null(row);
            Take(row, 0, sizeof(float));
            return;
        }

        var value = MemoryMarshal.AsBytes(reader.GetFieldValue<float[]>(Ordinal).AsSpan());
        value.CopyTo(Room(value.Length));
        Take(row, value.Length, sizeof(float));
    }

    protected override IArrowArray Array(int rows, ArrowBuffer ends, ReadOnlyMemory<byte> content, ArrowBuffer validity, int nullCount)
    {
        var count = content.Length / sizeof(float);
        return new ListArray(Field.DataType, rows, ends, new FloatArray(new(content), ArrowBuffer.Empty, count, 0, 0), validity, nullCount, 0);
    }
}

/// <summary>Vectors of one length; a NULL takes its room too.</summary>
internal sealed class FixedVectorColumn(string name, int length, int ordinal)
    : ArrowColumn(new(name, new FixedSizeListType(new Field("item", FloatType.Default, nullable: false), length), nullable: true), ordinal)
{
    private byte[] values = [];

    public override void Append(TypedReader reader, int row)
    {
        if (reader.IsDBNull(Ordinal))
        {
            Null(row);
            return;
        }

        MemoryMarshal.AsBytes(reader.GetFieldValue<float[]>(Ordinal).AsSpan()).CopyTo(values.AsSpan(row * length * sizeof(float)));
    }

    protected override void BeginValues(int rows) => values = new byte[checked(rows * length * sizeof(float))];

    protected override IArrowArray EndValues(int rows, ArrowBuffer validity, int nullCount)
    {
        var elements = new FloatArray(new(values.AsMemory(0, rows * length * sizeof(float))), ArrowBuffer.Empty, rows * length, 0, 0);
        values = [];
        return new FixedSizeListArray(Field.DataType, rows, elements, validity, nullCount, 0);
    }
}
