using System.Text.RegularExpressions;

namespace Distiller.Tests.Docs;

/// <summary>Every numbered sentence of SEMANTICS.md names tests that prove it, and they are there.</summary>
public sealed partial class SemanticsTests
{
    private static readonly string[] Numbers =
    [
        .. Numbered('T', 1, 5), .. Numbered('W', 1, 5), .. Numbered('P', 1, 15), .. Numbered('B', 1, 13), .. Numbered('O', 1, 7), .. Numbered('F', 1, 6), .. Numbered('I', 1, 5),
    ];

    private static readonly List<(string Number, List<string> Tests)> Sentences = Read();

    private static readonly HashSet<string> Tests = [.. Repository.TestSources().SelectMany(TestsOf)];

    [Fact]
    public void The_sentences_are_numbered_in_order() => Assert.Equal(Numbers, Sentences.Select(sentence => sentence.Number));

    [Fact]
    public void Every_sentence_names_a_test() => Assert.All(Sentences, sentence => Assert.True(sentence.Tests.Count > 0, $"{sentence.Number} of SEMANTICS.md names no test"));

    [Fact]
    public void Every_test_that_is_named_exists() =>
        Assert.All(Sentences, sentence => Assert.All(sentence.Tests, test => Assert.True(Tests.Contains(test), $"{sentence.Number} of SEMANTICS.md names the test {test}, which is not there")));

    [Fact]
    public void A_test_that_begins_with_a_number_proves_a_sentence() => Assert.All(
        Tests,
        test => Assert.All(Prefix().Matches(test[(test.IndexOf('.', StringComparison.Ordinal) + 1)..]), number => Assert.True(Numbers.Contains(number.Value), $"{test} names {number.Value}, which SEMANTICS.md has not")));

    private static IEnumerable<string> Numbered(char letter, int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => FormattableString.Invariant($"{letter}{number}"));

    /// <summary>A sentence begins with its number in bold; its tests follow "Tests:", up to the next blank line.</summary>
    private static List<(string Number, List<string> Tests)> Read()
    {
        var sentences = new List<(string Number, List<string> Tests)>();
        var isTests = false;
        foreach (var line in Repository.Read("src/Distiller/SEMANTICS.md").Split('\n'))
        {
            if (Sentence().Match(line) is { Success: true } sentence)
            {
                sentences.Add((sentence.Groups["number"].Value, []));
            }

            isTests = line.Length > 0 && (isTests || line.StartsWith("Tests:", StringComparison.Ordinal));
            if (isTests)
            {
                sentences[^1].Tests.AddRange(Quoted().Matches(line).Select(test => test.Groups["test"].Value));
            }
        }

        return sentences;
    }

    /// <summary>The tests of a source file as class and method: a method under [Fact] or [Theory] belongs to the last class above it.</summary>
    private static IEnumerable<string> TestsOf(string source)
    {
        var type = "";
        foreach (Match found in ClassOrTest().Matches(source))
        {
            if (found.Groups["class"].Success)
            {
                type = found.Groups["class"].Value;
            }
            else
            {
                yield return $"{type}.{found.Groups["test"].Value}";
            }
        }
    }

    [GeneratedRegex(@"^\*\*(?<number>[A-Z]\d+)\.\*\* ")]
    private static partial Regex Sentence();

    [GeneratedRegex("`(?<test>[^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(?:public|internal) [\w ]*class (?<class>\w+)|^    \[(?:Fact|Theory)\b[^\n]*\n(?:    \[[^\n]*\n)*    public (?:async )?(?:Task|void) (?<test>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex ClassOrTest();

    [GeneratedRegex(@"(?<=^|\G_)[TWPBOIF]\d+(?=_)")]
    private static partial Regex Prefix();
}
