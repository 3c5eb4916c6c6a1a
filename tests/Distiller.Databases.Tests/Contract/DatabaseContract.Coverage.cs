using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>How well a training set is covered.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task P14_coverage_counts_what_the_reference_model_counts_in_random_worlds()
    {
        var worlds = Math.Max(8, Setting("DISTILLER_WORLDS", 100) / 6);
        var seed = Setting("DISTILLER_SEED", 1);
        var last = seed + worlds;
        var sums = new long[6];
        while (seed < last)
        {
            await using var database = await engine.CreateAsync();
            for (var end = Math.Min(seed + WorldsPerDatabase, last); seed < end; seed++)
            {
                var world = World.Create(seed, Options());
                var reference = await new WorldRun(world, engine, database).FillAsync();
                foreach (var training in world.Trainings)
                {
                    var result = await database.Store().CoverageAsync(training.Set);
                    var where = $"{engine}, {training.Name}; {world}";
                    var expected = ReferenceCoverage.Rows(training.Set, world.Spine.Rows, reference.History);
                    Assert.True(expected.SequenceEqual(result.Rows), $"{where}: expected\n{string.Join('\n', expected.Except(result.Rows))}\nbut\n{string.Join('\n', result.Rows.Except(expected))}");
                    var ages = ReferenceCoverage.Ages(training.Set, world.Spine.Rows, reference.History);
                    Assert.True(ages.Select(Shown).SequenceEqual(result.Ages.Select(Shown)), $"{where}: expected\n{string.Join('\n', ages.Select(Shown))}\nbut\n{string.Join('\n', result.Ages.Select(Shown))}");
                    foreach (var row in expected)
                    {
                        long[] counts = [row.Hit, row.Null, row.Expired, row.NoHistory, row.NoKey, row.Deleted];
                        Assert.Equal(row.Rows, counts.Sum());
                        sums = [.. sums.Zip(counts, (sum, count) => sum + count)];
                    }
                }
            }
        }

        // Keys that ended are rare in few worlds; the next test has them.
        Assert.All(sums[..5], sum => Assert.True(sum > 0, string.Join(", ", sums)));

        static string Shown(CoverageAge age) => $"{age.Join}: {age.Rows} rows, {string.Join(", ", age.Quantiles)}";
    }

    [Fact]
    public async Task P14_coverage_tells_each_outcome_by_month_and_how_old_values_are()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks().Tombstones().MaxAge(TimeSpan.FromSeconds(10));
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5, null), Click(2, 0, 0, 6)]);
        await scene.RetractAsync(set, at: 5, created: 5, 2);
        Row[] spine = [Ask(1, 4), Ask(1, 10), Ask(1, 11), Ask(2, 6), Ask(3, 6), Ask(null, 6), Ask(1, null), Ask(1, 86400 * 30)];
        var training = (await scene.SpineAsync(spine)).Join(set, prefix: "c").ShortNames().OrderBy("label");
        var result = await scene.Store.CoverageAsync(training);
        Assert.Equal(
            [
                ("clicks", "2024-03", 6, 2, 0, 1, 1, 1, 1), ("clicks", "2024-04", 1, 0, 0, 1, 0, 0, 0), ("clicks", null, 1, 0, 0, 0, 0, 1, 0),
                ("page", "2024-03", 6, 0, 2, 1, 1, 1, 1), ("page", "2024-04", 1, 0, 0, 1, 0, 0, 0), ("page", null, 1, 0, 0, 0, 0, 1, 0),
            ],
            result.Rows.Select(row => (row.Feature, row.Month?.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture), row.Rows, row.Hit, row.Null, row.Expired, row.NoHistory, row.NoKey, row.Deleted)));
        var age = Assert.Single(result.Ages);
        Assert.Equal(("c", 4L), (age.Join, age.Rows));
        Assert.Equal([4.0, 4, 10, 11, 86400 * 30, 86400 * 30, 86400 * 30], age.Quantiles.Select(quantile => quantile.TotalSeconds));
        Assert.Contains("c: age of 4 rows found: 0 % 00:00:04", result.ToString(), StringComparison.Ordinal);

        // A spine in memory, and one whose columns nobody declared, are asked alike.
        var inMemory = Spine.Rows(spine.Select(row => new { user_id = (long?)row["user_id"], event_timestamp = (DateTime?)row["event_timestamp"] }).ToList()).Join(set, prefix: "c");
        Assert.Equal(result.Rows, (await scene.Store.CoverageAsync(inMemory)).Rows);
        Assert.Equal(result.Rows, (await scene.Store.CoverageAsync(Spine.From(training.Spine.Table!).Join(set, prefix: "c"))).Rows);
        Assert.Throws<ArgumentException>(() => Coverage.Of(training.WithJoins([])));
        Assert.Contains("'other_history' does not exist", (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.CoverageAsync(inMemory.Join(Clicks("other"))))).Message, StringComparison.Ordinal);
    }
}
