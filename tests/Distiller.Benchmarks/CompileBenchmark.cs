using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Distiller.Benchmarks;

/// <summary>Compiling a training set of five feature sets of ten features, against appending the same text token by token.</summary>
internal static partial class CompileBenchmark
{
    private const int Sets = 5;
    private const int Features = 10;
    private const int Rounds = 500;

    public static async Task RunAsync(RunOptions options, Report report)
    {
        var entity = Entity.Create("customer").Key<long>("customer_id");
        var training = Enumerable.Range(1, Sets)
            .Select(i => Enumerable.Range(1, Features).Aggregate(entity.FeatureSet(Invariant($"customer_set_{i}")), (set, j) => set.Feature<double>(Invariant($"feature_{j}"))))
            .Aggregate((TrainingSet?)null, (joined, set) => joined is null ? Spine.From("labels").Columns("customer_id", "event_timestamp", "label").Join(set) : joined.Join(set))!;
        foreach (var dialect in new[] { SqlDialect.DuckDb, SqlDialect.Sqlite, SqlDialect.PostgreSql })
        {
            await CompareAsync(dialect, training, options, report);
        }
    }

    private static async Task CompareAsync(SqlDialect dialect, TrainingSet training, RunOptions options, Report report)
    {
        var text = training.Compile(dialect).Single.Text;
        var tokens = Tokens().Matches(text).Select(token => token.Value).ToArray();
        if (Append(tokens) != text)
        {
            throw new InvalidOperationException($"{dialect.Name}: the tokens do not make up the text.");
        }

        // The runtime compiles hot code twice; both are through after this.
        var warmUntil = Stopwatch.GetTimestamp() + (2 * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < warmUntil)
        {
            Repeat(() => training.Compile(dialect));
            Repeat(() => Append(tokens));
        }

        var race = await Race.RunAsync(Math.Max(options.Runs, 11), Repeated(() => training.Compile(dialect)), Repeated(() => Append(tokens)));
        var (ours, rival) = (Allocated(() => training.Compile(dialect)), Allocated(() => Append(tokens)));
        report.Add(new ReportLine($"compile, {dialect.Name}, {Sets} sets x {Features} features", Microseconds(race.Ours), Microseconds(race.Rival), race.Ratio).AtMost(10)
            .With(Invariant($"{tokens.Length} tokens, {text.Length} characters; allocated {ours / 1024.0:0} KiB against {rival / 1024.0:0} KiB")));
    }

    private static Contender Repeated(Func<object> work) => new(() =>
    {
        Repeat(work);
        return Task.CompletedTask;
    });

    private static void Repeat(Func<object> work)
    {
        for (var i = 0; i < Rounds; i++)
        {
            GC.KeepAlive(work());
        }
    }

    private static string Append(string[] tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            text.Append(token);
        }

        return text.ToString();
    }

    private static long Allocated(Func<object> work)
    {
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Microseconds(double milliseconds) => Invariant($"{milliseconds / Rounds:0.0000}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A name between quotes, a word, or all that separates two of them.</summary>
    [GeneratedRegex("""
        "[^"]*"|\w+|[^\w"]+
        """)]
    private static partial Regex Tokens();
}
