using Distiller.Tests.Docs;

namespace Distiller.Tests.Samples;

/// <summary>samples/circle: events to history, latest and intervals, a training set from either, and events again.</summary>
public sealed class CircleSampleTests
{
    [Theory]
    [InlineData("duckdb")]
    [InlineData("sqlite")]
    public async Task The_circle_closes(string engine)
    {
        // Built with these tests, in their configuration.
        var program = AppContext.BaseDirectory.Replace(Path.Combine("tests", "Distiller.Tests"), Path.Combine("samples", "circle"), StringComparison.Ordinal);
        var output = await SampleProcess.RunAsync(Repository.PathOf("samples/circle"), "dotnet", Path.Combine(program, "circle.dll"), "--engine", engine);
        Assert.Contains("44      277\n", output, StringComparison.Ordinal);
        Assert.Contains("27,004 flights, 192,216 of 216,032 features filled; over the intervals 0 rows differ from those over the history.", output, StringComparison.Ordinal);
        Assert.Contains("18,232 events, 0 of those that arrived are not among them; published once more, 2,279 rows are there already and 0 are new.", output, StringComparison.Ordinal);
    }
}
