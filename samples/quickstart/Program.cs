using System.CommandLine;
using System.IO.Compression;
using Spectre.Console;

var data = new Option<DirectoryInfo>("--data")
{
    Description = "The folder with the flights data.",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(AppContext.BaseDirectory, "data")),
};
var command = new RootCommand("Lists the flights data that the quickstart works on.") { data };
command.SetAction(parsed => ListFiles(parsed.GetValue(data)!));
return command.Parse(args).Invoke();

static void ListFiles(DirectoryInfo folder)
{
    var table = new Table().AddColumn("file").AddColumn(new TableColumn("rows").RightAligned());
    foreach (var file in folder.GetFiles("*.csv.gz").OrderBy(file => file.Name, StringComparer.Ordinal))
    {
        using var reader = new StreamReader(new GZipStream(file.OpenRead(), CompressionMode.Decompress));
        var rows = -1; // the header
        while (reader.ReadLine() is not null)
        {
            rows++;
        }

        table.AddRow(Markup.Escape(file.Name), $"{rows:N0}");
    }

    AnsiConsole.Write(table);
}
