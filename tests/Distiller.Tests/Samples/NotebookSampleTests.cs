using Distiller.Tests.Docs;
using Distiller.Tests.Goldens;

namespace Distiller.Tests.Samples;

/// <summary>samples/notebook: one notebook with its outputs, and the same as a file-based app.</summary>
public sealed class NotebookSampleTests
{
    private static readonly string Folder = Repository.PathOf("samples/notebook");

    [Fact]
    public void The_notebook_is_the_file_based_app_cell_by_cell() => Assert.Equal(NotebookCells.OfApp(), NotebookFile.Cells());

    [Fact]
    public void The_notebook_keeps_its_outputs_as_tables_pictures_and_text()
    {
        var outputs = NotebookFile.Outputs();
        var cells = NotebookFile.Cells();
        Assert.Equal(cells.Select(cell => cell.IsCode ? Count(cell.Text) : 0), outputs.Select(output => output.Count));
        Assert.All(outputs.SelectMany(output => output), output => Assert.True(output.ContainsKey("text/html") && output.ContainsKey("text/plain"), string.Join(", ", output.Keys)));
        var all = string.Concat(outputs.SelectMany(output => output).Select(output => output["text/html"]));
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(all, "<svg "));
        Assert.DoesNotContain("<script", all, StringComparison.OrdinalIgnoreCase);

        static int Count(string code) => System.Text.RegularExpressions.Regex.Count(code, @"^display\(", System.Text.RegularExpressions.RegexOptions.Multiline);
    }

    [Fact]
    public async Task The_file_based_app_runs()
    {
        var output = await SampleProcess.RunAsync(Folder, "dotnet", "run", "flights.cs");
        Assert.Contains("Feature set airport_weather of airport", output, StringComparison.Ordinal);
        Assert.Contains("2279 offered, 2279 appended", output, StringComparison.Ordinal);
        Assert.Contains("the first 8 rows; there are more", output, StringComparison.Ordinal);
        Assert.Contains("Why airport_weather of origin = ", output, StringComparison.Ordinal);
    }

    /// <summary>Kept outputs are compared with what is shown; <c>DISTILLER_GOLDENS=write</c> keeps them anew.</summary>
    [Fact]
    public async Task The_notebook_runs_in_a_kernel_and_shows_what_it_keeps()
    {
        var program = NotebookKernel.Find();
        Assert.SkipWhen(program is null, NotebookKernel.HowToInstall);
        using var kernel = NotebookKernel.Start(program, Folder);
        var cells = NotebookCells.OfApp();
        var outputs = new List<IReadOnlyList<IReadOnlyDictionary<string, string>>>();
        for (var i = 0; i < cells.Count; i++)
        {
            var shown = cells[i].IsCode ? await kernel.RunAsync(cells[i].Text, i) : [];

            // What packages the kernel fetched is the machine's matter.
            outputs.Add(cells[i].Text.StartsWith("#r ", StringComparison.Ordinal) ? [] : shown);
        }

        if (Golden.Writes)
        {
            NotebookFile.Write(cells, outputs);
        }

        Assert.Equal(NotebookFile.Outputs(), outputs);
    }
}
