using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Distiller;

/// <summary>A serving set as JSON text, and what differs between two.</summary>
internal static class ServingJson
{
    private const int Version = 1;

    private static readonly JsonWriterOptions Tidy = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    private static readonly JsonWriterOptions Tight = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the fingerprint is of: everything a model sees.</summary>
    public static string Content(ServingSet serving) => Written(Tight, writer => WriteJoins(writer, serving));

    public static string Text(ServingSet serving) => Written(Tidy, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("distiller", "serving set");
        writer.WriteNumber("version", Version);
        writer.WriteString("name", serving.Name);
        writer.WriteString("fingerprint", serving.Fingerprint);
        writer.WritePropertyName("joins");
        WriteJoins(writer, serving);
        writer.WriteEndObject();
    });

    public static void Check(ServingSet serving, string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException broken)
        {
            throw new ArgumentException("What was kept is no JSON text of a serving set: " + broken.Message, nameof(text), broken);
        }

        using (document)
        {
            var kept = document.RootElement;
            if (!kept.TryGetProperty("fingerprint", out var fingerprint) || !kept.TryGetProperty("joins", out var joins) || joins.ValueKind != JsonValueKind.Array)
            {
                throw new ArgumentException("What was kept is JSON, but no serving set: it has no fingerprint and joins.", nameof(text));
            }

            if (kept.TryGetProperty("version", out var version) && version.GetInt32() > Version)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"What was kept has version {version.GetInt32()}, and this Distiller knows versions up to {Version}: update it."), nameof(text));
            }

            using var own = JsonDocument.Parse(Content(serving));
            var differences = new List<string>();
            Compare("joins", joins, own.RootElement, differences);
            if (differences.Count > 0 || fingerprint.GetString() != serving.Fingerprint)
            {
                throw new InvalidOperationException(
                    $"The serving set '{serving.Name}' is not what the model was trained on: {(differences.Count > 0 ? string.Join("; ", differences) : "the fingerprint differs, though the joins do not; the text was changed")}. Serve the model with the declaration it was trained on, or train it anew.");
            }
        }
    }

    private static string Written(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteJoins(Utf8JsonWriter writer, ServingSet serving)
    {
        writer.WriteStartArray();
        var column = 0;
        foreach (var join in serving.Joins)
        {
            writer.WriteStartObject();
            writer.WriteString("feature_set", join.Set.Name);
            writer.WriteString("entity", join.Set.Entity.Name);
            writer.WriteStartArray("keys");
            for (var i = 0; i < join.SpineKeys.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("key", join.Set.Entity.Keys[i].Name);
                writer.WriteString("type", join.Set.Entity.Keys[i].Type.ToString());
                writer.WriteString("from", join.SpineKeys[i]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (join.Set.IsSparse)
            {
                writer.WriteBoolean("sparse", true);
            }

            if (join.MaximumAge is { } age)
            {
                writer.WriteNumber("max_age_us", age.Microseconds());
            }

            writer.WriteStartArray("features");
            foreach (var feature in join.Features)
            {
                writer.WriteStartObject();
                writer.WriteString("column", serving.Columns[column++]);
                writer.WriteString("feature", feature.Name);
                writer.WriteString("type", feature.Type.ToString());
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Compare(string path, JsonElement kept, JsonElement own, List<string> differences)
    {
        if (kept.ValueKind != own.ValueKind)
        {
            differences.Add($"{path} was {Shown(kept)} and is {Shown(own)}");
        }
        else if (kept.ValueKind == JsonValueKind.Array)
        {
            var (before, now) = (kept.GetArrayLength(), own.GetArrayLength());
            if (before != now)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{path} were {before} and are {now}"));
            }

            for (var i = 0; i < Math.Min(before, now); i++)
            {
                Compare(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), kept[i], own[i], differences);
            }
        }
        else if (kept.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in kept.EnumerateObject())
            {
                if (!own.TryGetProperty(property.Name, out var value))
                {
                    differences.Add($"{path}.{property.Name} was {Shown(property.Value)} and is not there any more");
                }
                else
                {
                    Compare($"{path}.{property.Name}", property.Value, value, differences);
                }
            }

            differences.AddRange(own.EnumerateObject().Where(property => !kept.TryGetProperty(property.Name, out _)).Select(property => $"{path}.{property.Name} was not there and is {Shown(property.Value)}"));
        }
        else if (kept.GetRawText() != own.GetRawText())
        {
            differences.Add($"{path} was {Shown(kept)} and is {Shown(own)}");
        }
    }

    private static string Shown(JsonElement value) => Names.Printable(value.GetRawText());
}
