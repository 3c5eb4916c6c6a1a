using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Distiller.Tests.Docs;

namespace Distiller.Tests.Samples;

/// <summary>The notebook with its outputs, in Jupyter's format.</summary>
internal static class NotebookFile
{
    public const string Path = "samples/notebook/flights.ipynb";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<NotebookCell> Cells() => [.. Read().Select(cell => new NotebookCell((string)cell!["cell_type"]! == "code", Joined(cell["source"]!)))];

    /// <summary>Per cell the outputs that are kept, each as its texts by MIME type.</summary>
    public static IReadOnlyList<IReadOnlyList<IReadOnlyDictionary<string, string>>> Outputs() =>
    [
        .. Read().Select(cell => (IReadOnlyList<IReadOnlyDictionary<string, string>>)
        [
            .. (cell!["outputs"]?.AsArray() ?? []).Select(output => output!["data"]!.AsObject().ToDictionary(data => data.Key, data => Joined(data.Value!))),
        ]),
    ];

    public static void Write(IReadOnlyList<NotebookCell> cells, IReadOnlyList<IReadOnlyList<IReadOnlyDictionary<string, string>>> outputs)
    {
        var notebook = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select((cell, i) => Cell(cell, i, outputs[i]))]),
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
                ["language_info"] = new JsonObject { ["file_extension"] = ".cs", ["mimetype"] = "text/x-csharp", ["name"] = "C#" },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        File.WriteAllText(Repository.PathOf(Path), notebook.ToJsonString(Json) + "\n");
    }

    private static JsonArray Read() => JsonNode.Parse(Repository.Read(Path))!["cells"]!.AsArray();

    private static JsonObject Cell(NotebookCell cell, int i, IReadOnlyList<IReadOnlyDictionary<string, string>> outputs)
    {
        var json = new JsonObject { ["cell_type"] = cell.IsCode ? "code" : "markdown" };
        if (cell.IsCode)
        {
            json["execution_count"] = null;
        }

        json["id"] = FormattableString.Invariant($"cell-{i + 1}");
        json["metadata"] = new JsonObject();
        if (cell.IsCode)
        {
            json["outputs"] = new JsonArray([.. outputs.Select(output => new JsonObject
            {
                ["data"] = new JsonObject([.. output.OrderBy(data => data.Key, StringComparer.Ordinal).Select(data => KeyValuePair.Create(data.Key, (JsonNode?)Lines(data.Value)))]),
                ["metadata"] = new JsonObject(),
                ["output_type"] = "display_data",
            })]);
        }

        json["source"] = Lines(cell.Text);
        return json;
    }

    private static JsonArray Lines(string text)
    {
        var lines = text.Split('\n');
        return new([.. lines.Select((line, i) => (JsonNode)(i < lines.Length - 1 ? line + "\n" : line)).Where(line => ((string)line!).Length > 0)]);
    }

    private static string Joined(JsonNode lines) => string.Concat(lines.AsArray().Select(line => (string)line!));
}
