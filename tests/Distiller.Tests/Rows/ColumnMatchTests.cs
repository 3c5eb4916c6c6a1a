using System.ComponentModel.DataAnnotations.Schema;
using System.Data.Common;

namespace Distiller.Tests.Rows;

/// <summary>Which property fills which column, and what is said where none or two do.</summary>
public sealed class ColumnMatchTests
{
    private interface INamed
    {
        int CustomerId { get; }
    }

    private interface IScored : INamed
    {
        double Score { get; }
    }

    [Fact]
    public void Case_and_underscores_do_not_matter()
    {
        Assert.Equal(7L, First("customer_id", new { CustomerId = 7L }));
        Assert.Equal(7L, First("CustomerID", new { customer_id = 7L }));
        Assert.Equal(7L, First("_customer__id_", new { CUSTOMERID = 7L }));
    }

    [Fact]
    public void A_column_attribute_wins_over_the_names()
    {
        Assert.Equal(1L, First("amount", new Renamed()));
        Assert.Equal(1L, First("AMOUNT", new Renamed()));
    }

    [Fact]
    public void A_renamed_property_no_longer_answers_to_its_own_name()
    {
        var error = Assert.Throws<ArgumentException>(() => First("total", new Renamed()));

        Assert.Contains("no property of Renamed fills the column 'total'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_properties_for_one_column_are_an_error_with_a_way_out()
    {
        var error = Assert.Throws<ArgumentException>(() => First("customer_id", new { CustomerId = 1L, Customer_Id = 2L }));

        Assert.Contains("Column 'customer_id' matches the properties 'CustomerId' and 'Customer_Id' of the anonymous type. Put [Column(\"customer_id\")] on the one meant, or [NotMapped] on the other.", error.Message, StringComparison.Ordinal);
        Assert.Equal(2L, First("customer_id", new Hinted()));
        Assert.Equal(1L, First("customer_id", new Unmapped()));
    }

    [Fact]
    public void Two_columns_for_one_property_are_an_error_with_a_way_out()
    {
        var error = Assert.Throws<ArgumentException>(() => Over([new { CustomerId = 1L }], "customer_id", "customerid"));

        Assert.Contains("The columns 'customer_id' and 'customerid' both match the property 'CustomerId'", error.Message, StringComparison.Ordinal);
        Assert.Contains("[Column(", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_without_a_property_is_an_error_that_tells_what_there_is()
    {
        var error = Assert.Throws<ArgumentException>(() => Over([new { CustomerId = 1L, Kind = "x" }], "customer_id", "balance"));

        Assert.Contains("Feature set 'orders', table 'orders_history': no property of the anonymous type fills the column 'balance'; it has CustomerId, Kind.", error.Message, StringComparison.Ordinal);
        Assert.Contains("[Column(\"balance\")]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_static_private_and_indexed_properties_are_no_columns()
    {
        var error = Assert.Throws<ArgumentException>(() => Over([new Odd()], "amount"));

        Assert.Contains("it has no readable public property (fields do not count)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_names_are_refused()
    {
        Assert.Contains("Rows of ValueTuple<Int64, String> have no column names (a tuple's are gone when it runs); use a record", Assert.Throws<ArgumentException>(() => Over([(Amount: 1L, Kind: "x")], "amount")).Message, StringComparison.Ordinal);
        Assert.Contains("Rows of Int64 have no column names", Assert.Throws<ArgumentException>(() => Over([1L], "amount")).Message, StringComparison.Ordinal);
        Assert.Contains("Rows of String have no column names", Assert.Throws<ArgumentException>(() => Over(["x"], "length")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_row_type_is_read()
    {
        Assert.Equal(1L, First("amount", new { Amount = 1L }));
        Assert.Equal(2L, First("amount", new Point(2, null)));
        Assert.Equal(3.5, First("rate", new Point(2, 3.5), FeatureType.Float64));
        Assert.Equal("x", First("name", new Mutable { Name = "x" }, FeatureType.String));
        Assert.Equal(4L, First("amount", new Derived()));
        Assert.Equal("base", First("kind", new Derived(), FeatureType.String));
        Assert.Equal(5, First<IScored>("customer_id", new Scored(), FeatureType.Int32));
        Assert.Equal(0.5, First<IScored>("score", new Scored(), FeatureType.Float64));
    }

    [Fact]
    public void A_struct_row_is_read_fresh_each_time()
    {
        using var reader = Over([new Point(1, 0.5), new Point(2, null)], "amount", "rate");

        Assert.True(reader.Read());
        Assert.Equal((1L, 0.5), (reader.GetInt64(0), reader.GetDouble(1)));
        Assert.True(reader.Read());
        Assert.Equal(2L, reader.GetInt64(0));
        Assert.True(reader.IsDBNull(1));
        Assert.False(reader.Read());
    }

    [Fact]
    public void A_source_column_is_found_by_the_closest_name()
    {
        Assert.Equal(1, ColumnMatch.Position(["A_B", "a_b", "ab"], "a_b"));
        Assert.Equal(0, ColumnMatch.Position(["A_B", "ab"], "a_b"));
        Assert.Equal(0, ColumnMatch.Position(["AB", "c"], "a_b"));
        Assert.Equal(-1, ColumnMatch.Position(["x"], "a_b"));
        Assert.Contains("'AB' and 'ab' both match the column 'a_b'", Assert.Throws<ArgumentException>(() => ColumnMatch.Position(["AB", "ab"], "a_b")).Message, StringComparison.Ordinal);
    }

    private static object First<T>(string column, T row, FeatureType? type = null)
    {
        using var reader = StageReader.Over([row], [new StageColumn(column, StoredType.Of(type ?? FeatureType.Int64), NotNull: true)], OneValue.Owner, SqlDialect.DuckDb);
        Assert.True(reader.Read());
        return reader.GetValue(0);
    }

    private static DbDataReader Over<T>(IEnumerable<T> rows, params string[] columns) => StageReader.Over(
        rows, [.. columns.Select((column, i) => new StageColumn(column, StoredType.Of(i == 0 ? FeatureType.Int64 : FeatureType.Float64), NotNull: false))], OneValue.Owner, SqlDialect.DuckDb);

    private readonly record struct Point(long Amount, double? Rate);

    private sealed class Renamed
    {
        public long Amount => 2;

        [Column("amount")]
        public long Total => 1;
    }

    private sealed class Hinted
    {
        public long CustomerId => 1;

        [Column("customer_id")]
        public long Customer_Id => 2;
    }

    private sealed class Unmapped
    {
        public long CustomerId => 1;

        [NotMapped]
        public long Customer_Id => 2;
    }

    private sealed class Odd
    {
        public readonly long amount = 1;

        public static long Amount => 1;

        public long AMOUNT
        {
            private get => amount;
            set => _ = value;
        }

        public long this[int amount] => amount;

        public ReadOnlySpan<char> AmounT => "";
    }

    private sealed class Mutable
    {
        public string? Name { get; set; }
    }

    private class Parent
    {
        public string Kind => "base";

        public int Amount => 3;
    }

    private sealed class Derived : Parent
    {
        public new long Amount => 4;
    }

    private sealed class Scored : IScored
    {
        public int CustomerId => 5;

        public double Score => 0.5;
    }
}
