using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Distiller;

/// <summary>A manifest as JSON text.</summary>
internal static class ManifestJson
{
    private const int Version = 1;
    private const string Kind = "training set manifest";

    private static readonly JsonWriterOptions Tidy = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    public static string Text(Manifest manifest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Tidy))
        {
            Write(writer, manifest);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static Manifest Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("distiller", out var kind) || kind.GetString() != Kind)
            {
                throw new ArgumentException("The text is JSON, but no manifest of a training set.", nameof(text));
            }

            return root.GetProperty("version").GetInt32() is var version and > Version
                ? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The manifest has version {version}, and this Distiller knows versions up to {Version}: update it."), nameof(text))
                : Read(root);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException { ParamName: not nameof(text) })
        {
            throw new ArgumentException("The text is no manifest of a training set: " + broken.Message, nameof(text), broken);
        }
    }

    private static void Write(Utf8JsonWriter writer, Manifest manifest)
    {
        writer.WriteStartObject();
        writer.WriteString("distiller", Kind);
        writer.WriteNumber("version", Version);
        writer.WriteString("created_at", Instant(manifest.CreatedAt));
        writer.WriteString("dialect", manifest.Dialect);
        writer.WriteString("training", manifest.Training);
        writer.WriteString("knowledge", manifest.Knowledge.ToString());
        writer.WriteString("known_at", manifest.KnownAt is { } known ? Instant(known) : null);
        writer.WriteNumber("rows", manifest.Rows);
        writer.WriteString("checksum", manifest.Checksum);
        writer.WriteString("checksum_algorithm", manifest.ChecksumAlgorithm);
        writer.WriteStartArray("columns");
        foreach (var column in manifest.Columns)
        {
            writer.WriteStringValue(column);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("sets");
        foreach (var set in manifest.Sets)
        {
            writer.WriteStartObject();
            writer.WriteString("feature_set", set.FeatureSet);
            writer.WriteString("history", set.History);
            writer.WriteNumber("rows", set.Rows);
            writer.WriteString("newest_created", set.NewestCreated is { } newest ? Instant(newest) : null);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("sql", manifest.Sql);
        writer.WriteStartArray("parameters");
        foreach (var parameter in manifest.Parameters)
        {
            writer.WriteStartObject();
            writer.WriteString("name", parameter.Name);
            writer.WriteString("type", parameter.Type);
            writer.WriteString("value", parameter.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static Manifest Read(JsonElement root) => new()
    {
        CreatedAt = Instant(Given(root.GetProperty("created_at"))),
        Dialect = Given(root.GetProperty("dialect")),
        Training = Given(root.GetProperty("training")),
        Knowledge = Enum.Parse<Knowledge>(Given(root.GetProperty("knowledge"))),
        KnownAt = Maybe(root.GetProperty("known_at")),
        Rows = root.GetProperty("rows").GetInt64(),
        Checksum = Given(root.GetProperty("checksum")),
        ChecksumAlgorithm = Given(root.GetProperty("checksum_algorithm")),
        Columns = ValueList<string>.Of(root.GetProperty("columns").EnumerateArray().Select(Given)),
        Sets = ValueList<ManifestSet>.Of(root.GetProperty("sets").EnumerateArray().Select(set =>
            new ManifestSet(Given(set.GetProperty("feature_set")), Given(set.GetProperty("history")), set.GetProperty("rows").GetInt64(), Maybe(set.GetProperty("newest_created"))))),
        Sql = Given(root.GetProperty("sql")),
        Parameters = ValueList<ManifestParameter>.Of(root.GetProperty("parameters").EnumerateArray().Select(parameter =>
            new ManifestParameter(Given(parameter.GetProperty("name")), Given(parameter.GetProperty("type")), parameter.GetProperty("value").GetString()))),
    };

    private static string Given(JsonElement element) => element.GetString() ?? throw new FormatException("a text is null.");

    private static DateTimeOffset? Maybe(JsonElement element) => element.GetString() is { } text ? Instant(text) : null;

    private static string Instant(DateTimeOffset value) => Instants.Text(Instants.Microseconds(value)).Replace(' ', 'T') + "Z";

    private static DateTimeOffset Instant(string text) => DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
