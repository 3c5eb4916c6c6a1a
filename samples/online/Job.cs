using Microsoft.Data.Sqlite;

namespace Distiller.Samples.Online;

/// <summary>The ETL job: publishes what happened to the database, and loads what is new into the online store. It may be killed and run again at any point.</summary>
internal static class Job
{
    public static async Task RunAsync(string databaseFile, IOnlineStore online, TimeProvider clock, Action<string> say, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={databaseFile}");
        await connection.OpenAsync(cancellationToken);
        var store = new FeatureStore(connection);
        await store.CreateTablesAsync([ShopModel.Spend, ShopModel.Sales], cancellationToken);

        // Stands in for a source: the state of the shop as of this hour.
        var now = clock.GetUtcNow();
        var hour = now - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerHour);
        var random = new Random((int)(hour.Ticks / TimeSpan.TicksPerHour));
        var options = new PublishOptions { CreatedAt = hour };
        var spend = Enumerable.Range(1, 1000).Select(id => new SpendRow(id, hour, Math.Round(random.NextDouble() * 500, 2), random.Next(10)));
        var sales = Enumerable.Range(1, 100).Select(id => new SalesRow(id, hour, random.Next(50), Math.Round(random.NextDouble() * 100, 2)));
        say((await store.PublishAsync(ShopModel.Spend, spend, options, cancellationToken)).ToString());
        say((await store.PublishAsync(ShopModel.Sales, sales, options, cancellationToken)).ToString());

        foreach (var set in new[] { ShopModel.Spend, ShopModel.Sales })
        {
            var loaded = await online.LoadAsync(store, set, cancellationToken: cancellationToken);
            say($"{set.Name} to {online.SystemName}: {loaded}; watermark {loaded.Watermark:u}");
        }

        // What a training job would keep beside its model.
        await File.WriteAllTextAsync(Path.ChangeExtension(databaseFile, ".model.json"), ShopModel.Serving.ToJson(), cancellationToken);
    }
}
