#!/usr/bin/env dotnet
#:project ../../src/Distiller
#:project ../../src/Distiller.DuckDB
#:package DuckDB.NET.Data.Full
#:property PublishAot=false

// The notebook flights.ipynb as one file: cd samples/notebook && dotnet run flights.cs
// A line that begins with %% begins a cell. In a notebook display shows tables, colours and pictures; here it prints.

// %% Flights out of New York: the weather before they leave
// A month of flights, and the weather at their airports as it became known: hourly, some of it late, some corrected later.

// %%
using Dapper;
using Distiller;
using DuckDB.NET.Data;

var connection = new DuckDBConnection("Data Source=:memory:");
await connection.OpenAsync();
await connection.ExecuteAsync("""
    SET TimeZone = 'UTC';
    CREATE TABLE flights AS SELECT * FROM read_csv('../quickstart/data/flights.csv.gz', types = {'event_timestamp': 'TIMESTAMPTZ'});
    CREATE TABLE weather_csv AS SELECT * FROM read_csv('../quickstart/data/airport_weather.csv.gz', types = {'feature_timestamp': 'TIMESTAMPTZ', 'created_timestamp': 'TIMESTAMPTZ'});
    """);

// %% A feature set is a declaration
// It knows no database. Shown, it is the table of its columns.

// %%
var airport = Entity.Create("airport").Key<string>("origin").Describe("An airport flights leave from.");
var weather = airport.FeatureSet("airport_weather")
    .Describe("The weather at the airport, hourly.")
    .Feature<double>("temp", "Fahrenheit")
    .Feature<double>("wind_speed", "miles per hour")
    .Feature<double>("visib", "miles")
    .MaxAge(TimeSpan.FromHours(3));
display(weather);

// %% Publish
// The rows go from one table of the database to others: a history of all that was stated, and the latest row of each airport.

// %%
var store = new FeatureStore(connection, new() { Driver = new DuckDbDriver() });
await store.CreateTablesAsync([weather]);
display(await store.PublishFromAsync(weather, "weather_csv"));

// %% A training set, and how it hangs together
// Each flight gets the weather that was known at its instant, an hour before it was to leave.

// %%
var training = Spine.From("flights")
    .Columns("flight_id", "event_timestamp", "origin", "dest", "arr_delay")
    .Join(weather)
    .KnownAtEvent()
    .OrderBy("flight_id");
display(Diagram.Of(training));

// %% The SQL that answers
// For the database at hand; `display(training)` shows it for every dialect.

// %%
display(training.Compile(SqlDialect.DuckDb));

// %% The first rows

// %%
display(await store.PreviewAsync(training, 8));

// %% Why this value?
// The history of one airport around the winner: what came after the instant, and what was not known yet. Dots are rows: event time along, created time up.

// %%
var flight = (await connection.QueryAsync("SELECT * FROM flights WHERE flight_id = 5000")).Single();
display(await store.WhyAsync(training, "airport_weather", (IDictionary<string, object?>)flight));

// %% A declaration that has grown
// What the tables lack is told in words, and as the statements that add it.

// %%
display(await store.CompareAsync([weather.Feature<double>("humid", "relative humidity, %")]));

// %% Served online
// The same declaration answers from an online store; a max age is judged by the clock, so this month has expired long ago.

// %%
var online = new InMemoryOnlineStore();
await online.LoadAsync(store, weather);
display(await online.GetAsync(new { origin = "JFK" }, [weather]));

// ---
static void display(object value) => Console.WriteLine(value);
