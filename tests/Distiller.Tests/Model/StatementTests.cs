namespace Distiller.Tests.Model;

/// <summary>The other statements: create, drop, publish, latest, unload.</summary>
public sealed class StatementTests
{
    private static readonly Entity Customer = Entity.Create("customer").Key<long>("customer_id");

    private static readonly FeatureSet Spend = Customer.FeatureSet("spend").Feature<double>("spend_7d");

    private static readonly FeatureSet DropIn = Customer.FeatureSet("tier").Feature<string>("tier").Existing("tiers");

    [Fact]
    public void Two_sets_do_not_own_one_table()
    {
        Throws.Argument(() => CreateTables.For(Spend, Customer.FeatureSet("SPEND").Feature<int>("f")), "'SPEND_history' would belong to two feature sets, 'spend' and 'SPEND'", "History(table), Latest(table) or Scd2(table)");
        Throws.Argument(() => CreateTables.For(Spend, Customer.FeatureSet("other").Feature<int>("f").Latest("spend_history")), "'spend_history'", "'other'");
        Assert.Single(CreateTables.For(Spend, Spend).Sets);
        Assert.Equal(2, CreateTables.For(Spend, Customer.FeatureSet("spend2").Feature<int>("f").History(TableName.Of("s", "spend_history"))).Sets.Count);
    }

    [Fact]
    public void A_table_without_features_is_not_created()
    {
        foreach (var dialect in SqlDialect.All)
        {
            Throws.Argument(() => CreateTables.For(Customer.FeatureSet("empty")).ToSql(dialect), "'empty' has no features", "Feature<T>(name)");
        }
    }

    [Fact]
    public void Existing_tables_are_left_alone_and_a_note_says_so()
    {
        foreach (var dialect in SqlDialect.All)
        {
            foreach (var (script, verb) in new[] { (CreateTables.For(DropIn).Compile(dialect), "created"), (DropTables.For(DropIn).Compile(dialect), "dropped") })
            {
                Assert.Empty(script.Steps);
                Assert.Equal($"feature set 'tier' uses a table that exists, 'tiers', which is never {verb}.", Assert.Single(script.Notes));
                Assert.Throws<InvalidOperationException>(() => script.Single);
            }
        }
    }

    [Fact]
    public void What_cannot_be_published_to_is_refused_naming_the_way_out()
    {
        Throws.Operation(() => Publish.From(DropIn, "t"), "'tier' has no latest table", "Latest(table)", "'tiers'");
        Throws.Operation(() => Publish.FromQuery(DropIn, "SELECT 1"), "'tier' has no latest table");
        Throws.Operation(() => Publish.Rows(DropIn), "'tier' has no latest table");
        Throws.Argument(() => Publish.Rows(Customer.FeatureSet("empty")), "'empty' has no features");
        Throws.Argument(() => Publish.Rows(DropIn.WithoutCreatedTime().TieBreaker("id").Latest("now")), "tie-breaker 'id' needs a type", "TieBreaker<T>(\"id\")");
        Assert.Equal("tier", Publish.Rows(DropIn.WithoutCreatedTime().TieBreaker("tier").Latest("now")).Set.Name);
        Throws.Operation(() => Publish.Rows(Spend.MaxAge(TimeSpan.FromDays(1))).OnlyChanged(), "'spend' has a max age", "only where changed");
        Throws.Operation(() => Publish.From(DropIn.WithoutCreatedTime().Latest("now"), "t").CreatedAt(DateTimeOffset.UnixEpoch), "'tier' has no created time", "leave CreatedAt() out");
        Throws.Operation(() => Publish.From(DropIn.CreatedTime("c", TimeKind.Ordinal).Latest("now"), "t").WithoutCreatedTime(), "'c' as an ordinal", "the source must bring it");
        Assert.Throws<ArgumentNullException>(() => Publish.From(null!, "t"));
        Assert.Throws<ArgumentNullException>(() => Publish.From(Spend, null!));
        Assert.Throws<ArgumentException>(() => Publish.FromQuery(Spend, " "));
    }

    /// <summary>A finer time is not cut to fit a coarser column, and an ordinal is not a time (T5, B6).</summary>
    [Fact]
    public void A_source_whose_times_a_table_would_cut_is_refused()
    {
        foreach (var table in Enum.GetValues<TimeKind>())
        {
            var set = DropIn.Latest("now").EventTime("at", table);
            foreach (var source in Enum.GetValues<TimeKind>().Where(source => source != table))
            {
                var exact = source != TimeKind.Ordinal && table is TimeKind.Instant or TimeKind.Timestamp or TimeKind.EpochMicroseconds;
                if (exact)
                {
                    Assert.Equal(source, Publish.From(set, "t").Times(source).EventKind);
                }
                else
                {
                    Throws.Argument(() => Publish.From(set, "t").Times(source), $"'at' as {source}", $"'tier' as {table}", "convert it in the source query");
                }
            }
        }
    }

    [Fact]
    public void The_keys_of_a_latest_are_all_there()
    {
        Throws.Argument(() => Latest.Of(Spend).Keys(Spine.From("t").Columns("customer")), "no column 'customer_id'", "entity 'customer'", "they have customer");
        Throws.Argument(() => Latest.Of(Spend).Keys(Spine.Rows(new[] { new { id = 1 } })), "no column 'customer_id'", "they have id");
        Assert.NotNull(Latest.Of(Spend).Keys(Spine.From("t")).KeySpine);
        Assert.Throws<ArgumentNullException>(() => Latest.Of(null!));
        Assert.Throws<ArgumentNullException>(() => Latest.Of(Spend).Keys(null!));
        Assert.Throws<ArgumentNullException>(() => Unload.Of(null!));
        Throws.Argument(() => Unload.Of(Spend, overlap: TimeSpan.FromTicks(-1)), "overlap of the unload of feature set 'spend' is zero or more");
    }

    [Fact]
    public void An_instant_is_floored_to_a_microsecond()
    {
        var fine = DateTimeOffset.UnixEpoch.AddTicks(-1);
        var floored = DateTimeOffset.UnixEpoch.AddTicks(-10);

        Assert.Equal(floored, Latest.Of(Spend).At(fine).Instant);
        Assert.Equal(floored, Unload.Of(Spend, fine).Since);
        Assert.Equal(floored, Publish.Rows(Spend).CreatedAt(fine).CreatedInstant);
    }

    [Fact]
    public void Equal_statements_are_equal_and_a_call_changes_a_copy()
    {
        Check(() => CreateTables.For(Spend, DropIn), CreateTables.For(DropIn, Spend));
        Check(() => DropTables.For(Spend, DropIn), DropTables.For(Spend));
        Check(() => Publish.From(Spend, "t"), Publish.From(Spend, "u"));
        Check(() => Publish.FromQuery(Spend, "SELECT 1"), Publish.FromQuery(Spend, "SELECT 2"));
        Check(() => Publish.Rows(Spend), Publish.Rows(Spend).OnlyChanged());
        Check(() => Publish.From(Spend, "t").Times(TimeKind.Date).CreatedAt(DateTimeOffset.UnixEpoch).WithoutCreatedTime(), Publish.From(Spend, "t"));
        Check(() => Latest.Of(Spend).At(DateTimeOffset.UnixEpoch).Keys(Spine.From("t")), Latest.Of(Spend));
        Check(() => Unload.Of(Spend, DateTimeOffset.UnixEpoch), Unload.Of(Spend));

        var before = Publish.Rows(Spend);
        _ = before.OnlyChanged().CreatedAt(DateTimeOffset.UnixEpoch).Times(TimeKind.Date).WithoutCreatedTime();
        Assert.Equal(Publish.Rows(Spend), before);

        static void Check(Func<Statement> make, Statement another)
        {
            Assert.Equal(make(), make());
            Assert.Equal(make().GetHashCode(), make().GetHashCode());
            Assert.NotEqual(make(), another);
        }
    }

    /// <summary>A gap names the dialect, what was needed, and the way out (I4).</summary>
    [Fact]
    public void A_pinned_strategy_a_dialect_lacks_is_refused_with_those_it_has()
    {
        var training = Spine.From("t").Columns("customer_id", "event_timestamp").Join(Spend);

        Assert.Equal("SQLite cannot do this: the strategy AsofJoin for feature set 'spend'. Leave Using(...) out, or pin Lookup or Union.", Gap(training.Using(AsOf.AsofJoin), SqlDialect.Sqlite));
        Assert.Equal("PostgreSQL cannot do this: the strategy Lookup for feature set 'spend'. Leave Using(...) out, or pin Lateral or Union.", Gap(training.Using(AsOf.Lookup), SqlDialect.PostgreSql));
        Assert.EndsWith("declare its index and row id with Shaped(...), or let a FeatureStore read the catalog.", Gap(Spine.From("t").Columns("customer_id", "event_timestamp").Join(DropIn).Using(AsOf.Lookup), SqlDialect.Sqlite), StringComparison.Ordinal);
        Assert.EndsWith("Declare the spine's columns with Columns(...).", Gap(Spine.From("t").Join(DropIn), SqlDialect.Sqlite), StringComparison.Ordinal);

        static string Gap(Statement statement, SqlDialect dialect) => Assert.Throws<UnsupportedByDialectException>(() => statement.ToSql(dialect)).Message;
    }

    [Fact]
    public void Nothing_given_to_print_for_is_an_error()
    {
        Assert.Throws<ArgumentNullException>(() => Latest.Of(Spend).ToSql(null!));
        Assert.Throws<ArgumentNullException>(() => Latest.Of(Spend).Compile(null!));
    }
}
