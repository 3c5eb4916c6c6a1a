namespace Distiller;

/// <summary>
/// Which rows of a training set would differ if it were rebuilt: with what was known at one instant, and with what is known today or at a later one. Rows published since (late rows, corrections, tombstones) restate it.
/// </summary>
/// <remarks>
/// Columns: on every row, <c>rows</c> (of the spine), <c>differing</c>, and per feature in output order <c>changed_1</c>, <c>changed_2</c>, ..; then, for the first rows that differ, the side (<c>then</c>, <c>now</c>), the spine's columns and the features.
/// Without a difference there is one row of counts. Feature sets without created time cannot be cut and never differ. What was deleted, or overwritten in place, no cut brings back: the checksum of a <see cref="Manifest"/> tells.
/// </remarks>
public sealed record Restatement : Statement
{
    private Restatement(TrainingSet training, DateTimeOffset then, DateTimeOffset? now)
    {
        Training = training;
        Then = then;
        Now = now;
    }

    /// <summary>The training set; its own knowledge instant means nothing here.</summary>
    public TrainingSet Training { get; }

    /// <summary>The earlier knowledge. UTC, whole microseconds.</summary>
    public DateTimeOffset Then { get; }

    /// <summary>The later knowledge; null = everything history holds today.</summary>
    public DateTimeOffset? Now { get; }

    /// <summary>The most rows that are shown.</summary>
    public int ShownRows { get; private init; } = 20;

    /// <summary>Compares a training set as it was known at an instant with how it would be now.</summary>
    /// <param name="training">The training set.</param>
    /// <param name="then">The earlier knowledge, such as <see cref="Manifest.KnownAt"/>; floored to a microsecond.</param>
    /// <param name="now">The later knowledge; null = today's.</param>
    /// <exception cref="InvalidOperationException">The training set is KnownAtEvent: its knowledge ends at each row's instant, whenever it is rebuilt.</exception>
    /// <exception cref="ArgumentException">It joins nothing, a created time is an ordinal, or the later knowledge is not later.</exception>
    public static Restatement Of(TrainingSet training, DateTimeOffset then, DateTimeOffset? now = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Knowledge == Knowledge.AtEvent)
        {
            throw new InvalidOperationException("The training set is KnownAtEvent(): its knowledge ends at each row's instant, whenever it is rebuilt. Restate it without, or compare two of its manifests.");
        }

        if (training.Joins.Count == 0)
        {
            throw new ArgumentException("The training set joins nothing yet; join a feature set first.", nameof(training));
        }

        if (now is { } later && later <= then)
        {
            throw new ArgumentException($"The later knowledge ({Instants.Text(Instants.Microseconds(later))} UTC) is not after the earlier one ({Instants.Text(Instants.Microseconds(then))} UTC).", nameof(now));
        }

        _ = training.KnownAt(then);
        return new(training, Instants.Floor(then), now is { } instant ? Instants.Floor(instant) : null);
    }

    /// <summary>Sets how many rows are shown, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public Restatement Showing(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return this with { ShownRows = rows };
    }

    internal Restatement WithTraining(TrainingSet training) => new(training, Then, Now) { ShownRows = ShownRows };

    internal override CompiledScript Build(PlanScope context) => RestatementPlanner.Build(this, context);
}
