using System.Reflection;
using System.Runtime.CompilerServices;

namespace Distiller.Tests.Conventions;

/// <summary>What the conventions are asked of: the assemblies that ship, and their sources.</summary>
internal static class Library
{
    public static readonly IReadOnlyList<Assembly> Assemblies = [typeof(FeatureSet).Assembly, typeof(DuckDbDriver).Assembly, typeof(PostgreSqlDriver).Assembly, typeof(RedisOnlineStore).Assembly, typeof(ArrowReading).Assembly, typeof(DataViewReading).Assembly, typeof(SqlKataInterop.SqlKataShape).Assembly];

    /// <summary>The types written by hand.</summary>
    public static readonly IReadOnlyList<Type> Types =
        [.. Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.Namespace?.StartsWith("Distiller", StringComparison.Ordinal) == true && !IsGenerated(type))];

    public static readonly IReadOnlyList<Type> Records = [.. Types.Where(type => type.GetMethod("<Clone>$") is not null)];

    public static readonly string Sources = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "src"));

    public const string SqlKataNamespace = "Distiller.SqlKataInterop";

    public const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")).Order(StringComparer.Ordinal);

    public static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<', StringComparison.Ordinal) || member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) || member.DeclaringType is { } outer && IsGenerated(outer);

    /// <summary>A type as it is written, for messages.</summary>
    public static string Of(MemberInfo member) => member.DeclaringType is { } type ? $"{Of(type)}.{member.Name}" : member.Name;

    /// <summary>Passes where nothing was found; else shows all of it.</summary>
    public static void None(IEnumerable<string?> found)
    {
        var all = found.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
