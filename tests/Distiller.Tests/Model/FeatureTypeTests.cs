namespace Distiller.Tests.Model;

public sealed class FeatureTypeTests
{
    [Fact]
    public void A_type_of_NET_has_a_feature_type_nullable_or_not()
    {
        Assert.Equal(FeatureType.Bool, FeatureType.Of<bool>());
        Assert.Equal(FeatureType.Int32, FeatureType.Of<int?>());
        Assert.Equal(FeatureType.Int64, FeatureType.Of<long>());
        Assert.Equal(FeatureType.Float32, FeatureType.Of<float?>());
        Assert.Equal(FeatureType.Float64, FeatureType.Of<double>());
        Assert.Equal(FeatureType.String, FeatureType.Of<string>());
        Assert.Equal(FeatureType.Bytes, FeatureType.Of<byte[]>());
        Assert.Equal(FeatureType.Date, FeatureType.Of<DateOnly?>());
        Assert.Equal(FeatureType.Timestamp, FeatureType.Of<DateTime>());
        Assert.Equal(FeatureType.Timestamp, FeatureType.Of<DateTimeOffset?>());
        Assert.Equal(FeatureType.Guid, FeatureType.Of<Guid>());
        Assert.Equal(FeatureType.FloatVector, FeatureType.Of<float[]>());
    }

    [Fact]
    public void Another_type_is_refused_naming_what_is_possible()
    {
        Throws.Argument(() => FeatureType.Of<decimal>(), "precision and scale", "FeatureType.Decimal(precision, scale)");
        Throws.Argument(() => FeatureType.Of<TimeSpan>(), "No feature type holds TimeSpan", "Use bool, int, long");
        Throws.Argument(() => FeatureType.Of<short>(), "No feature type holds Int16");
        Throws.Argument(() => FeatureType.Of<uint>(), "No feature type holds UInt32");
        Throws.Argument(() => FeatureType.Of<double[]>(), "No feature type holds Double[]");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(29, 0)]
    [InlineData(-1, 0)]
    public void A_decimal_has_a_precision_that_NET_holds(int precision, int scale) => Throws.Argument(() => FeatureType.Decimal(precision, scale), "precision of 1 to 28");

    [Theory]
    [InlineData(5, 6)]
    [InlineData(5, -1)]
    public void A_decimal_has_a_scale_within_its_precision(int precision, int scale) => Throws.Argument(() => FeatureType.Decimal(precision, scale), "scale of 0 to 5");

    [Fact]
    public void A_vector_has_an_element() => Throws.Argument(() => FeatureType.Vector(0), "at least one element", "FeatureType.FloatVector");

    [Fact]
    public void Types_are_equal_by_value_and_say_what_they_are()
    {
        Assert.Equal(FeatureType.Decimal(5, 2), FeatureType.Decimal(5, 2));
        Assert.NotEqual(FeatureType.Decimal(5, 2), FeatureType.Decimal(5, 3));
        Assert.NotEqual(FeatureType.Vector(3), FeatureType.FloatVector);
        Assert.Equal("decimal(5,2)", FeatureType.Decimal(5, 2).ToString());
        Assert.Equal("float vector[3]", FeatureType.Vector(3).ToString());
        Assert.Equal("int64", FeatureType.Int64.ToString());
    }
}
