using static Distiller.Tests.Goldens.GoldenModel;

namespace Distiller.Tests.Goldens;

/// <summary>Histories as intervals and as events, and tables of intervals or without event time.</summary>
internal static class HistoryGoldenCases
{
    private static readonly FeatureSet SpendIntervals = Spend.Scd2("spend_intervals");

    private static readonly FeatureSet StockIntervals = Stock.Scd2(TableName.Of("shop", "stock_intervals"), collapsed: true, new("since", "until", "is_open"));

    private static readonly FeatureSet SignalIntervals = Signals.Scd2("signal_intervals");

    private static readonly FeatureSet Leaver = Customer.FeatureSet("customer_leaver").Feature<bool>("vip").Feature<int>("points").Tombstones();

    private static readonly FeatureSet TierIntervals = Tier.Scd2("tier_intervals");

    private static readonly FeatureSet Contracts = Customer.FeatureSet("contract").Feature<string>("tier").Feature<long>("points")
        .Existing("contracts").EventTime("valid_from").WithoutCreatedTime().ValidTo("valid_to");

    private static readonly FeatureSet ContractsByDay = Customer.FeatureSet("contract").Feature<string>("tier")
        .Existing("contracts").EventTime("from_day", TimeKind.Date).CreatedTime("known_at").ValidTo("to_day");

    private static readonly FeatureSet Country = Customer.FeatureSet("customer_country").Feature<string>("country").Existing("countries").Static();

    private static readonly FeatureSet Readings = Customer.FeatureSet("readings").Feature<double>("heat").Feature<int>("steps").Feature<bool>("awake");

    private static readonly FeatureSet Measures = Customer.FeatureSet("measures").Feature<double>("heat").Feature<double>("light");

    public static IEnumerable<GoldenCase> All() => [.. Intervals(), .. Events(), .. Validity()];

    private static IEnumerable<GoldenCase> Intervals()
    {
        yield return new("scd2", () => Scd2.Of(Spend));
        yield return new("scd2_collapsed", () => Scd2.Of(Spend).Collapsed());
        yield return new("scd2_composite_key", () => Scd2.Of(StockIntervals));
        yield return new("scd2_existing", () => Scd2.Of(Tier));
        yield return new("scd2_existing_tie_breakers", () => Scd2.Of(Tied).Collapsed());
        yield return new("scd2_view", () => Scd2.Of(Spend).AsView("spend_ranges"));
        yield return new("scd2_view_replaced", () => Scd2.Of(Spend).Collapsed().AsView(TableName.Of("shop", "spend_ranges"), replace: true));
        yield return new("create_tables_scd2", () => CreateTables.For(SpendIntervals, StockIntervals, TierIntervals, SignalIntervals, Leaver, Readings, Measures));
        yield return new("drop_tables_scd2", () => DropTables.For(Customer.FeatureSet("gone").Feature<int>("x").Scd2("gone_scd2")));
        yield return new("publish_scd2", () => Publish.From(SpendIntervals, "incoming_spend"));
        yield return new("refresh_scd2", () => RefreshScd2.Of(SpendIntervals));
        yield return new("refresh_scd2_anew", () => RefreshScd2.Of(SpendIntervals).Anew());
        yield return new("refresh_scd2_collapsed", () => RefreshScd2.Of(StockIntervals));
        yield return new("refresh_scd2_existing", () => RefreshScd2.Of(TierIntervals));
        yield return new("scd2_sparse", () => Scd2.Of(Signals));
        yield return new("scd2_tombstones", () => Scd2.Of(Leaver));
        yield return new("scd2_tombstones_collapsed", () => Scd2.Of(Leaver).Collapsed());
        yield return new("scd2_sparse_tombstones", () => Scd2.Of(Habits));
        yield return new("refresh_scd2_sparse", () => RefreshScd2.Of(SignalIntervals));
        yield return new("erase_scd2", () => Erase.Of([SpendIntervals, TierIntervals], Spine.Query("SELECT customer_id FROM incoming_spend WHERE spend_7d < 4")));
    }

    private static IEnumerable<GoldenCase> Events()
    {
        yield return new("eavt", () => Eavt.Of(Spend));
        yield return new("eavt_without_nulls", () => Eavt.Of(Tier).WithoutNulls().Named(new("what", "how_much")));
        yield return new("eavt_every_type", () => Eavt.Of(EveryType));
        yield return new("eavt_tombstones", () => Eavt.Of(Leaver));
        yield return new("pivot_tombstones", () => Pivot.From(Leaver, "incoming_events"));
        yield return new("publish_events_tombstones", () => PublishEvents.Of(Pivot.From(Leaver, "incoming_events").IgnoringOthers()));
        yield return new("eavt_view", () => Eavt.Of(Spend).AsView("spend_events"));
        yield return new("pivot", () => Pivot.From(Readings, "incoming_events"));
        yield return new("pivot_every_type", () => Pivot.FromQuery(EveryType, "SELECT customer_id, attribute, value, feature_timestamp, created_timestamp FROM incoming_events WHERE FALSE"));
        yield return new("pivot_values", () => Pivot.FromQuery(Measures, "SELECT customer_id, 'heat' AS sensor, 1.5 AS reading, feature_timestamp FROM incoming_events").Named(new("sensor", "reading")).WithoutCreatedTime().Values(FeatureType.Float64));
        yield return new("publish_events", () => PublishEvents.Of(Pivot.From(Readings, "incoming_events").Sparse().IgnoringOthers()).CreatedAt(Cutoff));
        yield return new("publish_events_dense", () => PublishEvents.Of(Pivot.From(Measures, "incoming_measures")));
        yield return new("publish_events_every_type", () => PublishEvents.Of(Pivot.FromQuery(EveryType, "SELECT customer_id, attribute, value, feature_timestamp, created_timestamp FROM incoming_events WHERE FALSE")));
    }

    private static IEnumerable<GoldenCase> Validity()
    {
        yield return new("training_set_intervals", () => Orders.Join(Contracts));
        yield return new("training_set_intervals_strictly", () => Orders.Join(Contracts, maxAge: TimeSpan.FromDays(9)).Strictly());
        yield return new("training_set_intervals_indexed", () => Orders.Join(Contracts.Shaped(Indexes)));
        yield return new("training_set_intervals_by_day", () => Orders.Join(ContractsByDay).KnownAt(Cutoff));
        yield return new("training_set_static", () => Orders.Join(Country).Join(Spend).Join(Country, prefix: "referrer", keys: new Dictionary<string, string> { ["customer_id"] = "referrer_id" }));
        yield return new("training_set_intervals_match", () => Orders.Join(Contracts).Join(Country).WithMatch());
        yield return new("why_intervals", () => Why.Of(Orders.Join(Contracts), "contract", [7L], Cutoff));
        yield return new("latest_intervals", () => Latest.Of(Contracts));
        yield return new("latest_intervals_at", () => Latest.Of(Contracts).At(Cutoff));
        yield return new("latest_static", () => Latest.Of(Country));
        yield return new("unload_intervals", () => Unload.Of(Contracts));
        yield return new("check_rows_intervals", () => CheckRows.Of(Contracts));
        yield return new("check_rows_intervals_by_day", () => CheckRows.Of(ContractsByDay));
        yield return new("check_rows_static", () => CheckRows.Of(Country));
    }
}
