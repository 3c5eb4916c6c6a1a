using System.Diagnostics;
using Distiller;
using Distiller.Samples.Online;
using Garnet;
using StackExchange.Redis;

// dotnet run --project samples/online [-- --redis 127.0.0.1:6379] [--port 5080] [--job-only]
// Without --redis a Garnet server starts in this process, for a look without any installation.
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

var address = Option("--redis");
GarnetServer? garnet = null;
if (address is null)
{
    garnet = new GarnetServer(["--port", "63799", "--bind", "127.0.0.1", "--lua", "--memory", "64m", "--index", "16m"]);
    garnet.Start();
    address = "127.0.0.1:63799";
}

using var traces = new ActivityListener
{
    ShouldListenTo = source => source.Name == "Distiller",
    Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
    ActivityStopped = activity => Console.WriteLine($"{activity.OperationName} {activity.GetTagItem("distiller.subject")}: {activity.Duration.TotalMilliseconds:0.0} ms, {activity.Status}"),
};
ActivitySource.AddActivityListener(traces);
using var metrics = new Metrics();

await using var redis = await ConnectionMultiplexer.ConnectAsync(address);
IOnlineStore online = new RedisOnlineStore(redis, ShopModel.Online);
var file = Path.Combine(Path.GetTempPath(), "distiller-online-sample.db");
await Job.RunAsync(file, online, TimeProvider.System, Console.WriteLine, CancellationToken.None);
if (args.Contains("--job-only"))
{
    garnet?.Dispose();
    return;
}

// A service refuses to start with a model that was trained on something else.
ShopModel.Serving.Check(await File.ReadAllTextAsync(Path.ChangeExtension(file, ".model.json")));

var builder = WebApplication.CreateSlimBuilder();
builder.Services.AddSingleton(online);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddHealthChecks().AddCheck<OnlineStoreHealth>("online store");
builder.WebHost.UseUrls($"http://127.0.0.1:{Option("--port") ?? "5080"}");
await using var app = builder.Build();

// One MGET for everything a prediction needs; a miss is null, and the model decides what that means.
app.MapGet("/features/{customer:long}/{product:long}", async (long customer, long product, IOnlineStore store, CancellationToken cancellationToken) =>
{
    var features = await store.GetAsync(new { customer_id = customer, product_id = product }, ShopModel.Serving, cancellationToken);
    return Results.Json(new
    {
        status = features.Sets.ToDictionary(set => set.Prefix, set => set.Status.ToString()),
        features = features.ToDictionary(),
        vector = features.ToVector().Select(number => float.IsNaN(number) ? (float?)null : number),
    });
});
app.MapHealthChecks("/health");
app.MapGet("/metrics", () => metrics.Text());

Console.WriteLine("""
    curl http://127.0.0.1:5080/features/42/7
    curl http://127.0.0.1:5080/health
    curl http://127.0.0.1:5080/metrics
    """);
await app.RunAsync();
garnet?.Dispose();
