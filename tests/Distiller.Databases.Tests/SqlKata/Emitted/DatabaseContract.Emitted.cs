using Dapper;
using Distiller.Databases.Tests.Reference;
using Distiller.SqlKataInterop;
using SqlKata;
using static Distiller.Databases.Tests.Contract.Scene;

namespace Distiller.Databases.Tests.Contract;

/// <summary>The same on SqlKata itself: built with -p:SqlKata=true only.</summary>
public abstract partial class DatabaseContract
{
    [Fact]
    public Task Statements_compiled_by_SqlKata_equal_the_reference_model_in_random_worlds() => AgreeLoweredAsync((statement, dialect, shape) =>
    {
        var compiled = SqlKataExtensions.CompilerFor(dialect).Compile(statement.ToSqlKata(dialect, shape));
        return (compiled.Sql, [.. compiled.NamedBindings.Values]);
    });

    [Fact]
    public async Task A_SqlKata_query_is_composed_further_and_run_through_Dapper()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 10), Click(2, 0, 0, 20), Click(3, 0, 0, 30)]);
        var spine = (await scene.SpineAsync(Ask(1, 10), Ask(2, 10), Ask(3, 10), Ask(4, 10))).Columns("user_id", "event_timestamp");
        var training = spine.Join(set, ["clicks"]);
        var compiler = SqlKataExtensions.CompilerFor(engine.Dialect);
        foreach (var pinned in engine.Strategies.Select(training.Using).Prepend(training))
        {
            var structured = pinned.ToSqlKata(engine.Dialect).Where("spine.user_id", ">", 1).OrderByDesc("spine.user_id").Limit(2);
            Assert.Equal([4L, 3L], await UsersAsync(structured));
            var text = pinned.ToSqlKata(engine.Dialect, SqlKataShape.CteText).Where("clicks__clicks", ">=", 20).OrderBy("user_id");
            Assert.Equal([2L, 3L], await UsersAsync(text));
            var within = new Query().With("training", pinned.ToSqlKata(engine.Dialect)).From("training").Select("user_id").WhereNull("clicks__clicks");
            Assert.Equal([4L], await UsersAsync(within));
        }

        async Task<IEnumerable<long>> UsersAsync(Query query)
        {
            var compiled = compiler.Compile(query);
            return (await scene.Database.Connection.QueryAsync(compiled.Sql, compiled.NamedBindings)).Select(row => (long)row.user_id).ToList();
        }
    }

    /// <summary>What the documentation warns of, so that we learn when SqlKata mends it.</summary>
    [Fact]
    public async Task SqlKata_drops_the_common_tables_of_a_query_within_another()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        var query = Spine.From("labels").Columns("user_id", "event_timestamp").Join(set).ToSqlKata(engine.Dialect, SqlKataShape.CteText);
        var compiled = SqlKataExtensions.CompilerFor(engine.Dialect).Compile(new Query().From(query, "x"));
        Assert.DoesNotContain("WITH", compiled.Sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_SqlKata_query_is_a_spine()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 10), Click(2, 0, 0, 20)]);
        var all = await scene.SpineAsync(Ask(1, 10, "a"), Ask(2, 10, "it's [b] {c} ?d"), Ask(3, 10, "c"));
        var query = new Query(all.Table!.Name).Select("user_id", "event_timestamp").Where("label", "it's [b] {c} ?d").WhereIn("user_id", [1L, 2L, 3L]);
        var training = query.ToSpine(engine.Dialect).Columns("user_id", "event_timestamp").Join(set, ["clicks"]);
        var row = Assert.Single(await TestTablesReadAsync(training));
        Assert.Equal((2L, 20), (Convert.ToInt64(row["user_id"], System.Globalization.CultureInfo.InvariantCulture), (int)row["clicks__clicks"]!));

        Task<List<Row>> TestTablesReadAsync(TrainingSet one) => Engines.TestTables.ReadAsync(scene.Store, one);
    }

    [Fact]
    public async Task A_training_set_is_appended_to_a_table_by_SqlKata()
    {
        await using var scene = await OpenAsync(engine);
        var set = Clicks();
        await scene.CreateAsync(set);
        await scene.PublishAsync(set, [Click(1, 0, 0, 10), Click(2, 0, 0, 20)]);
        var training = (await scene.SpineAsync(Ask(1, 10), Ask(2, 10))).Columns("user_id", "event_timestamp").Join(set, ["clicks"]);
        await scene.Store.IntoAsync(training, "train");
        foreach (var shape in Enum.GetValues<SqlKataShape>())
        {
            var compiled = SqlKataExtensions.CompilerFor(engine.Dialect).Compile(training.Into("train", IfExists.Append).ToSqlKata(engine.Dialect, shape));
            await scene.Database.Connection.ExecuteAsync(compiled.Sql, compiled.NamedBindings);
        }

        Assert.Equal([10, 10, 10, 20, 20, 20], (await scene.Database.Connection.QueryAsync<int>("SELECT clicks__clicks FROM train ORDER BY 1")));
    }
}
