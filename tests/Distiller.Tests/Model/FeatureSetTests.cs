namespace Distiller.Tests.Model;

public sealed class FeatureSetTests
{
    private static readonly Entity Customer = Entity.Create("customer").Key<long>("customer_id");

    private static readonly FeatureSet Owned = Customer.FeatureSet("spend").Feature<double>("spend_7d");

    private static readonly FeatureSet DropIn = Customer.FeatureSet("tier").Feature<string>("tier").Existing("tiers");

    [Fact]
    public void Names_have_defaults_and_can_all_be_replaced()
    {
        Assert.Equal(["spend_history", "spend_latest"], [Owned.HistoryTable.ToString(), Owned.LatestTable!.ToString()]);
        Assert.Equal(new("feature_timestamp", TimeKind.Instant), Owned.EventTimeColumn);
        Assert.Equal(new("created_timestamp", TimeKind.Instant), Owned.CreatedTimeColumn);

        var named = Owned.History(TableName.Of("s", "h")).Latest(TableName.Of("c", "s", "l")).EventTime("e").CreatedTime("c");
        Assert.Equal(["s.h", "c.s.l", "e", "c"], [named.HistoryTable.ToString(), named.LatestTable!.ToString(), named.EventTimeColumn.Name, named.CreatedTimeColumn!.Name]);
    }

    [Fact]
    public void A_column_has_one_role_without_regard_to_case()
    {
        Throws.Argument(() => Owned.Feature<int>("SPEND_7D"), "'spend'", "'SPEND_7D' as a feature and as a feature", "without case");
        Throws.Argument(() => Owned.Feature<int>("Customer_Id"), "as a feature and as a key");
        Throws.Argument(() => Owned.Feature<int>("Feature_Timestamp"), "as a feature and as the event time");
        Throws.Argument(() => Owned.Feature<int>("Created_Timestamp"), "as a feature and as the created time");
        Throws.Argument(() => Owned.EventTime("spend_7D"), "as a feature and as the event time");
        Throws.Argument(() => Owned.EventTime("created_timestamp"), "as the created time and as the event time");
        Throws.Argument(() => Owned.CreatedTime("CUSTOMER_ID"), "as the created time and as a key");
        Throws.Argument(() => Entity.Create("e").Key<int>("feature_timestamp").FeatureSet("s").Feature<int>("f"), "as the event time and as a key");
    }

    [Theory]
    [InlineData("published_timestamp")]
    [InlineData("PUBLISHED_TIMESTAMP")]
    [InlineData("deleted")]
    [InlineData("Deleted")]
    public void A_name_reserved_in_owned_tables_is_free_in_existing_ones(string name)
    {
        string[] said = ["'spend'", $"'{name}'", "reserved in tables Distiller creates", "choose another name", "Existing(table)"];
        Throws.Argument(() => Owned.Feature<bool>(name), said);
        Throws.Argument(() => Owned.EventTime(name), said);
        Throws.Argument(() => Owned.CreatedTime(name), said);
        Throws.Argument(() => Entity.Create("e").Key<int>(name).FeatureSet("spend").Feature<int>("f"), said);

        Assert.Equal(name, Customer.FeatureSet("s").Existing("t").Feature<bool>(name).Features[0].Name);
        Assert.Equal(name, DropIn.EventTime(name).EventTimeColumn.Name);
    }

    [Fact]
    public void What_belongs_to_existing_tables_comes_after_Existing()
    {
        Throws.Operation(() => Owned.WithoutCreatedTime(), "'spend' owns its tables", "call Existing(table) first");
        Throws.Operation(() => Owned.Shaped(new() { HasIndex = true }), "'spend' owns its tables", "Existing()");
        foreach (var kind in Enum.GetValues<TimeKind>().Where(kind => kind != TimeKind.Instant))
        {
            Throws.Operation(() => Owned.EventTime("at", kind), "'spend' owns its tables", "'at'", "call Existing(table) first", kind.ToString());
            Throws.Operation(() => Owned.CreatedTime("at", kind), "'spend' owns its tables", "'at'", "call Existing(table) first", kind.ToString());
            Assert.Equal(kind, DropIn.EventTime("at", kind).EventTimeColumn.Kind);
            Assert.Equal(kind, DropIn.CreatedTime("at", kind).CreatedTimeColumn!.Kind);
        }

        Assert.True(DropIn.Shaped(new() { HasIndex = true }).DeclaredShape.HasIndex);
    }

    [Fact]
    public void Tie_breakers_stand_in_the_place_of_a_created_time()
    {
        Throws.Operation(() => Owned.TieBreaker("id"), "'spend' has a created time", "WithoutCreatedTime()", "TieBreaker(\"id\")");
        Throws.Operation(() => DropIn.TieBreaker<long>("id"), "'tier' has a created time", "WithoutCreatedTime()");
        Throws.Operation(() => DropIn.WithoutCreatedTime().TieBreaker("id").CreatedTime("c"), "'tier' has tie-breakers", "one or the other");

        var tied = DropIn.WithoutCreatedTime().TieBreaker("version").TieBreaker<long>("id");
        Assert.Null(tied.CreatedTimeColumn);
        Assert.Equal([new("version"), new("id", FeatureType.Int64)], tied.TieBreakers);
        Throws.Argument(() => tied.TieBreaker("ID"), "'tier' has a tie-breaker 'ID' already", "without case");
        Throws.Argument(() => tied.TieBreaker("Customer_Id"), "'Customer_Id' as a key", "decides nothing", "name another");
        Throws.Argument(() => tied.TieBreaker("feature_timestamp"), "as the event time", "decides nothing");
        Assert.Equal("tier", tied.TieBreaker("tier").TieBreakers[2].Name);
    }

    [Fact]
    public void A_max_age_is_zero_or_more_and_floored_to_a_microsecond()
    {
        Throws.Argument(() => Owned.MaxAge(TimeSpan.FromTicks(-1)), "The max age of feature set 'spend' is zero or more");
        Assert.Equal(TimeSpan.Zero, Owned.MaxAge(TimeSpan.FromTicks(9)).MaximumAge);
        Assert.Equal(TimeSpan.FromMicroseconds(1), Owned.MaxAge(TimeSpan.FromTicks(19)).MaximumAge);
        Assert.Equal(TimeSpan.MaxValue.Ticks / 10 * 10, Owned.MaxAge(TimeSpan.MaxValue).MaximumAge!.Value.Ticks);
    }

    [Fact]
    public void An_ordinal_has_no_age()
    {
        string[] said = ["'tier' has a max age", "an ordinal", "declare what the column counts"];
        Throws.Argument(() => DropIn.EventTime("seq", TimeKind.Ordinal).MaxAge(TimeSpan.FromDays(1)), said);
        Throws.Argument(() => DropIn.MaxAge(TimeSpan.FromDays(1)).EventTime("seq", TimeKind.Ordinal), said);
    }

    [Fact]
    public void History_and_latest_are_two_tables()
    {
        string[] said = ["'spend' uses the table 'spend_latest' both as history and as latest", "name two tables"];
        Throws.Argument(() => Owned.History("spend_latest"), said);
        Throws.Argument(() => Owned.History("other").Latest("spend_latest").History("spend_latest"), said);
        Throws.Argument(() => DropIn.Latest("tiers"), "'tiers' both as history and as latest");
    }

    [Fact]
    public void An_existing_set_has_no_latest_table_unless_one_is_named_afterwards()
    {
        Assert.Null(DropIn.LatestTable);
        Assert.True(DropIn.IsExisting);
        Assert.Equal("now", DropIn.Latest("now").LatestTable!.Name);
        Assert.Equal("dbo.t", Customer.FeatureSet("s").Existing("t", schema: "dbo").HistoryTable.ToString());
        Assert.Equal(TableName.Of("a.b"), Customer.FeatureSet("s").Existing("a.b").HistoryTable);
    }

    [Fact]
    public void Nothing_given_is_an_error()
    {
        Assert.Throws<ArgumentNullException>(() => Customer.FeatureSet(null!));
        Assert.Throws<ArgumentNullException>(() => Owned.Feature<int>(null!));
        Assert.Throws<ArgumentNullException>(() => Owned.Feature("f", null!));
        Assert.Throws<ArgumentNullException>(() => Owned.EventTime(null!));
        Assert.Throws<ArgumentNullException>(() => Owned.CreatedTime(null!));
        Assert.Throws<ArgumentNullException>(() => Owned.History(null!));
        Assert.Throws<ArgumentNullException>(() => Owned.Latest(null!));
        Assert.Throws<ArgumentNullException>(() => Owned.Existing(null!));
        Assert.Throws<ArgumentNullException>(() => DropIn.Shaped(null!));
        Assert.Throws<ArgumentNullException>(() => DropIn.WithoutCreatedTime().TieBreaker(null!));
        Throws.Argument(() => Owned.Feature<int>(""), "(a feature)", "'spend'", "is empty");
    }

    [Fact]
    public void A_call_changes_a_copy()
    {
        var all = DropIn.Feature<int>("more").Describe("what").MaxAge(TimeSpan.FromDays(1)).EventTime("e").WithoutCreatedTime().TieBreaker("t").Latest("l").Shaped(new() { HasIndex = true });

        Assert.NotEqual(DropIn, all);
        Assert.Equal(Customer.FeatureSet("tier").Feature<string>("tier").Existing("tiers"), DropIn);
        Assert.Equal(["tier", "more"], all.Features.Select(feature => feature.Name));
    }

    [Fact]
    public void Equal_sets_are_equal()
    {
        Assert.Equal(Everything(), Everything());
        Assert.Equal(Everything().GetHashCode(), Everything().GetHashCode());
        Assert.NotEqual(Everything(), Everything().Feature<int>("one_more"));
        Assert.NotEqual(Everything(), Everything().Shaped(new() { HasRowId = true }));
        Assert.NotEqual(Everything(), Everything().TieBreaker("another"));

        static FeatureSet Everything() => Entity.Create("customer").Key<long>("customer_id").FeatureSet("tier").Feature<string>("tier", "which").Feature("d", FeatureType.Decimal(5, 2))
            .Existing("tiers").EventTime("valid_from", TimeKind.Date).WithoutCreatedTime().TieBreaker<long>("id").Latest("now").MaxAge(TimeSpan.FromDays(1)).Describe("what").Shaped(new() { HasIndex = true });
    }
}
