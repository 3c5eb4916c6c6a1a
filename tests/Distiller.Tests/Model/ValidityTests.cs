namespace Distiller.Tests.Model;

/// <summary>Intervals, static sets and SCD2 tables: what a declaration may say.</summary>
public sealed class ValidityTests
{
    private static readonly FeatureSet Tier = Entity.Create("customer").Key<long>("customer_id").FeatureSet("tier").Feature<string>("tier");

    private static readonly FeatureSet Intervals = Tier.Existing("tiers").EventTime("valid_from").WithoutCreatedTime().ValidTo("valid_to");

    private static readonly FeatureSet Static = Tier.Existing("tiers").Static();

    [Fact]
    public void Owned_tables_are_neither_static_nor_of_intervals()
    {
        Throws.Operation(() => Tier.Static(), "'tier' owns its tables", "call Existing(table) first");
        Throws.Operation(() => Tier.ValidTo("valid_to"), "'tier' owns its tables", "of intervals (ValidTo)");
    }

    [Fact]
    public void Where_a_row_says_all_that_holds_nothing_is_sparse_and_no_key_ends()
    {
        Throws.Operation(() => Intervals.Sparse(), "'tier' is of intervals (ValidTo)", "cannot be sparse");
        Throws.Operation(() => Tier.Existing("tiers").Sparse().Static(), "'tier' is static", "cannot be sparse");
        Throws.Operation(() => Static.Tombstones(), "'tier' uses tables that exist", "no tombstones");
        Throws.Operation(() => Intervals.Tombstones(), "'tier' uses tables that exist", "no tombstones");
    }

    [Fact]
    public void A_static_row_has_no_age_no_order_and_no_latest()
    {
        Throws.Operation(() => Static.MaxAge(TimeSpan.FromDays(1)), "'tier' is static", "no max age");
        Throws.Operation(() => Static.TieBreaker("version"), "'tier' is static");
        Throws.Operation(() => Static.CreatedTime("known_at"), "'tier' is static", "no created time");
        Throws.Operation(() => Static.Latest("now"), "'tier' is static, which is read only");
        Throws.Operation(() => Static.Scd2("tiers_2"), "'tier' is static, which is read only");
        Throws.Argument(() => Spine.From("labels").Join(Static, maxAge: TimeSpan.FromDays(1)), "'tier' is joined with a max age", "static");
        Throws.Operation(() => Publish.Rows(Static), "'tier' has no latest table");
    }

    [Fact]
    public void An_interval_ends_by_the_clock_it_begins_by_and_in_a_column_of_its_own()
    {
        Throws.Argument(() => Intervals.ValidTo("valid_to", TimeKind.Ordinal), "an ordinal meets only an ordinal");
        Throws.Argument(() => Intervals.ValidTo("valid_from"), "as the end of validity and as the event time");
        Throws.Argument(() => Intervals.ValidTo("Tier"), "'tier'", "(names are compared without case)");
        Throws.Operation(() => Intervals.Scd2("tiers_2"), "'tier' is of intervals (ValidTo), which is read only");
        Throws.Operation(() => Scd2.Of(Intervals), "'tier' is of intervals already, in 'tiers'");
        Throws.Operation(() => Scd2.Of(Static), "'tier' is static and has no history");
    }

    [Fact]
    public void Interval_columns_and_tables_have_one_role_each()
    {
        Throws.Argument(() => Tier.Scd2("tier_history"), "'tier_history'", "both as its own and for its SCD2 intervals");
        Throws.Argument(() => Tier.Latest("i_pending").Scd2("i"), "'i_pending'");
        Throws.Argument(() => Tier.Scd2("i", columns: new("TIER")), "a column 'TIER' of their own");
        Throws.Argument(() => Tier.Scd2("i", columns: new("at", "at")), "a column 'at' of their own");
        Throws.Argument(() => Tier.Scd2("i").Feature<int>("valid_to"), "a column 'valid_to' of their own");
        Throws.Argument(() => Tier.Scd2("i", columns: new("history_rows")), "a column 'history_rows' of their own");
        Throws.Argument(() => CreateTables.For(Tier.Scd2("i"), Tier.History("h").Latest("l").Scd2("i")), "The table 'i' would belong to two feature sets");
        Throws.Operation(() => Tier.MaxAge(TimeSpan.FromDays(1)).Scd2("i", collapsed: true), "'tier' has a max age", "cannot be collapsed");
        Throws.Operation(() => Scd2.Of(Tier.MaxAge(TimeSpan.FromDays(1))).Collapsed(), "'tier' has a max age", "cannot be collapsed");
    }

    [Fact]
    public void Events_need_an_event_time_and_names_of_their_own()
    {
        Throws.Operation(() => Eavt.Of(Static), "'tier' is static", "no events");
        Throws.Operation(() => Pivot.From(Intervals, "events"), "'tier' is of intervals, whose end ('valid_to') events do not tell");
        var named = Entity.Create("sensor").Key<string>("attribute").FeatureSet("readings").Feature<double>("value");
        Throws.Argument(() => Eavt.Of(named).ToSql(SqlDialect.Sqlite), "'readings' would have two columns 'attribute'", "Named(new EavtColumns(...))");
        Throws.Argument(() => Eavt.Of(named).Named(new("what", "WHAT")), "two columns 'WHAT'");
        Assert.Contains("AS \"what\"", Eavt.Of(named).Named(new("what")).ToSql(SqlDialect.Sqlite), StringComparison.Ordinal);
        Throws.Argument(() => Pivot.From(named.Feature<int>("n"), "events").Values(FeatureType.Float64), "Feature 'n' of feature set 'readings' is a int32");
        Throws.Operation(() => PublishEvents.Of(Pivot.From(named.Existing("theirs"), "events")), "'readings' has no latest table");
        Throws.Operation(() => CheckRows.Of(Tier), "'tier' is neither static nor of intervals");
    }
}
