using System.Globalization;
using Dapper;
using Distiller;
using Distiller.Samples.Training;
using DuckDB.NET.Data;
using Microsoft.ML.Data;

// dotnet run --project samples/training -c Release [-- FOLDER]
// The whole loop on a month of flights: history, a training set known at each event, a model, the same model trained on a leak, and the features it is served. FOLDER keeps model, fingerprint and Parquet file.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = Directory.CreateDirectory(args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), "distiller-training-sample")).FullName;

Console.WriteLine("-- History: what happened, and when it became known");
await using var connection = new DuckDBConnection("Data Source=:memory:");
await connection.OpenAsync();
var store = await History.FillAsync(connection, Path.Combine(AppContext.BaseDirectory, "data"), Console.WriteLine);

Console.WriteLine("\n-- Training set: every flight with what was known an hour before it left");
var train = DelayModel.AsItWas("train");
var test = DelayModel.AsItWas("test");
Console.WriteLine(await store.PreviewAsync(train.OrderBy("flight_id"), 3));
var parquet = Path.Combine(folder, "train.parquet");
var written = await connection.ExecuteAsync($"COPY ({train.ToSql(SqlDialect.DuckDb).TrimEnd().TrimEnd(';')}) TO '{parquet}' (FORMAT parquet)");
Console.WriteLine($"{written:N0} rows in {Path.GetFileName(parquet)}, written by the database; tested on the flights from {History.Split:yyyy-MM-dd} on.");

Console.WriteLine("\n-- The model, and the same model trained on what the latest tables hold today");
var learner = new Learner();
var (trainRows, testRows) = (await learner.ReadAsync(store, train), await learner.ReadAsync(store, test));
var honest = learner.Train(trainRows);
var leakyTest = await learner.ReadAsync(store, DelayModel.FromLatest("test", History.End));
var leaky = learner.Train(await learner.ReadAsync(store, DelayModel.FromLatest("train", History.End)));
Console.WriteLine("trained on              tested on               AUC    log-loss  accuracy  F1");
Console.WriteLine("----------------------  ----------------------  -----  --------  --------  -----");
Show("as it was known", "as it was known", learner.Measure(honest, testRows));
Show("latest (a leak)", "latest (a leak)", learner.Measure(leaky, leakyTest));
Show("latest (a leak)", "as it was known", learner.Measure(leaky, testRows));
Console.WriteLine("The second line is what somebody reports who joins the latest table; the third is what that model does when it is served what is known at the time.");

Console.WriteLine("\n-- Kept beside the model: what it was trained on");
var path = Path.Combine(folder, "delay.zip");
learner.Save(honest, trainRows, DelayModel.Serving, path);
Console.WriteLine($"{Path.GetFileName(path)}, fingerprint {DelayModel.Serving.Fingerprint[..16]}...");

Console.WriteLine("\n-- Online: latest is loaded, and a prediction reads its features in one request");
IOnlineStore online = new InMemoryOnlineStore(new() { Prefix = "flights", TimeProvider = new At(History.End) });
foreach (var set in DelayModel.All)
{
    Console.WriteLine($"{set.Name}: {await online.LoadAsync(store, set)}");
}

var predict = learner.Load(path, DelayModel.Serving);
var flight = new { flight_id = 1L, origin = "JFK", dest = "LAX", carrier = "DL", tailnum = "N713TW", distance = 2475f, hour_of_day = 13f };
var features = await online.GetAsync(flight, DelayModel.Serving);
Console.WriteLine(string.Join(", ", features.Sets.Select(set => $"{set.Prefix} {set.Status.ToString().ToUpperInvariant()}")));
Console.WriteLine($"{flight.carrier} {flight.origin}-{flight.dest}: {predict([.. features.ToVector(), flight.distance, flight.hour_of_day]):P1} to be 15 minutes late or more");
Console.WriteLine(await Parity.CompareAsync(store, connection, learner, online, predict));

Console.WriteLine("\n-- Another declaration than the model was trained on is refused");
try
{
    learner.Load(path, DelayModel.Changed);
    Console.WriteLine("It was not refused.");
    return 1;
}
catch (InvalidOperationException refused)
{
    Console.WriteLine(refused.Message);
}

return 0;

void Show(string trained, string tested, CalibratedBinaryClassificationMetrics metrics) =>
    Console.WriteLine($"{trained,-22}  {tested,-22}  {metrics.AreaUnderRocCurve:0.000}  {metrics.LogLoss,8:0.000}  {metrics.Accuracy,8:P1}  {metrics.F1Score:0.000}");

/// <summary>A clock that stands still: the sample's month is long over, and a max age is judged by the clock.</summary>
internal sealed class At(DateTimeOffset instant) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => instant;
}
