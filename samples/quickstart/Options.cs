using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Quickstart;

/// <summary>The command line.</summary>
internal static class Options
{
    private static readonly DateTimeOffset BundledKnownAt = new(2013, 1, 19, 11, 14, 24, TimeSpan.Zero);

    private static readonly string[] InstantFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd"];

    private static readonly Option<string> Database = new("--engine")
    {
        Description = "The database to run on.",
        HelpName = string.Join('|', Engine.Names),
        DefaultValueFactory = _ => Engine.Names[0],
        CustomParser = Reader((string text, out string name) => Engine.Names.Contains(name = text), $"one of {string.Join(", ", Engine.Names)}"),
    };

    private static readonly Option<string?> Connection = new("--connection")
    {
        Description = "Its connection string. postgres needs one; without it DuckDB runs in memory and SQLite in a temporary file.",
        HelpName = "STRING",
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "A folder with the same six files of other months. [default: January 2013, which comes with the sample]",
        HelpName = "FOLDER",
    };

    private static readonly Option<int> Batches = new("--batches")
    {
        Description = "How many batches the rows arrive in, each a transaction.",
        HelpName = "N",
        DefaultValueFactory = _ => 3,
        CustomParser = Reader((string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= 100_000, "a number from 1 to 100000"),
    };

    private static readonly Option<DateTimeOffset?> KnownAt = new("--known-at")
    {
        Description = "The instant whose knowledge the case known_at rebuilds, UTC unless it says otherwise. [default: 2013-01-19T11:14:24Z for January 2013; with --data none, and the case is left out]",
        HelpName = "INSTANT",
        CustomParser = Reader((string text, out DateTimeOffset? instant) => (instant = Instant(text)) is not null, "an instant such as 2013-01-19T11:14:24Z"),
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "A folder to write every case to, as CASE.csv and latest_SET.csv; files of these names are replaced.",
        HelpName = "FOLDER",
    };

    private delegate bool TryRead<T>(string text, out T value);

    public static RootCommand Command(Func<JobOptions, CancellationToken, Task> run)
    {
        var command = new RootCommand(
            """
            Makes a training set of flights out of New York: each flight with what was known of weather, aircraft, airline and route as of its own instant.

            What an earlier run left in the database is dropped: the schema "quickstart" on DuckDB and PostgreSQL; on SQLite, which has no schemas,
            the tables flights, planes, training_set, and *_history and *_latest of airport_weather, plane_leg, carrier_delay and route_delay.
            """)
        {
            Database, Connection, Data, Batches, KnownAt, Out,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var folder = parsed.GetValue(Data);
            var options = new JobOptions(
                Engine.Of(parsed.GetValue(Database)!, parsed.GetValue(Connection)),
                Folder(folder ?? Path.Combine(AppContext.BaseDirectory, "data"), Data),
                parsed.GetValue(Batches),
                parsed.GetValue(KnownAt) ?? (folder is null ? BundledKnownAt : null),
                parsed.GetValue(Out) is { } output ? Folder(output, Out) : null);
            return run(options, cancellationToken);
        });
        return command;
    }

    private static DirectoryInfo Folder(string path, Option option) =>
        string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal) ? throw new UserMistakeException($"{option.Name} takes a folder.") : new(path);

    private static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    private static Func<ArgumentResult, T> Reader<T>(TryRead<T> read, string wanted) => result =>
    {
        if (!read(result.Tokens[0].Value, out var value))
        {
            result.AddError($"{((OptionResult)result.Parent!).Option.Name} takes {wanted}, not '{result.Tokens[0].Value}'.");
        }

        return value;
    };
}
