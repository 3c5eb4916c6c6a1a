using System.Runtime.CompilerServices;

namespace Distiller.Tests.Goldens;

/// <summary>
/// The files <c>Golden/{dialect}/{case}.sql</c>: what a statement prints, for people to review. They change only on request:
/// <c>DISTILLER_GOLDENS=write dotnet test</c> rewrites them, and CI never does.
/// </summary>
internal static class Golden
{
    public const string Variable = "DISTILLER_GOLDENS";

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "Golden"));

    public static bool Writes => Environment.GetEnvironmentVariable(Variable) == "write";

    public static string PathOf(SqlDialect dialect, string name) => Path.Combine(Folder, dialect.Name, name + ".sql");

    public static string Read(SqlDialect dialect, string name) => File.ReadAllText(PathOf(dialect, name));

    public static void Check(SqlDialect dialect, string name, string actual)
    {
        var path = PathOf(dialect, name);
        if (Writes)
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") != "true", $"{Variable}=write has no place in CI: a golden is written by a person who reads it.");
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"There is no golden {path}. Run with {Variable}=write, then read what was written.");
        var expected = File.ReadAllText(path);
        if (expected != actual)
        {
            Assert.Fail($"{path} differs. {FirstDifference(expected, actual)}\nRun with {Variable}=write to take the change, then read it.");
        }
    }

    public static string FirstDifference(string expected, string actual)
    {
        var (before, after) = (expected.Split('\n'), actual.Split('\n'));
        var line = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"Line {line + 1}:\n  golden: {(line < before.Length ? before[line] : "(ends)")}\n  now:    {(line < after.Length ? after[line] : "(ends)")}";
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
