using System.Text.Json;
using System.Text.Json.Nodes;
using static Distiller.Tests.Rows.OneValue;

namespace Distiller.Tests.Rows;

/// <summary>Text, JSON, guids, bytes and vectors are taken whole or refused (B6).</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("O'Brien; DROP TABLE \"x\" --")]
    [InlineData("a \U0001F600 b \U0001F600\U0001F600")]
    [InlineData("\uE000 next to the surrogates \uD7FF")]
    public void Text_is_taken_as_it_is(string text) => Assert.Equal(text, Read(FeatureType.String, text));

    // No theory: an attribute's text goes through UTF-8, which has no half pairs.
    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        foreach (var text in new[] { "\uD83D", "x\uDE00", "\uDE00\uD83D", "a \U0001F600\uD83D", "a \U0001F600 b \uD83D c" })
        {
            Assert.Contains("holds half of a surrogate pair", Refused(FeatureType.String, text), StringComparison.Ordinal);
            Assert.Contains("holds half of a surrogate pair", Refused(FeatureType.Json, text), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_the_engine_cannot_hold_is_refused_in_its_words()
    {
        Assert.Contains("is refused: PostgreSQL's text cannot hold a NUL character", Refused(FeatureType.String, "a\0b", SqlDialect.PostgreSql), StringComparison.Ordinal);
        Assert.Contains("is refused: SQLite's text functions end at a NUL character", Refused(FeatureType.String, "a\0b", SqlDialect.Sqlite), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_value_is_cut_in_the_message()
    {
        var message = Refused(FeatureType.String, new string('x', 5000) + "\0", SqlDialect.PostgreSql);

        Assert.Contains($"the value '{new string('x', 80)}…' is refused", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Anything_but_text_is_no_text()
    {
        Assert.Equal("c", Read(FeatureType.String, 'c'));
        Assert.Null(Read(FeatureType.String, (string?)null));
        Assert.Contains("'12' is a Int32, which does not fill a column of type string; convert it in the source", Refused(FeatureType.String, 12), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a": [1, 2.5, null, "x"]}""")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("  12 ")]
    public void A_JSON_document_is_kept_as_written(string text) => Assert.Equal(text, Read(FeatureType.Json, text));

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("{'a': 1}")]
    [InlineData("{\"a\": 1}}")]
    [InlineData("[1, 2,]")]
    [InlineData("1 // one")]
    [InlineData("NaN")]
    public void Text_that_is_no_JSON_is_refused(string text) => Assert.Contains("is no JSON document", Refused(FeatureType.Json, text), StringComparison.Ordinal);

    [Fact]
    public void A_JSON_value_of_dotnet_is_written_out()
    {
        using var document = JsonDocument.Parse("{\"a\": 1}");

        Assert.Equal("{\"a\": 1}", Read(FeatureType.Json, document));
        Assert.Equal("{\"a\": 1}", Read(FeatureType.Json, document.RootElement));
        Assert.Equal("[1]", Read(FeatureType.Json, new JsonArray(1)));
        Assert.Equal(new string('[', 200) + new string(']', 200), Read(FeatureType.Json, new string('[', 200) + new string(']', 200)));
        Assert.Contains("is a JsonElement", Refused(FeatureType.Json, default(JsonElement)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_guid_may_be_text()
    {
        var id = Guid.Parse("01234567-89ab-cdef-0123-456789abcdef");

        Assert.Equal(id, Read(FeatureType.Guid, id));
        Assert.Equal(id, Read(FeatureType.Guid, (Guid?)id));
        Assert.Equal(id, Read(FeatureType.Guid, "01234567-89AB-CDEF-0123-456789ABCDEF"));
        Assert.Contains("'0123' is no guid; write it as", Refused(FeatureType.Guid, "0123"), StringComparison.Ordinal);
        Assert.Contains("'Byte[16]' is a Byte[]", Refused(FeatureType.Guid, new byte[16]), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_are_bytes()
    {
        byte[] bytes = [1, 2, 0, 255];

        Assert.Equal(bytes, Read(FeatureType.Bytes, bytes));
        Assert.Equal(bytes, Read(FeatureType.Bytes, new ReadOnlyMemory<byte>(bytes)));
        Assert.Equal(bytes, Read(FeatureType.Bytes, new Memory<byte>(bytes)));
        Assert.Equal(bytes, Read(FeatureType.Bytes, new MemoryStream(bytes)));
        Assert.Null(Read(FeatureType.Bytes, (byte[]?)null));
        Assert.Contains("'abc' is a String", Refused(FeatureType.Bytes, "abc"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_vector_comes_in_several_forms()
    {
        float[] vector = [1, 2.5f, float.NaN];

        Assert.Equal(vector, Read(FeatureType.FloatVector, vector));
        Assert.Equal(vector, Read(FeatureType.Vector(3), vector.ToList()));
        Assert.Equal(vector, Read(FeatureType.Vector(3), (IReadOnlyList<float>)vector));
        Assert.Equal(vector, Read(FeatureType.Vector(3), new ReadOnlyMemory<float>(vector)));
        Assert.Equal(vector, Read(FeatureType.Vector(3), new Memory<float>(vector)));
        Assert.Equal(Array.Empty<float>(), Read(FeatureType.FloatVector, Array.Empty<float>()));
        Assert.Null(Read(FeatureType.Vector(3), (float[]?)null));
        Assert.Contains("'Double[1]' is a Double[], which does not fill a column of type float vector", Refused(FeatureType.FloatVector, new[] { 0.1 }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_vector_of_another_length_is_refused()
    {
        Assert.Contains("'Single[2]' has 2 elements, not 3; give every row a vector of that length", Refused(FeatureType.Vector(3), new float[2]), StringComparison.Ordinal);
        Assert.Contains("'List<Single> of 4' has 4 elements, not 3", Refused(FeatureType.Vector(3), new List<float> { 1, 2, 3, 4 }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_keeps_vectors_as_bytes_hands_them_on()
    {
        Assert.Equal(new[] { 1f, -2f }, ReadLoosely(StoredType.Of(FeatureType.Vector(2)), new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0 }));
        Assert.Contains("is no whole number of 4-byte floats", RefusedLoosely(StoredType.Of(FeatureType.FloatVector), new byte[5]), StringComparison.Ordinal);
        Assert.Contains("is a Byte[]", Refused(FeatureType.FloatVector, new byte[4]), StringComparison.Ordinal);
    }
}
