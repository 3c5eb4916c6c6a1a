using System.Text.RegularExpressions;

namespace Distiller.Tests.Docs;

/// <summary>The README shows code that is compiled and run (<see cref="ReadmeCode"/>), SQL as it is printed, and types as they are.</summary>
public sealed partial class ReadmeTests
{
    internal static IReadOnlyDictionary<string, string> Snippets { get; } = Snippet().Matches(Repository.Read("tests/Distiller.Tests/Docs/ReadmeCode.cs"))
        .ToDictionary(snippet => snippet.Groups["name"].Value, snippet => Outdented(snippet.Groups["text"].Value));

    /// <summary>The README's fenced blocks of a language, in order.</summary>
    internal static IReadOnlyList<string> Blocks(string language) =>
        [.. Fenced().Matches(Repository.Read("README.md")).Where(block => block.Groups["language"].Value == language).Select(block => block.Groups["text"].Value.TrimEnd('\n'))];

    [Fact]
    public void Every_CSharp_block_is_a_snippet_that_is_compiled_and_run()
    {
        var blocks = Blocks("csharp");
        Assert.All(Snippets, snippet => Assert.True(blocks.Contains(snippet.Value), $"README.md does not show the snippet '{snippet.Key}' of ReadmeCode.cs as it is:\n{snippet.Value}"));
        Assert.All(blocks, block => Assert.True(Snippets.Values.Contains(block), $"README.md shows code that is no snippet of ReadmeCode.cs:\n{block}"));
    }

    [Fact]
    public void Every_block_says_its_language()
    {
        Assert.Equal(Repository.Read("README.md").Split('\n').Count(line => line.StartsWith("```", StringComparison.Ordinal)), 2 * Fenced().Count(Repository.Read("README.md")));
        Assert.DoesNotContain(Fenced().Matches(Repository.Read("README.md")), block => block.Groups["language"].Value is "cs" or "c#" or "C#");
    }

    [Fact]
    public void The_table_of_types_is_what_tables_are_created_with()
    {
        var rows = TypeRow().Matches(Repository.Read("README.md")).Select(row => row.Groups["cell"].Captures.Select(cell => cell.Value).ToList()).ToDictionary(cells => cells[0]);
        foreach (var kind in Enum.GetValues<FeatureKind>())
        {
            var type = kind == FeatureKind.Decimal ? FeatureType.Decimal(12, 2) : (FeatureType)typeof(FeatureType).GetProperty(kind.ToString())!.GetValue(null)!;
            var stored = SqlDialect.All.Select(dialect => dialect.TypeName(StoredType.Of(type)));
            Assert.Equal(stored, rows[kind == FeatureKind.Decimal ? "Decimal(12, 2)" : kind.ToString()].Skip(2));
        }
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("src/Distiller/SEMANTICS.md")]
    public void Links_within_the_repository_lead_somewhere(string document)
    {
        var folder = Path.GetDirectoryName(document)!;
        Assert.All(Link().Matches(Repository.Read(document)), link => Assert.True(Repository.Exists(Path.Combine(folder, link.Groups["target"].Value)), $"{document} links to {link.Groups["target"].Value}, which is not there"));
    }

    private static string Outdented(string text)
    {
        var lines = text.TrimEnd().Split('\n');
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart(' ').Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line));
    }

    [GeneratedRegex(@"^ *// snippet: (?<name>.+)\n(?<text>(?:.*\n)*?) *// end$", RegexOptions.Multiline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"^```(?<language>\S+)\n(?<text>(?:.*\n)*?)```$", RegexOptions.Multiline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"^\|(?: `(?<cell>[^`]+)` \|){5}$", RegexOptions.Multiline)]
    private static partial Regex TypeRow();

    [GeneratedRegex(@"\]\((?<target>(?!https?:)[^)#]+)\)")]
    private static partial Regex Link();
}
