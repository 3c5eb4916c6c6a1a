using static Distiller.Tests.Rows.OneValue;

namespace Distiller.Tests.Rows;

/// <summary>Instants are UTC, floored to microseconds (T1, T2), and never cut to a coarser unit (B6).</summary>
public sealed class TimeTests
{
    public static TheoryData<TimeKind> Instants => [TimeKind.Instant, TimeKind.Timestamp, TimeKind.Text, TimeKind.EpochMicroseconds];

    [Theory]
    [MemberData(nameof(Instants))]
    public void An_instant_is_floored_to_microseconds_also_before_1970(TimeKind kind)
    {
        Equal(Utc("2024-03-01 12:00:00.123456"), Read(kind, Utc("2024-03-01 12:00:00.1234569")));
        Equal(Utc("1969-12-31 23:59:59.999998"), Read(kind, Utc("1969-12-31 23:59:59.9999989")));
        Equal(Utc("1969-12-31 23:59:59.999999"), Read(kind, new DateTimeOffset(1970, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)).AddTicks(-1)));
        Equal(Utc("1969-12-31 23:59:59.999999"), Read(kind, (DateTimeOffset?)new DateTimeOffset(1970, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)).AddTicks(-1)));
    }

    [Fact]
    public void The_kind_of_a_DateTime_is_heeded()
    {
        var local = new DateTime(2024, 7, 1, 12, 0, 0, DateTimeKind.Local);

        Equal(Utc("2024-07-01 12:00:00"), Read(TimeKind.Instant, new DateTime(2024, 7, 1, 12, 0, 0, DateTimeKind.Unspecified)));
        Equal(Utc("2024-07-01 12:00:00"), Read(TimeKind.Instant, new DateTime(2024, 7, 1, 12, 0, 0, DateTimeKind.Utc)));
        Equal(local.ToUniversalTime(), Read(TimeKind.Instant, local));
        Equal(local.ToUniversalTime(), Read(TimeKind.Instant, (DateTime?)local));
        Equal(Utc("2024-07-01 10:00:00"), Read(TimeKind.Instant, new DateTimeOffset(2024, 7, 1, 12, 0, 0, TimeSpan.FromHours(2))));
    }

    [Fact]
    public void A_missing_instant_is_NULL()
    {
        Assert.Null(Read(TimeKind.Instant, (DateTime?)null));
        Assert.Null(Read(TimeKind.Instant, (DateTimeOffset?)null));
    }

    [Fact]
    public void The_loader_reads_every_kind_of_instant_as_DateTime()
    {
        using var reader = StageReader.Over([new { At = Utc("2024-01-01 00:00:05") }], [new StageColumn("at", StoredType.Of(TimeKind.EpochSeconds), NotNull: true)], Owner, SqlDialect.DuckDb);

        Assert.True(reader.Read());
        Equal(Utc("2024-01-01 00:00:05"), reader.GetDateTime(0));
        Assert.Equal(typeof(DateTime), reader.GetFieldType(0));
        Assert.Equal(new DateTimeOffset(2024, 1, 1, 0, 0, 5, TimeSpan.Zero), reader.GetFieldValue<DateTimeOffset>(0));
    }

    [Fact]
    public void An_instant_finer_than_the_columns_unit_is_refused()
    {
        Equal(Utc("2024-01-01 00:00:05"), Read(TimeKind.EpochSeconds, Utc("2024-01-01 00:00:05.0000009")));
        Equal(Utc("1969-12-31 23:59:58.999"), Read(TimeKind.EpochMilliseconds, Utc("1969-12-31 23:59:58.999")));
        Assert.Contains("'2024-01-01 00:00:05.1' would be cut: the column keeps time (EpochSeconds)", Refused(StoredType.Of(TimeKind.EpochSeconds), Utc("2024-01-01 00:00:05.1")), StringComparison.Ordinal);
        Assert.Contains("would be cut", Refused(StoredType.Of(TimeKind.EpochMilliseconds), Utc("1969-12-31 23:59:58.9991")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_count_is_taken_where_the_column_counts()
    {
        Equal(Utc("2024-01-01 00:00:05"), Read(TimeKind.EpochSeconds, 1704067205L));
        Equal(Utc("1969-12-31 23:59:59"), Read(TimeKind.EpochSeconds, -1));
        Equal(Utc("1969-12-31 23:59:59.999"), Read(TimeKind.EpochMilliseconds, -1L));
        Equal(Utc("1970-01-01 00:00:00.000001"), Read(TimeKind.EpochMicroseconds, 1L));
        Assert.Equal(42L, Read(TimeKind.Ordinal, 42));
        Assert.Contains("is a Int64, which does not fill a column of type timestamp", Refused(StoredType.Instant, 1704067205L), StringComparison.Ordinal);
        Assert.Contains("is outside the years 1 to 9999", Refused(StoredType.Of(TimeKind.EpochSeconds), long.MaxValue), StringComparison.Ordinal);
        Assert.Contains("is outside the years 1 to 9999", Refused(StoredType.Of(TimeKind.EpochSeconds), Int128.MaxValue), StringComparison.Ordinal);
        Assert.Contains("does not fill a column of type time (Ordinal)", Refused(StoredType.Of(TimeKind.Ordinal), Utc("2024-01-01")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_date_is_an_instant_only_in_a_column_of_dates()
    {
        Equal(Utc("2024-03-01"), Read(TimeKind.Date, new DateOnly(2024, 3, 1)));
        Equal(Utc("2024-03-01"), Read(TimeKind.Date, Utc("2024-03-01")));
        Equal(Utc("1960-03-01"), Read(TimeKind.Date, Utc("1960-03-01")));
        Assert.Contains("'2024-03-01' is a date without a time; give the instant, or declare the column as TimeKind.Date", Refused(StoredType.Instant, new DateOnly(2024, 3, 1)), StringComparison.Ordinal);
        Assert.Contains("'2024-03-01 00:00:01' is no midnight in UTC", Refused(StoredType.Of(TimeKind.Date), Utc("2024-03-01 00:00:01")), StringComparison.Ordinal);
        Assert.Contains("is no midnight in UTC", Refused(StoredType.Of(TimeKind.Date), new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.FromHours(2))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_date_feature_takes_a_midnight_and_no_other_instant()
    {
        Assert.Equal(new DateOnly(2024, 3, 1), Read(FeatureType.Date, new DateOnly(2024, 3, 1)));
        Assert.Equal(new DateOnly(2024, 3, 1), Read(FeatureType.Date, (DateOnly?)new DateOnly(2024, 3, 1)));
        Assert.Equal(new DateOnly(2024, 3, 1), Read(FeatureType.Date, new DateTime(2024, 3, 1, 0, 0, 0, DateTimeKind.Unspecified)));
        Assert.Equal(new DateOnly(2024, 3, 1), Read(FeatureType.Date, new DateTimeOffset(2024, 3, 1, 2, 0, 0, TimeSpan.FromHours(2))));
        Assert.Contains("'2024-03-01 00:00:00.0000001' is no midnight in UTC, and a date would cut its time", Refused(FeatureType.Date, Utc("2024-03-01").AddTicks(1)), StringComparison.Ordinal);
        Assert.Contains("'2024-03-01' is text, not a date", Refused(FeatureType.Date, "2024-03-01"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-03-01 12:00:00", "2024-03-01 12:00:00")]
    [InlineData("2024-03-01 12:00:00.5", "2024-03-01 12:00:00.5")]
    [InlineData("2024-03-01 12:00:00.1234567", "2024-03-01 12:00:00.123456")]
    [InlineData("1969-12-31 23:59:59.9999999", "1969-12-31 23:59:59.999999")]
    public void A_database_that_keeps_instants_as_text_hands_them_on(string text, string expected)
    {
        Equal(Utc(expected), ReadLoosely(StoredType.Instant, text));
        Assert.Contains($"'{text}' is text, not an instant; parse it", Refused(StoredType.Instant, text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-03-01T12:00:00")]
    [InlineData("2024-03-01 12:00:00Z")]
    [InlineData("2024-03-01 12:00:00+02:00")]
    [InlineData("2024-03-01 12:00")]
    [InlineData("2024-03-01 12:00:00.")]
    [InlineData("2024-03-01 12:00:00.12345678")]
    [InlineData("2024-02-30 12:00:00")]
    [InlineData(" 2024-03-01 12:00:00")]
    [InlineData("")]
    public void Text_of_another_form_is_refused(string text) =>
        Assert.Contains($"'{text}' is no instant written as yyyy-MM-dd HH:mm:ss with 0 to 7 fraction digits; write it so in UTC, without T, Z or offset", RefusedLoosely(StoredType.Instant, text), StringComparison.Ordinal);

    [Fact]
    public void A_database_that_keeps_dates_as_text_hands_them_on()
    {
        Assert.Equal(new DateOnly(2024, 3, 1), ReadLoosely(StoredType.Of(FeatureType.Date), "2024-03-01"));
        Assert.Equal(new DateOnly(2024, 3, 1), ReadLoosely(StoredType.Of(FeatureType.Date), "2024-03-01 00:00:00"));
        Equal(Utc("2024-03-01"), ReadLoosely(StoredType.Of(TimeKind.Date), "2024-03-01"));
        Assert.Contains("is no midnight", RefusedLoosely(StoredType.Of(FeatureType.Date), "2024-03-01 10:00:00"), StringComparison.Ordinal);
        Assert.Contains("'1.3.2024' is no date written as yyyy-MM-dd", RefusedLoosely(StoredType.Of(FeatureType.Date), "1.3.2024"), StringComparison.Ordinal);
        Assert.Contains("is a date without a time", RefusedLoosely(StoredType.Instant, "2024-03-01"), StringComparison.Ordinal);
    }

    private static void Equal(DateTime expected, object? actual)
    {
        var instant = Assert.IsType<DateTime>(actual);
        Assert.Equal(expected, instant);
        Assert.Equal(DateTimeKind.Utc, instant.Kind);
    }
}
