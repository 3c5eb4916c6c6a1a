using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Flights;
using Distiller.Databases.Tests.Reference;
using Quickstart;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Real flights with the answers on which other systems agree, published in any number of batches, in any order.</summary>
public abstract partial class DatabaseContract
{
    private static readonly DateTimeOffset KnownAt = new(2013, 1, 19, 11, 14, 24, TimeSpan.Zero);

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(30, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(30, true)]
    public async Task Flights_equal_what_other_systems_answer(int batches, bool shuffled)
    {
        await using var database = await engine.CreateAsync();
        var store = database.Store();
        var seed = Environment.TickCount;
        var where = $"{engine}, {batches} batches{(shuffled ? $" shuffled by seed {seed}" : "")}";
        var files = new FlightsFiles(new(Path.Combine(AppContext.BaseDirectory, "Flights", "data")));
        await AdoptAsync(database, files);
        await store.CreateTablesAsync(FlightsModel.All);
        var random = new Random(seed);
        await PublishAsync(store, FlightsModel.AirportWeather, files.AirportWeather.Rows());
        await PublishAsync(store, FlightsModel.PlaneLeg, files.PlaneLeg.Rows());
        await PublishAsync(store, FlightsModel.CarrierDelay, files.CarrierDelay.Rows());
        await PublishAsync(store, FlightsModel.RouteDelay, files.RouteDelay.Rows());
        await store.CheckAsync(FlightsModel.All);
        foreach (var (name, _, training) in Cases.All(KnownAt))
        {
            var types = training.Joins.SelectMany(join => join.Features.Select(feature => (Name: $"{join.Prefix}__{feature.Name}", feature.Type.ClrType))).Append(("flight_id", typeof(long))).ToDictionary();
            var expected = ExpectedCase.Of(name, types, "flight_id");
            await expected.AssertEqualAsync(await store.ReadAsync(training), where);
            foreach (var strategy in batches == 3 && !shuffled ? engine.Strategies : [])
            {
                try
                {
                    await expected.AssertEqualAsync(await store.ReadAsync(training.Using(strategy)), $"{where}, {strategy}");
                }
                catch (UnsupportedByDialectException)
                {
                    // Not offered for this shape: an exact answer or none.
                }
            }
        }

        foreach (var set in FlightsModel.Published)
        {
            var types = PublishBatch.Columns(set).ToDictionary(column => column.Name, column => column.Type.ClrType);
            await ExpectedCase.Of("latest_" + set.Name, types, [.. set.Entity.Keys.Select(key => key.Name)]).AssertEqualAsync(await store.ReadAsync(Latest.Of(set)), where);
        }

        async Task PublishAsync<T>(FeatureStore store, FeatureSet set, IEnumerable<T> rows)
        {
            var all = rows.ToArray();
            var chunks = all.Chunk((all.Length + batches - 1) / batches).ToArray();
            if (shuffled)
            {
                random.Shuffle(all);
                chunks = [.. all.Chunk((all.Length + batches - 1) / batches)];
                random.Shuffle(chunks);
            }

            foreach (var chunk in chunks)
            {
                await store.PublishAsync(set, chunk);
            }
        }
    }

    /// <summary>The two tables that are there before Distiller comes.</summary>
    private async Task AdoptAsync(TestDatabase database, FlightsFiles files)
    {
        TestColumn[] flights =
        [
            new("flight_id", StoredType.Of(FeatureType.Int64), false), new("event_timestamp", StoredType.Instant), Text("carrier"), Text("origin"), Text("dest"), Text("tailnum"),
            new("distance", StoredType.Of(FeatureType.Int32)), new("arr_delay", StoredType.Of(FeatureType.Int32)),
        ];
        TestColumn[] planes =
        [
            new("tailnum", StoredType.Of(FeatureType.String), false), new("in_service_from", StoredType.Of(TimeKind.Date), false), Text("manufacturer"), Text("model"),
            new("engines", StoredType.Of(FeatureType.Int32)), new("seats", StoredType.Of(FeatureType.Int32)), Text("engine"),
        ];
        await TestTables.CreateAsync(database.Connection, engine.Dialect, "flights", flights, "flight_id");
        await TestTables.CreateAsync(database.Connection, engine.Dialect, "planes", planes, "tailnum", "in_service_from");
        await TestTables.LoadAsync(database, engine.Dialect, "flights", flights, files.Flights.Rows());
        await TestTables.LoadAsync(database, engine.Dialect, "planes", planes, files.Planes.Rows());

        static TestColumn Text(string name) => new(name, StoredType.Of(FeatureType.String));
    }
}
