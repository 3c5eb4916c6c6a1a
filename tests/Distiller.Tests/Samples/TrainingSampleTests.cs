using System.Globalization;
using System.Text.RegularExpressions;
using Distiller.Tests.Docs;

namespace Distiller.Tests.Samples;

/// <summary>samples/training: the whole loop, from history to a served prediction.</summary>
public sealed partial class TrainingSampleTests
{
    [Fact]
    public async Task The_loop_runs_the_leak_shows_and_a_wrong_fingerprint_is_refused()
    {
        // Built with these tests, in their configuration.
        var program = AppContext.BaseDirectory.Replace(Path.Combine("tests", "Distiller.Tests"), Path.Combine("samples", "training"), StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("distiller_training_");
        try
        {
            var output = await SampleProcess.RunAsync(Repository.PathOf("samples/training"), "dotnet", Path.Combine(program, "training.dll"), folder.FullName);
            var areas = Line().Matches(output).Select(line => double.Parse(line.Groups["area"].Value, CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(3, areas.Count);
            Assert.True(areas[0] > 0.6, $"the honest model tells nothing:\n{output}");
            Assert.True(areas[1] > areas[0] + 0.03 && areas[2] < areas[0], $"the leak does not show:\n{output}");
            Assert.Contains("500 flights score the same with the features of the online store", output, StringComparison.Ordinal);
            Assert.Matches(@"\d+\.\d % to be 15 minutes late or more|\d+\.\d% to be 15 minutes late or more", output);
            Assert.Matches(@"joins\[2\]\.max_age", output[output.IndexOf("is refused", StringComparison.Ordinal)..]);
            Assert.Equal(["delay.features.json", "delay.zip", "train.parquet"], folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"^(as it was known|latest \(a leak\)) .*?(?<area>0\.\d{3})", RegexOptions.Multiline)]
    private static partial Regex Line();
}
