using System.Globalization;
using System.Text.RegularExpressions;
using Distiller.Tests.Goldens;

namespace Distiller.Tests.Sql;

/// <summary>I3: the same model gives byte-identical SQL on every run and machine, in every culture and zone.</summary>
public sealed partial class DeterminismTests
{
    private static readonly IReadOnlyList<(GoldenCase Case, SqlDialect Dialect)> All = [.. GoldenCases.All.SelectMany(one => SqlDialect.All.Select(dialect => (one, dialect)))];

    [Fact]
    public void Printing_twice_gives_the_same_bytes() => Assert.All(All, one => Assert.Equal(GoldenText.Of(one.Case, one.Dialect), GoldenText.Of(one.Case, one.Dialect)));

    [Fact]
    public void Printing_in_parallel_gives_the_same_bytes()
    {
        var alone = All.Select(one => GoldenText.Of(one.Case, one.Dialect)).ToList();
        var statements = All.Select(one => (Statement: one.Case with { Statement = Once(one.Case.Statement()) }, one.Dialect)).ToList();

        var together = Enumerable.Range(0, 4 * All.Count).AsParallel().AsOrdered().WithDegreeOfParallelism(8)
            .Select(i => GoldenText.Of(statements[i % All.Count].Statement, statements[i % All.Count].Dialect)).ToList();

        for (var i = 0; i < together.Count; i++)
        {
            Assert.Equal(alone[i % All.Count], together[i]);
        }

        static Func<Statement> Once(Statement statement) => () => statement;
    }

    /// <summary>Cultures with another decimal comma, minus sign, calendar, digits, and casing of i.</summary>
    [Theory]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    [InlineData("fa-IR")]
    [InlineData("sv-SE")]
    [InlineData("th-TH")]
    public void No_culture_changes_a_byte(string culture)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        var invariant = All.Select(one => GoldenText.Of(one.Case, one.Dialect)).ToList();
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = new(culture);

            Assert.Equal(invariant, All.Select(one => GoldenText.Of(one.Case, one.Dialect)));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }

    /// <summary>Names meet without regard to case as everywhere: in a Turkish process <c>I</c> and <c>i</c> are the same letter still.</summary>
    [Fact]
    public void Names_are_compared_alike_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new("tr-TR");
            var set = Entity.Create("e").Key<int>("ID").FeatureSet("s");

            Assert.Throws<ArgumentException>(() => set.Feature<int>("id"));
            Assert.Throws<ArgumentException>(() => set.Feature<int>("DELETED"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>The clock is the engine's expression in text, a parameter without a value in a script; nothing else differs from run to run.</summary>
    [Fact]
    public void No_clock_and_no_chance_is_printed()
    {
        foreach (var (one, dialect) in All)
        {
            var text = GoldenText.Of(one, dialect);

            Assert.DoesNotMatch(Guids(), text);
            Assert.All(Instants().Matches(text), match => Assert.Contains(match.Value, Known));
        }
    }

    [Fact]
    public void A_clock_parameter_has_no_value_until_a_store_fills_it()
    {
        foreach (var dialect in SqlDialect.All)
        {
            var clocks = Publish.From(GoldenModel.Spend, "t").Compile(dialect).Steps.SelectMany(step => step.Parameters).ToList();

            Assert.Equal(2, clocks.Count);
            Assert.All(clocks, clock => Assert.True(clock is { IsClock: true, Value: null }));
        }
    }

    /// <summary>The instants the cases give, with an overlap or a whole unit taken off, and the start of time.</summary>
    private static readonly IReadOnlyList<string> Known =
    [
        "2026-03-02 08:30:00.123456", "2026-03-02 08:30:00.123455", "2026-03-03 08:30:00.123456", "2026-03-03 08:30:00.123455", "2026-03-02 08:20:00.123456", "2026-03-02 08:29:59.123456", "2026-02-28 23:00:00.000000", "1970-01-01 00:00:00.000000", "1970-01-01 00:00:00", "2026-03-02 00:00:00.000000",
        "2026-01-21 08:30:00.123456", "2026-02-28 08:30:00.123456", "2026-03-01 08:30:00.123456",
    ];

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}|\\b(?=[0-9]*[a-f])[0-9a-f]{12}\\b")]
    private static partial Regex Guids();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")]
    private static partial Regex Instants();
}
