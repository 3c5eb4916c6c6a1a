using System.Globalization;

namespace Distiller;

/// <summary>What became of one feature of one join in one month of the spine: every row is one of the counts but the first.</summary>
public sealed record CoverageRow
{
    /// <summary>The join's prefix.</summary>
    public required string Join { get; init; }

    /// <summary>The feature.</summary>
    public required string Feature { get; init; }

    /// <summary>The first day of the month (UTC) of the spine's instants; null where they are NULL, or ordinals.</summary>
    public DateOnly? Month { get; init; }

    /// <summary>The rows of the spine.</summary>
    public long Rows { get; init; }

    /// <summary>Those that got a value.</summary>
    public long Hit { get; init; }

    /// <summary>Those whose winner holds NULL (in a sparse set: for which no row of history knows the feature).</summary>
    public long Null { get; init; }

    /// <summary>Those whose winner is older than the max age.</summary>
    public long Expired { get; init; }

    /// <summary>Those whose key has no row of history at or before the instant.</summary>
    public long NoHistory { get; init; }

    /// <summary>Those whose key or instant is NULL.</summary>
    public long NoKey { get; init; }

    /// <summary>Those whose key has ended.</summary>
    public long Deleted { get; init; }
}

/// <summary>How old the rows of history are that a join's spine rows found, also where they are expired. In a sparse set it is the newest row, whatever it brought.</summary>
public sealed record CoverageAge
{
    /// <summary>The join's prefix.</summary>
    public required string Join { get; init; }

    /// <summary>The rows of the spine that found one; 0 where event times are ordinals, which have no age.</summary>
    public long Rows { get; init; }

    /// <summary>The quantiles, as <see cref="Coverage.AgePercents"/> names them: the least age that so many percent do not exceed. Empty where there is no row.</summary>
    public IReadOnlyList<TimeSpan> Quantiles { get; init; } = [];
}

/// <summary>How well a training set is covered, by month of the spine, and how old its values are.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record CoverageResult
{
    /// <summary>The training set, in words.</summary>
    public required string Training { get; init; }

    /// <summary>A row per join, feature and month, in the order of joins, features and months.</summary>
    public IReadOnlyList<CoverageRow> Rows { get; init; } = [];

    /// <summary>A row per join.</summary>
    public IReadOnlyList<CoverageAge> Ages { get; init; } = [];

    /// <summary>The counts as a table of aligned text, with the ages above it.</summary>
    public override string ToString() => Grid.Of(this).ToText();

    internal static CoverageResult Of(Coverage statement, IReadOnlyList<IReadOnlyList<IReadOnlyList<object?>>> answers) => new()
    {
        Training = TrainingSetPlanner.Describe(statement.Training),
        Rows = ValueList<CoverageRow>.Of(answers[0].Select(row => new CoverageRow
        {
            Join = (string)row[0]!,
            Feature = (string)row[1]!,
            Month = row[2] is null ? null : new DateOnly((int)RawValues.Count(row[2]) / 100, (int)RawValues.Count(row[2]) % 100, 1),
            Rows = RawValues.Count(row[3]),
            Hit = RawValues.Count(row[4]),
            Null = RawValues.Count(row[5]),
            Expired = RawValues.Count(row[6]),
            NoHistory = RawValues.Count(row[7]),
            NoKey = RawValues.Count(row[8]),
            Deleted = RawValues.Count(row[9]),
        })),
        Ages = ValueList<CoverageAge>.Of(answers[1].Select(row => new CoverageAge
        {
            Join = (string)row[0]!,
            Rows = RawValues.Count(row[1]),
            Quantiles = row[2] is null ? [] : ValueList<TimeSpan>.Of(row.Skip(2).Select(age => TimeSpan.FromMicroseconds(RawValues.Count(age)))),
        })),
    };

    internal IEnumerable<string> AgeLines() => Ages.Select(age => age.Quantiles.Count == 0
        ? $"{age.Join}: no row of history was found"
        : string.Create(CultureInfo.InvariantCulture, $"{age.Join}: age of {age.Rows} rows found: {string.Join(", ", age.Quantiles.Select((quantile, i) => $"{Coverage.AgePercents[i]} % {WhyWords.Show(quantile)}"))}"));
}
