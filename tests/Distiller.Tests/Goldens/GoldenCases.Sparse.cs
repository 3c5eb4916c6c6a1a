using static Distiller.Tests.Goldens.GoldenModel;

namespace Distiller.Tests.Goldens;

/// <summary>Sparse sets, keys that end or are erased, and what matches tell.</summary>
internal static partial class GoldenCases
{
    private const string Incoming = "SELECT customer_id, feature_timestamp, created_timestamp, spend_7d, orders_7d, vip FROM incoming_spend";

    private static IEnumerable<GoldenCase> Sparse()
    {
        yield return new("create_tables_sparse", () => CreateTables.For(Signals, Habits, Member));
        yield return new("publish_sparse", () => Publish.FromQuery(Signals, Incoming));
        yield return new("publish_sparse_tombstones", () => Publish.FromQuery(Habits, Incoming));
        yield return new("training_set_sparse", () => Orders.Join(Signals));
        yield return new("training_set_sparse_tombstones", () => Orders.Join(Habits));
        yield return new("training_set_sparse_known_at", () => Orders.Join(Signals, ["vip"]).KnownAt(Cutoff));
        yield return new("training_set_sparse_known_at_event", () => Orders.Join(Habits).KnownAtEvent());
        yield return new("training_set_sparse_strictly", () => Orders.Join(Signals).Strictly());
        yield return new("training_set_sparse_existing", () => Orders.Join(SparseTier));
        yield return new("training_set_sparse_existing_indexed", () => Orders.Join(SparseTier.Shaped(Indexes), maxAge: TimeSpan.FromDays(2)));
        yield return new("training_set_sparse_tie_breakers", () => Orders.Join(SparseRank));
        yield return new("training_set_sparse_undeclared_spine", () => Spine.From("orders").Join(Signals));
        foreach (var strategy in Enum.GetValues<AsOf>())
        {
            var name = "training_set_sparse_using_" + strategy.ToString().ToLowerInvariant();
            yield return new(name, () => Orders.Join(Signals).Using(strategy));
            yield return new(name + "_tombstones_match", () => Orders.Join(Habits).WithMatch().Using(strategy));
        }

        yield return new("latest_sparse", () => Latest.Of(Signals));
        yield return new("latest_sparse_at", () => Latest.Of(Habits).At(Cutoff));
        yield return new("latest_sparse_existing", () => Latest.Of(SparseTier.MaxAge(TimeSpan.FromDays(2))).At(Cutoff));
        yield return new("unload_sparse", () => Unload.Of(Habits, Cutoff));
        yield return new("unload_sparse_existing", () => Unload.Of(SparseRank));
    }

    private static IEnumerable<GoldenCase> Ended()
    {
        yield return new("publish_tombstones", () => Publish.FromQuery(Member, Incoming));
        yield return new("publish_tombstones_rows", () => Publish.Rows(Member));
        yield return new("retract_query", () => Retract.Of(Member, Spine.Query("SELECT customer_id FROM incoming_spend WHERE spend_7d = 5.0"), Cutoff));
        yield return new("retract_sparse", () => Retract.Of(Habits, Spine.Query("SELECT customer_id FROM incoming_spend WHERE spend_7d = 20.5"), Cutoff).CreatedAt(Cutoff.AddDays(1)));
        yield return new("retract_rows", () => Retract.Of(Member, Spine.Rows(new[] { new CustomerKey(10), new CustomerKey(12) }), Cutoff));
        yield return new("latest_tombstones", () => Latest.Of(Member));
        yield return new("unload_tombstones", () => Unload.Of(Member));
        yield return new("erase_query", () => Erase.Of([Member, Habits, Tier], Spine.Query("SELECT customer_id FROM incoming_spend WHERE spend_7d < 4")));
        yield return new("erase_rows", () => Erase.Of([Stock], Spine.Rows(new[] { new ShelfKey("it's", 1) })));
    }

    private static IEnumerable<GoldenCase> Matches()
    {
        yield return new("training_set_match", () => Orders.Join(Spend).WithMatch());
        yield return new("training_set_match_max_age", () => Orders.Join(Balance).Join(Tier, prefix: "tier").WithMatch());
        yield return new("training_set_match_tombstones", () => Orders.Join(Member).WithMatch());
        yield return new("training_set_match_known_at_event", () => Orders.Join(Member).KnownAtEvent().WithMatch());
        yield return new("training_set_match_short_names", () => Orders.Join(Balance).ShortNames().WithMatch());
    }

    internal sealed record ShelfKey(string store, int product_id);
}
