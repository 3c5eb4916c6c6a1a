using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>Feature sets that outgrow their tables.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public async Task F4_an_added_feature_is_null_in_older_rows_and_they_are_hits()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(2, 0, 0, 6)]);
        var grown = set.Feature<double>("spend").Feature<bool>("vip");
        await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.PublishAsync(grown, new[] { Click(1, 10, 10, 6).With("spend", 1.5).With("vip", true) }));

        var difference = await scene.Store.CompareAsync([grown]);
        Assert.False(difference.IsRefused);
        Assert.Equal([("clicks_history", "spend"), ("clicks_history", "vip"), ("clicks_latest", "spend"), ("clicks_latest", "vip")], difference.Differences.Select(one => (one.Table.Name, one.Column)));
        Assert.Contains("ALTER TABLE \"clicks_history\" ADD COLUMN \"spend\"", difference.ToSql(), StringComparison.Ordinal);
        await scene.EvolveAsync(grown);
        Assert.True((await scene.Store.CompareAsync([grown])).IsEmpty);
        Assert.Empty((await scene.EvolveAsync(grown)).Script.Steps);
        await scene.Store.CheckAsync([grown]);

        await scene.PublishAsync(grown, [Click(1, 10, 10, 6).With("spend", 1.5).With("vip", true)]);
        Row[] spine = [Ask(1, 5), Ask(1, 15), Ask(2, 15)];
        var rows = await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(grown).WithMatch(), spine);
        Assert.Equal([("hit", null), ("hit", 1.5), ("hit", null)], rows.Select(row => ((string)row["clicks__status"]!, (double?)row["clicks__spend"])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F4_tombstones_are_turned_on_by_a_column_that_is_false_in_older_rows(bool isSparse)
    {
        await using var scene = await OpenAsync(engine);
        var set = isSparse ? Clicks().Sparse() : Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5), Click(2, 0, 0, 6)]);
        var ending = set.Tombstones();
        await scene.EvolveAsync(ending);
        await scene.LatestAgreesAsync(ending);
        await scene.RetractAsync(ending, at: 10, created: 10, 1);
        await scene.PublishAsync(ending, [Click(2, 20, 20, 8), Click(1, 5, 20, 9)]);
        await scene.LatestAgreesAsync(ending);
        Row[] spine = [Ask(1, 5), Ask(1, 15), Ask(2, 15)];
        await scene.AgreesAsync((await scene.SpineAsync(spine)).Join(ending).WithMatch(), spine);

        // Without the declaration the tombstones would be read as rows without values.
        var mistake = await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.CheckAsync([set]));
        Assert.Contains("Tombstones()", mistake.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.EvolveAsync([set], keepUndeclared: true));
        await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.PublishAsync(set, new[] { Click(1, 30, 30, 5) }));
    }

    [Fact]
    public async Task F4_a_set_that_becomes_sparse_finds_its_latest_anew()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5, "a"), Click(1, 10, 10, null, "b"), Click(2, 0, 0, null, null)]);
        var sparse = set.Sparse().Feature<int>("added");
        await scene.EvolveAsync(sparse);
        Assert.Equal([5, "b", null], Assert.Single(await scene.LatestAgreesAsync(sparse), row => (long)row.Key[0] == 1).Values);
        await scene.PublishAsync(sparse, [Click(1, 5, 20, 6, "late").With("added", 3)]);
        await scene.LatestAgreesAsync(sparse);
        await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.EvolveAsync([set], keepUndeclared: true));
    }

    [Fact]
    public async Task F4_what_would_lose_or_retype_is_refused_and_nothing_is_half_done()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        var user = Entity.Create("user").Key<long>("user_id");
        var other = Clicks("other");
        var retyped = user.FeatureSet("clicks").Feature<string>("clicks").Feature<string>("page");
        var removed = user.FeatureSet("clicks").Feature<int>("clicks");
        var rekeyed = Entity.Create("visit").Key<long>("user_id").Key<int>("visit").FeatureSet("clicks").Feature<int>("clicks").Feature<string>("page");
        foreach (var (wrong, column, words) in new[] { (retyped, "clicks", "never retyped"), (removed, "page", "never dropped"), (rekeyed, "visit", "nobody knows") })
        {
            var refused = await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.EvolveAsync([other, wrong.Feature<int>("more")]));
            Assert.Contains($"'{column}'", refused.Message, StringComparison.Ordinal);
            Assert.Contains(words, refused.Message, StringComparison.Ordinal);
            var difference = await scene.Store.CompareAsync([wrong]);
            Assert.True(difference.IsRefused);
        }

        await scene.Store.CheckAsync([set]);
        var missing = await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.CheckAsync([other]));
        Assert.Contains("other_history", missing.Message, StringComparison.Ordinal);

        await scene.Store.EvolveAsync([other, removed.Feature<int>("more")], keepUndeclared: true);
        await scene.Store.PublishAsync(removed.Feature<int>("more"), new[] { Click(1, 10, 10, 6).With("more", 1) });
        await scene.Store.CheckAsync([other, set]);
        Assert.Contains("never altered", (await Assert.ThrowsAsync<TableMismatchException>(() => scene.Store.EvolveAsync([Clicks("theirs").Existing("nowhere")]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F4_inside_a_callers_transaction_the_caller_decides()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 5)]);
        await using (var transaction = await scene.Database.Connection.BeginTransactionAsync())
        {
            await scene.Database.Store(new() { Transaction = transaction }).EvolveAsync([set.Tombstones()]);
            await transaction.RollbackAsync();
        }

        await scene.TablesAgreeAsync(set);
        await scene.Store.CheckAsync([set]);
    }
}
