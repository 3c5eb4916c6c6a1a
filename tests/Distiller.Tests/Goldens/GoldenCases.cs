using static Distiller.Tests.Goldens.GoldenModel;

namespace Distiller.Tests.Goldens;

/// <summary>A statement whose SQL is kept for every dialect; compiled = the text and parameters for machines, else the text for people.</summary>
internal sealed record GoldenCase(string Name, Func<Statement> Statement, bool IsCompiled = false)
{
    public bool IsTrainingSet => !IsCompiled && Statement() is TrainingSet;
}

/// <summary>Every statement, in every variant that prints differently.</summary>
internal static partial class GoldenCases
{
    public static readonly IReadOnlyList<GoldenCase> All = [.. Tables(), .. TrainingSets(), .. TimeKinds(), .. Strategies(), .. Written(), .. Publishes(), .. Latests(), .. Whys(), .. Sparse(), .. Ended(), .. Matches(), .. Care(), .. Compiled(), .. HistoryGoldenCases.All()];

    public static GoldenCase Named(string name) => All.Single(one => one.Name == name);

    private static IEnumerable<GoldenCase> Tables()
    {
        yield return new("create_tables", () => CreateTables.For(Owned));
        yield return new("create_tables_every_type", () => CreateTables.For(EveryType));
        yield return new("create_tables_every_key_type", () => CreateTables.For(EveryKey));
        yield return new("create_tables_existing", () => CreateTables.For(Spend, Tier));
        yield return new("create_tables_three_part_name", () => CreateTables.For(Spend.History(TableName.Of("depot", "shop", "spend_log")).Latest(TableName.Of("depot", "shop", "spend_now"))));
        yield return new("drop_tables", () => DropTables.For([.. Owned, Tier]));
    }

    private static IEnumerable<GoldenCase> TrainingSets()
    {
        yield return new("training_set", () => Orders.Join(Spend));
        yield return new("training_set_several", () => Orders.Join(Spend).Join(Balance).Join(Stock).Join(Score).Join(Tier));
        yield return new("training_set_max_age", () => Orders.Join(Balance));
        yield return new("training_set_max_age_of_join", () => Orders.Join(Spend, maxAge: TimeSpan.FromMilliseconds(1.5)));
        yield return new("training_set_composite_key", () => Orders.Join(Stock));
        yield return new("training_set_roles", () => Orders.Join(Spend, ["spend_7d"], "buyer").Join(Spend, ["vip", "spend_7d"], "referrer", new Dictionary<string, string> { ["customer_id"] = "referrer_id" }));
        yield return new("training_set_known_at", () => Orders.Join(Spend).Join(Tier).KnownAt(Cutoff));
        yield return new("training_set_known_at_event", () => Orders.Join(Spend).Join(Tier).KnownAtEvent());
        yield return new("training_set_strictly", () => Orders.Join(Spend).Join(Tier).Strictly());
        yield return new("training_set_strictly_known_at_event", () => Orders.Join(Balance).Join(Tier).Strictly().KnownAtEvent());
        yield return new("training_set_known_at_without_created_time", () => Orders.Join(Unordered).KnownAt(Cutoff));
        yield return new("training_set_without_created_time", () => Orders.Join(Unordered));
        yield return new("training_set_tie_breakers", () => Orders.Join(Tied));
        yield return new("training_set_existing_indexed", () => Orders.Join(Indexed));
        yield return new("training_set_existing_small_keys", () => Orders.Join(Tier.Shaped(new() { HasSmallKeys = true })));
        yield return new("training_set_named_tables", () => Orders.Join(Score));
        yield return new("training_set_undeclared_spine", () => Spine.From(TableName.Of("orders")).Join(Spend));
        yield return new("training_set_undeclared_spine_existing", () => Spine.From("orders").Join(Tier));
        yield return new("training_set_query_spine", () => Spine.Query("SELECT o.order_id, o.customer_id, o.event_timestamp\nFROM orders o -- only what was kept\nWHERE NOT o.returned;").Columns("order_id", "customer_id", "event_timestamp").Join(Spend));
        yield return new("training_set_rows_spine", () => Spine.Rows(new[]
        {
            new Order(1, 10, new(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(1)), "it's new"),
            new Order(2, null, null, null),
        }).Join(Spend));
        yield return new("training_set_order_by", () => Orders.Join(Spend).OrderBy("event_timestamp", "order_id", "customer_spend__vip"));
        yield return new("training_set_short_names", () => Orders.Join(Spend).Join(Balance).ShortNames());
    }

    private static IEnumerable<GoldenCase> TimeKinds()
    {
        foreach (var kind in Kinds)
        {
            var name = Column("training_set_existing", kind);
            var spine = kind == TimeKind.Ordinal ? OrderTimes(kind) : OrderTimes(TimeKind.Instant);
            yield return new(name, () => kind == TimeKind.Ordinal ? spine.Join(Existing(kind)) : spine.Join(Existing(kind).MaxAge(TimeSpan.FromDays(2))));
            yield return new(name + "_strictly", () => spine.Join(Existing(kind)).Strictly());
            yield return new(name + "_indexed", () => spine.Join(Existing(kind).Shaped(Indexes)));
            yield return new(name + "_indexed_strictly", () => spine.Join(Existing(kind).Shaped(Indexes)).Strictly());
            if (kind != TimeKind.Ordinal)
            {
                yield return new(name + "_known_at", () => spine.Join(Existing(kind)).KnownAt(Cutoff));
                yield return new(name + "_known_at_event", () => spine.Join(Existing(kind)).KnownAtEvent());
                yield return new(name + "_indexed_known_at_event", () => spine.Join(Existing(kind).Shaped(Indexes)).KnownAtEvent());
                yield return new(Column("training_set_spine", kind), () => OrderTimes(kind).Join(Balance));
                yield return new(Column("training_set_spine", kind) + "_strictly_known_at_event", () => OrderTimes(kind).Join(Spend).Strictly().KnownAtEvent());
            }
        }
    }

    private static IEnumerable<GoldenCase> Strategies()
    {
        foreach (var strategy in Enum.GetValues<AsOf>())
        {
            var name = "training_set_using_" + strategy.ToString().ToLowerInvariant();
            yield return new(name, () => Orders.Join(Balance).Using(strategy));
            yield return new(name + "_strictly", () => Orders.Join(Balance).Strictly().Using(strategy));
            yield return new(name + "_known_at_event", () => Orders.Join(Balance).KnownAtEvent().Using(strategy));
            yield return new(name + "_existing", () => Orders.Join(Tier).KnownAtEvent().Using(strategy));
        }
    }

    private static IEnumerable<GoldenCase> Written()
    {
        yield return new("into_table", () => Orders.Join(Spend).Into("train_new"));
        yield return new("into_table_replaced", () => Orders.Join(Spend).Into(TableName.Of("shop", "train"), IfExists.Replace));
        yield return new("into_table_appended", () => Spine.From("orders").Columns("order_id", "customer_id", "event_timestamp").Join(Spend).Into("train_log", IfExists.Append));
        yield return new("into_table_appended_undeclared_spine", () => Spine.From("orders").Join(Spend).Into("train_log", IfExists.Append));
        yield return new("into_table_rows_spine", () => Spine.Rows(new[] { new Order(1, 10, DateTimeOffset.UnixEpoch, null) }).Join(Spend).Into("train_new"));
    }

    private static IEnumerable<GoldenCase> Publishes()
    {
        yield return new("publish_table", () => Publish.From(Spend, "incoming_spend"));
        yield return new("publish_query", () => Publish.FromQuery(Balance, "SELECT customer_id, feature_timestamp, created_timestamp, spend_7d AS balance, 'b' AS segment\nFROM incoming_spend -- as of last night\n;"));
        yield return new("publish_rows", () => Publish.Rows(Spend));
        yield return new("publish_composite_key", () => Publish.From(Stock, "incoming_stock"));
        yield return new("publish_only_changed", () => Publish.From(Spend, "incoming_spend").OnlyChanged());
        yield return new("publish_without_created_time", () => Publish.FromQuery(Spend, "SELECT customer_id, feature_timestamp, spend_7d, orders_7d, vip FROM incoming_spend").WithoutCreatedTime());
        yield return new("publish_created_at", () => Publish.From(Spend, "incoming_spend").CreatedAt(Cutoff));
        yield return new("publish_named_tables", () => Publish.FromQuery(Score, "SELECT customer_id, feature_timestamp AS scored_at, created_timestamp AS stored_at, spend_7d AS score FROM incoming_spend"));
        yield return new("publish_every_type", () => Publish.From(EveryType, "incoming_profile"));
        yield return new("publish_existing_nullable_created_time", () => Publish.From(TierLog, "incoming_tiers"));
        yield return new("publish_existing_only_changed", () => Publish.From(TierLog, "incoming_tiers").OnlyChanged());
        yield return new("publish_existing_tie_breakers", () => Publish.From(RankLog, "incoming_ranks"));
        foreach (var kind in Kinds.Where(kind => kind is not (TimeKind.Instant or TimeKind.Ordinal)))
        {
            yield return new(Column("publish_times", kind), () => Publish.FromQuery(
                Spend, $"SELECT customer_id, {Column("at", kind)} AS feature_timestamp, {Column("at", kind)} AS created_timestamp, 1.5 AS spend_7d, 2 AS orders_7d, CAST(NULL AS boolean) AS vip FROM order_times WHERE customer_id IS NOT NULL").Times(kind, kind));
        }
    }

    private static IEnumerable<GoldenCase> Whys()
    {
        yield return new("why", () => Why.Of(Orders.Join(Spend), "customer_spend", [10], Cutoff));
        yield return new("why_all", () => Why.Of(Orders.Join(Spend), "customer_spend", [10], Cutoff).All());
        yield return new("why_max_age_known_at_event", () => Why.Of(Orders.Join(Balance).KnownAtEvent(), "customer_balance", [10], Cutoff).Around(2));
        yield return new("why_strictly_known_at", () => Why.Of(Orders.Join(Stock).Strictly().KnownAt(Cutoff), "shelf_stock", ["it's here", 7], Cutoff.AddDays(1)));
        yield return new("why_existing", () => Why.Of(Orders.Join(Tier).KnownAtEvent(), "customer_tier", [10], Cutoff));
        yield return new("why_existing_tie_breakers", () => Why.Of(Orders.Join(Tied), "customer_tier", [10], Cutoff));
        yield return new("why_existing_seconds", () => Why.Of(Orders.Join(Existing(TimeKind.EpochSeconds).MaxAge(TimeSpan.FromDays(2))).Strictly(), "customer_tier", [10], Cutoff));
        yield return new("why_existing_text", () => Why.Of(Orders.Join(Existing(TimeKind.Text)).Strictly().KnownAtEvent(), "customer_tier", [10], Cutoff));
        yield return new("why_ordinal", () => Why.Of(OrderTimes(TimeKind.Ordinal).Join(Existing(TimeKind.Ordinal)), "customer_tier", [10], 3L));
        yield return new("why_null_key_and_instant", () => Why.Of(Orders.Join(Spend), "customer_spend", [null], (DateTimeOffset?)null));
        yield return new("why_tombstones", () => Why.Of(Orders.Join(Member), "customer_member", [10], Cutoff));
        yield return new("why_sparse", () => Why.Of(Orders.Join(Signals, ["spend_7d", "vip"]), "customer_signals", [10], Cutoff).Around(2));
        yield return new("why_sparse_tombstones_known_at_event", () => Why.Of(Orders.Join(Habits).KnownAtEvent(), "customer_habits", [10], Cutoff));
        yield return new("why_sparse_existing_all", () => Why.Of(Orders.Join(SparseRank), "customer_tier", [10], Cutoff).All());
        yield return new("why.compiled", () => Why.Of(Orders.Join(Balance), "customer_balance", [10], Cutoff), IsCompiled: true);
    }

    private static IEnumerable<GoldenCase> Latests()
    {
        yield return new("latest", () => Latest.Of(Spend));
        yield return new("latest_at", () => Latest.Of(Balance).At(Cutoff));
        yield return new("latest_keys", () => Latest.Of(Stock).Keys(Spine.From("orders")));
        yield return new("latest_keys_query", () => Latest.Of(Spend).Keys(Spine.Query("SELECT referrer_id AS customer_id FROM orders")));
        yield return new("latest_keys_rows", () => Latest.Of(Spend).Keys(Spine.Rows(new[] { new CustomerKey(10), new CustomerKey(11) })));
        yield return new("latest_existing", () => Latest.Of(Tier));
        yield return new("latest_existing_at", () => Latest.Of(Existing(TimeKind.Date).MaxAge(TimeSpan.FromDays(1))).At(Cutoff));
        yield return new("latest_existing_text", () => Latest.Of(Existing(TimeKind.Text)));
        yield return new("latest_existing_tie_breakers", () => Latest.Of(Tied));
        yield return new("latest_existing_without_created_time", () => Latest.Of(Unordered));
        yield return new("latest_existing_table", () => Latest.Of(TierLog));
        yield return new("unload", () => Unload.Of(Spend));
        yield return new("unload_since", () => Unload.Of(Spend, Cutoff));
        yield return new("unload_overlap", () => Unload.Of(Spend, Cutoff, TimeSpan.FromSeconds(1)));
        yield return new("unload_existing", () => Unload.Of(Tier));
        yield return new("unload_existing_tie_breakers", () => Unload.Of(Tied));
        yield return new("unload_existing_since", () => Unload.Of(TierLog, Cutoff));
    }

    private static IEnumerable<GoldenCase> Compiled()
    {
        foreach (var name in new[]
        {
            "create_tables", "training_set", "training_set_known_at", "training_set_strictly_known_at_event", "training_set_existing_date_known_at", "training_set_existing_text_known_at",
            "publish_table", "publish_created_at", "publish_sparse", "retract_query", "latest_at", "latest_existing_at", "unload_since",
        })
        {
            yield return new(name + ".compiled", () => Named(name).Statement(), IsCompiled: true);
        }
    }

    internal sealed record Order(long order_id, long? customer_id, DateTimeOffset? event_timestamp, string? note);

    internal sealed record CustomerKey(long customer_id);
}
