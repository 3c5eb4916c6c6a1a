using System.Data.Common;
using System.Globalization;
using Distiller;

namespace Quickstart;

/// <summary>What the person asked for.</summary>
internal sealed record JobOptions(Engine Engine, DirectoryInfo Folder, int Batches, DateTimeOffset? KnownAt, DirectoryInfo? Out);

/// <summary>From files to a training set: make the tables, publish what arrives, join it to the flights as of their instants, unload the latest.</summary>
internal sealed class Job(JobOptions options, Screen screen)
{
    private const int RowsShown = 4;

    private readonly TimeProvider _clock = TimeProvider.System;

    /// <summary>The table the training set is written to.</summary>
    public static TableName TrainingTable { get; } = "training_set";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var start = _clock.GetTimestamp();
        if (options.Out is { } folder)
        {
            CsvOut.Prepare(folder);
        }

        var files = new FlightsFiles(options.Folder);
        var histories = Arrivals.Of(files);
        var (flights, planes) = (files.Flights.Rows().LongCount(), files.Planes.Rows().LongCount());
        await using var connection = await options.Engine.OpenAsync(cancellationToken);
        screen.Line($"{options.Engine.Title} {connection.ServerVersion}, data from {options.Folder.FullName}.");
        if (options.KnownAt is null)
        {
            screen.Line("The case known_at is left out: give the instant with --known-at.");
        }

        await MakeAdopterTablesAsync(connection, files, flights, planes, cancellationToken);
        var store = Store(connection, null);
        await store.CreateTablesAsync(FlightsModel.Published, cancellationToken);
        await store.CheckAsync(FlightsModel.All, cancellationToken);
        var keys = await PublishAsync(connection, histories, cancellationToken);
        await BuildAsync(store, cancellationToken);
        PrintSql();
        await AskAsync(store, Cases.All(options.KnownAt), cancellationToken);
        await UnloadAsync(store, keys, cancellationToken);
        screen.Heading($"Done in {Seconds(start)}");
    }

    /// <summary>A store on the connection; in the transaction where one is given.</summary>
    private FeatureStore Store(DbConnection connection, DbTransaction? transaction) => new(connection, new() { Driver = options.Engine.Driver, Transaction = transaction });

    private async Task MakeAdopterTablesAsync(DbConnection connection, FlightsFiles files, long flights, long planes, CancellationToken cancellationToken)
    {
        screen.Heading("The tables that were there before: flights and planes, in plain SQL");
        var start = _clock.GetTimestamp();
        var tables = new AdopterTables(options.Engine, connection);
        await tables.CreateAsync(cancellationToken);
        await screen.WorkAsync([("flights", flights), ("planes", planes)], async bars =>
        {
            await tables.AddAsync(files.Flights.Rows(), bars[0].Advance, cancellationToken);
            await tables.AddAsync(files.Planes.Rows(), bars[1].Advance, cancellationToken);
            bars[0].Tells($"{Count(flights)} flights, {Count(planes)} planes.");
        });
        screen.Line($"In {Seconds(start)}.");
    }

    /// <summary>Each batch holds what arrived in a part of the time, of all four sets, in one transaction.</summary>
    /// <returns>The keys of each set's latest table.</returns>
    private async Task<Dictionary<FeatureSet, long>> PublishAsync(DbConnection connection, IReadOnlyList<Arrivals> histories, CancellationToken cancellationToken)
    {
        screen.Heading(options.Batches == 1 ? "Publish in one batch" : $"Publish in {options.Batches} batches, as the rows arrived");
        var start = _clock.GetTimestamp();
        var results = histories.ToDictionary(history => history.Set, _ => new List<PublishResult>());
        try
        {
            await screen.WorkAsync([.. histories.Select(history => (history.Set.Name, history.Count))], async bars =>
            {
                var batch = 0;
                foreach (var until in Arrivals.Cuts(histories, options.Batches))
                {
                    var published = await PublishBatchAsync(connection, histories, until, bars, cancellationToken);
                    published.ForEach(result => results[result.Set].Add(result.Result));
                    var what = published.Count == 0 ? "nothing" : string.Join(", ", published.Select(result => $"{result.Set.Name} {Count(result.Result.Appended)}"));
                    var when = until == DateTime.MaxValue ? "the rest" : string.Create(CultureInfo.InvariantCulture, $"until {until:yyyy-MM-dd HH:mm:ss}");
                    bars[0].Tells($"Batch {++batch} of {options.Batches}, {when}: {what}.");
                }
            });
        }
        finally
        {
            foreach (var history in histories)
            {
                history.Dispose();
            }
        }

        screen.Table(
            ["feature set", "rows offered", "appended", "late", "keys in latest", "latest updated"],
            [.. results.Select(set => Row(set.Key.Name, set.Value))]);
        screen.Line($"In {Seconds(start)}. Late rows were older than what latest had for their key: history keeps them, latest stays.");
        return results.ToDictionary(set => set.Key, set => set.Value.Sum(result => result.LatestInserted));

        static string[] Row(string name, List<PublishResult> results) =>
        [
            name,
            Count(results.Sum(result => result.Offered)),
            Count(results.Sum(result => result.Appended)),
            Count(results.Sum(result => result.Late)),
            Count(results.Sum(result => result.LatestInserted)),
            Count(results.Sum(result => result.LatestUpdated)),
        ];
    }

    private async Task<List<(FeatureSet Set, PublishResult Result)>> PublishBatchAsync(
        DbConnection connection, IReadOnlyList<Arrivals> histories, DateTime until, IReadOnlyList<IBar> bars, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var store = Store(connection, transaction);
        var published = new List<(FeatureSet, PublishResult)>();
        foreach (var (history, bar) in histories.Zip(bars))
        {
            var how = new PublishOptions { Progress = new Listener(progress => bar.Says(progress.Step)) };
            if (await history.PublishAsync(store, until, how, bar.Advance, cancellationToken) is { } result)
            {
                published.Add((history.Set, result));
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return published;
    }

    private async Task BuildAsync(FeatureStore store, CancellationToken cancellationToken)
    {
        screen.Heading($"The training set, as the table {TrainingTable}");
        var start = _clock.GetTimestamp();
        var rows = await store.IntoAsync(Cases.Default.Training, TrainingTable, IfExists.Replace, cancellationToken);
        screen.Line($"{Count(rows)} rows in {Seconds(start)}, written by the database itself.");
    }

    private void PrintSql()
    {
        foreach (var dialect in SqlDialect.All)
        {
            screen.Heading($"Its SQL for {dialect.Name}");
            screen.Verbatim(Cases.Default.Training.ToSql(dialect));
        }
    }

    /// <summary>Reads the training set in every case, shows its first rows, counts the features that are filled, and writes the files.</summary>
    private async Task AskAsync(FeatureStore store, IReadOnlyList<Case> cases, CancellationToken cancellationToken)
    {
        var answers = new List<Answer>();
        var start = _clock.GetTimestamp();
        await screen.WorkAsync([("cases", cases.Count)], async bars =>
        {
            foreach (var one in cases)
            {
                bars[0].Says(one.Name);
                answers.Add(await Answer.ReadAsync(store, one, options.Out, RowsShown, cancellationToken));
                bars[0].Advance(1);
            }
        });
        var first = answers[0];
        screen.Heading($"The first {first.FirstRows.Count} of {Count(first.Rows)} rows, one per column");
        screen.Table(
            ["", .. first.FirstRows.Select((_, i) => $"row {i + 1}")],
            [.. first.Columns.Select((column, i) => (string[])[column, .. first.FirstRows.Select(row => row[i])])]);

        screen.Heading("Features filled, per set");
        screen.Table(
            ["case", .. FlightsModel.All.Select(set => set.Name), "what is asked for"],
            [
                .. answers.Select(answer => (string[])[answer.Case.Name, .. answer.Filled.Select(Count), answer.Case.Meaning]),
                ["(of)", .. FlightsModel.All.Select(set => Count(first.Rows * set.Features.Count)), "every feature of every row"],
            ]);
        screen.Line($"{Count(cases.Count)} cases in {Seconds(start)}{(options.Out is { } folder ? $", written to {folder.FullName}" : "")}.");
    }

    private async Task UnloadAsync(FeatureStore store, Dictionary<FeatureSet, long> keys, CancellationToken cancellationToken)
    {
        screen.Heading("Unload latest, as for an online store");
        var start = _clock.GetTimestamp();
        var counts = new List<string[]>();
        await screen.WorkAsync([.. FlightsModel.All.Select(set => (set.Name, keys.GetValueOrDefault(set)))], async bars =>
        {
            foreach (var (set, bar) in FlightsModel.All.Zip(bars))
            {
                string[] columns = [.. set.Entity.Keys.Select(key => key.Name), set.EventTimeColumn.Name, .. set.CreatedTimeColumn is { } created ? new[] { created.Name } : [], .. set.Features.Select(feature => feature.Name)];
                using var file = CsvOut.Open(options.Out, "latest_" + set.Name, columns);
                long rows = 0;
                var listener = new Listener(progress => bar.Advance(progress.Rows - rows));
                await foreach (var row in store.UnloadAsync(set, since: null, listener, cancellationToken))
                {
                    rows++;
                    file?.Write(Fields(row));
                }

                counts.Add([set.Name, Count(rows)]);
            }
        });
        screen.Table(["feature set", "keys"], counts);
        screen.Line($"In {Seconds(start)}{(options.Out is { } folder ? $", written to {folder.FullName}" : "")}.");
    }

    private static IEnumerable<string> Fields(LatestRow row)
    {
        var set = row.FeatureSet;
        IEnumerable<string> times = set.CreatedTimeColumn is { } created ? [CsvOut.Text(row.EventTime, set.EventTimeColumn), CsvOut.Text(row.CreatedTime, created)] : [CsvOut.Text(row.EventTime, set.EventTimeColumn)];
        return row.Key.Select(CsvOut.Text).Concat(times).Concat(row.Values.Zip(set.Features, (value, feature) => CsvOut.Text(value, feature.Type)));
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private string Seconds(long start) => _clock.GetElapsedTime(start).TotalSeconds.ToString("0.00 's'", CultureInfo.InvariantCulture);

    /// <summary>Hears of progress where it happens, which <see cref="Progress{T}"/> does not: it posts to other threads, out of order.</summary>
    private sealed class Listener(Action<StoreProgress> hears) : IProgress<StoreProgress>
    {
        public void Report(StoreProgress value) => hears(value);
    }
}
