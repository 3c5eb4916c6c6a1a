using System.Globalization;

namespace Distiller;

/// <summary>What a question why and its answer say, in words.</summary>
internal static class WhyWords
{
    private static readonly IReadOnlyList<string> Verdicts = ValueList<string>.Of(Enum.GetValues<Verdict>().Select(verdict => verdict switch
    {
        Verdict.Winner => "winner",
        Verdict.Expired => "expired",
        Verdict.Older => "older",
        Verdict.AfterInstant => "after the instant",
        Verdict.NotYetKnown => "not yet known",
        Verdict.NoEventTime => "no event time",
        Verdict.Deleted => "deleted",
        Verdict.NothingNew => "nothing new",
        Verdict.Ended => "ended",
        _ => "no instant",
    }));

    public static string Of(Verdict verdict) => Verdicts[(int)verdict];

    public static Verdict Read(string words) => Enum.GetValues<Verdict>().First(verdict => Of(verdict) == words);

    /// <summary>The question in one line.</summary>
    public static string Question(Why why)
    {
        var keys = why.Join.Set.Entity.Keys.Select((key, i) => $"{key.Name} = {Show(why.Key[i])}");
        var knowledge = why.Training.Knowledge switch
        {
            Knowledge.AtInstant => $", known at {Instants.Text(Instants.Microseconds(why.Training.KnowledgeInstant!.Value))} UTC",
            Knowledge.AtEvent => ", known at the instant",
            _ => "",
        };
        var age = why.Join.MaximumAge is { } limit ? $", max age {Show(limit)}" : "";
        return $"Why {why.Join.Prefix} of {string.Join(", ", keys)} at {ShowInstant(why.Instant)}{(why.Training.IsStrict ? ", strictly before" : "")}{knowledge}{age}.";
    }

    public static IEnumerable<string> Notes(Why why)
    {
        var set = why.Join.Set;
        foreach (var key in set.Entity.Keys.Where((_, i) => why.Key[i] is null))
        {
            yield return $"key '{key.Name}' is NULL, which equals nothing: no row is the key's (P3).";
        }

        if (why.Instant is null)
        {
            yield return "the instant is NULL: no row is at or before it (P3).";
        }

        if (set.CreatedTimeColumn is null && why.Training.Knowledge != Knowledge.Today)
        {
            yield return $"feature set '{set.Name}' has no created time and cannot be cut: its rows count as known all along.";
        }

        if (set.CreatedTimeColumn is null && set.TieBreakers.Count == 0)
        {
            yield return $"feature set '{set.Name}' has neither created time nor tie-breaker: of equal event times one is taken arbitrarily, and a training set may take another.";
        }
    }

    /// <summary>What the verdicts on a sparse row come to: the one that tells most of it.</summary>
    public static Verdict Overall(IEnumerable<Verdict> verdicts) => verdicts.MinBy(verdict => verdict switch
    {
        Verdict.Winner => 0,
        Verdict.Expired => 1,
        Verdict.Deleted => 2,
        Verdict.Older => 3,
        _ => 4,
    });

    public static string Summary(WhyAnswer answer)
    {
        var (why, rows) = (answer.Question, answer.Rows);
        if (rows.All(row => row.Verdict is Verdict.AfterInstant or Verdict.NotYetKnown or Verdict.NoEventTime or Verdict.NoInstant))
        {
            return why.Key.Contains(null) ? "NULL: a key is NULL, and NULL equals nothing (P3)."
                : why.Instant is null ? "NULL: the instant is NULL (P3)."
                : rows.Count == 0 ? "NULL: the history has no row of the key."
                : rows.All(row => row.Verdict == Verdict.AfterInstant) ? "NULL: every row of the key is after the instant (W1)."
                : rows.All(row => row.Verdict is Verdict.AfterInstant or Verdict.NotYetKnown) ? "NULL: the rows of the key that are not after the instant were not yet known (P5)."
                : "NULL: no row of the key is a candidate.";
        }

        if (why.Join.Set.IsSparse)
        {
            return string.Join(' ', why.Join.Features.Select((feature, i) => Sparse(answer, feature, i)));
        }

        if (answer.Winner is { } winner)
        {
            return $"{string.Join(", ", why.Join.Features.Select((feature, i) => $"{feature.Name} = {Show(winner.Values[i])}"))}: the row of {ShowInstant(winner.EventTime)}.";
        }

        return rows.FirstOrDefault(row => row.Verdict is Verdict.Expired or Verdict.Ended or Verdict.Deleted) switch
        {
            { Verdict: Verdict.Expired } expired => $"NULL: the newest row is of {ShowInstant(expired.EventTime)}, older than the max age of {Show(why.Join.MaximumAge)} at the instant; no older row takes its place (W4).",
            { Verdict: Verdict.Ended } ended => $"NULL: the newest interval, of {ShowInstant(ended.EventTime)}, has ended by the instant; no older one takes its place.",
            { } tombstone => $"NULL: the key ended at {ShowInstant(tombstone.EventTime)}, by a tombstone (W4).",
            null => "NULL: no row of the key is a candidate.",
        };
    }

    private static string Sparse(WhyAnswer answer, Feature feature, int i) => answer.Rows.FirstOrDefault(row => row.Verdicts[i] is Verdict.Winner or Verdict.Expired or Verdict.Deleted) switch
    {
        null => $"{feature.Name} is NULL: no candidate knows it (W3).",
        { } row => row.Verdicts[i] switch
        {
            Verdict.Winner => $"{feature.Name} = {Show(row.Values[i])}: the row of {ShowInstant(row.EventTime)}.",
            Verdict.Expired => $"{feature.Name} is NULL: its newest value is of {ShowInstant(row.EventTime)}, older than the max age of {Show(answer.Question.Join.MaximumAge)} at the instant (W4).",
            _ => $"{feature.Name} is NULL: the key ended at {ShowInstant(row.EventTime)}, by a tombstone (W4).",
        },
    };

    public static string ShowInstant(object? instant) => instant switch
    {
        null => "NULL",
        DateTime at => Instants.Text(Instants.Microseconds(at)) + " UTC",
        _ => Show(instant),
    };

    /// <summary>A value as people read it, on one line.</summary>
    public static string Show(object? value) => value switch
    {
        null or DBNull => "NULL",
        string text => Names.Printable(text),
        DateTime at => Instants.Text(Instants.Microseconds(at)),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        byte[] bytes => $"0x{Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 16)))}{(bytes.Length > 16 ? "…" : "")}",
        float[] vector => $"[{string.Join(", ", vector.Take(8).Select(item => item.ToString(CultureInfo.InvariantCulture)))}{(vector.Length > 8 ? ", …" : "")}]",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => Names.Printable(value.ToString() ?? ""),
    };
}
