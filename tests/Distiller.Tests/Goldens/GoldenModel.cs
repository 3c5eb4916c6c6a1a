namespace Distiller.Tests.Goldens;

/// <summary>The shop all goldens speak of. <c>Golden/{dialect}/_tables.sql</c> holds the tables Distiller does not create.</summary>
internal static class GoldenModel
{
    public static readonly Entity Customer = Entity.Create("customer").Key<long>("customer_id").Describe("somebody who buys");

    public static readonly Entity Shelf = Entity.Create("shelf").Key<string>("store").Key<int>("product_id");

    public static readonly FeatureSet Spend = Customer.FeatureSet("customer_spend")
        .Feature<double>("spend_7d", "euros in the last seven days").Feature<int>("orders_7d").Feature<bool>("vip");

    public static readonly FeatureSet Balance = Customer.FeatureSet("customer_balance")
        .Feature("balance", FeatureType.Decimal(12, 2)).Feature<string>("segment").MaxAge(TimeSpan.FromDays(30));

    public static readonly FeatureSet Stock = Shelf.FeatureSet("shelf_stock").Feature<int>("in_stock").Feature("price", FeatureType.Decimal(9, 2));

    public static readonly FeatureSet Score = Customer.FeatureSet("customer_score").Feature<float>("score")
        .EventTime("scored_at").CreatedTime("stored_at").History(TableName.Of("shop", "Score Log")).Latest(TableName.Of("shop", "Score Now"));

    public static readonly FeatureSet EveryType = Customer.FeatureSet("customer_profile")
        .Feature<bool>("a_bool").Feature<int>("an_int32").Feature<long>("an_int64").Feature<float>("a_float32").Feature<double>("a_float64")
        .Feature("a_decimal", FeatureType.Decimal(28, 10)).Feature<string>("a_string").Feature<byte[]>("some_bytes").Feature<DateOnly>("a_date")
        .Feature<DateTime>("a_timestamp").Feature<Guid>("a_guid").Feature("a_json", FeatureType.Json).Feature<float[]>("a_vector").Feature("three_floats", FeatureType.Vector(3));

    public static readonly FeatureSet EveryKey = Entity.Create("everything")
        .Key<int>("an_int32").Key<long>("an_int64").Key<string>("a_string").Key<Guid>("a_guid").Key<DateOnly>("a_date").Key<bool>("a_bool")
        .FeatureSet("everything_seen").Feature<long>("times");

    /// <summary>A drop-in table that keeps each instant in every form, created times that may be NULL, and no latest table.</summary>
    public static readonly FeatureSet Tier = Existing(TimeKind.Instant);

    /// <summary>What an adopter may declare of a table that has the index the as-of strategies look for.</summary>
    public static readonly TableShape Indexes = new() { HasIndex = true, HasRowId = true };

    public static readonly FeatureSet Indexed = Customer.FeatureSet("customer_tier").Feature<string>("tier").Existing("tiers")
        .EventTime("valid_instant").CreatedTime("known_instant").Shaped(Indexes);

    public static readonly FeatureSet Unordered = Customer.FeatureSet("customer_tier").Feature<string>("tier").Existing("tiers").EventTime("valid_instant").WithoutCreatedTime();

    public static readonly FeatureSet Tied = Customer.FeatureSet("customer_tier").Feature<string>("tier").Existing("tiers")
        .EventTime("valid_date", TimeKind.Date).WithoutCreatedTime().TieBreaker("version").TieBreaker<long>("id");

    public static readonly FeatureSet TierLog = Customer.FeatureSet("tier_log").Feature<string>("tier").Feature<long>("points")
        .Existing("tier_log").Latest("tier_now").EventTime("valid_from").CreatedTime("known_at");

    public static readonly FeatureSet RankLog = Customer.FeatureSet("rank_log").Feature<string>("rank")
        .Existing("rank_log").Latest("rank_now").EventTime("valid_from", TimeKind.Date).WithoutCreatedTime().TieBreaker<long>("version");

    /// <summary>Each feature from the newest row that knows it.</summary>
    public static readonly FeatureSet Signals = Customer.FeatureSet("customer_signals").Feature<double>("spend_7d").Feature<int>("orders_7d").Feature<bool>("vip").Sparse();

    /// <summary>Sparse, with an age per feature, and keys that end.</summary>
    public static readonly FeatureSet Habits = Customer.FeatureSet("customer_habits").Feature<int>("orders_7d").Feature<bool>("vip").Sparse().Tombstones().MaxAge(TimeSpan.FromDays(7));

    public static readonly FeatureSet Member = Customer.FeatureSet("customer_member").Feature<bool>("vip").Tombstones().MaxAge(TimeSpan.FromDays(7));

    public static readonly FeatureSet SparseTier = Existing(TimeKind.Instant).Sparse();

    public static readonly FeatureSet SparseRank = Customer.FeatureSet("customer_tier").Feature<string>("tier").Feature<double>("discount").Existing("tiers")
        .EventTime("valid_date", TimeKind.Date).WithoutCreatedTime().TieBreaker("version").TieBreaker<long>("id").Sparse();

    public static readonly IReadOnlyList<TimeKind> Kinds = Enum.GetValues<TimeKind>();

    public static readonly IReadOnlyList<FeatureSet> Owned = [Spend, Balance, Stock, Score];

    public static readonly DateTimeOffset Cutoff = new(2026, 3, 2, 10, 30, 0, 123, 456, TimeSpan.FromHours(2));

    public static readonly Spine Orders = Spine.From("orders").Columns("order_id", "customer_id", "referrer_id", "store", "product_id", "event_timestamp", "returned");

    public static FeatureSet Existing(TimeKind kind) => Customer.FeatureSet("customer_tier").Feature<string>("tier").Feature<double>("discount")
        .Existing("tiers").EventTime(Column("valid", kind), kind).CreatedTime(Column("known", kind), kind);

    /// <summary>The spine that keeps each instant in every form.</summary>
    public static Spine OrderTimes(TimeKind kind) => Spine.From("order_times").At(Column("at", kind), kind).Columns("order_id", "customer_id", Column("at", kind));

    public static string Column(string prefix, TimeKind kind) => prefix + "_" + kind switch
    {
        TimeKind.EpochSeconds => "seconds",
        TimeKind.EpochMilliseconds => "milliseconds",
        TimeKind.EpochMicroseconds => "microseconds",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
