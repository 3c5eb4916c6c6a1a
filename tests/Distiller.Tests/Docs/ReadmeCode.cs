// snippet: usings
using Dapper;
using Distiller;
using DuckDB.NET.Data;
// end
using System.Data;
using System.Data.Common;
using Apache.Arrow;
using Microsoft.Data.Sqlite;
using Microsoft.ML;
using Parquet;
using Parquet.Schema;
using StackExchange.Redis;

namespace Distiller.Tests.Docs;

/// <summary>
/// The code of README.md, between "snippet" and "end". What stands around it makes the tables, and asserts what the README says comes out.
/// </summary>
public sealed class ReadmeCode
{
    /// <summary>The tables a reader is taken to have.</summary>
    private const string Tables =
        """
        CREATE TABLE churn_labels  (label_id BIGINT, customer_id BIGINT, label_ts TIMESTAMPTZ, churned BOOLEAN);
        CREATE TABLE daily_spend   (customer_id BIGINT, as_of DATE, loaded_at TIMESTAMPTZ, spend_7d DOUBLE, orders_7d INTEGER);
        CREATE TABLE customer_tier (id BIGINT, customer_id BIGINT, valid_from TIMESTAMP, tier VARCHAR);
        """;

    private const string Rows =
        """
        INSERT INTO daily_spend VALUES
            (1, '2026-01-01', '2026-01-01 03:00:00+00', 100, 4),
            (1, '2026-01-01', '2026-01-20 03:00:00+00', 120, 5),
            (1, '2026-01-08', '2026-01-08 03:00:00+00', 90, 3);
        INSERT INTO customer_tier VALUES
            (1, 1, '2025-06-01 00:00:00', 'silver'),
            (2, 1, '2026-01-08 09:00:00', 'gold'),
            (3, 1, '2026-01-08 09:00:00', 'platinum');
        INSERT INTO churn_labels VALUES
            (1, 1, '2026-01-05 12:00:00+00', false),
            (2, 1, '2026-01-08 12:00:00+00', true),
            (3, 1, '2026-03-01 12:00:00+00', false),
            (4, 2, '2026-01-05 12:00:00+00', false);
        """;

    private sealed record Visits(long CustomerId, double? Pages);

    // snippet: result type
    public sealed record Example(long LabelId, bool Churned, double? SpendSpend7d, int? SpendOrders7d, string? TierTier);
    // end

    // snippet: row type
    public sealed record SpendRow(long CustomerId, DateTimeOffset FeatureTimestamp, double? Spend7d, int? Orders7d);
    // end

    private sealed record Matched(long LabelId, string SpendStatus);

    [Fact]
    public async Task From_own_tables_to_a_training_set()
    {
        // snippet: describe
        var customer = Entity.Create("customer").Key<long>("customer_id");

        var spend = customer.FeatureSet("spend")
            .Existing("daily_spend")                                   // a table or view that is there
            .EventTime("as_of", TimeKind.Date)                         // from when the values hold
            .CreatedTime("loaded_at")                                  // when they became known
            .Feature<double>("spend_7d", "euro, the seven days before")
            .Feature<int>("orders_7d")
            .MaxAge(TimeSpan.FromDays(30));

        var tier = customer.FeatureSet("tier")
            .Existing("customer_tier")
            .EventTime("valid_from", TimeKind.Timestamp)
            .WithoutCreatedTime().TieBreaker("id")                     // of equal times the greater id wins
            .Feature<string>("tier");
        // end

        // snippet: training set
        var training = Spine.From("churn_labels")
            .At("label_ts")
            .Columns("label_id", "customer_id", "label_ts", "churned")
            .Join(spend)
            .Join(tier)
            .OrderBy("label_id");
        // end

        // snippet: print
        Console.WriteLine(training.ToSql(SqlDialect.DuckDb));
        // end
        var printed = training.ToSql(SqlDialect.DuckDb);
        Assert.True(printed.Contains(ReadmeTests.Blocks("sql")[1], StringComparison.Ordinal), "The README shows other SQL than:\n" + printed);

        var connectionString = "Data Source=:memory:";

        // snippet: connect
        await using var connection = new DuckDBConnection(connectionString);
        await connection.OpenAsync();
        var store = new FeatureStore(connection, new() { Driver = new DuckDbDriver() });
        // end

        await connection.ExecuteAsync(Tables + Rows);
        Assert.Equal(Tables, ReadmeTests.Blocks("sql")[0]);

        // snippet: run
        await store.CheckAsync([spend, tier]);                                        // tables, columns and types are as declared
        List<Example> examples = await store.QueryAsync<Example>(training);           // into a list,
        await foreach (var example in store.StreamAsync<Example>(training)) { }       // or row by row,
        long rows = await store.IntoAsync(training, "training_set", IfExists.Replace);  // or into a table, without leaving the database
        // end

        Assert.Equal(
            [new(1, false, 120, 5, "silver"), new(2, true, 90, 3, "platinum"), new(3, false, null, null, "platinum"), new(4, false, null, null, null)],
            examples);
        Assert.Equal(4, rows);
        Assert.Equal(4, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM training_set"));

        // snippet: knowledge
        var asThen = training.KnownAtEvent();                                                    // of each row at its own instant
        var onTenth = training.KnownAt(new DateTimeOffset(2026, 1, 10, 0, 0, 0, TimeSpan.Zero));   // of all rows on 10 January
        // end

        // snippet: why
        WhyAnswer answer = await store.WhyAsync(asThen, "spend", [1L], new DateTimeOffset(2026, 1, 7, 12, 0, 0, TimeSpan.Zero));
        Console.WriteLine(answer);
        // end
        Assert.True(ReadmeTests.Blocks("text").Contains(answer.ToString().TrimEnd('\n')), "The README shows another answer than:\n" + answer);

        Assert.Equal(100, (await store.QueryAsync<Example>(asThen))[0].SpendSpend7d);
        Assert.Equal(100, (await store.QueryAsync<Example>(onTenth))[0].SpendSpend7d);

        // snippet: match
        var matched = training.WithMatch();
        // end

        Assert.Equal(["hit", "hit", "expired", "no_history"], (await store.QueryAsync<Matched>(matched)).Select(row => row.SpendStatus));

        // snippet: explain
        Console.WriteLine(await store.ExplainAsync(training));
        // end
    }

    [Fact]
    public async Task For_pipelines()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        var monday = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
        var cancellationToken = TestContext.Current.CancellationToken;
        await connection.ExecuteAsync("CREATE TABLE load_log (batch TEXT)");

        // snippet: create
        var spend = Entity.Create("customer").Key<long>("customer_id")
            .FeatureSet("spend")                               // tables spend_history and spend_latest
            .Feature<double>("spend_7d")
            .Feature<int>("orders_7d");

        var store = new FeatureStore(connection);
        await store.CreateTablesAsync([spend]);                // tables that exist are left as they are
        // end

        // snippet: publish rows
        SpendRow[] batch =
        [
            new(1, monday, 90, 3),
            new(2, monday, 15.5, 1),
        ];
        PublishResult result = await store.PublishAsync(spend, batch, new() { CreatedAt = monday.AddHours(3) });
        Console.WriteLine(result);
        // spend: 2 offered, 2 appended, 0 already present, 0 unchanged, 0 late; latest 2 inserted, 0 updated

        result = await store.PublishAsync(spend, batch, new() { CreatedAt = monday.AddHours(3) });   // the same again
        Console.WriteLine(result);
        // spend: 2 offered, 0 appended, 2 already present, 0 unchanged, 0 late; latest 0 inserted, 0 updated
        // end
        Assert.Equal("spend: 2 offered, 0 appended, 2 already present, 0 unchanged, 0 late; latest 0 inserted, 0 updated", result.ToString());

        await connection.ExecuteAsync(
            """
            CREATE TABLE spend_staging (customer_id INTEGER, feature_timestamp TEXT, spend_7d REAL, orders_7d INTEGER);
            INSERT INTO spend_staging VALUES (1, '2026-01-06 00:00:00.000000', 80, 2), (3, '2026-01-06 00:00:00.000000', 5, 1), (2, '2026-01-01 00:00:00.000000', 1, 1);
            """);

        // snippet: publish from
        result = await store.PublishFromAsync(spend, "spend_staging");
        Console.WriteLine(result);
        // spend: 3 offered, 3 appended, 0 already present, 0 unchanged, 1 late; latest 1 inserted, 1 updated
        // end
        Assert.Equal("spend: 3 offered, 3 appended, 0 already present, 0 unchanged, 1 late; latest 1 inserted, 1 updated", result.ToString());

        // snippet: transaction
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var within = new FeatureStore(connection, new() { Transaction = transaction });
            await connection.ExecuteAsync("INSERT INTO load_log VALUES ('2026-01-07')", transaction: transaction);
            await within.PublishAsync(spend, new[] { new SpendRow(1, monday.AddDays(2), 70, 2) });
            await transaction.CommitAsync();                   // the log, history and latest: all or nothing
        }
        // end

        // snippet: snapshot
        await store.PublishAsync(spend, batch, new() { OnlyChanged = true });
        // end

        // snippet: habits
        var habits = Entity.Create("customer").Key<long>("customer_id")
            .FeatureSet("habits")
            .Feature<string>("channel")
            .Feature<double>("discount")
            .Sparse()
            .Tombstones();
        await store.EvolveAsync([habits]);                     // creates its tables, or adds what they lack

        await store.RetractAsync(habits, new[] { new { customer_id = 3L } }, at: monday.AddDays(3));   // customer 3 ended on Thursday
        EraseResult erased = await store.EraseAsync([spend], new[] { new { customer_id = 99L } });     // nothing of 99 is left; here nothing was there
        Console.WriteLine(erased.MissingKeys);
        // 1
        // end
        Assert.Equal(1, erased.MissingKeys);
        Assert.Equal(0, erased.Tables.Sum(table => table.Rows));

        // snippet: evolution
        var wider = spend.Feature<bool>("vip");
        Evolution difference = await store.CompareAsync([wider]);
        Console.WriteLine(difference.Differences[0]);
        // Feature set 'spend': the table 'spend_history' has no column 'vip' (bool); it is added, NULL in the rows there are.
        // end
        Assert.Equal("Feature set 'spend': the table 'spend_history' has no column 'vip' (bool); it is added, NULL in the rows there are.", difference.Differences[0].ToString());

        // snippet: care
        ReconcileResult check = await store.ReconcileAsync(spend);                             // latest against history; repair: true closes what differs
        BackfillResult filled = await store.BackfillAsync(spend, "spend_staging", slice: TimeSpan.FromDays(1), createdAt: monday.AddDays(9));
        PruneResult pruned = await store.PruneAsync(spend, before: monday.AddDays(1), report: true);   // without report: it deletes
        Console.WriteLine(pruned);
        // spend: 2 of 9 history rows would be deleted, 2 of 4 before 2026-01-06 00:00:00.000000 UTC kept

        var training = Spine.Query("SELECT 1 AS customer_id, '2026-01-08 00:00:00.000000' AS event_timestamp").Join(spend);
        CoverageResult coverage = await store.CoverageAsync(training);                         // hit, NULL, expired, no history by month; ages
        Manifest manifest = await store.ManifestAsync(training);                               // ToJson() goes beside the model
        RestatementResult restated = await store.RestateAsync(training, manifest.KnownAt!.Value);
        Console.WriteLine($"{restated.Differing} of {restated.Rows} rows would differ if they were rebuilt now");
        // 0 of 1 rows would differ if they were rebuilt now
        // end
        Assert.True(check.IsConsistent);
        Assert.Equal(3, filled.Appended);
        Assert.Equal("spend: 2 of 9 history rows would be deleted, 2 of 4 before 2026-01-06 00:00:00.000000 UTC kept", pruned.ToString());
        Assert.Equal((1, 0), ((int)coverage.Rows[0].Hit, (int)restated.Differing));

        // snippet: latest
        List<SpendRow> newest = await store.LatestAsync<SpendRow>(spend);                     // of every key

        var keys = new[] { new { customer_id = 1L }, new { customer_id = 3L } };
        List<SpendRow> some = await store.QueryAsync<SpendRow>(Latest.Of(spend).Keys(Spine.Rows(keys)));   // of given keys; .At(instant) judges the max age
        // end
        Assert.Equal([(1, 70.0), (2, 15.5), (3, 5.0)], newest.OrderBy(row => row.CustomerId).Select(row => (row.CustomerId, row.Spend7d ?? 0)));
        Assert.Equal([1, 3], some.Select(row => row.CustomerId).Order());

        DateTime? watermark = null;

        // snippet: unload
        await foreach (LatestRow row in store.UnloadAsync(spend, since: watermark, cancellationToken: cancellationToken))
        {
            Console.WriteLine($"{row.Key[0]}: {string.Join(", ", row.Values)} as of {row.EventTime:O}");
            watermark = watermark > row.PublishedTimestamp ? watermark : row.PublishedTimestamp;
        }
        // end
        Assert.NotNull(watermark);

        // snippet: refused
        try
        {
            await store.PublishAsync(spend, new[] { new SpendRow(1, monday, 90, 3), new SpendRow(2, monday, double.NaN, 1) });
        }
        catch (RowRefusedException refused)
        {
            Console.WriteLine(refused.Message);
            // Feature set 'spend', table 'spend_history', row 2, column 'spend_7d': the value 'NaN' is refused: SQLite keeps NaN as NULL; give NULL, or leave the row out. Nothing was written.
        }
        // end
        var message = (await Assert.ThrowsAsync<RowRefusedException>(() => store.PublishAsync(spend, new[] { new SpendRow(1, monday, 90, 3), new SpendRow(2, monday, double.NaN, 1) }))).Message;
        Assert.True(ReadmeTests.Snippets["refused"].Contains("// " + message, StringComparison.Ordinal), "The README shows another message than: " + message);
    }

    [Fact]
    public async Task For_notebooks()
    {
        // snippet: notebook
        await using var connection = new DuckDBConnection("Data Source=:memory:");
        await connection.OpenAsync();
        await connection.ExecuteAsync(
            """
            CREATE TABLE visits AS
            SELECT i % 3 AS customer_id, TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_hours(i) AS at, CAST(i AS DOUBLE) AS pages, i / 2 AS minutes
            FROM range(100) AS hours(i)
            """);

        string[] columns = ["pages", "minutes"];
        var visits = columns.Aggregate(
            Entity.Create("customer").Key("customer_id", FeatureType.Int64).FeatureSet("visits").Existing("visits").EventTime("at").WithoutCreatedTime(),
            (set, column) => set.Feature(column, FeatureType.Float64));

        var questions = new[]
        {
            new { customer_id = 0L, event_timestamp = new DateTime(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc) },
            new { customer_id = 1L, event_timestamp = new DateTime(2026, 1, 3, 12, 0, 0, DateTimeKind.Utc) },
        };
        var training = Spine.Rows(questions).Join(visits, features: ["pages"]).ShortNames();

        Console.WriteLine(training.ToSql(SqlDialect.DuckDb));
        var store = new FeatureStore(connection);
        // end

        // snippet: notebook results
        foreach (var row in await store.QueryAsync<dynamic>(training))
        {
            Console.WriteLine($"{row.customer_id}: {row.pages}");
        }

        await using DbDataReader reader = await store.ReadAsync(training);     // for a DataTable, a DataFrame, Arrow ...
        var table = new DataTable();
        table.Load(reader);
        // end
        await reader.DisposeAsync();
        var folder = Directory.CreateTempSubdirectory("distiller_readme_").FullName;

        // snippet: notebook look
        Console.WriteLine(await store.PreviewAsync(training));                 // 20 rows; the database is asked for no more
        Console.WriteLine(Diagram.Of(training).ToMermaid());                   // or ToSvg()
        // end

        // snippet: arrow
        await foreach (RecordBatch batch in store.ReadArrowAsync(training))
        {
            Console.WriteLine($"{batch.Length} rows of {batch.ColumnCount} columns");     // DataFrame.FromArrowRecordBatch(batch) makes a data frame
            batch.Dispose();
        }

        long written = await store.WriteArrowFileAsync(training, Path.Combine(folder, "train.arrow"));
        // end
        Assert.Equal(2, written);

        // snippet: parquet by the engine
        await store.IntoAsync(training, "train");
        await connection.ExecuteAsync($"COPY train TO '{Path.Combine(folder, "train.parquet")}' (FORMAT parquet)");
        // end
        await using (var file = File.Create(Path.Combine(folder, "elsewhere.parquet")))
        {
            // snippet: parquet elsewhere
            var customer = new DataField<long>("customer_id");
            var pages = new DataField<double>("pages", nullable: true);
            await using (var parquet = await ParquetWriter.CreateAsync(new ParquetSchema(customer, pages), file))
            {
                await foreach (Visits[] rows in store.StreamAsync<Visits>(training).Chunk(100_000))
                {
                    using var group = parquet.CreateRowGroup();
                    await group.WriteAsync<long>(customer, rows.Select(row => row.CustomerId).ToArray());
                    await group.WriteAsync<double>(pages, rows.Select(row => row.Pages).ToArray());      // null is NULL
                }
            }

            // end
        }

        var kept = (await connection.QueryAsync<Visits>($"SELECT customer_id AS CustomerId, pages AS Pages FROM '{folder}/*.parquet'")).ToList();
        Assert.Equal(4, kept.Count);
        Assert.Equal(2, kept.Distinct().Count());
        Directory.Delete(folder, recursive: true);

        // snippet: machine learning
        IDataView view = await store.ReadDataViewAsync(training, new() { Columns = ["pages"] });
        // end
        Assert.Equal(2, view.GetRowCount());
        Assert.Equal(2, table.Rows.Count);
        Assert.Equal(["customer_id", "event_timestamp", "pages"], table.Columns.Cast<DataColumn>().Select(column => column.ColumnName));
    }

    [Fact]
    public async Task For_serving()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        var monday = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
        Assert.NotNull((Func<string, Task<IOnlineStore>>)OpenRedisAsync);

        // snippet: redis
        static async Task<IOnlineStore> OpenRedisAsync(string address) =>
            new RedisOnlineStore(await ConnectionMultiplexer.ConnectAsync(address), new() { Prefix = "shop" });
        // end

        var spend = Entity.Create("customer").Key<long>("customer_id").FeatureSet("spend").Feature<double>("spend_7d").Feature<int>("orders_7d");
        var sales = Entity.Create("product").Key<long>("product_id").FeatureSet("sales").Feature<int>("sold_24h");
        var store = new FeatureStore(connection);
        await store.CreateTablesAsync([spend, sales]);
        await store.PublishAsync(spend, new[] { new SpendRow(1, monday, 90, 3), new SpendRow(2, monday, 15.5, 1) }, new() { CreatedAt = monday });

        // snippet: load
        IOnlineStore online = new InMemoryOnlineStore(new() { Prefix = "shop" });       // for tests; a service takes Redis
        LoadResult loaded = await online.LoadAsync(store, spend);                       // again and again: what is new since the last time
        Console.WriteLine(loaded);
        // 2 read, 2 written, 0 older than what was there, whole
        // end
        Assert.Equal("2 read, 2 written, 0 older than what was there, whole", loaded.ToString());

        // snippet: get
        OnlineFeatures features = await online.GetAsync(new { customer_id = 1L, product_id = 7L }, [spend, sales]);
        Console.WriteLine($"{features["spend__spend_7d"]}, {features.StatusOf("sales")}");
        // 90, Missing
        // end
        Assert.Equal((90.0, OnlineStatus.Missing), (features["spend__spend_7d"], features.StatusOf("sales")));

        // snippet: serving set
        ServingSet serving = Spine.From("orders").Join(spend, ["spend_7d"]).Join(sales).Serve("churn_model");
        TrainingSet training = Spine.From("orders").At("ordered_at").Join(serving);     // train on what will be served
        string beside = serving.ToJson();                                               // keep it beside the model

        serving.Check(beside);                                                          // where the model serves: throws, naming what differs
        float[] input = (await online.GetAsync(new { customer_id = 1L, product_id = 7L }, serving)).ToVector();   // 90, NaN
        // end
        Assert.Equal(2, training.Joins.Count);
        Assert.Equal((90f, true), (input[0], float.IsNaN(input[1])));
    }

    [Fact]
    public async Task Intervals_events_and_tables_that_are_there()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(cancellationToken);
        var store = new FeatureStore(connection);
        var monday = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

        // snippet: intervals
        var spend = Entity.Create("customer").Key<long>("customer_id")
            .FeatureSet("spend")
            .Feature<double>("spend_7d")
            .Feature<int>("orders_7d")
            .Scd2("spend_scd2");                           // beside history and latest: the history as intervals

        await store.CreateTablesAsync([spend]);
        await store.PublishAsync(spend, new[] { new SpendRow(1, monday, 90, 3), new SpendRow(1, monday.AddDays(2), 70, 2), new SpendRow(2, monday, 15.5, 1) });
        Scd2Result refreshed = await store.RefreshScd2Async(spend);
        Console.WriteLine(refreshed);
        // spend: 2 keys recomputed; 0 intervals replaced by 3

        await store.PublishAsync(spend, new[] { new SpendRow(1, monday.AddDays(1), 80, 2) });   // a late row
        refreshed = await store.RefreshScd2Async(spend);
        Console.WriteLine(refreshed);
        // spend: 1 keys recomputed; 2 intervals replaced by 3
        // end
        Assert.Equal("spend: 1 keys recomputed; 2 intervals replaced by 3", refreshed.ToString());

        // snippet: interval table
        var tier = Entity.Create("customer").Key<long>("customer_id")
            .FeatureSet("tier").Feature<string>("tier")
            .Existing("customer_tiers").EventTime("valid_from").WithoutCreatedTime()
            .ValidTo("valid_to");                          // exclusive; NULL is open

        var country = Entity.Create("customer").Key<long>("customer_id")
            .FeatureSet("country").Feature<string>("country")
            .Existing("customer_countries").Static();      // no event time: one row per key
        // end
        await connection.ExecuteAsync(
            """
            CREATE TABLE customer_tiers (customer_id INTEGER, valid_from TEXT, valid_to TEXT, tier TEXT);
            CREATE TABLE customer_countries (customer_id INTEGER PRIMARY KEY, country TEXT);
            INSERT INTO customer_tiers VALUES (1, '2026-01-05 00:00:00.000000', NULL, 'gold');
            INSERT INTO customer_countries VALUES (1, 'AT');
            CREATE TABLE labels (customer_id INTEGER, event_timestamp TEXT, churned INTEGER);
            INSERT INTO labels VALUES (1, '2026-01-09 00:00:00.000000', 0);
            CREATE TABLE sensor_events (customer_id INTEGER, attribute TEXT, value TEXT, feature_timestamp TEXT);
            INSERT INTO sensor_events VALUES (7, 'spend_7d', '12.5', '2026-01-09 00:00:00.000000'), (7, 'orders_7d', NULL, '2026-01-09 00:00:00.000000');
            """);
        await store.CheckAsync([tier, country], cancellationToken);

        // snippet: events
        Console.WriteLine(Eavt.Of(spend).ToSql(SqlDialect.Sqlite));            // customer_id, attribute, value, feature_timestamp, created_timestamp

        PublishResult published = await store.PublishEventsAsync(Pivot.From(spend, "sensor_events").WithoutCreatedTime());
        Console.WriteLine(published);
        // spend: 1 offered, 1 appended, 0 already present, 0 unchanged, 0 late; latest 1 inserted, 0 updated
        // end
        Assert.Equal("spend: 1 offered, 1 appended, 0 already present, 0 unchanged, 0 late; latest 1 inserted, 0 updated", published.ToString());

        // snippet: undeclared
        FoundTrainingSet found = await store.TrainingSetFromTablesAsync("labels", ["customer_tiers", "customer_countries"]);
        Console.WriteLine(found);                                             // what was assumed, and what could not be taken
        // 'labels': each row as of 'event_timestamp' (Instant).
        // 'customer_tiers': keys customer_id; event time 'valid_from' (Instant); no created time, so its rows count as known all along; valid until 'valid_to'.
        // 'customer_countries': keys customer_id; static, because no column of an instant is known.
        List<dynamic> rows = await store.QueryAsync<dynamic>(found.Training);
        // end
        Assert.All(found.Notes, note => Assert.Contains("// " + note, ReadmeTests.Snippets["undeclared"], StringComparison.Ordinal));
        Assert.Equal(("gold", "AT"), ((string)rows[0].customer_tiers__tier, (string)rows[0].customer_countries__country));
    }
}
