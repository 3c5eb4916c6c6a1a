using System.ComponentModel.DataAnnotations.Schema;

namespace Distiller.Tests.Rows;

/// <summary>A spine in memory has a column for each property of its rows.</summary>
public sealed class SpineRowsTests
{
    [Fact]
    public void Columns_are_the_properties_in_declared_order()
    {
        var rows = new SpineRows<Label>([]);

        Assert.Equal(
            ["kind string", "customer_id int64", "event_timestamp timestamp", "Seen timestamp", "Amount decimal(28,10)", "Share decimal(28,10)", "Score float32", "Day date", "Churned bool", "Id guid", "Vector float vector"],
            rows.Columns.Select(column => $"{column.Name} {column.Type}"));
        Assert.All(rows.Columns, column => Assert.False(column.Type.IsKey));
    }

    [Fact]
    public void Values_are_read_in_the_order_of_the_columns()
    {
        var at = OneValue.Utc("2024-01-01 12:00:00");
        using var reader = new SpineRows<Label>([new(), new() { CustomerId = 7, EventTimestamp = at, Seen = at.AddTicks(9), Amount = 1.5m, Churned = true, Day = new(2024, 1, 1) }]).Open(SqlDialect.PostgreSql);

        Assert.True(reader.Read());
        Assert.True(reader.IsDBNull(1));
        Assert.True(reader.Read());
        Assert.Equal("label", reader.GetString(0));
        Assert.Equal(7L, reader.GetInt64(1));
        Assert.Equal(at, reader.GetDateTime(2));
        Assert.Equal(at, reader.GetDateTime(3));
        Assert.Equal(1.5m, reader.GetDecimal(4));
        Assert.Equal(new DateOnly(2024, 1, 1), reader.GetFieldValue<DateOnly>(7));
        Assert.True(reader.GetBoolean(8));
        Assert.False(reader.Read());
    }

    [Fact]
    public void Names_that_differ_by_underscores_are_two_columns()
    {
        using var reader = SpineRows.Of([new { user_id = 1, userId = 2 }]).Open(SqlDialect.DuckDb);

        Assert.True(reader.Read());
        Assert.Equal((1, 2), (reader.GetInt32(0), reader.GetInt32(1)));
    }

    [Fact]
    public void A_refused_value_names_the_spine_row_and_column()
    {
        using var reader = SpineRows.Of([new { Amount = 1m }, new { Amount = 0.00000000001m }]).Open(SqlDialect.DuckDb);
        Assert.True(reader.Read());

        var refusal = Assert.Throws<RowRefusedException>(() => reader.Read());

        Assert.Equal(("the spine", 2L, "Amount"), (refusal.FeatureSet, refusal.Row, refusal.Column));
        Assert.StartsWith("The spine, row 2, column 'Amount': the value '0.00000000001' has more than 10 digits after the point", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_count_is_known_where_no_walk_is_needed()
    {
        Assert.Equal(2, SpineRows.Of([new { A = 1 }, new { A = 2 }]).Count);
        Assert.Equal(2, SpineRows.Of(new HashSet<Label> { new(), new() }).Count);
        Assert.Null(SpineRows.Of(Enumerable.Range(0, 5).Where(i => i > 1).Select(i => new { A = i })).Count);
    }

    [Fact]
    public void Rows_can_be_opened_again()
    {
        var rows = SpineRows.Of([new { A = 1 }]);
        for (var i = 0; i < 2; i++)
        {
            using var reader = rows.Open(SqlDialect.DuckDb);
            Assert.True(reader.Read());
            Assert.Equal(1, reader.GetInt32(0));
            Assert.False(reader.Read());
        }
    }

    [Fact]
    public void A_property_without_a_type_is_an_error_with_a_way_out()
    {
        var day = Assert.Throws<ArgumentException>(() => SpineRows.Of([new { Day = DayOfWeek.Monday }]));
        var span = Assert.Throws<ArgumentException>(() => SpineRows.Of([new { Lag = (TimeSpan?)TimeSpan.Zero }]));

        Assert.Contains("The property the anonymous type.Day of the spine's rows is a DayOfWeek: No feature type holds DayOfWeek. Use bool, int,", day.Message, StringComparison.Ordinal);
        Assert.Contains("Or leave it out with [NotMapped]", day.Message, StringComparison.Ordinal);
        Assert.Contains("Lag of the spine's rows is a TimeSpan", span.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_named_and_typed_columns_are_refused()
    {
        Assert.Contains("use a record or an anonymous type", Assert.Throws<ArgumentException>(() => SpineRows.Of([(1, 2)])).Message, StringComparison.Ordinal);
        Assert.Contains("Rows of Int32 have no column names", Assert.Throws<ArgumentException>(() => SpineRows.Of([1])).Message, StringComparison.Ordinal);
        Assert.Contains("A spine's rows need properties", Assert.Throws<ArgumentException>(() => SpineRows.Of([new Dictionary<string, object?>()])).Message, StringComparison.Ordinal);
        Assert.Contains("A spine's rows need properties", Assert.Throws<ArgumentException>(() => SpineRows.Of([new object()])).Message, StringComparison.Ordinal);
        Assert.Contains("two properties for the column 'a'", Assert.Throws<ArgumentException>(() => SpineRows.Of([new { A = 1, a = 2 }])).Message, StringComparison.Ordinal);
        Assert.Contains("(Nothing) have no readable public property", Assert.Throws<ArgumentException>(() => SpineRows.Of([new Nothing()])).Message, StringComparison.Ordinal);
    }

    private sealed class Nothing;

    private class Named
    {
        [Column("kind")]
        public string What { get; init; } = "label";
    }

    private sealed class Label : Named
    {
        [Column("customer_id")]
        public long? CustomerId { get; init; }

        [Column("event_timestamp")]
        public DateTime EventTimestamp { get; init; }

        public DateTimeOffset? Seen { get; init; }

        public decimal Amount { get; init; }

        public decimal? Share { get; init; }

        public float Score { get; init; }

        public DateOnly Day { get; init; }

        public bool Churned { get; init; }

        public Guid Id { get; init; }

        public float[]? Vector { get; init; }

        [NotMapped]
        public TimeSpan Ignored { get; init; }

        public string WriteOnly
        {
            set => _ = value;
        }
    }
}
