namespace Distiller;

/// <summary>One history row with its verdict.</summary>
public sealed record WhyRow
{
    /// <summary>Counts the key's rows from the newest, which is 1.</summary>
    public required long Position { get; init; }

    /// <summary>What became of the row. In a sparse set the strongest of its features' verdicts: a winner before an expired one, before a tombstone's, before an older one.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What became of the row for each feature, in the join's order, where the set is sparse; empty where the whole row is judged.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; init; } = ValueList<Verdict>.Empty;

    /// <summary>Whether the row is a tombstone, which ends the key.</summary>
    public bool IsTombstone { get; init; }

    /// <summary>The event time in UTC; a long where it is an ordinal; null = NULL.</summary>
    public required object? EventTime { get; init; }

    /// <summary>The created time in UTC, or an ordinal; null where the set has none, or the row's is NULL.</summary>
    public object? CreatedTime { get; init; }

    /// <summary>The join's features, in its order; null = NULL.</summary>
    public required IReadOnlyList<object?> Values { get; init; }
}

/// <summary>Why a value is what it is: history rows of one key, newest first, each with its verdict. It shows as a table and a timeline in a notebook, and as text elsewhere.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record WhyAnswer
{
    internal WhyAnswer(Why question, IEnumerable<WhyRow> rows)
    {
        Question = question;
        Rows = ValueList<WhyRow>.Of(rows);
        Notes = ValueList<string>.Of(WhyWords.Notes(question));
    }

    /// <summary>The question.</summary>
    public Why Question { get; }

    /// <summary>The rows, newest first: all of the key, or those around the winner.</summary>
    public IReadOnlyList<WhyRow> Rows { get; }

    /// <summary>A NULL key or instant, a set that cannot be cut, ties that are taken arbitrarily.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The row whose values are the answer; null where the answer is NULL. In a sparse set the newest row that wins for a feature.</summary>
    public WhyRow? Winner => Rows.FirstOrDefault(row => row.Verdict == Verdict.Winner);

    /// <summary>The row a feature is served from; null where the answer is NULL.</summary>
    /// <param name="feature">A feature of the join, by its name without regard to case.</param>
    /// <exception cref="ArgumentException">The join has no such feature.</exception>
    public WhyRow? WinnerOf(string feature)
    {
        var features = Question.Join.Features;
        var at = 0;
        while (at < features.Count && !Names.Comparer.Equals(features[at].Name, feature))
        {
            at++;
        }

        return at == features.Count ? throw new ArgumentException($"The join '{Question.Join.Prefix}' has no feature '{feature}'; it has {string.Join(", ", features.Select(known => known.Name))}.", nameof(feature))
            : Question.Join.Set.IsSparse ? Rows.FirstOrDefault(row => row.Verdicts[at] == Verdict.Winner)
            : Winner;
    }

    /// <summary>The answer in one sentence.</summary>
    public string Summary => WhyWords.Summary(this);

    /// <summary>The question, the answer in one sentence, notes, and the rows as a table of aligned text.</summary>
    public override string ToString() => Grid.Of(this).ToText();

    /// <summary>The rows as a small picture (SVG): event time along, created time up (when a row became known), the instant, what may be known, the max age.</summary>
    public string ToSvg() => WhyPicture.Of(this);
}
