namespace Distiller.Tests.Model;

public sealed class EntityTests
{
    private static readonly Entity Seat = Entity.Create("seat").Key<long>("flight_id").Key<string>("seat_no");

    [Fact]
    public void Keys_keep_their_order_and_type()
    {
        var entity = Entity.Create("e").Key<int>("a").Key<long>("b").Key<string>("c").Key<Guid>("d").Key<DateOnly>("e").Key<bool>("f");

        Assert.Equal([new("a", FeatureType.Int32), new("b", FeatureType.Int64), new("c", FeatureType.String), new("d", FeatureType.Guid), new("e", FeatureType.Date), new("f", FeatureType.Bool)], entity.Keys);
    }

    [Fact]
    public void A_key_of_another_type_is_refused()
    {
        string[] said = ["Key 'k' of entity 'e'", "a key is an int32, int64, string, guid, date or bool"];
        foreach (var type in new[] { FeatureType.Float32, FeatureType.Float64, FeatureType.Decimal(9, 2), FeatureType.Bytes, FeatureType.Timestamp, FeatureType.Json, FeatureType.FloatVector })
        {
            Throws.Argument(() => Entity.Create("e").Key("k", type), said);
        }

        Throws.Argument(() => Entity.Create("e").Key<double>("k"), said);
        Throws.Argument(() => Entity.Create("e").Key<decimal>("k"), "FeatureType.Decimal(precision, scale)");
        Throws.Argument(() => Entity.Create("e").Key<object>("k"), "No feature type holds Object", "Use bool, int");
        Throws.Argument(() => Entity.Create("e").Key<DayOfWeek>("k"), "No feature type holds DayOfWeek");
    }

    [Fact]
    public void A_key_is_named_once_without_regard_to_case() => Throws.Argument(() => Seat.Key<int>("SEAT_NO"), "Entity 'seat' has a key 'SEAT_NO' already", "compared without case");

    [Fact]
    public void An_entity_without_a_key_has_no_feature_set() => Throws.Operation(() => Entity.Create("e").FeatureSet("s"), "Entity 'e' has no key", "Key<T>(name)", "FeatureSet(\"s\")");

    [Fact]
    public void Nothing_given_is_an_error()
    {
        Assert.Throws<ArgumentNullException>(() => Entity.Create(null!));
        Assert.Throws<ArgumentNullException>(() => Entity.Create("e").Key<int>(null!));
        Assert.Throws<ArgumentNullException>(() => Entity.Create("e").Key("k", null!));
        Throws.Argument(() => Entity.Create(" "), "An entity's name is empty", "visible character");
        Throws.Argument(() => Entity.Create("e").Key<int>(""), "A key of entity 'e' is empty");
    }

    [Fact]
    public void A_call_changes_a_copy()
    {
        var before = Entity.Create("e");
        var after = before.Key<int>("k").Describe("what");

        Assert.Empty(before.Keys);
        Assert.Null(before.Description);
        Assert.Single(after.Keys);
        Assert.Equal("what", after.Description);
    }

    [Fact]
    public void Equal_entities_are_equal()
    {
        Assert.Equal(Seat, Entity.Create("seat").Key<long>("flight_id").Key<string>("seat_no"));
        Assert.Equal(Seat.GetHashCode(), Entity.Create("seat").Key<long>("flight_id").Key<string>("seat_no").GetHashCode());
        Assert.NotEqual(Seat, Entity.Create("seat").Key<string>("seat_no").Key<long>("flight_id"));
        Assert.NotEqual(Seat, Entity.Create("seat").Key<int>("flight_id").Key<string>("seat_no"));
        Assert.NotEqual(Seat, Entity.Create("Seat").Key<long>("flight_id").Key<string>("seat_no"));
    }
}
