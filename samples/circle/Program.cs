using System.Data.Common;
using Distiller;
using Distiller.Samples.Circle;
using Quickstart;

// dotnet run --project samples/circle -c Release [-- --engine duckdb|sqlite|postgres] [--connection "..."]
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

try
{
    if (args.Length % 2 != 0 || args.Where((_, i) => i % 2 == 0).Any(argument => argument is not ("--engine" or "--connection")))
    {
        throw new UserMistakeException("it takes --engine duckdb|sqlite|postgres and --connection \"...\", each followed by its value.");
    }

    var database = Database.Of(Option("--engine") ?? "duckdb", Option("--connection"));
    await using var connection = await database.OpenAsync(CancellationToken.None);
    var files = new FlightsFiles(new(Path.Combine(AppContext.BaseDirectory, "data")));
    await new Circle(database, connection, files, Console.WriteLine).RunAsync(CancellationToken.None);
    return 0;
}
catch (Exception failure) when (failure is UserMistakeException or RowRefusedException or TableMismatchException or StatementFailedException or DbException)
{
    await Console.Error.WriteLineAsync("circle: " + failure.Message.ReplaceLineEndings(" "));
    return 1;
}
