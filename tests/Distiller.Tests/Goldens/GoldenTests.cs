namespace Distiller.Tests.Goldens;

/// <summary>Every statement prints for every dialect what was reviewed, and what it prints runs.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string, string> All =>
        [.. SqlDialect.All.SelectMany(dialect => GoldenCases.All.Select(one => (dialect.Name, one.Name)))];

    public static TheoryData<string, string> Embedded =>
        [.. GoldenDatabase.Dialects.SelectMany(dialect => GoldenCases.All.Where(one => !one.IsTrainingSet).Select(one => (dialect.Name, one.Name)))];

    public static TheoryData<string> TrainingSets => [.. GoldenCases.All.Where(one => one.IsTrainingSet).Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_statement_prints_what_was_reviewed(string dialectName, string name)
    {
        var (dialect, one) = (SqlDialect.All.Single(dialect => dialect.Name == dialectName), GoldenCases.Named(name));
        var text = GoldenText.Of(one, dialect);
        if (Golden.Writes && GoldenDatabase.Dialects.Contains(dialect) && (!File.Exists(Golden.PathOf(dialect, name)) || Golden.Read(dialect, name) != text))
        {
            Run(dialect, one);
        }

        Golden.Check(dialect, name, text);
    }

    [Theory]
    [MemberData(nameof(Embedded))]
    public void A_golden_runs_as_it_stands(string dialectName, string name) =>
        Run(SqlDialect.All.Single(dialect => dialect.Name == dialectName), GoldenCases.Named(name));

    /// <summary>A dialect changes spellings, never meaning; and the spine's rows come out, each once, whatever matches (P1, P9).</summary>
    [Theory]
    [MemberData(nameof(TrainingSets))]
    public void A_training_set_runs_as_it_stands_with_the_same_rows_on_every_embedded_engine(string name)
    {
        var one = GoldenCases.Named(name);
        var results = GoldenDatabase.Dialects.Select(dialect => Run(dialect, one)).OfType<IReadOnlyList<string>>().ToList();

        Assert.All(results, rows => Assert.Equal(SpineRows((TrainingSet)one.Statement()), rows.Count));
        Assert.All(results, rows => Assert.Equal(results[0], rows));
    }

    /// <summary>The form a table keeps its instants in changes no answer (T4, T5), as far as it keeps them exactly.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("_strictly")]
    [InlineData("_known_at")]
    [InlineData("_known_at_event")]
    [InlineData("_indexed")]
    [InlineData("_indexed_strictly")]
    [InlineData("_indexed_known_at_event")]
    public void Every_exact_form_of_time_gives_the_same_rows(string variant)
    {
        foreach (var dialect in GoldenDatabase.Dialects)
        {
            var forms = new[] { "instant", "timestamp", "text", "microseconds" }.Select(form => Run(dialect, GoldenCases.Named($"training_set_existing_{form}{variant}"))).OfType<List<string>>().ToList();

            Assert.Equal(dialect == SqlDialect.Sqlite ? 4 : 3, forms.Count);
            Assert.All(forms, rows => Assert.Equal(forms[0], rows));
        }
    }

    [Fact]
    public void Every_golden_belongs_to_a_case()
    {
        Assert.SkipWhen(Golden.Writes, "They are just being written.");
        var names = GoldenCases.All.Select(one => one.Name).Append("_tables").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(names, names.Distinct());
        foreach (var dialect in SqlDialect.All)
        {
            Assert.Equal(names, Directory.GetFiles(Path.Combine(Golden.Folder, dialect.Name)).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        }

        Assert.Equal(SqlDialect.All.Select(dialect => dialect.Name).Order(), Directory.GetDirectories(Golden.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_golden_that_differs_names_the_first_line_that_does()
    {
        var message = Golden.FirstDifference("SELECT\n  a,\n  b\n", "SELECT\n  a,\n  c\n");

        Assert.Equal("Line 3:\n  golden:   b\n  now:      c", message);
    }

    /// <summary>Runs what the golden holds; null where it holds a gap.</summary>
    private static List<string>? Run(SqlDialect dialect, GoldenCase one)
    {
        var text = Golden.Writes ? GoldenText.Of(one, dialect) : Golden.Read(dialect, one.Name);
        if (text.StartsWith(GoldenText.Gap, StringComparison.Ordinal))
        {
            return null;
        }

        if (one.Statement() is TrainingSet or Latest or Unload && !one.IsCompiled)
        {
            return [.. GoldenDatabase.Shared[dialect].Value.Run(text).Order(StringComparer.Ordinal)];
        }

        using var database = GoldenDatabase.For(dialect);
        return [.. one.IsCompiled ? database.Run(one.Statement().Compile(dialect)) : database.Run(text)];
    }

    private static int SpineRows(TrainingSet training) => training.Spine switch
    {
        { QueryText: not null } => 7,
        { Table.Name: "order_times" } => 9,
        { Table: null } => 2,
        _ => 10,
    };
}
