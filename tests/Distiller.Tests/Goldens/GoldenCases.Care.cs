using static Distiller.Tests.Goldens.GoldenModel;

namespace Distiller.Tests.Goldens;

/// <summary>Looking after tables and training sets: reconcile, retention, backfill, coverage, checksum, restatement, catalog.</summary>
internal static partial class GoldenCases
{
    private static IEnumerable<GoldenCase> Care()
    {
        yield return new("reconcile", () => Reconcile.Of(Spend));
        yield return new("reconcile_composite_key", () => Reconcile.Of(Stock).Showing(5));
        yield return new("reconcile_tombstones", () => Reconcile.Of(Member));
        yield return new("reconcile_sparse_tombstones", () => Reconcile.Of(Habits));
        yield return new("reconcile_existing", () => Reconcile.Of(TierLog));
        yield return new("reconcile_existing_tie_breakers", () => Reconcile.Of(RankLog));
        yield return new("reconcile_repair", () => Reconcile.Of(Spend).Repair());
        yield return new("reconcile_repair_sparse_tombstones", () => Reconcile.Of(Habits).Repair());
        yield return new("reconcile_repair_existing", () => Reconcile.Of(TierLog).Repair());
        yield return new("prune", () => Prune.Of(Spend, Cutoff));
        yield return new("prune_report", () => Prune.Of(Spend, Cutoff).Report());
        yield return new("prune_sparse_tombstones", () => Prune.Of(Habits, Cutoff));
        yield return new("prune_existing", () => Prune.Of(TierLog, Cutoff));
        yield return new("prune_existing_tie_breakers", () => Prune.Of(RankLog, Cutoff));
        yield return new("coverage", () => Coverage.Of(Orders.Join(Balance).Join(Stock)));
        yield return new("coverage_sparse_tombstones", () => Coverage.Of(Orders.Join(Habits)));
        yield return new("coverage_existing_seconds", () => Coverage.Of(OrderTimes(TimeKind.EpochSeconds).Join(Existing(TimeKind.Date))));
        yield return new("coverage_ordinal", () => Coverage.Of(OrderTimes(TimeKind.Ordinal).Join(Existing(TimeKind.Ordinal))));
        yield return new("coverage_rows_spine", () => Coverage.Of(Spine.Rows(new[] { new Order(1, 10, Cutoff, null) }).Join(Spend)));
        yield return new("checksum", () => Checksum.Of(Orders.Join(Spend).Join(Stock)));
        yield return new("checksum_every_type", () => Checksum.Of(Orders.Join(EveryType)));
        yield return new("restatement", () => Restatement.Of(Orders.Join(Spend, ["spend_7d", "vip"]).Join(Tier, ["tier"]), Cutoff));
        yield return new("restatement_now", () => Restatement.Of(Orders.Join(Spend, ["vip"]).ShortNames(), Cutoff, Cutoff.AddDays(1)).Showing(3));
        yield return new("restatement_rows_spine", () => Restatement.Of(Spine.Rows(new[] { new Order(1, 10, Cutoff, "it's new") }).Join(Spend, ["vip"]), Cutoff));
        yield return new("backfill", () => Backfill.Of(Publish.From(Spend, "incoming_spend"), Cutoff.AddDays(-2), Cutoff, TimeSpan.FromDays(1)));
        yield return new("backfill_query", () => Backfill.Of(
            Publish.FromQuery(Spend, "SELECT customer_id, at_date AS feature_timestamp, 1.5 AS spend_7d, 2 AS orders_7d, CAST(NULL AS boolean) AS vip\nFROM order_times\nWHERE customer_id IS NOT NULL").Times(TimeKind.Date).WithoutCreatedTime().CreatedAt(Cutoff),
            Cutoff.AddDays(-40),
            Cutoff,
            TimeSpan.FromDays(40)));
        yield return new("catalog", () => FeatureCatalog.Of(Spend, Habits, Tier, Existing(TimeKind.Ordinal)));
        yield return new("view_of_catalog", () => FeatureCatalog.Of(Balance, TierLog).AsView("feature_catalog"));
        yield return new("describe_tables", () => DescribeTables.For(Spend, Habits, Tier));
        foreach (var name in new[] { "reconcile_repair", "prune" })
        {
            yield return new(name + ".compiled", () => Named(name).Statement(), IsCompiled: true);
        }
    }
}
