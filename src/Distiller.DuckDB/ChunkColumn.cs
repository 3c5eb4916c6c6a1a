using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using DuckDB.NET.Native;

namespace Distiller;

/// <summary>One column of the chunk being filled: values are written where the engine reads them.</summary>
internal abstract unsafe class ChunkColumn
{
    private ulong* validity;

    protected nint Vector { get; private set; }

    protected void* Data { get; private set; }

    /// <summary>Takes the place of the column in an empty chunk; a reset may move it.</summary>
    public virtual void Attach(nint vector)
    {
        Vector = vector;
        Data = NativeMethods.Vectors.DuckDBVectorGetData(vector);
        validity = null;
    }

    /// <summary>Writes the value of the reader's row at hand.</summary>
    public abstract void Put(DbDataReader rows, int ordinal, int row);

    public virtual void PutNull(int row)
    {
        if (validity is null)
        {
            NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(Vector);
            validity = NativeMethods.Vectors.DuckDBVectorGetValidity(Vector);
        }

        validity[row / 64] &= ~(1UL << (row % 64));
    }

    /// <summary>The column of a type. The engine takes a value's bytes whatever the column is: each must have exactly the column's type.</summary>
    public static ChunkColumn Of(StoredType type) => type switch
    {
        { Time: TimeKind.Instant or TimeKind.Timestamp } => new Fixed<long>(static (rows, i) => Instants.Microseconds(rows.GetDateTime(i))),
        { Time: TimeKind.Date } => new Fixed<int>(static (rows, i) => Days(DateOnly.FromDateTime(Instants.Floor(rows.GetDateTime(i))))),
        { Time: TimeKind.Ordinal } => new Fixed<long>(static (rows, i) => rows.GetInt64(i)),
        { Time: { } kind } => new Fixed<long>((rows, i) => LiteralText.Count(kind, rows.GetDateTime(i))),
        _ => type.Feature!.Kind switch
        {
            FeatureKind.Bool => new Fixed<bool>(static (rows, i) => rows.GetBoolean(i)),
            FeatureKind.Int32 => new Fixed<int>(static (rows, i) => rows.GetInt32(i)),
            FeatureKind.Int64 => new Fixed<long>(static (rows, i) => rows.GetInt64(i)),
            FeatureKind.Float32 => new Fixed<float>(static (rows, i) => rows.GetFloat(i)),
            FeatureKind.Float64 => new Fixed<double>(static (rows, i) => rows.GetDouble(i)),
            FeatureKind.Decimal => OfDecimal(type.Feature),
            FeatureKind.Date => new Fixed<int>(static (rows, i) => Days(rows.GetFieldValue<DateOnly>(i))),
            FeatureKind.Guid => new Fixed<UInt128>(static (rows, i) => Sortable(rows.GetGuid(i))),
            FeatureKind.Bytes => new Blob(),
            FeatureKind.FloatVector => new Floats(),
            _ => new Words(),
        },
    };

    private static int Days(DateOnly date) => date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>A UUID is kept as a signed number that orders as its text does: the first bit is turned over.</summary>
    private static UInt128 Sortable(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes) ^ (UInt128.One << 127);
    }

    /// <summary>A decimal is kept as a whole number of its last digits, in the least width that holds the precision.</summary>
    private static ChunkColumn OfDecimal(FeatureType type) => type.Precision switch
    {
        <= 4 => new Fixed<short>((rows, i) => (short)Units(rows.GetDecimal(i), type)),
        <= 9 => new Fixed<int>((rows, i) => (int)Units(rows.GetDecimal(i), type)),
        <= 18 => new Fixed<long>((rows, i) => (long)Units(rows.GetDecimal(i), type)),
        _ => new Fixed<Int128>((rows, i) => Units(rows.GetDecimal(i), type)),
    };

    private static Int128 Units(decimal value, FeatureType type)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var units = (Int128)(((UInt128)(uint)parts[2] << 64) | ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        for (var scale = value.Scale; scale > type.Scale; scale--)
        {
            (units, var lost) = Int128.DivRem(units, 10);
            if (lost != 0)
            {
                throw Misfit();
            }
        }

        var bound = Int128.One;
        for (var i = 0; i < type.Precision; i++)
        {
            bound *= 10;
        }

        for (var scale = (int)value.Scale; scale < type.Scale && units < bound; scale++)
        {
            units *= 10;
        }

        return units >= bound ? throw Misfit() : decimal.IsNegative(value) ? -units : units;

        OverflowException Misfit() => new(FormattableString.Invariant($"{value} is no {type}."));
    }

    private sealed class Fixed<T>(Func<DbDataReader, int, T> read) : ChunkColumn
        where T : unmanaged
    {
        public override void Put(DbDataReader rows, int ordinal, int row) => Unsafe.WriteUnaligned((T*)Data + row, read(rows, ordinal));
    }

    private sealed class Words : ChunkColumn
    {
        private byte[] buffer = new byte[256];

        public override void Put(DbDataReader rows, int ordinal, int row)
        {
            var words = rows.GetString(ordinal);
            var most = Encoding.UTF8.GetMaxByteCount(words.Length);
            if (buffer.Length < most)
            {
                buffer = new byte[most];
            }

            var length = Encoding.UTF8.GetBytes(words, buffer);
            fixed (byte* bytes = buffer)
            {
                NativeMethods.Vectors.DuckDBVectorAssignStringElementLength(Vector, (ulong)row, bytes, length);
            }
        }
    }

    private sealed class Blob : ChunkColumn
    {
        public override void Put(DbDataReader rows, int ordinal, int row)
        {
            var content = rows.GetFieldValue<byte[]>(ordinal);

            // An empty array has no first byte to point at.
            byte nothing = 0;
            fixed (byte* bytes = content)
            {
                NativeMethods.Vectors.DuckDBVectorAssignStringElementLength(Vector, (ulong)row, content.Length == 0 ? &nothing : bytes, content.Length);
            }
        }
    }

    /// <summary>A list's entry says where its items begin among all items of the chunk, and how many there are.</summary>
    private sealed class Floats : ChunkColumn
    {
        private int used;

        public override void Attach(nint vector)
        {
            base.Attach(vector);
            used = 0;
        }

        public override void Put(DbDataReader rows, int ordinal, int row)
        {
            var items = rows.GetFieldValue<float[]>(ordinal);
            NativeMethods.Vectors.DuckDBListVectorReserve(Vector, (ulong)(used + items.Length));
            var child = NativeMethods.Vectors.DuckDBListVectorGetChild(Vector);
            items.CopyTo(new Span<float>((float*)NativeMethods.Vectors.DuckDBVectorGetData(child) + used, items.Length));
            Entry(row, items.Length);
        }

        public override void PutNull(int row)
        {
            base.PutNull(row);
            Entry(row, 0);
        }

        private void Entry(int row, int length)
        {
            ((ulong*)Data)[2 * row] = (ulong)used;
            ((ulong*)Data)[(2 * row) + 1] = (ulong)length;
            used += length;
            NativeMethods.Vectors.DuckDBListVectorSetSize(Vector, (ulong)used);
        }
    }
}
