using System.Text.RegularExpressions;
using Distiller.Tests.Docs;

namespace Distiller.Tests.Samples;

/// <summary>A cell: its text, and whether it is code.</summary>
internal sealed record NotebookCell(bool IsCode, string Text);

/// <summary>The cells of samples/notebook, from the file-based app that the notebook is made of: a line that begins with %% begins a cell; with a title it is text. What stands below the line of dashes is not the notebook's.</summary>
internal static partial class NotebookCells
{
    public const string App = "samples/notebook/flights.cs";

    /// <summary>The app's cells; before them a cell that says where a notebook finds the libraries.</summary>
    public static IReadOnlyList<NotebookCell> OfApp()
    {
        var parts = Repository.Read(App).Split("\n// ---\n")[0].Split("\n// %%").Skip(1).ToList();
        return [Text(parts[0]), new(true, References()), .. parts.Skip(1).Select(part => part.StartsWith(' ') ? Text(part) : new(true, part.Trim()))];
    }

    private static NotebookCell Text(string part)
    {
        var lines = part.Trim().Split('\n').Select(line => line.TrimStart('/', ' ')).ToList();
        return new(false, string.Join("\n\n", lines.Skip(1).Prepend("## " + lines[0]).Where(line => line.Length > 0)));
    }

    private static string References()
    {
        var versions = Version().Matches(Repository.Read("Directory.Packages.props")).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["version"].Value);
        return string.Join('\n', [
            .. new[] { "Dapper", "DuckDB.NET.Data.Full" }.Select(name => $"#r \"nuget: {name}, {versions[name]}\""),
            .. new[] { "Distiller", "Distiller.DuckDB" }.Select(name => $"#r \"../../src/{name}/bin/Debug/net10.0/{name}.dll\""),
        ]);
    }

    [GeneratedRegex("<PackageVersion Include=\"(?<name>[^\"]+)\" Version=\"(?<version>[^\"]+)\"")]
    private static partial Regex Version();
}
