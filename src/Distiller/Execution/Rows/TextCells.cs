using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Distiller;

/// <summary>Text that every engine keeps as it is: no half of a surrogate pair, and what the dialect refuses besides.</summary>
internal abstract class CheckedTextCell(StageColumn column, SqlDialect dialect) : ReferenceCell<string>(column)
{
    public override string? Put(string value)
    {
        if (HasLoneSurrogate(value))
        {
            return "holds half of a surrogate pair, which is no character; repair the text in the source";
        }

        return dialect.Refusal(Column.Type, value) is { } refusal ? $"is refused: {refusal}; take it out in the source" : Set(value);
    }

    public override string? Put(object value) => value switch
    {
        string text => Put(text),
        char single => Put(single.ToString()),
        _ => Problem.WrongType(value, Column.Type),
    };

    internal static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        // Most text has no surrogate at all, which one vectorised search tells.
        var i = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (i < 0)
        {
            return false;
        }

        for (; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return true;
            }

            i++;
        }

        return false;
    }
}

/// <summary>Any text.</summary>
internal sealed class TextCell(StageColumn column, SqlDialect dialect) : CheckedTextCell(column, dialect);

/// <summary>A JSON document as text.</summary>
internal sealed class JsonCell(StageColumn column, SqlDialect dialect) : CheckedTextCell(column, dialect)
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 1000 };

    public override string? Put(string value) => base.Put(value) ?? (IsJson(value) ? null : "is no JSON document (a text needs its quotes); serialize it in the source");

    public override string? Put(object value) => value switch
    {
        JsonElement { ValueKind: not JsonValueKind.Undefined } element => Put(element.GetRawText()),
        JsonDocument document => Put(document.RootElement.GetRawText()),
        JsonNode node => Put(node.ToJsonString()),
        _ => base.Put(value),
    };

    private static bool IsJson(string text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)), Strict);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}

internal sealed class GuidCell(StageColumn column) : ValueCell<Guid>(column)
{
    public override string? Put(Guid value) => Set(value);

    public override string? Put(object value) => value switch
    {
        Guid same => Set(same),
        string text => Guid.TryParse(text, out var id) ? Set(id) : "is no guid; write it as 01234567-89ab-cdef-0123-456789abcdef",
        _ => Problem.WrongType(value, Column.Type),
    };
}

internal sealed class BytesCell(StageColumn column) : ReferenceCell<byte[]>(column)
{
    public override string? Put(byte[] value) => Set(value);

    public override string? Put(object value) => value switch
    {
        byte[] same => Set(same),
        ReadOnlyMemory<byte> memory => Set(memory.ToArray()),
        Memory<byte> memory => Set(memory.ToArray()),
        Stream stream => Set(All(stream)),
        _ => Problem.WrongType(value, Column.Type),
    };

    private static byte[] All(Stream stream)
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }
}

/// <summary>A vector of floats, of its declared length; from a loose source also as the little-endian bytes that SQLite keeps.</summary>
internal sealed class VectorCell(StageColumn column, bool loose) : ReferenceCell<float[]>(column)
{
    private readonly int length = column.Type.Feature!.Length;

    public override string? Put(float[] value) =>
        length == 0 || value.Length == length ? Set(value) : $"has {value.Length} elements, not {length}; give every row a vector of that length, or declare FeatureType.FloatVector for any length";

    public override string? Put(object value) => value switch
    {
        float[] same => Put(same),
        IEnumerable<float> list => Put([.. list]),
        ReadOnlyMemory<float> memory => Put(memory.ToArray()),
        Memory<float> memory => Put(memory.ToArray()),
        byte[] bytes when loose => FromBytes(bytes),
        Stream stream when loose => FromStream(stream),
        _ => Problem.WrongType(value, Column.Type),
    };

    private string? FromStream(Stream stream)
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return FromBytes(all.ToArray());
    }

    private string? FromBytes(byte[] bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
        {
            return "is no whole number of 4-byte floats";
        }

        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return Put(vector);
    }
}
