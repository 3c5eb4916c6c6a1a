namespace Distiller.Databases.Tests.Reference;

/// <summary>The oracle itself, on examples small enough to work out by hand: reading (W, P, T).</summary>
public sealed class ReferenceModelTests
{
    private static readonly DateTime Noon = new(2024, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly Entity Customer = Entity.Create("customer").Key<long>("id");

    private static readonly FeatureSet Spend = Customer.FeatureSet("spend").Feature<int>("v").Feature<string>("w");

    private static readonly FeatureSet Ties = Customer.FeatureSet("ties").Existing("t").WithoutCreatedTime().TieBreaker<int>("a").TieBreaker<string>("b").Feature<int>("v");

    [Fact]
    public void W1_an_event_at_the_instant_is_a_candidate_a_microsecond_later_is_not()
    {
        Row[] history = [Fact(1, Noon, Noon, 10), Fact(1, Noon.AddMicroseconds(1), Noon, 20)];

        Assert.Equal(10, Win(history, Noon));
        Assert.Equal(20, Win(history, Noon.AddMicroseconds(1)));
        Assert.Null(Win(history, Noon.AddMicroseconds(-1)));
    }

    [Fact]
    public void W1_strictly_takes_the_one_before()
    {
        Row[] history = [Fact(1, Noon, Noon, 10), Fact(1, Noon.AddMicroseconds(1), Noon, 20)];

        Assert.Equal(10, Win(history, Noon.AddMicroseconds(1), strict: true));
        Assert.Null(Win(history, Noon, strict: true));
    }

    [Fact]
    public void W1_created_at_the_knowledge_instant_is_known_also_strictly_later_is_not()
    {
        Row[] history = [Fact(1, Noon.AddHours(-2), Noon, 10), Fact(1, Noon.AddHours(-1), Noon.AddMicroseconds(1), 20)];

        Assert.Equal(10, Win(history, Noon, n: Noon));
        Assert.Equal(10, Win(history, Noon, n: Noon, strict: true));
        Assert.Equal(20, Win(history, Noon, n: Noon.AddMicroseconds(1)));
        Assert.Null(Win(history, Noon, n: Noon.AddMicroseconds(-1)));
    }

    [Fact]
    public void W1_a_NULL_created_time_is_known_all_along() => Assert.Equal(10, Win([Fact(1, Noon, null, 10)], Noon, n: Noon.AddYears(-50)));

    [Fact]
    public void W1_a_set_without_created_time_is_known_all_along() =>
        Assert.Equal(10, ReferenceModel.Winner(Ties, [Tie(Noon, 1, "", 10)], [1L], Noon, Noon.AddYears(-50))?["v"]);

    [Fact]
    public void W2_the_greatest_event_time_wins_however_late_an_older_one_was_created() =>
        Assert.Equal(20, Win([Fact(1, Noon, Noon, 20), Fact(1, Noon.AddDays(-1), Noon.AddDays(9), 10)], Noon.AddDays(1)));

    [Fact]
    public void W2_equal_event_time_later_created_time_wins_in_any_order()
    {
        Row[] history = [Fact(1, Noon, Noon.AddHours(2), 30), Fact(1, Noon, Noon.AddHours(1), 20)];

        Assert.Equal(30, Win(history, Noon));
        Assert.Equal(30, Win([.. history.Reverse()], Noon));
    }

    [Fact]
    public void W2_a_NULL_created_time_ranks_oldest()
    {
        Assert.Equal(20, Win([Fact(1, Noon, null, 10), Fact(1, Noon, DateTime.MinValue, 20)], Noon));
        Assert.Equal(20, Win([Fact(1, Noon, DateTime.MinValue, 20), Fact(1, Noon, null, 10)], Noon));
    }

    [Fact]
    public void W2_tie_breakers_decide_in_declared_order_and_NULL_is_lowest()
    {
        Assert.Equal(3, WinTie(Tie(Noon, 1, "z", 1), Tie(Noon, 2, null, 2), Tie(Noon, 2, "", 3), Tie(Noon, null, "zz", 4)));
        Assert.Equal(4, WinTie(Tie(Noon, null, null, 1), Tie(Noon, null, "a", 4)));
        Assert.Equal(5, WinTie(Tie(Noon.AddHours(-1), 9, "z", 1), Tie(Noon, null, null, 5)));
    }

    [Fact]
    public void W2_text_ties_compare_byte_by_byte() =>
        Assert.Equal(2, WinTie(Tie(Noon, 1, "\uFF21", 1), Tie(Noon, 1, "😀", 2), Tie(Noon, 1, "Z", 3), Tie(Noon, 1, "a", 4)));

    [Fact]
    public void W2_exactly_one_row_comes_out_of_a_full_tie() =>
        Assert.Equal(10, Win([Fact(1, Noon, Noon, 10), Fact(1, Noon, Noon, 10)], Noon));

    [Fact]
    public void W3_a_NULL_in_the_winner_is_NULL()
    {
        var answer = Answer(Over().Join(Spend), [Spine(1, Noon)], Fact(1, Noon.AddHours(-1), Noon, 10), Fact(1, Noon, Noon, null));

        Assert.Null(answer[0]["spend__v"]);
        Assert.Equal("w", answer[0]["spend__w"]);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(-1, 10)]
    [InlineData(1, null)]
    public void W4_age_equal_to_the_max_age_is_a_hit_a_microsecond_more_is_expired(int microseconds, int? expected)
    {
        var set = Spend.MaxAge(TimeSpan.FromMilliseconds(250));
        var answer = Answer(Over().Join(set), [Spine(1, Noon.AddMilliseconds(250).AddMicroseconds(microseconds))], Fact(1, Noon, Noon, 10));

        Assert.Equal(expected, answer[0]["spend__v"]);
    }

    [Fact]
    public void W4_a_max_age_of_zero_serves_the_exact_instant_only()
    {
        var answer = Answer(Over().Join(Spend.MaxAge(TimeSpan.Zero)), [Spine(1, Noon), Spine(1, Noon.AddMicroseconds(1))], Fact(1, Noon, Noon, 10));

        Assert.Equal([10, null], answer.Select(row => row["spend__v"]));
    }

    [Fact]
    public void W4_a_max_age_is_floored_to_microseconds()
    {
        var winner = Fact(1, Noon, Noon, 10);

        Assert.True(ReferenceModel.IsExpired(Spend, winner, Noon.AddMicroseconds(2), TimeSpan.FromTicks(19)));
        Assert.False(ReferenceModel.IsExpired(Spend, winner, Noon.AddMicroseconds(1), TimeSpan.FromTicks(19)));
        Assert.False(ReferenceModel.IsExpired(Spend, winner, DateTime.MaxValue, TimeSpan.MaxValue));
    }

    [Fact]
    public void W4_no_older_row_takes_the_place_of_an_expired_winner()
    {
        // Under knowledge the winner is the older row, which is then judged by its own age.
        var set = Spend.MaxAge(TimeSpan.FromHours(1));
        Row[] history = [Fact(1, Noon.AddMinutes(-90), Noon, 10), Fact(1, Noon.AddMinutes(-61), Noon, 20)];

        Assert.Null(Answer(Over().Join(set), [Spine(1, Noon)], history)[0]["spend__v"]);
        Assert.Equal(20, Answer(Over().Join(set), [Spine(1, Noon.AddMinutes(-1))], history)[0]["spend__v"]);
    }

    [Fact]
    public void P1_every_spine_row_comes_once_duplicates_too()
    {
        var answer = Answer(Over().Join(Spend), [Spine(1, Noon), Spine(1, Noon), Spine(2, Noon), Spine(1, Noon.AddDays(-9))], Fact(1, Noon, Noon, 10), Fact(1, Noon, Noon.AddHours(1), 11));

        Assert.Equal([11, 11, null, null], answer.Select(row => row["spend__v"]));
    }

    [Fact]
    public void P2_spine_columns_first_then_the_joins_in_declared_order()
    {
        var training = Over().Join(Spend, features: ["w", "v"]).Join(Spend, prefix: "again", features: ["v"]);

        Assert.Equal(["label", "id", "other", "event_timestamp", "spend__w", "spend__v", "again__v"], Answer(training, [Spine(1, Noon)], Fact(1, Noon, Noon, 1))[0].Keys);
        Assert.Equal(["label", "id", "other", "event_timestamp", "v", "w"], Answer(Over().Join(Spend).ShortNames(), [Spine(1, Noon)], Fact(1, Noon, Noon, 1))[0].Keys);
        Assert.Equal(["id", "event_timestamp", "spend__v"], Answer(Distiller.Spine.From("s").Columns("id", "event_timestamp").Join(Spend, ["v"]), [Spine(1, Noon)], Fact(1, Noon, Noon, 1))[0].Keys);
    }

    [Fact]
    public void P3_NULL_key_and_NULL_instant_have_NULL_features()
    {
        var answer = Answer(Over().Join(Spend), [Spine(null, Noon), Spine(1, null)], Fact(1, Noon, Noon, 10), Fact(null, Noon, Noon, 20));

        Assert.All(answer, row => Assert.Null(row["spend__v"]));
        Assert.Equal(2, answer.Count);
    }

    [Fact]
    public void P3_the_parts_of_a_composite_key_stay_apart()
    {
        var set = Entity.Create("pair").Key<string>("a").Key<string>("b").FeatureSet("p").Feature<int>("v");
        Row[] history = [Pair("a:b", "c", 1), Pair("a", "b:c", 2), Pair("A", "b:c", 3), Pair("a ", "b:c", 4), Pair("b:c", "a", 5)];

        Assert.Equal(2, ReferenceModel.Winner(set, history, ["a", "b:c"], Noon)?["v"]);
        Assert.Equal(5, ReferenceModel.Winner(set, history, ["b:c", "a"], Noon)?["v"]);
        Assert.Null(ReferenceModel.Winner(set, history, ["a", null], Noon));

        static Row Pair(string a, string b, int v) => Row.Of(("a", a), ("b", b), ("feature_timestamp", Noon), ("created_timestamp", Noon), ("v", v));
    }

    [Fact]
    public void P4_each_role_gets_its_own_values()
    {
        var training = Over().Join(Spend, prefix: "sender").Join(Spend, prefix: "receiver", keys: new Dictionary<string, string> { ["id"] = "other" });
        var answer = Answer(training, [Spine(1, Noon, other: 2)], Fact(1, Noon, Noon, 10), Fact(2, Noon, Noon, 20))[0];

        Assert.Equal(10, answer["sender__v"]);
        Assert.Equal(20, answer["receiver__v"]);
    }

    [Fact]
    public void P5_knowledge_decides_what_is_seen_of_a_late_row_and_a_correction()
    {
        Row[] history =
        [
            Fact(1, Noon.AddHours(-3), Noon.AddHours(-3), 10),
            Fact(1, Noon.AddHours(-3), Noon.AddHours(2), 11),
            Fact(1, Noon.AddHours(-1), Noon.AddHours(5), 20),
        ];
        Row[] spine = [Spine(1, Noon), Spine(1, Noon.AddHours(2))];

        Assert.Equal([20, 20], Values(Over().Join(Spend)));
        Assert.Equal([11, 11], Values(Over().Join(Spend).KnownAt(Noon.AddHours(2))));
        Assert.Equal([10, 10], Values(Over().Join(Spend).KnownAt(new DateTimeOffset(Noon.AddHours(2)).AddTicks(-1))));
        Assert.Equal([10, 11], Values(Over().Join(Spend).KnownAtEvent()));
        Assert.Equal([10, 11], Values(Over().Join(Spend).KnownAtEvent().Strictly()));

        object?[] Values(TrainingSet training) => [.. Answer(training, spine, history).Select(row => row["spend__v"])];
    }

    [Fact]
    public void P5_under_Strictly_only_the_event_clock_is_strict()
    {
        Row[] history = [Fact(1, Noon.AddHours(-1), Noon, 10), Fact(1, Noon, Noon, 20), Fact(1, Noon.AddHours(-2), null, 5)];

        Assert.Equal(10, Answer(Over().Join(Spend).KnownAtEvent().Strictly(), [Spine(1, Noon)], history)[0]["spend__v"]);
    }

    [Fact]
    public void P7_a_max_age_on_the_join_replaces_the_sets_own()
    {
        var set = Spend.MaxAge(TimeSpan.FromHours(1));
        var training = Over().Join(set).Join(set, prefix: "longer", maxAge: TimeSpan.FromHours(2)).Join(set, prefix: "shorter", maxAge: TimeSpan.FromMinutes(1));
        var answer = Answer(training, [Spine(1, Noon.AddHours(2)), Spine(1, Noon.AddMinutes(2))], Fact(1, Noon, Noon, 10));

        Assert.Equal([null, 10, null], answer[0].Where(cell => cell.Key.EndsWith("__v", StringComparison.Ordinal)).Select(cell => cell.Value));
        Assert.Equal([10, 10, null], answer[1].Where(cell => cell.Key.EndsWith("__v", StringComparison.Ordinal)).Select(cell => cell.Value));
    }

    [Fact]
    public void T1_an_unspecified_instant_is_UTC_and_an_offset_is_converted()
    {
        Assert.Equal(10, Win([Fact(1, DateTime.SpecifyKind(Noon, DateTimeKind.Unspecified), Noon, 10)], Noon));
        Assert.Equal(Noon, Reference.Values.Stored(new DateTimeOffset(2024, 5, 1, 17, 30, 0, TimeSpan.FromMinutes(330))));
    }

    [Fact]
    public void T2_finer_instants_are_floored_on_both_sides_also_before_1970()
    {
        var old = new DateTime(1969, 12, 31, 23, 59, 59, DateTimeKind.Utc).AddTicks(9_999_996);

        Assert.Equal(new DateTime(1969, 12, 31, 23, 59, 59, DateTimeKind.Utc).AddTicks(9_999_990), Reference.Values.Stored(old));
        Assert.Equal(10, Win([Fact(1, Noon.AddTicks(9), Noon, 10)], Noon));
        Assert.Null(Win([Fact(1, Noon, Noon, 10)], Noon.AddTicks(9), strict: true));
        Assert.Equal(10, Win([Fact(1, Noon, Noon.AddTicks(9), 10)], Noon, n: Noon));
        Assert.Equal(Noon, Answer(Over().Join(Spend), [Spine(1, Noon.AddTicks(9))])[0]["event_timestamp"]);
    }

    [Fact]
    public void T5_a_date_is_its_midnight_and_an_ordinal_only_compares()
    {
        var daily = Customer.FeatureSet("daily").Existing("d").EventTime("day", TimeKind.Date).WithoutCreatedTime().Feature<int>("v").MaxAge(TimeSpan.FromHours(12));
        Row[] days = [Row.Of(("id", 1L), ("day", Noon.Date), ("v", 10))];
        Assert.Equal([10, null, null], Answer(Over().Join(daily), [Spine(1, Noon), Spine(1, Noon.AddMicroseconds(1)), Spine(1, Noon.Date.AddMicroseconds(-1))], days).Select(row => row["daily__v"]));
        Assert.Equal([10, null], Answer(Over().Join(daily).Strictly(), [Spine(1, Noon), Spine(1, Noon.Date)], days).Select(row => row["daily__v"]));

        var counted = Customer.FeatureSet("counted").Existing("c").EventTime("n", TimeKind.Ordinal).WithoutCreatedTime().Feature<int>("v");
        Row[] counts = [Row.Of(("id", 1L), ("n", -5L), ("v", 10)), Row.Of(("id", 1L), ("n", 7L), ("v", 20))];
        Assert.Equal([null, 10, 20], new[] { -6L, 6L, 7L }.Select(n => ReferenceModel.Winner(counted, counts, [1L], n)?["v"]));
    }

    private static object? Win(Row[] history, DateTime t, DateTime? n = null, bool strict = false) => ReferenceModel.Winner(Spend, history, [1L], t, n, strict)?["v"];

    private static object? WinTie(params Row[] history)
    {
        var winner = ReferenceModel.Winner(Ties, history, [1L], Noon)?["v"];
        Assert.Equal(winner, ReferenceModel.Winner(Ties, [.. history.Reverse()], [1L], Noon)?["v"]);
        return winner;
    }

    private static Row Fact(long? id, DateTime happened, DateTime? created, int? v) =>
        Row.Of(("id", id), ("feature_timestamp", happened), ("created_timestamp", created), ("v", v), ("w", "w"));

    private static Row Tie(DateTime happened, int? a, string? b, int v) => Row.Of(("id", 1L), ("feature_timestamp", happened), ("a", a), ("b", b), ("v", v));

    private static Row Spine(long? id, DateTime? t, long? other = null) => Row.Of(("label", true), ("id", id), ("other", other), ("event_timestamp", t));

    private static Spine Over() => Distiller.Spine.From("labels");

    private static IReadOnlyList<Row> Answer(TrainingSet training, IReadOnlyList<Row> spine, params Row[] history) => ReferenceModel.TrainingSet(training, spine, _ => history);
}
