using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>What a training set was made of, and what rebuilding it would change.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task P15_a_restatement_tells_the_rows_that_differ_in_random_worlds()
    {
        var worlds = Math.Max(8, Setting("DISTILLER_WORLDS", 100) / 6);
        var seed = Setting("DISTILLER_SEED", 1);
        var last = seed + worlds;
        long restated = 0;
        while (seed < last)
        {
            await using var database = await engine.CreateAsync();
            for (var end = Math.Min(seed + WorldsPerDatabase, last); seed < end; seed++)
            {
                var world = World.Create(seed, Options());
                var reference = await new WorldRun(world, engine, database).FillAsync();
                var known = world.Sets.Where(set => set.Set.CreatedTimeColumn is { Kind: not TimeKind.Ordinal }).SelectMany(set => reference.History(set.Set).Select(row => row[set.Set.CreatedTimeColumn!.Name])).OfType<DateTime>().Order().ToList();
                if (known.Count == 0 || world.Spine.Declared.InstantColumn.Kind == TimeKind.Ordinal)
                {
                    continue;
                }

                foreach (var training in world.Trainings.Select(training => training.Set).Where(training => training.Knowledge != Knowledge.AtEvent && training.Joins.All(join => join.Set.CreatedTimeColumn?.Kind != TimeKind.Ordinal)))
                {
                    var then = new DateTimeOffset(DateTime.SpecifyKind(known[known.Count / 2], DateTimeKind.Utc));
                    var result = await database.Store().RestateAsync(Restatement.Of(training, then).Showing(1000));
                    var (was, becomes) = (ReferenceModel.TrainingSet(training.KnownAt(then), world.Spine.Rows, reference.History), ReferenceModel.TrainingSet(training.Knowing(null), world.Spine.Rows, reference.History));
                    var features = result.Columns;
                    var changed = was.Zip(becomes).Where(pair => features.Any(column => !Values.Same(pair.First[column], pair.Second[column]))).ToList();
                    var where = $"{engine}, {TrainingSetPlanner.Describe(training)}; {world}";
                    Assert.True((was.Count, changed.Count) == (result.Rows, result.Differing), $"{where}: {changed.Count} of {was.Count} rows differ, but {result}");
                    Assert.True(features.Select(column => changed.LongCount(pair => !Values.Same(pair.First[column], pair.Second[column]))).SequenceEqual(result.Changed.Select(column => column.Rows)), $"{where}: {result}");
                    RowMultiset.AssertEqual(
                        [.. changed.Select(pair => new Row(features.Select(column => KeyValuePair.Create("then " + column, pair.First[column])).Concat(features.Select(column => KeyValuePair.Create("now " + column, pair.Second[column])))))],
                        [.. result.FirstRows.Select(row => new Row(features.Select((column, i) => KeyValuePair.Create("then " + column, row.Then[i])).Concat(features.Select((column, i) => KeyValuePair.Create("now " + column, row.Now[i])))))],
                        where,
                        allowEmpty: true);
                    restated += result.Differing;
                }
            }
        }

        Assert.True(restated > worlds, $"only {restated} rows were restated in {worlds} worlds");
    }

    [Fact]
    public async Task P15_late_rows_and_corrections_restate_a_training_set_and_the_report_shows_them()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        var undated = Clicks("undated").Existing("undated").WithoutCreatedTime();
        await scene.CreateAsync(set);
        await scene.DropInAsync(undated, Click(1, 0, 0, 5).Without("created_timestamp"));
        await scene.PublishAsync(set, [Click(1, 0, 0, 5, "a"), Click(2, 0, 0, 6), Click(3, 0, 0, 7)]);
        Row[] spine = [Ask(1, 10, "first"), Ask(1, 10, "second"), Ask(2, 10), Ask(3, 10), Ask(4, 10)];
        var training = (await scene.SpineAsync(spine)).Join(set, prefix: "c").Join(undated, ["page"]).OrderBy("label");
        var then = new DateTimeOffset(At(100));
        var same = await scene.Store.RestateAsync(training, then);
        Assert.Equal((5, 0), (same.Rows, same.Differing));
        Assert.Empty(same.FirstRows);
        await scene.PublishAsync(set, [Click(1, 5, 200, 8, "a"), Click(3, 0, 200, 7, null), Click(4, 20, 200, 1)]);

        var result = await scene.Store.RestateAsync(training, then);
        Assert.Equal((5, 3), (result.Rows, result.Differing));
        Assert.Equal([("c__clicks", 2), ("c__page", 1), ("undated__page", 0)], result.Changed.Select(column => (column.Column, (int)column.Rows)));
        Assert.Equal(["user_id", "event_timestamp", "label"], result.SpineColumns);
        Assert.Equal(["first", "second", "x"], result.FirstRows.Select(row => (string)row.Spine[2]!).Order());
        var late = result.FirstRows.First(row => (string)row.Spine[2]! == "first");
        Assert.Equal((5, 8), (late.Then[0], late.Now[0]));
        Assert.Equal(["c__clicks"], late.ChangedColumns);
        Assert.Contains("3 of 5 rows differ", result.ToString(), StringComparison.Ordinal);
        Assert.Contains("5 → 8", result.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, (await scene.Store.RestateAsync(training, then, new DateTimeOffset(At(199)))).Differing);
        Assert.Equal(3, (await scene.Store.RestateAsync(training.KnownAt(At(1)), then, new DateTimeOffset(At(200)))).Differing);
        Assert.Single((await scene.Store.RestateAsync(Restatement.Of(training, then).Showing(1))).FirstRows);

        // A spine in memory, short names, and a spine whose columns nobody declared.
        var rows = spine.Select(row => new { user_id = (long?)row["user_id"], event_timestamp = (DateTime?)row["event_timestamp"], t1__clicks = 1 }).ToList();
        Assert.Equal(3, (await scene.Store.RestateAsync(Spine.Rows(rows).Join(set).ShortNames(), then)).Differing);
        Assert.Equal(3, (await scene.Store.RestateAsync(Spine.From(training.Spine.Table!).Join(set), then)).Differing);

        Assert.Contains("KnownAtEvent", Assert.Throws<InvalidOperationException>(() => Restatement.Of(training.KnownAtEvent(), then)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Restatement.Of(training, then, then));
        Assert.Throws<ArgumentException>(() => Restatement.Of(training.WithJoins([]), then));
    }

    [Fact]
    public async Task P15_a_manifest_has_the_same_checksum_for_the_same_rows_in_any_order_and_another_for_others()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Feature<double>("spend").Feature("price", FeatureType.Decimal(9, 2)).Feature<bool>("vip").Feature<DateTime>("seen").Feature<byte[]>("bytes").Feature<DateOnly>("day").Feature<Guid>("id");
        await scene.CreateAsync(set);
        await scene.Store.PublishAsync(set, Enumerable.Range(0, 5).Select(user => Full(user, 0, 0, user)).ToList());
        Row[] spine = [.. Enumerable.Range(0, 6).Select(user => Ask(user, 10, $"l{user}")), Ask(null, 10), Ask(1, null), Ask(1, 10, "twice"), Ask(1, 10, "twice")];
        var training = (await scene.SpineAsync(spine)).Join(set);
        var backwards = (await scene.SpineAsync([.. Enumerable.Reverse(spine)])).Join(set);
        var manifest = await scene.Store.ManifestAsync(training);
        Assert.Equal((10, engine.Dialect.Name), (manifest.Rows, manifest.Dialect));
        foreach (var strategy in engine.Strategies)
        {
            try
            {
                Assert.Equal(manifest.Checksum, (await scene.Store.ManifestAsync(training.Using(strategy))).Checksum);
            }
            catch (UnsupportedByDialectException)
            {
                // Not offered for this shape.
            }
        }

        var again = await scene.Store.ManifestAsync(backwards.OrderBy("label"));
        Assert.Equal((manifest.Checksum, manifest.ChecksumAlgorithm), (again.Checksum, again.ChecksumAlgorithm));
        Assert.Empty(again.DifferencesFrom(manifest));
        Assert.Equal(manifest.KnownAt, manifest.CreatedAt);
        Assert.Contains("clicks__spend", manifest.Columns);
        Assert.Equal([new ManifestSet("clicks", "clicks_history", 5, At(0))], manifest.Sets);

        // A row more, a value other, NULL instead of the empty text: each is another sum.
        var seen = new HashSet<string> { manifest.Checksum };
        foreach (var other in new Row[][] { [.. spine, Ask(9, 9)], [.. spine[1..]], [.. spine[..^1], Ask(1, 10, "other")], [.. spine[..^1], Ask(1, 10, "")], [.. spine[..^1], Row.Of(("user_id", 1L), ("event_timestamp", At(10)), ("label", null))], [.. spine[..^1], Ask(1, 10.000001, "twice")] })
        {
            var changed = await scene.Store.ManifestAsync((await scene.SpineAsync(other)).Join(set));
            Assert.True(seen.Add(changed.Checksum), string.Join("; ", other.AsEnumerable()));
            Assert.NotEmpty(changed.DifferencesFrom(manifest));
        }

        // Where one value ends and the next begins is told apart: the same letters in other columns are another row.
        List<TestColumn> columns = [new("user_id", StoredType.Of(FeatureType.Int64)), new("event_timestamp", StoredType.Instant), new("label", StoredType.Of(FeatureType.String)), new("more", StoredType.Of(FeatureType.String))];
        foreach (var (label, more) in new (string?, string?)[] { ("ab", "c"), ("a", "bc"), ("abc", ""), ("abc", null), (null, "abc"), ("-", "abc"), ("a1:b", "c"), ("a", "b1:c") })
        {
            var moved = await scene.Store.ManifestAsync((await scene.SpineAsync(columns, [Row.Of(("user_id", 1L), ("event_timestamp", At(10)), ("label", label), ("more", more))])).Join(set));
            Assert.True(seen.Add(moved.Checksum), $"{label}, {more}");
        }

        // A correction is another row today, and none to who knew before.
        await scene.Store.PublishAsync(set, new[] { Full(1, 0, 50, 99) });
        Assert.NotEqual(manifest.Checksum, (await scene.Store.ManifestAsync(training)).Checksum);
        var rebuilt = await scene.Store.ManifestAsync(training.KnownAt(At(10)));
        Assert.Equal((manifest.Checksum, new DateTimeOffset(At(10)), 5), (rebuilt.Checksum, rebuilt.KnownAt, rebuilt.Sets[0].Rows));
        Assert.Null((await scene.Store.ManifestAsync(training.KnownAtEvent())).KnownAt);

        var kept = Manifest.FromJson(rebuilt.ToJson());
        Assert.Equal(rebuilt.ToJson(), kept.ToJson());
        Assert.Equal((rebuilt.Checksum, rebuilt.Sql, rebuilt.KnownAt), (kept.Checksum, kept.Sql, kept.KnownAt));
        Assert.Contains(kept.Parameters, parameter => parameter.Value == "2024-03-10 12:00:10.000000");
        Assert.Empty(kept.DifferencesFrom(rebuilt));
        Assert.Throws<ArgumentException>(() => Manifest.FromJson("{}"));
        Assert.Throws<ArgumentException>(() => Manifest.FromJson("no JSON"));

        // In memory too, where the spine's types are known.
        var rows = spine.Select(row => new { user_id = (long?)row["user_id"], event_timestamp = (DateTime?)row["event_timestamp"] }).ToList();
        Assert.Equal((await scene.Store.ManifestAsync(Spine.Rows(rows).Join(set))).Checksum, (await scene.Store.ManifestAsync(Spine.Rows(Enumerable.Reverse(rows)).Join(set))).Checksum);

        static Row Full(long user, double at, double created, int clicks) => Click(user, at, created, clicks, user % 2 == 0 ? "" : "it's").With("spend", user == 2 ? -0.0 : clicks * 0.1).With("price", clicks * 1.5m).With("vip", user % 2 == 0)
            .With("seen", At(clicks)).With("bytes", new byte[] { 0, 255, (byte)user }).With("day", new DateOnly(1969, 12, 31)).With("id", new Guid((int)user, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    }

    [Fact]
    public async Task P15_no_session_zone_changes_a_checksum()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Feature<DateTime>("seen");
        await scene.CreateAsync(set);
        await scene.Store.PublishAsync(set, new[] { Click(1, 0, 0, 5).With("seen", At(7)) });
        Row[] spine = [Ask(1, 10).With("other", At(3))];
        var training = (await scene.SpineAsync([new("user_id", StoredType.Of(FeatureType.Int64)), new("event_timestamp", StoredType.Instant), new("label", StoredType.Of(FeatureType.String)), new("other", StoredType.Instant)], spine)).Join(set);
        var before = await scene.Store.ManifestAsync(training);
        if (engine.Dialect != SqlDialect.Sqlite)
        {
            await scene.Database.ExecuteAsync("SET TimeZone = 'Asia/Kathmandu'");
        }

        Assert.Equal(before.Checksum, (await scene.Store.ManifestAsync(training)).Checksum);
    }
}
