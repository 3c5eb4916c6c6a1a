using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Distiller.Tests.Samples;

/// <summary>The kernel notebooks run C# in (dotnet-interactive), spoken to as an editor does: commands and events as lines of JSON.</summary>
internal sealed class NotebookKernel : IDisposable
{
    public const string HowToInstall = "no C# kernel is installed: dotnet tool install -g Microsoft.dotnet-interactive";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process process;

    private NotebookKernel(Process process) => this.process = process;

    /// <summary>The program, from <c>DISTILLER_KERNEL</c>, the path, or the folder of the user's tools; null where there is none.</summary>
    public static string? Find()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet-interactive.exe" : "dotnet-interactive";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet", "tools"));
        return new[] { Environment.GetEnvironmentVariable("DISTILLER_KERNEL") }.Concat(folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }

    public static NotebookKernel Start(string program, string folder)
    {
        var process = SampleProcess.Start(folder, program, ["stdio", "--working-dir", folder]);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return new(process);
    }

    /// <summary>Runs a cell.</summary>
    /// <returns>What it displays, in order, each as its texts by MIME type.</returns>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> RunAsync(string code, int number)
    {
        var token = FormattableString.Invariant($"cell-{number}");
        var command = new JsonObject
        {
            ["token"] = token,
            ["commandType"] = "SubmitCode",
            ["command"] = new JsonObject { ["kernelName"] = "csharp", ["targetKernelName"] = "csharp", ["code"] = code },
        };
        await process.StandardInput.WriteLineAsync(command.ToJsonString());
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var shown = new List<IReadOnlyDictionary<string, string>>();
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith('{') || JsonNode.Parse(line) is not { } said || (string?)said["command"]?["token"] != token)
            {
                continue;
            }

            var happened = said["event"]!;
            switch ((string)said["eventType"]!)
            {
                case "DisplayedValueProduced" or "ReturnValueProduced":
                    shown.Add(happened["formattedValues"]!.AsArray().ToDictionary(value => (string)value!["mimeType"]!, value => ((string)value!["value"]!).ReplaceLineEndings("\n")));
                    break;
                case "CommandFailed":
                    Assert.Fail($"the kernel says '{happened["message"]}' to\n{code}");
                    break;
                case "CommandSucceeded":
                    return shown;
            }
        }

        throw new EndOfStreamException($"the kernel ended while it ran\n{code}");
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
