namespace Distiller.Benchmarks;

/// <summary>An SCD2 table refreshed after a small batch, against building it anew; and events pivoted to rows, against conditional aggregation written by hand.</summary>
internal static class HistoryBenchmark
{
    private const int Rows = 10_000_000;
    private const int Keys = 1_000_000;
    private const int BatchKeys = 10_000;
    private const int Attributes = 10;

    public static Task Scd2Async(RunOptions options, Report report) => EachEngine.RunAsync(options, report, database => Scd2Async(database, options, report));

    public static Task EavtAsync(RunOptions options, Report report) => EachEngine.RunAsync(options, report, database => EavtAsync(database, options, report));

    private static async Task Scd2Async(BenchmarkDatabase database, RunOptions options, Report report)
    {
        var keys = options.Scaled(Keys, Rows);
        var versions = Rows / Keys;
        var batchKeys = Math.Max(10, options.Scaled(BatchKeys, Rows));
        var plain = Enumerable.Range(1, 3).Aggregate(Entity.Create("entity").Key<long>("entity_id").FeatureSet("bench"), (made, i) => made.Feature<double>(FormattableString.Invariant($"f{i}")));
        var (set, anew) = (plain.Scd2("bench_scd2"), plain.Scd2("bench_anew"));
        await database.Store.CreateTablesAsync([set]);
        database.Load(set.HistoryTable.Name, new VersionRows(keys, versions), TimeKind.Instant);
        database.Settle(set.HistoryTable.Name);
        report.Say($"{database.Name}: {keys * (long)versions} rows of history; {await database.Store.RefreshScd2Async(set, anew: true)}");
        database.Settle("bench_scd2");
        var run = 0;
        Scd2Result? result = null;
        var race = await Race.RunAsync(
            options.Runs,
            new(async () => result = await database.Store.RefreshScd2Async(set))
            {
                Before = () => PublishAsync(++run),
                After = () => Task.FromResult(result!.Keys == batchKeys && result.Written == result.Removed + batchKeys && !result.FoundByCounting ? true : throw new InvalidOperationException($"{database.Name}: {result}")),
            },
            new(() => database.Store.RefreshScd2Async(anew, anew: true))
            {
                Before = () => database.Store.CreateTablesAsync([anew]),
                After = () =>
                {
                    // A table built anew tells what the refreshed one does.
                    var (built, kept) = (database.Row(Sums("bench_anew")), database.Row(Sums("bench_scd2")));
                    database.Execute("DROP TABLE bench_anew");
                    database.Execute("DROP TABLE bench_anew_pending");
                    return built.SequenceEqual(kept) ? Task.CompletedTask : throw new InvalidOperationException($"{database.Name}: anew {string.Join(", ", built)}, refreshed {string.Join(", ", kept)}");
                },
            },
            database);
        report.Say(result!.ToString());
        report.Add((ReportLine.Of(FormattableString.Invariant($"SCD2 refresh, {database.Name}: {keys} keys x {versions} versions, a row for each of {batchKeys} keys, a tenth late"), race) with { Ratio = 1 / race.Ratio })
            .AtLeast(20).With(FormattableString.Invariant($"rival: building it anew; by CPU time {1 / race.CpuRatio:0} times")));

        // Every run brings other keys; a row of nine in ten is its key's newest, one lies between two of before.
        async Task PublishAsync(int number)
        {
            var rows = Enumerable.Range(0, batchKeys).Select(i => new
            {
                entity_id = (long)(((i * 97L) + (number * 31L)) % keys),
                feature_timestamp = VersionRows.At((i % 10 == 0 ? versions / 2 : versions + number) * 1000L, number),
                created_timestamp = VersionRows.At((versions + number) * 1000L, 7),
                f1 = (double)number,
                f2 = (double)i,
                f3 = 0.5,
            });
            var published = await database.Store.PublishAsync(plain.Scd2("bench_scd2"), rows);
            if (published.Appended != batchKeys)
            {
                throw new InvalidOperationException(published.ToString());
            }
        }
    }

    private static string Sums(string table) => $"SELECT COUNT(*), SUM(f1), SUM(f2), COUNT(*) - COUNT(valid_to) FROM {table}";

    private static async Task EavtAsync(BenchmarkDatabase database, RunOptions options, Report report)
    {
        var facts = options.Scaled(Rows, Rows) / Attributes;
        var columns = Enumerable.Range(1, Attributes).Select(i => FormattableString.Invariant($"f{i}")).ToList();
        var set = columns.Aggregate(Entity.Create("entity").Key<long>("entity_id").FeatureSet("bench"), (made, name) => made.Feature<double>(name));
        var source = new EventRows(facts, Attributes);
        database.CreateTable("loaded", source, TimeKind.Instant);
        database.Load("loaded", source, TimeKind.Instant);
        var text = database.Dialect.TypeName(StoredType.Of(FeatureType.String));
        var number = database.Dialect.TypeName(StoredType.Of(FeatureType.Float64));
        foreach (var isText in new[] { false, true })
        {
            database.Execute($"CREATE TABLE events AS SELECT entity_id, 'f' || CAST(attribute AS {text}) AS attribute, {(isText ? $"CAST(value AS {text})" : "value")} AS value, feature_timestamp, created_timestamp FROM loaded");
            database.Settle("events");
            var pivot = isText ? Pivot.From(set, "events") : Pivot.From(set, "events").Values(FeatureType.Float64);
            var ours = pivot.Compile(database.Dialect).Single.Text;
            var picked = isText ? $"CAST(value AS {number})" : "value";
            var hand = $"SELECT entity_id, feature_timestamp, created_timestamp, {string.Join(", ", columns.Select(name => $"MAX(CASE WHEN attribute = '{name}' THEN {picked} END) AS {name}"))} FROM events GROUP BY entity_id, feature_timestamp, created_timestamp";
            if (options.ShowSql)
            {
                report.Say(ours);
                report.Say(hand);
            }

            var race = await Race.RunAsync(options.Runs, Into("ours", ours), Into("rival", hand), database);
            report.Add(ReportLine.Of($"pivot, {database.Name}: {facts * (long)Attributes} events of {Attributes} attributes, {(isText ? "text" : "numbers")}", race)
                .AtMost(1.2).With(FormattableString.Invariant($"rival: conditional aggregation by hand; CPU ratio {race.CpuRatio:0.00}")));
            database.Execute("DROP TABLE events");
        }

        Contender Into(string table, string sql) => new(() =>
        {
            database.Execute($"CREATE TABLE {table} AS {sql}");
            return Task.CompletedTask;
        })
        {
            After = () =>
            {
                var sums = database.Row($"SELECT COUNT(*), {string.Join(", ", columns.Select(name => $"SUM({name})"))} FROM {table}");
                database.Execute($"DROP TABLE {table}");
                return sums[0] == facts && sums.Skip(1).Sum() == source.Sum ? Task.CompletedTask : throw new InvalidOperationException($"{database.Name}, {table}: {string.Join(", ", sums)}, not {facts} and {source.Sum}");
            },
        };
    }

    /// <summary>Every key's first version, then every key's second, and so on: the order in which such rows arrive.</summary>
    private sealed class VersionRows(int keys, int versions) : RowSource
    {
        private static readonly long Start = Instants.Microseconds(new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        public override IReadOnlyList<(string Name, Cell Cell)> Columns { get; } =
            [("entity_id", Cell.Integer), ("feature_timestamp", Cell.Time), ("created_timestamp", Cell.Time), ("f1", Cell.Number), ("f2", Cell.Number), ("f3", Cell.Number)];

        public override int Count => keys * versions;

        public static DateTime At(long seconds, long microseconds) => Instants.ToDateTime(Start + (seconds * 1_000_000) + microseconds);

        public override long Integer(int row, int column) => column switch
        {
            0 => row % keys,
            1 => Start + (row / keys * 1_000_000_000L),
            _ => Start + (row / keys * 1_000_000_000L) + 5_000_000,
        };

        public override double Number(int row, int column) => World.Feature(row, column);
    }

    private sealed class EventRows(int facts, int attributes) : RowSource
    {
        public override IReadOnlyList<(string Name, Cell Cell)> Columns { get; } =
            [("entity_id", Cell.Integer), ("attribute", Cell.Integer), ("value", Cell.Number), ("feature_timestamp", Cell.Time), ("created_timestamp", Cell.Time)];

        public override int Count => facts * attributes;

        /// <summary>Of all values: exact, whatever the order.</summary>
        public double Sum { get; } = Enumerable.Range(0, facts * attributes).Sum(row => World.Feature(row, 1));

        public override long Integer(int row, int column) => column switch
        {
            0 => row / attributes % Math.Max(1, facts / 10),
            1 => (row % attributes) + 1,
            _ => Instants.Microseconds(new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc)) + (row / attributes * 1_000_000L),
        };

        public override double Number(int row, int column) => World.Feature(row, 1);
    }
}
