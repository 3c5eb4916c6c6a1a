using System.Numerics;
using static Distiller.Tests.Rows.OneValue;

namespace Distiller.Tests.Rows;

/// <summary>Numbers and flags reach their column exactly or are refused (B6).</summary>
public sealed class NumberTests
{
    [Fact]
    public void A_property_of_the_columns_own_type_is_taken_as_it_is()
    {
        Assert.Equal(true, Read(FeatureType.Bool, true));
        Assert.Equal(7, Read(FeatureType.Int32, 7));
        Assert.Equal(7L, Read(FeatureType.Int64, 7L));
        Assert.Equal(0.1f, Read(FeatureType.Float32, 0.1f));
        Assert.Equal(0.1, Read(FeatureType.Float64, 0.1));
        Assert.Equal(1.25m, Read(FeatureType.Decimal(5, 2), 1.25m));
    }

    [Fact]
    public void A_nullable_property_is_its_value_or_NULL()
    {
        Assert.Equal(false, Read(FeatureType.Bool, (bool?)false));
        Assert.Equal(7, Read(FeatureType.Int32, (int?)7));
        Assert.Equal(7L, Read(FeatureType.Int64, (int?)7));
        Assert.Equal(7L, Read(FeatureType.Int64, (long?)7));
        Assert.Equal(0.5, Read(FeatureType.Float64, (float?)0.5f));
        Assert.Equal(1.5m, Read(FeatureType.Decimal(5, 2), (decimal?)1.5m));
        Assert.Null(Read(FeatureType.Int32, (int?)null));
        Assert.Null(Read(FeatureType.Int64, (int?)null));
        Assert.Null(Read(FeatureType.Float64, (float?)null));
        Assert.Null(Read(FeatureType.Decimal(5, 2), (decimal?)null));
        Assert.Null(Read(FeatureType.Int32, (long?)null));
    }

    [Fact]
    public void Another_integer_type_is_taken_within_the_range()
    {
        Assert.Equal(7L, Read(FeatureType.Int64, 7));
        Assert.Equal(-7, Read(FeatureType.Int32, (short)-7));
        Assert.Equal(int.MaxValue, Read(FeatureType.Int32, (long)int.MaxValue));
        Assert.Equal(int.MinValue, Read(FeatureType.Int32, (long)int.MinValue));
        Assert.Equal(255, Read(FeatureType.Int32, (byte)255));
        Assert.Equal(long.MaxValue, Read(FeatureType.Int64, (ulong)long.MaxValue));
        Assert.Equal(long.MinValue, Read(FeatureType.Int64, new BigInteger(long.MinValue)));
        Assert.Equal(5L, Read(FeatureType.Int64, (Int128)5));
        Assert.Equal(5L, Read(FeatureType.Int64, 5.00m));
    }

    [Fact]
    public void An_integer_out_of_range_is_refused()
    {
        Assert.Contains("'2147483648' is outside the range of an int32; declare the column as int64", Refused(FeatureType.Int32, 2147483648L), StringComparison.Ordinal);
        Assert.Contains("'-2147483649'", Refused(FeatureType.Int32, -2147483649L), StringComparison.Ordinal);
        Assert.Contains("'9223372036854775808' is outside the range of an int64", Refused(FeatureType.Int64, 9223372036854775808UL), StringComparison.Ordinal);
        Assert.Contains("is outside the range of an int64", Refused(FeatureType.Int64, BigInteger.Pow(10, 60)), StringComparison.Ordinal);
        Assert.Contains("is outside the range of an int64", Refused(FeatureType.Int64, 9223372036854775808.0), StringComparison.Ordinal);
        Assert.Contains("is outside the range of an int64", Refused(FeatureType.Int64, UInt128.MaxValue), StringComparison.Ordinal);
    }

    [Fact]
    public void A_double_becomes_an_integer_only_if_it_is_one()
    {
        Assert.Equal(3, Read(FeatureType.Int32, 3.0));
        Assert.Equal(-9007199254740992L, Read(FeatureType.Int64, -9007199254740992.0));
        Assert.Contains("'3.5' is no whole number, as int64 needs; round it", Refused(FeatureType.Int64, 3.5), StringComparison.Ordinal);
        Assert.Contains("'NaN' is no whole number", Refused(FeatureType.Int32, double.NaN), StringComparison.Ordinal);
        Assert.Contains("'0.1' is no whole number", Refused(FeatureType.Int32, 0.1m), StringComparison.Ordinal);
    }

    [Fact]
    public void A_decimal_keeps_its_digits_and_drops_only_zeros()
    {
        Assert.Equal("1.5", Text(Read(FeatureType.Decimal(5, 1), 1.50m)));
        Assert.Equal("1.50", Text(Read(FeatureType.Decimal(5, 2), 1.50m)));
        Assert.Equal("9999.9", Text(Read(FeatureType.Decimal(5, 1), 9999.9m)));
        Assert.Equal("-9999.9", Text(Read(FeatureType.Decimal(5, 1), -9999.9m)));
        Assert.Equal(12m, Read(FeatureType.Decimal(5, 1), 12));
        Assert.Equal(9999999999999999999999999999m, Read(FeatureType.Decimal(28, 0), 9999999999999999999999999999m));

        Assert.Contains("'1.55' has more than 1 digits after the point, which decimal(5,1) does not keep; round it", Refused(FeatureType.Decimal(5, 1), 1.55m), StringComparison.Ordinal);
        Assert.Contains("'10000' has too many digits before the point for decimal(5,1)", Refused(FeatureType.Decimal(5, 1), 10000m), StringComparison.Ordinal);
        Assert.Contains("'-10000' has too many", Refused(FeatureType.Decimal(5, 1), -10000m), StringComparison.Ordinal);
        Assert.Contains("'10000' has too many", Refused(FeatureType.Decimal(5, 1), 10000L), StringComparison.Ordinal);
        Assert.Contains("has too many", Refused(FeatureType.Decimal(5, 1), Int128.MinValue), StringComparison.Ordinal);
    }

    [Fact]
    public void A_floating_point_number_becomes_the_decimal_it_prints_as()
    {
        Assert.Equal(19.99m, Read(FeatureType.Decimal(10, 2), 19.99));
        Assert.Equal(19.99m, Read(FeatureType.Decimal(10, 2), 19.99f));
        Assert.Equal(0.25m, Read(FeatureType.Decimal(10, 2), (Half)0.25f));
        Assert.Contains("'0.30000000000000004' has more than 2 digits", Refused(FeatureType.Decimal(10, 2), 0.1 + 0.2), StringComparison.Ordinal);
        Assert.Contains("'NaN' cannot be a decimal(10,2); give NULL", Refused(FeatureType.Decimal(10, 2), double.NaN), StringComparison.Ordinal);
        Assert.Contains("'Infinity' cannot be", Refused(FeatureType.Decimal(10, 2), double.PositiveInfinity), StringComparison.Ordinal);
        Assert.Contains("'1E-30' cannot be", Refused(FeatureType.Decimal(28, 28), 1e-30), StringComparison.Ordinal);
    }

    [Fact]
    public void A_double_becomes_a_float_only_if_it_is_one()
    {
        Assert.Equal(0.5f, Read(FeatureType.Float32, 0.5));
        Assert.Equal(float.NaN, Read(FeatureType.Float32, double.NaN));
        Assert.Equal(float.NegativeInfinity, Read(FeatureType.Float32, double.NegativeInfinity));
        Assert.Equal(16777216f, Read(FeatureType.Float32, 16777216));
        Assert.Contains("'0.1' is not exactly a float32; round it with (float), or declare the column as float64", Refused(FeatureType.Float32, 0.1), StringComparison.Ordinal);
        Assert.Contains("'1E+300' is not exactly", Refused(FeatureType.Float32, 1e300), StringComparison.Ordinal);
        Assert.Contains("'16777217' is not exactly", Refused(FeatureType.Float32, 16777217), StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_number_or_a_decimal_becomes_a_double_only_if_it_comes_back()
    {
        Assert.Equal(0.5, Read(FeatureType.Float64, 0.5f));
        Assert.Equal(9007199254740992.0, Read(FeatureType.Float64, 9007199254740992L));
        Assert.Equal(19.99, Read(FeatureType.Float64, 19.990m));
        Assert.Contains("'9007199254740993' has more digits than a float64 keeps", Refused(FeatureType.Float64, 9007199254740993L), StringComparison.Ordinal);
        Assert.Contains("has more digits", Refused(FeatureType.Float64, long.MaxValue), StringComparison.Ordinal);
        Assert.Contains("'0.12345678901234567890' has more digits", Refused(FeatureType.Float64, 0.12345678901234567890m), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_an_engine_that_keeps_NaN_takes_it()
    {
        Assert.Equal(double.NaN, Read(FeatureType.Float64, double.NaN, SqlDialect.PostgreSql));
        Assert.Equal(float.NaN, Read(FeatureType.Float32, float.NaN, SqlDialect.DuckDb));
        Assert.Equal(double.PositiveInfinity, Read(FeatureType.Float64, double.PositiveInfinity, SqlDialect.Sqlite));
        Assert.Contains("'NaN' is refused: SQLite keeps NaN as NULL", Refused(FeatureType.Float64, double.NaN, SqlDialect.Sqlite), StringComparison.Ordinal);
        Assert.Contains("SQLite keeps NaN as NULL", Refused(FeatureType.Float32, float.NaN, SqlDialect.Sqlite), StringComparison.Ordinal);
        Assert.Contains("SQLite keeps NaN as NULL", Refused(FeatureType.Float64, (float?)float.NaN, SqlDialect.Sqlite), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_no_number()
    {
        Assert.Contains("'12' is text, not a number; parse it in the source", Refused(FeatureType.Int32, "12"), StringComparison.Ordinal);
        Assert.Contains("'12' is text, not a number", Refused(FeatureType.Decimal(5, 1), "12"), StringComparison.Ordinal);
        Assert.Contains("'12' is a String, which does not fill a column of type float64", Refused(FeatureType.Float64, "12"), StringComparison.Ordinal);
        Assert.Contains("'12' is text, not a number", RefusedLoosely(StoredType.Of(FeatureType.Int64), "12"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_enum_is_no_number_by_itself()
    {
        Assert.Contains("'Monday' is a DayOfWeek, which does not fill a column of type int32", Refused(FeatureType.Int32, DayOfWeek.Monday), StringComparison.Ordinal);
        Assert.Contains("'Monday' is a DayOfWeek", Refused(FeatureType.String, DayOfWeek.Monday), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bool_is_a_bool_and_1_or_0_only_where_the_source_has_no_bools()
    {
        Assert.Equal(true, ReadLoosely(StoredType.Of(FeatureType.Bool), 1L));
        Assert.Equal(false, ReadLoosely(StoredType.Of(FeatureType.Bool), 0));
        Assert.Contains("'2' is no bool; give true or false", RefusedLoosely(StoredType.Of(FeatureType.Bool), 2L), StringComparison.Ordinal);
        Assert.Contains("'1' is no bool", Refused(FeatureType.Bool, 1), StringComparison.Ordinal);
        Assert.Contains("'true' is no bool", Refused(FeatureType.Bool, "true"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12.50", "12.5")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("0000000000000000000000000000000007.10000000000000000000000000000000", "7.1")]
    [InlineData("12", "12")]
    public void A_database_that_keeps_decimals_as_text_hands_them_on(string text, string expected) =>
        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), ReadLoosely(StoredType.Of(FeatureType.Decimal(10, 1)), text));

    [Theory]
    [InlineData("twelve")]
    [InlineData("")]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData(" 1")]
    [InlineData("0.00000000000000000000000000000000001")]
    [InlineData("1.00000000000000000000000000000000001")]
    public void Text_that_is_no_decimal_in_full_is_refused(string text) =>
        Assert.Contains("is no number that decimal(28,28) keeps in full", RefusedLoosely(StoredType.Of(FeatureType.Decimal(28, 28)), text), StringComparison.Ordinal);

    private static string Text(object? value) => ((decimal)value!).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
