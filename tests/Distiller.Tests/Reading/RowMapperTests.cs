using System.ComponentModel.DataAnnotations.Schema;
using System.Diagnostics.CodeAnalysis;
using Dapper;

namespace Distiller.Tests.Reading;

/// <summary>Rows of every shape a caller may ask for, by names that need not be spelled alike.</summary>
public sealed class RowMapperTests
{
    private static readonly DateTime Noon = new(2024, 2, 29, 12, 0, 0, DateTimeKind.Utc);

    private static readonly StoredType?[] Types = [StoredType.Of(FeatureType.Int64), StoredType.Of(FeatureType.Float64), StoredType.Of(TimeKind.Instant), null];

    public static TheoryData<string> Engines => ["DuckDB", "SQLite"];

    private static OpenedQuery Orders(string engine, string score = "0.5", string label = "1") =>
        OpenedQuery.On(
            engine,
            $"SELECT 7 AS customer_id, CAST({score} AS {(engine == "SQLite" ? "REAL" : "DOUBLE")}) AS \"Avg_Score7d\", {(engine == "SQLite" ? "'2024-02-29 12:00:00.000000'" : "TIMESTAMPTZ '2024-02-29 12:00:00+00'")} AS event_timestamp, {label} AS label",
            Types);

    public sealed class Settable
    {
        public int CustomerId { get; set; }

        public double? AvgScore7D { get; init; }

        public DateTimeOffset EventTimestamp { get; private set; }

        public bool Label { get; set; }

        public string Other { get; set; } = "default";
    }

    public sealed record Positional(bool Label, DateTime EventTimestamp, double? AvgScore7d, long CustomerId);

    public record struct Mutable(long CustomerId, double? AvgScore7d, DateTime EventTimestamp);

    public readonly record struct Fixed(long CustomerId, double? AvgScore7d, DateTime EventTimestamp);

    [SuppressMessage("Design", "CA1051", Justification = "Callers have such structs.")]
    public struct Fields
    {
        public long CustomerId;
        public double Avg_score7D;
    }

    public readonly struct GetOnly(long customerId, double avgScore7d)
    {
        public long CustomerId { get; } = customerId;

        public double AvgScore7d { get; } = avgScore7d;
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_class_is_filled_through_setters_of_any_kind(string engine)
    {
        using var query = Orders(engine);
        var row = Assert.Single(query.All<Settable>());

        Assert.Equal((7, 0.5, new DateTimeOffset(Noon), true, "default"), (row.CustomerId, row.AvgScore7D, row.EventTimestamp, row.Label, row.Other));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_record_is_filled_through_its_constructor_in_any_order(string engine)
    {
        using var query = Orders(engine);
        var row = Assert.Single(query.All<Positional>());

        Assert.Equal(new Positional(true, Noon, 0.5, 7), row);
        Assert.Equal(DateTimeKind.Utc, row.EventTimestamp.Kind);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Structs_are_filled(string engine)
    {
        using (var query = Orders(engine))
        {
            Assert.Equal([new Mutable(7, 0.5, Noon)], query.All<Mutable>());
        }

        using (var query = Orders(engine, score: "NULL"))
        {
            Assert.Equal([new Fixed(7, null, Noon)], query.All<Fixed>());
        }

        using (var query = Orders(engine))
        {
            Assert.Equal([new Fields { CustomerId = 7, Avg_score7D = 0.5 }], query.All<Fields>());
        }

        using (var query = Orders(engine))
        {
            Assert.Equal([new GetOnly(7, 0.5)], query.All<GetOnly>());
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void An_anonymous_type_is_filled(string engine)
    {
        using var query = Orders(engine);

        Assert.Equal([new { CustomerId = 7L, AvgScore7d = (double?)0.5 }], AllLike(query, new { CustomerId = 0L, AvgScore7d = (double?)0 }));

        static List<T> AllLike<T>(OpenedQuery query, T like) => like is null ? [] : query.All<T>();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Rows_without_a_type_keep_the_columns_names_and_declared_types(string engine)
    {
        using (var query = Orders(engine, score: "NULL"))
        {
            dynamic row = Assert.Single(query.All<dynamic>());
            Assert.Equal((7L, Noon), ((long)row.customer_id, (DateTime)row.event_timestamp));
            Assert.Null(row.Avg_Score7d);
        }

        using (var query = Orders(engine, score: "NULL"))
        {
            var row = Assert.Single(query.All<Dictionary<string, object?>>());
            Assert.Equal(["customer_id", "Avg_Score7d", "event_timestamp", "label"], row.Keys);
            Assert.Equal([7L, null, Noon], row.Values.Take(3));
        }

        using (var query = Orders(engine))
        {
            Assert.Equal(0.5, Assert.Single(query.All<IReadOnlyDictionary<string, object?>>())["Avg_Score7d"]);
        }

        using (var query = Orders(engine))
        {
            Assert.Equal(0.5, Assert.Single(query.All<IDictionary<string, object?>>())["Avg_Score7d"]);
        }
    }

    [Fact]
    public void Two_columns_of_one_name_cannot_be_told_apart_by_name()
    {
        using var query = OpenedQuery.Sqlite("SELECT 1 AS x, 2 AS x");

        Assert.Contains("'x'", Assert.Throws<InvalidOperationException>(() => query.All<dynamic>()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => query.All<Dictionary<string, object?>>());
    }

    [Fact]
    public void A_tuple_is_filled_by_position_whole_or_not_at_all()
    {
        using (var query = Orders("SQLite"))
        {
            Assert.Equal([(7, (double?)0.5, Noon, true)], query.All<(int, double?, DateTime, bool)>());
        }

        using (var query = Orders("DuckDB"))
        {
            Assert.Contains("2", Assert.Throws<InvalidOperationException>(() => query.All<(int, double?)>()).Message, StringComparison.Ordinal);
        }

        using (var query = OpenedQuery.Sqlite("SELECT 1 AS a, 2 AS b, 3 AS c, 4 AS d, 5 AS e, 6 AS f, 7 AS g, 8 AS h, 9 AS i"))
        {
            Assert.Equal([(1, 2, 3, 4, 5, 6, 7, 8, 9)], query.All<(int, int, int, int, int, int, int, int, int)>());
        }

        using (var query = OpenedQuery.Sqlite("SELECT 1 AS a, NULL AS b"))
        {
            Assert.Contains("element 2", Assert.Throws<InvalidOperationException>(() => query.All<(int, int)>()).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void One_value_is_read_from_one_column()
    {
        Assert.Equal([5L], One<long>("5"));
        Assert.Equal([5, null], One<int?>("5 UNION ALL SELECT NULL"));
        Assert.Equal(["a", null], One<string?>("'a' UNION ALL SELECT NULL"));
        Assert.Equal([true], One<bool>("1"));
        Assert.Equal([1.5m], One<decimal>("'1.5'"));
        Assert.Equal([Noon], One<DateTime>("'2024-02-29 12:00:00'"));
        Assert.Equal([new DateTimeOffset(Noon)], One<DateTimeOffset>("'2024-02-29 12:00:00'"));
        Assert.Equal([new DateOnly(2024, 2, 29)], One<DateOnly>("'2024-02-29'"));
        Assert.Equal([new DateOnly(2024, 2, 29)], One<DateOnly?>("'2024-02-29'"));
        Assert.Equal([new Guid("0f8fad5b-d9cb-469f-a165-70867728950e")], One<Guid>("'0F8FAD5B-D9CB-469F-A165-70867728950E'"));
        Assert.Equal([[1, 2]], One<byte[]>("x'0102'"));
        Assert.Equal([[0.1f]], One<float[]>("x'cdcccc3d'"));
        Assert.Equal([DayOfWeek.Friday, DayOfWeek.Friday], One<DayOfWeek>("5 UNION ALL SELECT 'friday'"));
        Assert.Equal([DayOfWeek.Friday, null], One<DayOfWeek?>("5 UNION ALL SELECT NULL"));
        Assert.Equal(['x'], One<char>("'x'"));
        Assert.Equal([new TimeOnly(12, 30)], One<TimeOnly>("'12:30:00'"));

        Assert.Contains("NULL", Assert.Throws<InvalidOperationException>(() => One<long>("NULL")).Message, StringComparison.Ordinal);
        Assert.Contains("NULL", Assert.Throws<InvalidOperationException>(() => One<DateOnly>("NULL")).Message, StringComparison.Ordinal);
        Assert.Contains("x, y", Assert.Throws<InvalidOperationException>(() => One<long>("1 AS x, 2 AS y")).Message, StringComparison.Ordinal);
        Assert.Equal("Column 'x' holds 'two' (String), which does not fit a row read as Int64 (Int64).", Assert.Throws<InvalidCastException>(() => One<long>("'two' AS x")).Message);

        static List<T> One<T>(string sql)
        {
            using var query = OpenedQuery.Sqlite("SELECT " + sql);
            return query.All<T>();
        }
    }

    public sealed record Loose(long CustomerId, double AvgScore7d);

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_null_never_becomes_a_default(string engine)
    {
        Refused<Loose>();
        Refused<Fields>();
        Refused<GetOnly>();
        Refused<Setters>();

        void Refused<T>()
        {
            using var query = Orders(engine, score: "NULL");
            var refusal = Assert.Throws<InvalidOperationException>(() => query.All<T>());
            Assert.Contains("Column 'Avg_Score7d' is NULL", refusal.Message, StringComparison.Ordinal);
            Assert.Contains($"of {typeof(T).Name} (Double) cannot hold. Make it Double?.", refusal.Message, StringComparison.Ordinal);
        }
    }

    public sealed class Setters
    {
        public double AvgScore7d { get; set; }
    }

    public sealed class DateHolder
    {
        public DateOnly D { get; set; }
    }

    [Fact]
    public void A_null_is_refused_also_where_dapper_asks_first()
    {
        using var query = OpenedQuery.Sqlite("SELECT NULL AS d", StoredType.Of(FeatureType.Date));

        Assert.Contains("'D' of DateHolder", Assert.Throws<InvalidOperationException>(() => query.All<DateHolder>()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_null_clears_what_an_initializer_set(string engine)
    {
        using var query = OpenedQuery.On(engine, "SELECT 1 AS customer_id, CAST(NULL AS VARCHAR(1)) AS other", null, StoredType.Of(FeatureType.String));

        // Dapper's own setting leaves the initializer's value; it is left as the caller has set it.
        Assert.Equal(SqlMapper.Settings.ApplyNullValues ? null : "default", Assert.Single(query.All<Settable>()).Other);
    }

    public sealed class Twins
    {
        public int UserId { get; set; }

        public int User_Id { get; set; }
    }

    public sealed class Attributed
    {
        [Column("user_id")]
        public int Second { get; set; }

        public int UserId { get; set; }

        [NotMapped]
        public int User_Id { get; set; }
    }

    public sealed record AttributedRecord([property: Column("userid")] int Who, int Second);

    [Fact]
    public void Ambiguity_is_refused_naming_all_and_the_way_out()
    {
        using (var query = OpenedQuery.Sqlite("SELECT 1 AS user_id"))
        {
            var refusal = Assert.Throws<InvalidOperationException>(() => query.All<Twins>());
            Assert.Equal("Column 'user_id' matches the members 'UserId', 'User_Id' of Twins. Put [Column(\"user_id\")] on the one meant, or [NotMapped] on the others.", refusal.Message);
        }

        using (var query = OpenedQuery.Sqlite("SELECT 1 AS customer_id, 2 AS CustomerId"))
        {
            var refusal = Assert.Throws<InvalidOperationException>(() => query.All<Settable>());
            Assert.Contains("'customer_id', 'CustomerId' all match the member 'CustomerId' of Settable", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_column_attribute_wins_over_names()
    {
        using (var query = OpenedQuery.Sqlite("SELECT 1 AS user_id, 2 AS userid"))
        {
            var row = Assert.Single(query.All<Attributed>());
            Assert.Equal((1, 2, 0), (row.Second, row.UserId, row.User_Id));
        }

        using (var query = OpenedQuery.Sqlite("SELECT 1 AS USERID, 2 AS second, 3 AS who"))
        {
            Assert.Equal([new AttributedRecord(1, 2)], query.All<AttributedRecord>());
        }
    }

    public sealed record WithProperty(long CustomerId)
    {
        public double? AvgScore7d { get; init; }
    }

    public sealed record Choice(long CustomerId, double AvgScore7d, string Missing)
    {
        public Choice(long customerId, double avgScore7d)
            : this(customerId, avgScore7d, "chosen")
        {
        }
    }

    public record struct Wanting(long CustomerId, string Missing);

    public abstract class Abstract
    {
        public long CustomerId { get; set; }
    }

    public sealed class Wrong
    {
        public Guid CustomerId { get; set; }
    }

    [Fact]
    public void What_cannot_be_filled_is_refused_by_name()
    {
        Refused<Positional>("SELECT 1 AS customer_id", "Positional", "'Label', 'EventTimestamp', 'AvgScore7d'");
        Refused<Wanting>("SELECT 1 AS customer_id", "Wanting", "'Missing'");
        Refused<Settable>("SELECT 1 AS unknown", "'unknown'", "'CustomerId'");
        Refused<Positional>("SELECT 1 AS unknown", "'unknown'", "'CustomerId'");
        Refused<Abstract>("SELECT 1 AS customer_id", "Abstract", "constructed");
        Refused<WithProperty>("SELECT 1 AS customer_id, 2 AS avg_score7d", "'AvgScore7d'", "'avg_score7d'");
        Refused<Wrong>("SELECT 1 AS customer_id", "'customer_id' is int64", "Guid");

        static void Refused<T>(string sql, params string[] words)
        {
            using var query = OpenedQuery.Sqlite(sql, StoredType.Of(FeatureType.Int64));
            var refusal = Assert.Throws<InvalidOperationException>(() => query.All<T>());
            Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_largest_constructor_that_can_be_filled_is_taken()
    {
        using var query = Orders("SQLite");

        Assert.Equal([new Choice(7, 0.5, "chosen")], query.All<Choice>());
    }

    public sealed class Numbers
    {
        public short A { get; set; }

        public float? B { get; set; }

        public DayOfWeek C { get; set; }

        public DateTime D { get; set; }

        public IReadOnlyList<float>? E { get; set; }

        public object? F { get; set; }

        public decimal G { get; set; }
    }

    [Fact]
    public void Members_of_wider_and_narrower_types_are_filled_where_the_value_fits()
    {
        StoredType?[] types =
        [
            StoredType.Of(FeatureType.Int64), StoredType.Of(FeatureType.Float64), StoredType.Of(FeatureType.String), StoredType.Of(FeatureType.Date), StoredType.Of(FeatureType.FloatVector),
            StoredType.Of(FeatureType.Bool), StoredType.Of(FeatureType.Int32),
        ];
        using (var query = OpenedQuery.Sqlite("SELECT 1 AS a, 0.1 AS b, 'Friday' AS c, '2024-02-29' AS d, x'cdcccc3d' AS e, 1 AS f, 5 AS g", types))
        {
            var row = Assert.Single(query.All<Numbers>());
            Assert.Equal(((short)1, (float?)0.1f, DayOfWeek.Friday, Noon.Date, true, 5m), (row.A, row.B, row.C, row.D, (bool)row.F!, row.G));
            Assert.Equal(DateTimeKind.Utc, row.D.Kind);
            Assert.Equal([0.1f], row.E!);
        }

        using (var query = OpenedQuery.Sqlite("SELECT 40000 AS a", types))
        {
            Assert.Equal("Column 'a' holds 40000 (Int64), which does not fit 'A' of Numbers (Int16).", Assert.Throws<InvalidCastException>(() => query.All<Numbers>()).Message);
        }
    }

    [Fact]
    public void An_undeclared_column_takes_its_members_type_row_by_row()
    {
        using var query = OpenedQuery.Sqlite("SELECT 1 AS label UNION ALL SELECT 0 UNION ALL SELECT 1.0");

        Assert.Equal([true, false, true], query.All<Settable>().Select(row => row.Label));
    }

    [Fact]
    public void A_parser_reads_its_own_reader_only()
    {
        using var one = Orders("SQLite");
        using var other = Orders("SQLite");
        var parse = RowMapper.For<Settable>(one.Reader);

        Assert.Throws<ArgumentException>(() => parse(other.First()));
        Assert.Equal(7, parse(one.First()).CustomerId);
    }

    public sealed class Throwing
    {
        public int X
        {
            get => 0;
            set => throw new InvalidOperationException($"no {value}");
        }
    }

    [Fact]
    public void What_a_callers_setter_throws_stays_inside_dappers_exception()
    {
        using var query = OpenedQuery.Sqlite("SELECT 1 AS x");

        Assert.Equal("no 1", Assert.Throws<System.Data.DataException>(() => query.All<Throwing>()).InnerException!.Message);
    }

    public sealed class Mapped
    {
        public int Elsewhere { get; set; }

        public int Strict { get; set; }
    }

    [Fact]
    public void A_map_the_caller_gave_dapper_is_followed()
    {
        SqlMapper.SetTypeMap(typeof(Mapped), new CustomPropertyTypeMap(typeof(Mapped), (type, column) => type.GetProperty(column == "x" ? nameof(Mapped.Elsewhere) : nameof(Mapped.Strict))!));
        using (var query = OpenedQuery.Sqlite("SELECT 5 AS x, 6 AS y", StoredType.Of(FeatureType.Int64)))
        {
            var row = Assert.Single(query.All<Mapped>());
            Assert.Equal((5, 6), (row.Elsewhere, row.Strict));
        }

        using (var query = OpenedQuery.Sqlite("SELECT NULL AS x, 6 AS y", StoredType.Of(FeatureType.Int64)))
        {
            Assert.Throws<InvalidOperationException>(() => query.All<Mapped>());
        }
    }

    public sealed record Celsius(double Degrees);

    public sealed record Weather(Celsius? Temperature);

    private sealed class CelsiusHandler : SqlMapper.TypeHandler<Celsius>
    {
        public override Celsius Parse(object value) => new((double)value);

        public override void SetValue(System.Data.IDbDataParameter parameter, Celsius? value) => parameter.Value = value?.Degrees;
    }

    [Fact]
    public void A_type_handler_the_caller_gave_dapper_gets_the_declared_value()
    {
        SqlMapper.AddTypeHandler(new CelsiusHandler());
        using (var query = OpenedQuery.Sqlite("SELECT 21 AS temperature UNION ALL SELECT NULL", StoredType.Of(FeatureType.Float64)))
        {
            Assert.Equal([new Weather(new Celsius(21)), new Weather(null)], query.All<Weather>());
        }
    }
}
