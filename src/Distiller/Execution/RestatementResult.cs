using System.Globalization;

namespace Distiller;

/// <summary>How many rows of a training set changed in one column.</summary>
/// <param name="Column">The output column.</param>
/// <param name="Rows">The rows.</param>
public sealed record RestatedColumn(string Column, long Rows);

/// <summary>One row of a training set that would differ.</summary>
public sealed record RestatedRow
{
    /// <summary>The spine's columns, in the order of <see cref="RestatementResult.SpineColumns"/>.</summary>
    public required IReadOnlyList<object?> Spine { get; init; }

    /// <summary>The features as they were known then, in the order of <see cref="RestatementResult.Columns"/>; instants in UTC, null = NULL.</summary>
    public required IReadOnlyList<object?> Then { get; init; }

    /// <summary>The features as they are known now, likewise.</summary>
    public required IReadOnlyList<object?> Now { get; init; }

    /// <summary>The columns that differ.</summary>
    public required IReadOnlyList<string> ChangedColumns { get; init; }
}

/// <summary>Which rows of a training set would differ if it were rebuilt with later knowledge.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record RestatementResult
{
    /// <summary>The training set, in words.</summary>
    public required string Training { get; init; }

    /// <summary>The earlier knowledge, in UTC.</summary>
    public required DateTimeOffset Then { get; init; }

    /// <summary>The later knowledge; null = everything history held when it was asked.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>The rows of the spine.</summary>
    public long Rows { get; init; }

    /// <summary>Those that differ.</summary>
    public long Differing { get; init; }

    /// <summary>Every output column of a feature, and how many rows changed in it.</summary>
    public IReadOnlyList<RestatedColumn> Changed { get; init; } = [];

    /// <summary>The spine's columns.</summary>
    public required IReadOnlyList<string> SpineColumns { get; init; }

    /// <summary>The output columns of the features.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The first rows that differ, in the order of instants and keys.</summary>
    public IReadOnlyList<RestatedRow> FirstRows { get; init; } = [];

    /// <summary>The counts, and the first rows as a table of aligned text.</summary>
    public override string ToString() => Grid.Of(this).ToText();

    internal IEnumerable<string> Lines() =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{Differing} of {Rows} rows differ between what was known at {WhyWords.ShowInstant(Then.UtcDateTime)} and {(Now is { } now ? $"at {WhyWords.ShowInstant(now.UtcDateTime)}" : "today")}"),
        .. Changed.Where(column => column.Rows > 0).Select(column => string.Create(CultureInfo.InvariantCulture, $"{column.Column}: {column.Rows} rows")),
    ];

    internal static RestatementResult Of(Restatement statement, IReadOnlyList<IReadOnlyList<object?>> rows)
    {
        var training = statement.Training;
        var spine = RestatementPlanner.SpineColumns(training);
        var columns = ResultColumns.Of(training.Asked(training.Spine.Columns([.. spine]), training.Joins));
        var features = training.Joins.SelectMany(join => join.Features.Select(feature => OutputNames.Of(training, join, feature))).ToList();
        var side = 2 + features.Count;
        var found = new List<RestatedRow>();
        foreach (var pair in rows.Where(row => row[side] is not null).Chunk(2))
        {
            var (then, now) = (Features(pair[0]), Features(pair[1]));
            found.Add(new()
            {
                Spine = ValueList<object?>.Of(spine.Select((_, i) => RawValues.Typed(pair[0][side + 1 + i], columns[i].Type))),
                Then = then,
                Now = now,
                ChangedColumns = ValueList<string>.Of(features.Where((_, i) => !RawValues.Same(then[i], now[i]))),
            });
        }

        return new()
        {
            Training = TrainingSetPlanner.Describe(training.Knowing(null)),
            Then = statement.Then,
            Now = statement.Now,
            Rows = RawValues.Count(rows[0][0]),
            Differing = RawValues.Count(rows[0][1]),
            Changed = ValueList<RestatedColumn>.Of(features.Select((name, i) => new RestatedColumn(name, RawValues.Count(rows[0][2 + i])))),
            SpineColumns = spine,
            Columns = ValueList<string>.Of(features),
            FirstRows = ValueList<RestatedRow>.Of(found),
        };

        ValueList<object?> Features(IReadOnlyList<object?> row) => ValueList<object?>.Of(features.Select((_, i) => RawValues.Typed(row[side + 1 + spine.Count + i], columns[spine.Count + i].Type)));
    }
}
