using System.Text;

namespace Distiller.Tests.Online;

/// <summary>The bytes that other languages read, and that scripts compare.</summary>
public sealed class OnlineLayoutTests
{
    [Fact]
    public void O2_a_bucket_is_the_hash_slot_of_redis_modulo_the_buckets()
    {
        // The check value of CRC-16/XMODEM.
        Assert.Equal(0x31C3, OnlineKeys.Crc16("123456789"));
        Assert.Equal(0x31C3 % 16, OnlineKeys.Bucket("123456789", 16));
        Assert.Equal("p:set:{3}:123456789", OnlineKeys.Whole("p:set:", "123456789", 16));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("{a}")]
    [InlineData("a!b")]
    [InlineData("ä")]
    public void O2_a_prefix_with_a_meaning_in_keys_is_refused(string prefix) => Assert.Throws<ArgumentException>(() => new OnlineOptions { Prefix = prefix });

    [Fact]
    public void O2_every_key_comes_back_from_its_text()
    {
        var keys = Entity.Create("e").Key<long>("a").Key<string>("b").Key<Guid>("c").Key<DateOnly>("d").Key<bool>("e").Key<int>("f").Keys;
        object[] values = [long.MinValue, "a:b%:{x} ä日🙂\0", Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"), new DateOnly(1969, 1, 2), true, -1];
        var text = OnlineKeys.Text(keys, values);
        Assert.Equal("-9223372036854775808:a%3Ab%25%3A%7Bx%7D%20%C3%A4%E6%97%A5%F0%9F%99%82%00:01234567-89ab-cdef-0123-456789abcdef:1969-01-02:true:-1", text);
        Assert.Equal(values, OnlineKeys.Values(keys, text!));
        Assert.Null(OnlineKeys.Text(keys, [1L, null, values[2], values[3], values[4], values[5]]));
    }

    [Fact]
    public void O3_ranks_order_as_the_values_do()
    {
        AssertOrder([long.MinValue, -1L, 0L, 1L, long.MaxValue], value => OnlineLayout.Time(value));
        AssertOrder([null, new DateTime(1, 1, 1), new DateTime(1969, 12, 31, 23, 59, 59), new DateTime(2026, 1, 1), new DateTime(9999, 12, 31)], OnlineLayout.Time);
        var set = Entity.Create("e").Key<int>("k").FeatureSet("s").Existing("s").WithoutCreatedTime().TieBreaker("t");
        AssertOrder([null, double.NegativeInfinity, -1e300, -1.5, -double.Epsilon, 0.0, double.Epsilon, 1.5, double.PositiveInfinity, double.NaN], Tie);
        AssertOrder([null, decimal.MinValue, -10m, -9.5m, -0.1m, 0m, 0.1m, 9.5m, 10m, decimal.MaxValue], Tie);
        AssertOrder([null, "", "\0", "a", "a\0", "aa", "b", "\uFFFD", "🙂"], Tie);
        AssertOrder([null, Array.Empty<byte>(), new byte[] { 0 }, new byte[] { 0, 0 }, new byte[] { 255 }], Tie);
        AssertOrder([null, false, true], Tie);
        AssertOrder([null, DateOnly.MinValue, new DateOnly(2026, 1, 1)], Tie);

        string Tie(object? value) => OnlineLayout.Ties(set, [value]);
    }

    private static void AssertOrder(object?[] ascending, Func<object?, string> rank)
    {
        for (var i = 1; i < ascending.Length; i++)
        {
            var (lower, higher) = (Encoding.ASCII.GetBytes(rank(ascending[i - 1]) + "\","), Encoding.ASCII.GetBytes(rank(ascending[i]) + "\","));
            Assert.True(lower.AsSpan().SequenceCompareTo(higher) < 0, $"{ascending[i - 1]} is not below {ascending[i]}");
        }
    }
}
