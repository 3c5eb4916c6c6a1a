namespace Distiller.Tests.Model;

/// <summary>Sparse sets, tombstones, matches: what is refused where it is said.</summary>
public sealed class SparseTests
{
    private static readonly Entity Customer = Entity.Create("customer").Key<long>("customer_id");

    private static readonly FeatureSet Spend = Customer.FeatureSet("spend").Feature<double>("spend_7d");

    [Fact]
    public void A_sparse_set_keeps_a_column_per_feature_for_its_event_time()
    {
        Throws.Argument(() => Spend.Feature<int>("spend_7d__AT").Sparse(), "'spend'", "the event time of the sparse feature 'spend_7d'", "as a feature");
        Throws.Argument(() => Spend.Sparse().Feature<int>("spend_7d__at"), "'spend_7d__at'");
        Assert.Equal(2, Spend.Feature<int>("spend_7d__at").Features.Count);
        Throws.Operation(() => Spend.Existing("theirs").Latest("now").Sparse(), "'spend' is sparse", "'now'", "leave Latest(...) out");
        Throws.Operation(() => Spend.Sparse().Existing("theirs").Latest("now"), "leave Latest(...) out");
        Assert.True(Spend.Sparse().Existing("theirs").IsSparse);
    }

    [Fact]
    public void Only_owned_sets_have_tombstones()
    {
        Throws.Operation(() => Spend.Existing("theirs").Tombstones(), "'spend'", "never altered");
        Throws.Operation(() => Spend.Tombstones().Existing("theirs"), "never altered");
        Throws.Operation(() => Retract.Of(Spend, Spine.From("gone"), DateTimeOffset.UnixEpoch), "'spend' has no tombstones", "Tombstones()", "EvolveAsync");
        Throws.Argument(() => Retract.Of(Spend.Tombstones(), Spine.From("gone").Columns("id"), DateTimeOffset.UnixEpoch), "'customer_id'", "they have id");
        Assert.Equal(Retract.Of(Spend.Tombstones(), Spine.From("gone"), DateTimeOffset.UnixEpoch), Retract.Of(Spend.Tombstones(), Spine.From("gone"), DateTimeOffset.UnixEpoch.AddTicks(9)));
    }

    [Fact]
    public void An_erasure_is_of_one_entity()
    {
        var other = Entity.Create("shop").Key<long>("shop_id").FeatureSet("stock").Feature<int>("n");
        Throws.Argument(() => Erase.Of([Spend, other], Spine.From("gone")), "'spend' is of entity 'customer'", "'stock' of 'shop'");
        Throws.Argument(() => Erase.Of([], Spine.From("gone")), "Name the feature sets");
        Throws.Argument(() => Erase.Of([Spend], Spine.From("gone").Columns("id")), "'customer_id'");
        Assert.Equal([Spend], Erase.Of([Spend, Spend], Spine.From("gone")).Sets);
    }

    [Fact]
    public void The_columns_of_a_match_have_one_owner_each()
    {
        var training = Spine.From("orders").Columns("customer_id", "event_timestamp", "spend__status").Join(Spend);
        Throws.Argument(() => training.WithMatch(), "'spend__status'", "the spine's column", "the status of the join 'spend'");
        Throws.Argument(() => Spine.From("orders").Join(Spend.Feature<int>("feature_timestamp_")).Join(Customer.FeatureSet("spend").Existing("t").EventTime("at").Feature<int>("status")).WithMatch(), "'spend__status'");
        Assert.NotEqual(Spine.From("orders").Join(Spend), Spine.From("orders").Join(Spend).WithMatch());
    }
}
