using System.Text.RegularExpressions;
using Distiller.Tests.Conventions;
using Distiller.Tests.Goldens;

namespace Distiller.Tests.Sql;

/// <summary>I1: what a statement adds of its own never meets a key, a feature, a time or a table of the same name. A small world goes round once with plain names and once with all of the plans' own: the answers are the same.</summary>
public abstract class OwnNames
{
    /// <summary>What the plans call their own columns, tables and subqueries.</summary>
    public static IReadOnlyList<string> Own { get; } =
    [
        "appended_rows", "asof_order", "batch_row", "before_1", "begins", "both_sides", "carried_rows", "changed", "changed_1", "changes", "difference", "differences", "differing", "differs", "ended", "event_row", "extra", "feature_1_row", "feature_1_time", "first_event",
        "first_keys", "first_rows", "has_before", "has_value", "has_value_1", "history", "history_1", "history_row", "intervals", "known", "known_above", "known_above_1", "latest", "latest_1", "missing", "must_be", "newest_first", "newest_rows", "next_begin", "next_event", "noted", "numbered", "numbered_spine",
        "pairs", "place", "placed", "position", "problem", "rank", "ranked", "ranked_rows", "recomputed_from", "removed", "row", "rows", "rows_now", "rows_then", "side", "side_order", "spine", "spine_row", "totals", "verdict", "winner",
    ];

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly WorldNames plain;

    private protected OwnNames(SqlDialect dialect) => plain = new(dialect, ["some feature"], ["some key"]);

    [Fact]
    public void Features_may_have_the_names_of_the_plans()
    {
        var numbered = plain with { Features = [.. Own.Select((_, i) => FormattableString.Invariant($"feature {i:000}"))] };
        Agree(plain with { Features = Own }, numbered, Round(numbered));
    }

    [Fact]
    public void Keys_may_have_the_names_of_the_plans()
    {
        var numbered = plain with { Keys = [.. Own.Select((_, i) => FormattableString.Invariant($"key {i:000}"))] };
        Agree(plain with { Keys = Own }, numbered, Round(numbered));
    }

    [Fact]
    public void Times_and_tables_may_have_the_names_of_the_plans()
    {
        var expected = Round(plain);
        foreach (var names in Own.Chunk(2))
        {
            var (first, last) = (names[0], names.Length > 1 ? names[1] : names[0] + "_");
            Agree(plain with { Event = first, Created = last, History = first, SparseHistory = last }, plain, expected);
            Agree(plain with { Event = last, Created = first, History = last, SparseHistory = first }, plain, expected);
        }
    }

    private static void Agree(WorldNames own, WorldNames plain, NamedWorld expected)
    {
        var renamed = plain.All.Zip(own.All).ToList();
        Assert.Equal(expected.Told(text => renamed.Aggregate(text, (row, pair) => row.Replace(pair.First, pair.Second, StringComparison.Ordinal))), Round(own).Told(text => text));
    }

    /// <summary>Everything that can be asked of a small world, each answer by its values alone.</summary>
    private static NamedWorld Round(WorldNames names)
    {
        using var world = new NamedWorld(names.Dialect);
        var dense = names.Set("dense", names.History).Tombstones().Scd2("dense intervals");
        var sparse = names.Set("sparse", names.SparseHistory).Sparse().Tombstones().Scd2("sparse intervals");
        world.Do(CreateTables.For(dense, sparse));
        world.Run($"CREATE TABLE asked AS {string.Join(" UNION ALL ", new[] { (1, 1), (1, 5), (2, 5), (3, 5), (9, 0) }.Select(row => names.Asked(row.Item1, row.Item2)))}");
        foreach (var set in new[] { dense, sparse })
        {
            Publish(world, names, set);
            Damage(world, names, set);
            world.Do(Reconcile.Of(set));
            world.Do(Reconcile.Of(set).Repair());
            Ask(world, names, set);
        }

        PublishEvents(world, names, dense, sparse);
        Check(world, names);
        world.Run($"CREATE TABLE gone AS {names.Key(1)}");
        world.Do(Erase.Of([dense, sparse], Spine.From("gone")));
        world.Do(Scd2.Of(dense));
        return world;
    }

    private static void Publish(NamedWorld world, WorldNames names, FeatureSet set)
    {
        string[] rows = [names.Row(1, 0, 0, "1"), names.Row(1, 2, 2, "2"), names.Row(2, 0, 0, "3"), names.Row(3, 1, 1, "NULL")];
        world.Do(Distiller.Publish.FromQuery(set, string.Join("\nUNION ALL ", rows)));
        world.Do(Distiller.Publish.FromQuery(set, names.Row(1, 3, 3, "2")).OnlyChanged());
        world.Refuses(Distiller.Publish.FromQuery(set, names.Row(1, 0, 0, "9")));
        world.Do(RefreshScd2.Of(set));
        world.Do(Distiller.Publish.FromQuery(set, names.Row(1, 1, 3, "4")));

        // A row by other means is found by counting.
        world.Run($"INSERT INTO {Quote(set.HistoryTable.Name)} ({string.Join(", ", names.Columns.Append(Names.Deleted).Select(Quote))}) {names.Row(4, 0, 0, "5")}, FALSE");
        world.Do(RefreshScd2.Of(set));
        world.Run($"CREATE TABLE gone AS {names.Key(3)}");
        world.Do(Retract.Of(set, Spine.From("gone"), Noon.AddHours(3)));
        world.Run("DROP TABLE gone");
    }

    /// <summary>Latest lacks a key and has one that differs.</summary>
    private static void Damage(NamedWorld world, WorldNames names, FeatureSet set)
    {
        var latest = Quote(set.LatestTable!.Name);
        world.Run($"DELETE FROM {latest} WHERE {Quote(names.Keys[0])} = 2");
        world.Run($"UPDATE {latest} SET {Quote(names.Features[0])} = 77 WHERE {Quote(names.Keys[0])} = 1");
    }

    private static void Ask(NamedWorld world, WorldNames names, FeatureSet set)
    {
        world.Do(Latest.Of(set).At(Noon.AddHours(9)));
        world.Do(Unload.Of(set));
        world.Do(Scd2.Of(set));
        world.Do(Scd2.Of(set).Collapsed());
        world.Do(Eavt.Of(set));
        world.Do(Prune.Of(set, Noon.AddHours(5)).Report());
        var training = Asked(names).Join(set);
        world.Do(training);
        world.Do(training.Using(AsOf.Union));
        world.Do(Asked(names).Join(set.MaxAge(TimeSpan.FromHours(2))));
        world.Do(training.WithMatch().KnownAt(Noon.AddHours(4)).OrderBy([.. names.Keys, "asked at"]));
        world.Do(Coverage.Of(training));
        world.Do(Restatement.Of(training, Noon.AddHours(2)));
        world.Do(Why.Of(training, set.Name, [.. names.Keys.Select(_ => (object?)1)], Noon.AddHours(5)).All());
    }

    private static void PublishEvents(NamedWorld world, WorldNames names, FeatureSet dense, FeatureSet sparse)
    {
        world.Run($"CREATE TABLE events AS {names.EventOf(7, names.Features[0], "70")}");
        world.Do(Distiller.PublishEvents.Of(Pivot.From(sparse, "events").Sparse()));
        world.Run("DELETE FROM events");
        foreach (var (attribute, value) in new[] { (names.Features[0], "much"), ("unheard of", "1") })
        {
            world.Run($"INSERT INTO events {names.EventOf(8, attribute, value)}");
            world.Refuses(Distiller.PublishEvents.Of(Pivot.From(sparse, "events").Sparse()));
            world.Run("DELETE FROM events");
        }

        foreach (var feature in names.Features)
        {
            world.Run($"INSERT INTO events {names.EventOf(7, feature, "71")}");
        }

        world.Do(Distiller.PublishEvents.Of(Pivot.From(dense, "events")));
    }

    private static void Check(NamedWorld world, WorldNames names)
    {
        world.Run($"CREATE TABLE states AS {names.Row(1, 0, 0, "1")} UNION ALL {names.Row(1, 0, 1, "2")}");
        world.Do(CheckRows.Of(names.WithFeatures(names.Entity("state").FeatureSet("states").Existing("states").Static())));
        var spans = names.WithFeatures(names.Entity("span").FeatureSet("spans").Existing("spans").EventTime(names.Event).ValidTo(names.Created).WithoutCreatedTime());
        world.Run($"CREATE TABLE spans AS {names.Row(1, 0, 2, "1")} UNION ALL {names.Row(1, 3, 7, "2")}");
        world.Do(Asked(names).Join(spans));
        world.Run($"INSERT INTO spans {names.Row(1, 1, 6, "3")}");
        world.Do(CheckRows.Of(spans));
    }

    private static Spine Asked(WorldNames names) => Spine.From("asked").At("asked at").Columns([.. names.Keys, "asked at"]);

    private static string Quote(string name) => "\"" + name + "\"";
}

public sealed class SqliteOwnNameTests() : OwnNames(SqlDialect.Sqlite);

public sealed class DuckDbOwnNameTests() : OwnNames(SqlDialect.DuckDb);

public sealed partial class OwnNamesTests
{
    /// <summary>A name that a plan asks for and the list lacks is a name no test has met.</summary>
    [Fact]
    public void The_list_of_the_plans_names_is_whole() => Library.None(
        from path in Library.Files
        from Match asked in Asked().Matches(File.ReadAllText(path))
        let name = asked.Groups[1].Value
        where !OwnNames.Own.Contains(name, StringComparer.Ordinal)
        select $"{Path.GetRelativePath(Library.Sources, path)} takes the name '{name}'");

    [GeneratedRegex("""\b(?:Take|Free)\("([a-z_]+)"[,)]""")]
    private static partial Regex Asked();
}
