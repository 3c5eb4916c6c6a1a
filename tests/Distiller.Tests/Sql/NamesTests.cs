using System.Data.Common;
using Distiller.Tests.Goldens;

namespace Distiller.Tests.Sql;

/// <summary>I1: any name works, in any role, or is refused when the model is built.</summary>
public sealed class NamesTests
{
    public static TheoryData<int> Refused => [.. Enumerable.Range(0, HostileNames.Refused.Count)];

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_name_no_database_keeps_is_refused_where_it_is_given(int number)
    {
        var name = HostileNames.Refused[number];
        var set = Entity.Create("e").Key<int>("k").FeatureSet("s").Feature<int>("f");

        Assert.Throws<ArgumentException>(() => Entity.Create(name));
        Assert.Throws<ArgumentException>(() => Entity.Create("e").Key<int>(name));
        Assert.Throws<ArgumentException>(() => Entity.Create("e").Key<int>("k").FeatureSet(name));
        Assert.Throws<ArgumentException>(() => set.Feature<int>(name));
        Assert.Throws<ArgumentException>(() => set.EventTime(name));
        Assert.Throws<ArgumentException>(() => set.CreatedTime(name));
        Assert.Throws<ArgumentException>(() => set.Existing("t").WithoutCreatedTime().TieBreaker(name));
        Assert.Throws<ArgumentException>(() => TableName.Of(name));
        Assert.Throws<ArgumentException>(() => TableName.Of(name, "t"));
        Assert.Throws<ArgumentException>(() => TableName.Of(name, "s", "t"));
        Assert.Throws<ArgumentException>(() => Spine.From("t").At(name));
        Assert.Throws<ArgumentException>(() => Spine.From("t").Columns(name));
        Assert.Throws<ArgumentException>(() => Spine.From("t").Join(set, prefix: name));
        Assert.Throws<ArgumentException>(() => Spine.From("t").Join(set, keys: new Dictionary<string, string> { ["k"] = name }));
    }

    [Fact]
    public void A_spine_of_rows_has_its_column_names_checked()
    {
        Assert.Throws<ArgumentException>(() => Spine.Rows(new[] { new Broken(1) }));
        Assert.Throws<ArgumentException>(() => Spine.Rows(new[] { new Twice(1, 2) }));
    }

    [Fact]
    public void A_common_table_never_hides_a_table_of_the_same_name()
    {
        var set = Entity.Create("e").Key<int>("k").FeatureSet("s").Feature<int>("f").Existing("s_ranked").EventTime("happened");
        foreach (var dialect in GoldenDatabase.Dialects)
        {
            using var connection = GoldenDatabase.Open(dialect);
            Execute(connection, $"CREATE TABLE numbered_spine (k INTEGER, event_timestamp {dialect.TypeName(StoredType.Instant)})");
            Execute(connection, $"CREATE TABLE s_ranked (k INTEGER, happened {dialect.TypeName(StoredType.Instant)}, created_timestamp {dialect.TypeName(StoredType.Instant)}, f INTEGER)");
            var columns = new[] { "k", "event_timestamp" };

            Execute(connection, Spine.From("numbered_spine").Columns(columns).Join(set).Using(AsOf.Union).ToSql(dialect));
            Execute(connection, Spine.Query("SELECT * FROM numbered_spine").Columns(columns).Join(set).Using(AsOf.Union).ToSql(dialect));
        }
    }

    [Fact]
    public void A_set_cannot_own_the_table_DuckDB_publishers_lock()
    {
        var set = Entity.Create("e").Key<int>("k").FeatureSet("s").Feature<int>("f").Latest("Distiller_Publishers");

        var gap = Assert.Throws<UnsupportedByDialectException>(() => CreateTables.For(set).ToSql(SqlDialect.DuckDb));

        Assert.Equal(
            "DuckDB cannot do this: a table of feature set 's' named 'distiller_publishers', where publishers keep what makes them wait for each other. Choose another name with History(table) or Latest(table).", gap.Message);
        CreateTables.For(set).ToSql(SqlDialect.Sqlite);
    }

    [Fact]
    public void A_name_the_engine_keeps_for_itself_is_refused_with_a_way_out()
    {
        var entity = Entity.Create("e").Key<int>("k");

        Assert.Contains("begin with sqlite_ are the engine's own. Choose another name.", Refusal(() => CreateTables.For(entity.FeatureSet("SQLite_x").Feature<int>("f")).ToSql(SqlDialect.Sqlite)), StringComparison.Ordinal);
        foreach (var column in new[] { "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid" })
        {
            var set = entity.FeatureSet("s").Feature<int>(column);
            Assert.Contains($"a column named '{column}'", Refusal(() => CreateTables.For(set).ToSql(SqlDialect.PostgreSql)), StringComparison.Ordinal);
            CreateTables.For(set).ToSql(SqlDialect.Sqlite);
            CreateTables.For(set).ToSql(SqlDialect.DuckDb);
        }
    }

    /// <summary>PostgreSQL cuts names at 63 bytes without a word; here they are refused, in whatever role they stand.</summary>
    [Fact]
    public void A_name_too_long_for_a_dialect_is_refused_naming_it_and_the_way_out()
    {
        foreach (var fits in new[] { new string('a', 63), new string('ü', 31) + "a", string.Concat(Enumerable.Repeat("😀", 15)) + "abc" })
        {
            var set = Entity.Create("e").Key<int>(fits).FeatureSet("s").Feature<int>("f");
            Assert.Contains($"\"{fits}\"", CreateTables.For(set).ToSql(SqlDialect.PostgreSql), StringComparison.Ordinal);

            var tooLong = fits + "b";
            Assert.Contains($"'{tooLong}' is 64 bytes long and names end at 63. Choose a shorter name", Refusal(() => CreateTables.For(Entity.Create("e").Key<int>(tooLong).FeatureSet("s").Feature<int>("f")).ToSql(SqlDialect.PostgreSql)), StringComparison.Ordinal);
            Assert.Contains($"'{tooLong}'", Refusal(() => CreateTables.For(set.History(tooLong)).ToSql(SqlDialect.PostgreSql)), StringComparison.Ordinal);
            Assert.Contains($"'{tooLong}'", Refusal(() => Latest.Of(set.Feature<int>(tooLong)).ToSql(SqlDialect.PostgreSql)), StringComparison.Ordinal);
            Assert.Contains($"'{tooLong}'", Refusal(() => Spine.From(tooLong).Join(Short()).Compile(SqlDialect.PostgreSql)), StringComparison.Ordinal);
            Assert.Contains($"'{tooLong}'", Refusal(() => Spine.From("t").At(tooLong).Join(Short()).Compile(SqlDialect.PostgreSql)), StringComparison.Ordinal);
            Assert.Contains($"'{tooLong}'", Refusal(() => Publish.From(Short(), tooLong).Compile(SqlDialect.PostgreSql)), StringComparison.Ordinal);
        }

        var output = Refusal(() => Spine.From("t").Join(Entity.Create("e").Key<int>("k").FeatureSet(new string('s', 40)).Feature<int>(new string('f', 40)).History("h").Latest("l")).ToSql(SqlDialect.PostgreSql));
        Assert.Contains("prefix: ", output, StringComparison.Ordinal);
        Assert.Contains("is 82 bytes long", output, StringComparison.Ordinal);

        static FeatureSet Short() => Entity.Create("e").Key<int>("k").FeatureSet("s").Feature<int>("f");
    }

    /// <summary>Only names that Distiller makes up are cut, with a hash that is the same on every run (I1).</summary>
    [Fact]
    public void A_stage_name_too_long_gets_a_stable_hash()
    {
        var set = Entity.Create("e").Key<int>("k").FeatureSet(new string('s', 55)).Feature<int>("f").History("h").Latest("l");

        Assert.Contains("CREATE TEMP TABLE \"stage_18c5bc950f6ac5d4\" AS", Publish.From(set, "t").ToSql(SqlDialect.PostgreSql), StringComparison.Ordinal);
    }

    /// <summary>A running store adds a suffix to its stages' names, which leaves them short enough whatever the set is called.</summary>
    [Fact]
    public void A_stage_name_fits_with_the_suffix_of_a_run()
    {
        for (var length = 1; length <= 63; length++)
        {
            var set = Entity.Create("e").Key<int>("k").FeatureSet(new string('s', length)).Feature<int>("f").History("h").Latest("l");

            Publish.Rows(set).Build(new(SqlDialect.PostgreSql, SqlStyle.Parameters) { StageSuffix = "_0123456789ab" });
        }
    }

    /// <summary>Every identifier is quoted, so that an engine that folds names (PostgreSQL to lower case) leaves them as the user wrote them.</summary>
    [Theory]
    [InlineData("CamelCase")]
    [InlineData("lower")]
    [InlineData("UPPER")]
    public void A_name_is_quoted_so_that_no_engine_folds_it(string name)
    {
        var set = Entity.Create(name).Key<int>(name + "k").FeatureSet(name).Feature<int>(name + "f").EventTime(name + "e").CreatedTime(name + "c");
        foreach (var dialect in SqlDialect.All)
        {
            foreach (var statement in new Statement[] { CreateTables.For(set), DropTables.For(set), Publish.From(set, name + "s"), Latest.Of(set), Unload.Of(set), Spine.From(name + "s").At(name + "i").Join(set, keys: new Dictionary<string, string> { [name + "k"] = name + "x" }) })
            {
                foreach (var step in statement.Compile(dialect).Steps)
                {
                    var words = step.Text.Split('"');
                    Assert.DoesNotContain(words.Where((_, i) => i % 2 == 0).Select(word => System.Text.RegularExpressions.Regex.Replace(word, "'[^']*'", "")), word => word.Contains(name, StringComparison.OrdinalIgnoreCase));
                }
            }
        }
    }

    [Fact]
    public void Two_sets_with_one_feature_name_get_an_output_each()
    {
        var entity = Entity.Create("e").Key<int>("k");
        var (one, two) = (entity.FeatureSet("one").Feature<int>("f"), entity.FeatureSet("two").Feature<int>("f"));
        var training = Spine.From("t").Join(one).Join(two);

        Assert.Contains("AS \"one__f\"", training.ToSql(SqlDialect.PostgreSql), StringComparison.Ordinal);
        Assert.Contains("AS \"two__f\"", training.ToSql(SqlDialect.PostgreSql), StringComparison.Ordinal);
        Assert.Contains("'f' of the join 'two'", Assert.Throws<ArgumentException>(() => training.ShortNames()).Message, StringComparison.Ordinal);
    }

    /// <summary>Two set names that join to one output: <c>a</c> with feature <c>b__c</c>, <c>a__b</c> with feature <c>c</c>.</summary>
    [Fact]
    public void Outputs_that_meet_across_the_double_underscore_are_an_error()
    {
        var entity = Entity.Create("e").Key<int>("k");
        var (one, two) = (entity.FeatureSet("a").Feature<int>("b__c"), entity.FeatureSet("a__B").Feature<int>("c"));

        Assert.Contains("'a__B__c'", Assert.Throws<ArgumentException>(() => Spine.From("t").Join(one).Join(two)).Message, StringComparison.Ordinal);
    }

    private static string Refusal(Func<object> act) => Assert.Throws<UnsupportedByDialectException>(act).Message;

    internal static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.NextResult())
        {
        }
    }

    private sealed record Broken([property: System.ComponentModel.DataAnnotations.Schema.Column("a\nb")] int A);

    private sealed record Twice([property: System.ComponentModel.DataAnnotations.Schema.Column("a")] int A, [property: System.ComponentModel.DataAnnotations.Schema.Column("A")] int B);
}
