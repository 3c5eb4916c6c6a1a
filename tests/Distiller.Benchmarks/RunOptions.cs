using System.Globalization;

namespace Distiller.Benchmarks;

/// <summary>What to run, how often, and how large.</summary>
internal sealed record RunOptions
{
    private const int QuickDivisor = 20;

    public IReadOnlyList<string> Names { get; private init; } = [];

    /// <summary>Alternated runs per measurement.</summary>
    public int Runs { get; private init; } = 5;

    /// <summary>History rows (or published rows) instead of the full number; the other sizes keep their proportion to it.</summary>
    public int? Rows { get; private init; }

    public bool Quick { get; private init; }

    /// <summary>The one engine that benchmarks of several engines take; null = all.</summary>
    public string? Engine { get; private init; }

    /// <summary>Whether the SQL of both sides is printed.</summary>
    public bool ShowSql { get; private init; }

    /// <summary>Bounds are stated for the full sizes; smaller ones only show that everything runs.</summary>
    public bool IsFullSize => !Quick && Rows is null;

    public static RunOptions Parse(IReadOnlyList<string> arguments, IReadOnlyCollection<string> known)
    {
        var options = new RunOptions();
        var names = new List<string>();
        var runs = (int?)null;
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--runs":
                    runs = Number(arguments, ++i);
                    break;
                case "--rows":
                    options = options with { Rows = Number(arguments, ++i) };
                    break;
                case "--engine":
                    options = options with { Engine = Named(arguments, ++i) };
                    break;
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--sql":
                    options = options with { ShowSql = true };
                    break;
                case "all":
                    names.AddRange(known);
                    break;
                case var name when known.Contains(name):
                    names.Add(name);
                    break;
                case var other:
                    throw new ArgumentException($"'{other}' is neither a benchmark nor an option.");
            }
        }

        return names.Count == 0
            ? throw new ArgumentException("Name a benchmark.")
            : options with { Names = [.. names.Distinct()], Runs = runs ?? (options.Quick ? 3 : 5) };
    }

    public bool Wants(string engine) => Engine is null || Engine == engine;

    /// <summary>A size in proportion to the rows asked for.</summary>
    /// <param name="full">The size at full rows.</param>
    /// <param name="fullRows">The benchmark's full number of history rows.</param>
    public int Scaled(int full, int fullRows) => (int)Math.Max(1, full * (long)(Rows ?? (Quick ? fullRows / QuickDivisor : fullRows)) / fullRows);

    private static string Named(IReadOnlyList<string> arguments, int at) =>
        EachEngine.Names.FirstOrDefault(name => at < arguments.Count && string.Equals(name, arguments[at], StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"{arguments[at - 1]} wants one of {string.Join(", ", EachEngine.Names)}.");

    private static int Number(IReadOnlyList<string> arguments, int at) =>
        at < arguments.Count && int.TryParse(arguments[at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"{arguments[at - 1]} wants a number above 0.");
}
