namespace Distiller.Tests.Model;

public sealed class TrainingSetTests
{
    private static readonly Entity Customer = Entity.Create("customer").Key<long>("customer_id");

    private static readonly FeatureSet Spend = Customer.FeatureSet("spend").Feature<double>("spend_7d").Feature<int>("orders_7d");

    private static readonly FeatureSet Uncut = Customer.FeatureSet("uncut").Feature<string>("tier").Existing("tiers").WithoutCreatedTime();

    private static readonly FeatureSet Counted = Customer.FeatureSet("counted").Feature<string>("tier").Existing("tiers").EventTime("seq", TimeKind.Ordinal);

    private static readonly Spine Orders = Spine.From("orders").Columns("order_id", "customer_id", "event_timestamp");

    [Fact]
    public void A_join_takes_all_features_or_those_named_in_that_order()
    {
        Assert.Equal(["spend_7d", "orders_7d"], Orders.Join(Spend).Joins[0].Features.Select(feature => feature.Name));
        Assert.Equal(["orders_7d", "spend_7d"], Orders.Join(Spend, ["ORDERS_7D", "spend_7d"]).Joins[0].Features.Select(feature => feature.Name));
        Assert.Equal(["customer_id"], Orders.Join(Spend).Joins[0].SpineKeys);
    }

    [Fact]
    public void A_join_names_features_keys_and_prefix_that_are_there()
    {
        Throws.Argument(() => Orders.Join(Spend, ["spend"]), "'spend' has no feature 'spend'", "it has spend_7d, orders_7d");
        Throws.Argument(() => Orders.Join(Spend, []), "No feature of feature set 'spend' is chosen", "leave features out to take all");
        Throws.Argument(() => Orders.Join(Spend, ["spend_7d", "SPEND_7D"]), "'spend_7d' of feature set 'spend' is chosen twice");
        Throws.Argument(() => Orders.Join(Customer.FeatureSet("empty")), "'empty' has no features", "Feature<T>(name)");
        Throws.Argument(() => Orders.Join(Spend, keys: Keys("customer", "order_id")), "'spend' has no key 'customer'", "has customer_id");
        Throws.Argument(() => Orders.Join(Spend, keys: Keys("customer_id", " ")), "The spine column for key 'customer_id'", "is empty");
        Throws.Argument(() => Orders.Join(Spend, prefix: ""), "The prefix of feature set 'spend' is empty");
        Throws.Argument(() => Orders.Join(Spend, maxAge: TimeSpan.FromTicks(-1)), "join of feature set 'spend' is zero or more");
        Assert.Throws<ArgumentNullException>(() => Orders.Join(null!));
    }

    [Fact]
    public void What_a_join_needs_of_a_declared_spine_is_there()
    {
        Throws.Argument(() => Spine.From("t").Columns("order_id", "event_timestamp").Join(Spend), "no column 'customer_id'", "key 'customer_id' of the join 'spend'", "keys: ...", "it has order_id, event_timestamp");
        Throws.Argument(() => Orders.Join(Spend, keys: Keys("customer_id", "referrer_id")), "no column 'referrer_id'");
        Throws.Argument(() => Orders.At("at").Join(Spend), "no column 'at'", "its instant", "At(...)");
        Assert.Single(Spine.From("t").Join(Spend, keys: Keys("customer_id", "referrer_id")).Joins);
    }

    [Fact]
    public void Two_outputs_of_one_name_are_an_error_naming_both_owners()
    {
        Throws.Argument(() => Orders.Join(Spend).Join(Spend), "'spend__spend_7d'", "feature 'spend_7d' of the join 'spend'", "prefix: ");
        Throws.Argument(() => Orders.Join(Spend).Join(Spend, prefix: "SPEND"), "'SPEND__spend_7d'");
        Throws.Argument(() => Spine.From("t").Columns("customer_id", "event_timestamp", "Spend__Spend_7d").Join(Spend), "the spine's column 'Spend__Spend_7d'", "feature 'spend_7d' of the join 'spend'");
        Throws.Argument(() => Spine.From("t").Columns("customer_id", "event_timestamp", "SPEND_7D").Join(Spend).ShortNames(), "the spine's column 'SPEND_7D'");
        Throws.Argument(() => Orders.Join(Spend).Join(Spend, prefix: "again").ShortNames(), "'spend_7d' of the join 'spend'", "'spend_7d' of the join 'again'");
        Assert.Equal(2, Orders.Join(Spend, ["spend_7d"]).Join(Spend, ["orders_7d"]).Joins.Count);
    }

    [Fact]
    public void Only_one_cut_of_knowledge_is_possible()
    {
        Throws.Operation(() => Orders.Join(Spend).KnownAt(DateTimeOffset.UnixEpoch).KnownAtEvent(), "KnownAt() an instant already", "only one");
        Throws.Operation(() => Orders.Join(Spend).KnownAtEvent().KnownAt(DateTimeOffset.UnixEpoch), "KnownAtEvent() already", "only one");
        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(-10), Orders.Join(Spend).KnownAt(DateTimeOffset.UnixEpoch.AddTicks(-1)).KnowledgeInstant);
    }

    [Fact]
    public void A_set_without_created_time_is_named_or_refused()
    {
        string[] said = ["'uncut' has no created time", "leave strict out"];
        Throws.Argument(() => Orders.Join(Uncut).KnownAt(DateTimeOffset.UnixEpoch, strict: true), said);
        Throws.Argument(() => Orders.Join(Spend).KnownAt(DateTimeOffset.UnixEpoch, strict: true).Join(Uncut), said);
        foreach (var dialect in SqlDialect.All)
        {
            Assert.Contains("'uncut' has no created time and cannot be cut", Assert.Single(Orders.Join(Uncut).KnownAt(DateTimeOffset.UnixEpoch).Compile(dialect).Notes), StringComparison.Ordinal);
            Assert.Contains("'uncut'", Assert.Single(Orders.Join(Uncut).KnownAtEvent().Compile(dialect).Notes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_ordinal_meets_only_an_ordinal()
    {
        var byOrder = Spine.From("t").At("seq", TimeKind.Ordinal);
        Throws.Argument(() => Orders.Join(Counted), "'counted'", "'seq' as Ordinal", "an ordinal meets only an ordinal");
        Throws.Argument(() => byOrder.Join(Spend), "'spend'", "'seq' as Ordinal");
        Throws.Argument(() => byOrder.Join(Counted).Join(Spend), "'spend'");
        Throws.Argument(() => byOrder.Join(Counted, maxAge: TimeSpan.FromDays(1)), "'counted' is joined with a max age", "no age");
        Throws.Argument(() => byOrder.Join(Counted).KnownAtEvent(), "'counted'", "KnownAtEvent() cannot cut it");
        Throws.Argument(() => byOrder.Join(Counted.CreatedTime("c", TimeKind.Ordinal)).KnownAt(DateTimeOffset.UnixEpoch), "created time 'c' as an ordinal", "cannot cut it");
        Assert.Single(byOrder.Join(Counted).KnownAt(DateTimeOffset.UnixEpoch).Joins);
    }

    [Fact]
    public void An_order_names_columns_that_come_out()
    {
        Throws.Argument(() => Orders.Join(Spend).OrderBy("nowhere"), "ordered by 'nowhere'", "none of its columns", "order_id");
        Throws.Argument(() => Orders.Join(Spend).OrderBy("spend_7d"), "spend__spend_7d");
        Throws.Argument(() => Orders.Join(Spend).OrderBy("spend__spend_7d").ShortNames(), "ordered by 'spend__spend_7d'");
        Assert.Equal(["ORDER_ID", "spend__spend_7d"], Orders.Join(Spend).OrderBy("ORDER_ID", "spend__spend_7d").OrderColumns);
        Assert.Contains("ORDER BY \"spine\".\"order_id\" NULLS LAST", Orders.Join(Spend).OrderBy("ORDER_ID").ToSql(SqlDialect.PostgreSql), StringComparison.Ordinal);
        Assert.Single(Spine.From("t").Join(Spend).OrderBy("anything").OrderColumns);
        Assert.Throws<ArgumentNullException>(() => Orders.Join(Spend).OrderBy(null!));
    }

    [Fact]
    public void A_joins_max_age_replaces_the_sets()
    {
        var aged = Spend.MaxAge(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.FromDays(1), Orders.Join(aged).Joins[0].MaximumAge);
        Assert.Equal(TimeSpan.Zero, Orders.Join(aged, maxAge: TimeSpan.Zero).Joins[0].MaximumAge);
    }

    [Fact]
    public void A_call_changes_a_copy()
    {
        var before = Orders.Join(Spend);
        var after = before.Join(Uncut).KnownAt(DateTimeOffset.UnixEpoch).Strictly().OrderBy("order_id").Using(AsOf.Union).ShortNames();

        Assert.Equal(Orders.Join(Spend), before);
        Assert.NotEqual(before, after);
        Assert.Single(before.Joins);
        Assert.Equal(2, after.Joins.Count);
    }

    [Fact]
    public void Equal_training_sets_are_equal()
    {
        Assert.Equal(All(), All());
        Assert.Equal(All().GetHashCode(), All().GetHashCode());
        Assert.NotEqual(All(), All().ShortNames());
        Assert.NotEqual(All(), All().OrderBy());
        Assert.NotEqual(All(), All().Using(AsOf.Lateral));
        Assert.Equal(All().Into("t"), All().Into("t"));
        Assert.NotEqual(All().Into("t"), All().Into("t", IfExists.Replace));

        static TrainingSet All() => Spine.From("orders").Columns("order_id", "customer_id", "event_timestamp")
            .Join(Spend, ["spend_7d"], "p", Keys("customer_id", "order_id"), TimeSpan.FromDays(1)).KnownAt(DateTimeOffset.UnixEpoch).Strictly().OrderBy("order_id").Using(AsOf.Union);
    }

    private static Dictionary<string, string> Keys(string key, string column) => new() { [key] = column };
}
