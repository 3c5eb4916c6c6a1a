using System.Text.RegularExpressions;
using System.Xml.Linq;
using Distiller.Tests.Goldens;

namespace Distiller.Tests.Conventions;

/// <summary>The rules of the house, as far as the sources, the documentation file and the goldens show them.</summary>
public sealed class SourceConventionsTests
{
    private const int LongestFile = 400;
    private const int LongestDialect = 330;

    [Fact]
    public void A_file_is_short_enough_to_be_read()
    {
        Assert.NotEmpty(Library.Files);
        Library.None(
            from path in Library.Files
            let lines = File.ReadLines(path).Count()
            where lines > (Path.GetDirectoryName(path)!.EndsWith("Dialects", StringComparison.Ordinal) ? LongestDialect : LongestFile)
            select $"{Path.GetRelativePath(Library.Sources, path)} has {lines} lines");
    }

    /// <summary>Code for SqlKata has one of its own: in a namespace Distiller.SqlKata its types would hide the library's.</summary>
    [Fact]
    public void A_file_says_the_one_namespace() => Library.None(
        from path in Library.Files
        where !File.ReadLines(path).Contains(path.Contains("Distiller.SqlKata", StringComparison.Ordinal) ? $"namespace {Library.SqlKataNamespace};" : "namespace Distiller;")
        select Path.GetRelativePath(Library.Sources, path));

    /// <summary>Finished SQL is never scanned or changed; only one type grows it.</summary>
    [Fact]
    public void Only_SqlText_owns_a_StringBuilder() => Assert.Equal(
        ["SqlText.cs"], Library.Files.Where(path => File.ReadAllText(path).Contains("StringBuilder", StringComparison.Ordinal)).Select(Path.GetFileName));

    [Fact]
    public void No_file_speaks_of_the_process_culture_or_zone() => Library.None(
        from path in Library.Files
        let text = File.ReadAllText(path)
        from word in new[] { "CurrentCulture", "TimeZoneInfo.Local", "DateTime.Now" }
        where text.Contains(word, StringComparison.Ordinal)
        select $"{Path.GetRelativePath(Library.Sources, path)} uses {word}");

    [Fact]
    public void Every_public_member_says_what_it_means()
    {
        var missing = new List<string>();
        foreach (var assembly in Library.Assemblies)
        {
            var documented = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
                .Where(member => !string.IsNullOrWhiteSpace(member.Element("summary")?.Value) || member.Element("inheritdoc") is not null)
                .ToDictionary(member => member.Attribute("name")!.Value, member => member);
            missing.AddRange(PublicMembers.Of(assembly).Where(name => !documented.ContainsKey(name) && !PublicMembers.IsParameterOfRecord(name, documented)));
        }

        Library.None(missing);
    }

    /// <summary>Never <c>SELECT *</c> over history: a star is the spine's columns passing through, or counts rows.</summary>
    [Fact]
    public void A_star_stands_only_for_the_spine()
    {
        foreach (var dialect in SqlDialect.All)
        {
            foreach (var one in GoldenCases.All)
            {
                var lines = Golden.Read(dialect, one.Name).Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal));
                Assert.All(lines, line => Assert.DoesNotMatch(@"(?<!""spine""\.)(?<!COUNT\()(?<! )\*|SELECT \*", Regex.Replace(line, "'[^']*'", "''")));
            }
        }
    }

    /// <summary>Upper-case keywords, no tabs, no blanks at the end of a line, one end of file.</summary>
    [Fact]
    public void Printed_SQL_is_tidy()
    {
        foreach (var dialect in SqlDialect.All)
        {
            foreach (var one in GoldenCases.All)
            {
                var text = Golden.Read(dialect, one.Name);
                Assert.EndsWith("\n", text, StringComparison.Ordinal);
                Assert.DoesNotMatch(@"[ \t]\n|\t|\r|\n\n\n|\n\n$", text);
                Assert.DoesNotMatch(@"(?m)^(?!--)[^'\n]*\b(?<!"")(select|from|where|join|order by|with|union|insert|update|delete|create|left|case|when|then|end)\b(?!"")", text);
            }
        }
    }
}
