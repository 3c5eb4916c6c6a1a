using Xunit.Sdk;

namespace Distiller.Databases.Tests.Reference;

/// <summary>The oracle itself, on examples small enough to work out by hand: publishing (B), latest, and the comparison of rows.</summary>
public sealed class ReferenceStoreTests
{
    private static readonly DateTime Noon = new(2024, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly Entity Customer = Entity.Create("customer").Key<long>("id");

    private static readonly FeatureSet Spend = Customer.FeatureSet("spend").Feature<int>("v");

    private static readonly FeatureSet Theirs = Customer.FeatureSet("theirs").Existing("h").Latest("l").Feature<int>("v");

    private readonly ReferenceStore store = new();

    [Fact]
    public void B2_a_late_row_lands_in_history_and_leaves_latest_alone()
    {
        store.Publish(Spend, [Fact(1, 0, 10)], Noon);
        var counts = store.Publish(Spend, [Fact(1, -1, 5), Fact(2, -1, 7)], Noon.AddDays(1));

        Assert.Equal(new(Offered: 2, Appended: 2, AlreadyPresent: 0, Unchanged: 0, LatestInserted: 1, LatestUpdated: 0, Late: 1), counts);
        Assert.Equal([10, 7], store.Latest(Spend).Select(row => row["v"]));
        Assert.Equal(3, store.History(Spend).Count);
    }

    [Fact]
    public void B2_a_correction_moves_latest_and_one_known_earlier_is_late()
    {
        store.Publish(Spend, [Fact(1, 0, 10)], Noon);

        Assert.Equal((1, 0), Moved(store.Publish(Spend, [Fact(1, 0, 11)], Noon.AddHours(1))));
        Assert.Equal((0, 1), Moved(store.Publish(Spend, [Fact(1, 0, 9)], Noon.AddHours(-1))));
        Assert.Equal([11], store.Latest(Spend).Select(row => row["v"]));

        static (int Updated, int Late) Moved(ReferenceCounts counts) => (counts.LatestUpdated, counts.Late);
    }

    [Fact]
    public void B2_a_NULL_created_time_is_older_than_any_on_a_drop_in_set()
    {
        store.Publish(Theirs, [Fact(1, 0, 10).With("created_timestamp", DateTime.MinValue)], Noon);
        var counts = store.Publish(Theirs, [Fact(1, 0, 5).With("created_timestamp", null)], Noon);

        Assert.Equal(new(1, 1, 0, 0, 0, 0, Late: 1), counts);
        Assert.Equal([10], store.Latest(Theirs).Select(row => row["v"]));
    }

    [Fact]
    public void B3_several_versions_of_a_key_in_one_batch_in_any_order()
    {
        var counts = store.Publish(Spend, [Fact(1, 2, 30), Fact(1, 0, 10), Fact(1, 3, 40), Fact(1, 1, 20), Fact(1, 3, 40)], Noon);

        Assert.Equal(new(Offered: 5, Appended: 4, AlreadyPresent: 1, Unchanged: 0, LatestInserted: 1, LatestUpdated: 0, Late: 0), counts);
        Assert.Equal([40], store.Latest(Spend).Select(row => row["v"]));
    }

    [Fact]
    public void B4_the_same_rows_again_change_nothing()
    {
        Row[] rows = [Fact(1, 0, 10), Fact(2, 0, 20)];
        store.Publish(Spend, rows, Noon);

        Assert.Equal(new(2, 0, AlreadyPresent: 2, 0, 0, 0, 0), store.Publish(Spend, rows, Noon));
        Assert.Equal(new(2, Appended: 2, 0, 0, 0, LatestUpdated: 2, 0), store.Publish(Spend, rows, Noon.AddMicroseconds(1)));
    }

    [Fact]
    public void B4_created_comes_from_the_row_or_else_from_the_call()
    {
        store.Publish(Spend, [Fact(1, 0, 1).With("created_timestamp", Noon.AddDays(-9)), Fact(2, 0, 2).With("created_timestamp", null), Fact(3, 0, 3)], Noon.AddTicks(9));
        store.Publish(Theirs, [Fact(2, 0, 2).With("created_timestamp", null), Fact(3, 0, 3)], Noon);

        Assert.Equal([Noon.AddDays(-9), Noon, Noon], store.History(Spend).Select(row => row["created_timestamp"]));
        Assert.Equal([null, Noon], store.History(Theirs).Select(row => row["created_timestamp"]));
        Assert.Equal(2, store.Publish(Theirs, [Fact(2, 0, 2).With("created_timestamp", null), Fact(3, 0, 3)], Noon).AlreadyPresent);
    }

    [Fact]
    public void B5_two_rows_for_one_version_are_refused_and_nothing_is_written()
    {
        store.Publish(Spend, [Fact(1, 0, 10)], Noon);

        Refuses("B5", Spend, Fact(2, 0, 20), Fact(2, 0, 21));
        Refuses("B5", Spend, Fact(3, 0, 30), Fact(1, 0, 11));
        Refuses("B5", Spend, Fact(4, 0, 40), Fact(4, 0, null));
        Assert.Single(store.History(Spend));
    }

    [Fact]
    public void B5_instants_are_compared_after_flooring_and_values_by_type()
    {
        var set = Customer.FeatureSet("doubles").Feature<double>("v");
        store.Publish(set, [Fact(1, 0, null).With("v", double.NaN), Fact(2, 0, null).With("v", 0.0)], Noon);
        var again = store.Publish(set, [Fact(1, 0, null).With("v", double.NaN).With("feature_timestamp", Noon.AddTicks(3)), Fact(2, 0, null).With("v", -0.0)], Noon.AddTicks(5));

        Assert.Equal(2, again.AlreadyPresent);
    }

    [Fact]
    public void B6_what_does_not_fit_is_refused_and_nothing_is_written()
    {
        var good = Fact(1, 0, 10);

        Refuses("B6", Spend, good, good.With("id", null));
        Refuses("B6", Spend, good, good.With("feature_timestamp", null));
        Refuses("B6", Spend, good, good.With("v", 10L));
        Refuses("B6", Spend, good.Without("v"));
        Assert.Empty(store.History(Spend));
    }

    [Fact]
    public void B6_judges_decimals_vectors_text_and_JSON()
    {
        Assert.True(StoredRow.CanHold(FeatureType.Decimal(4, 2), 99.99m));
        Assert.True(StoredRow.CanHold(FeatureType.Decimal(4, 2), -1.500m));
        Assert.False(StoredRow.CanHold(FeatureType.Decimal(4, 2), 100m));
        Assert.False(StoredRow.CanHold(FeatureType.Decimal(4, 2), 0.001m));
        Assert.True(StoredRow.CanHold(FeatureType.Vector(2), new float[2]));
        Assert.False(StoredRow.CanHold(FeatureType.Vector(2), new float[3]));
        Assert.False(StoredRow.CanHold(FeatureType.String, "\uD83D"));
        Assert.False(StoredRow.CanHold(FeatureType.Json, "{"));
        Assert.True(StoredRow.CanHold(FeatureType.Json, "null"));
    }

    [Fact]
    public void B11_only_changes_are_kept_over_history_and_batch_together()
    {
        store.Publish(Spend, [Fact(1, 0, 10)], Noon);
        var counts = store.Publish(Spend, [Fact(1, 4, 10), Fact(1, 3, 20), Fact(1, 2, 20), Fact(1, 1, 10), Fact(2, 1, 10)], Noon, onlyChanged: true);

        Assert.Equal(new(Offered: 5, Appended: 3, AlreadyPresent: 0, Unchanged: 2, LatestInserted: 1, LatestUpdated: 1, Late: 0), counts);
        Assert.Equal([0, 2, 4, 1], store.History(Spend).OrderBy(row => row["id"]).Select(row => ((DateTime)row["feature_timestamp"]! - Noon).Hours));
        Assert.Equal(2, store.Publish(Spend, [Fact(1, 4, 10), Fact(1, 1, 10), Fact(1, 3, 20)], Noon, onlyChanged: true).Unchanged);
    }

    [Fact]
    public void B11_a_set_with_a_max_age_refuses()
    {
        var refusal = Assert.Throws<ReferenceRefusal>(() => store.Publish(Spend.MaxAge(TimeSpan.FromDays(1)), [Fact(1, 0, 10)], Noon, onlyChanged: true));
        Assert.Equal("B11", refusal.Rule);
    }

    [Fact]
    public void B12_tie_breakers_stand_in_for_created_time()
    {
        var set = Theirs.WithoutCreatedTime().TieBreaker<int>("seq");
        store.Publish(set, [Fact(1, 0, 10).With("seq", 5)], Noon);

        Assert.Equal(new(3, 2, 1, 0, 0, LatestUpdated: 1, Late: 1), store.Publish(set, [Fact(1, 0, 11).With("seq", 6), Fact(1, 0, 9).With("seq", null), Fact(1, 0, 10).With("seq", 5)], Noon));
        Refuses("B5", set, Fact(1, 0, 8).With("seq", null));
        Assert.Equal([11], store.Latest(set).Select(row => row["v"]));
    }

    [Fact]
    public void B12_without_tie_breakers_another_row_for_an_event_is_B5_and_without_latest_nothing_is_published()
    {
        var set = Theirs.WithoutCreatedTime();
        store.Publish(set, [Fact(1, 0, 10)], Noon);

        Assert.Equal(1, store.Publish(set, [Fact(1, 0, 10)], Noon.AddDays(1)).AlreadyPresent);
        Refuses("B5", set, Fact(1, 0, 11));
        Refuses("B12", Customer.FeatureSet("theirs").Existing("h").Feature<int>("v"), Fact(1, 0, 10));
    }

    [Fact]
    public void An_unload_judges_the_max_age_at_its_instant_and_keeps_the_row()
    {
        var set = Spend.MaxAge(TimeSpan.FromHours(1));
        store.Publish(set, [Fact(1, 0, 10), Fact(2, -1, 20)], Noon);

        Assert.Equal([10, 20], store.LatestJudged(set, Noon).Select(row => row["v"]));
        Assert.Equal([10, null], store.LatestJudged(set, Noon.AddMicroseconds(1)).Select(row => row["v"]));
        Assert.Equal([10, 20], store.LatestJudged(set).Select(row => row["v"]));
    }

    [Fact]
    public void Rows_are_compared_as_a_multiset_by_type()
    {
        Row[] rows = [Any(double.NaN, 1.0m, [1, 2], [0f]), Any(0.0, 2m, [], []), Any(0.0, 2m, [], [])];
        RowMultiset.AssertEqual(rows, [Any(-0.0, 2.00m, [], []), Any(double.NaN, 1m, [1, 2], [-0f]), Any(0.0, 2m, [], [])], "same");

        Fails(rows, [.. rows.Take(2)]);
        Fails(rows, [rows[0], rows[0], rows[1]]);
        Fails([Row.Of(("a", 1))], [Row.Of(("a", 1L))]);
        Fails([Row.Of(("a", "x"))], [Row.Of(("a", "X"))]);
        Fails([Row.Of(("a", null))], [Row.Of(("a", ""))]);
        Fails([Row.Of(("a", Noon))], [Row.Of(("a", Noon.AddTicks(1)))]);
        Fails([Row.Of(("a", 1), ("b", 2))], [Row.Of(("b", 2), ("a", 1))]);
        RowMultiset.AssertEqual([Row.Of(("a", 1), ("b", 2))], [Row.Of(("b", 2), ("a", 1))], "any order of columns", inOrder: false);

        static Row Any(double a, decimal b, byte[] c, float[] d) => Row.Of(("a", a), ("b", b), ("c", c), ("d", d));
    }

    [Fact]
    public void An_empty_expectation_is_no_success()
    {
        Fails([], []);
        RowMultiset.AssertEqual([], [], "meant", allowEmpty: true);
        Assert.ThrowsAny<XunitException>(() => RowMultiset.AssertEqual([], [Row.Of(("a", 1))], "not meant", allowEmpty: true));
    }

    private static void Fails(Row[] expected, Row[] actual) =>
        Assert.Contains("seed 7", Assert.ThrowsAny<XunitException>(() => RowMultiset.AssertEqual(expected, actual, "seed 7")).Message, StringComparison.Ordinal);

    private static Row Fact(long id, int hour, int? v) => Row.Of(("id", id), ("feature_timestamp", Noon.AddHours(hour)), ("v", v));

    private void Refuses(string rule, FeatureSet set, params Row[] rows)
    {
        var before = store.History(set).ToList();
        Assert.Equal(rule, Assert.Throws<ReferenceRefusal>(() => store.Publish(set, rows, Noon)).Rule);
        Assert.Equal(before, store.History(set));
    }
}
