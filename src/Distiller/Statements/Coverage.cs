namespace Distiller;

/// <summary>
/// How well a training set is covered: per join, feature and month (UTC) of the spine's instants, how many rows have a value and why the others have none; and per join how old the rows are that values come from.
/// </summary>
/// <remarks>
/// Two answers. The first has a row per join, feature and month (as the number 202403; NULL where the instant is NULL or an ordinal): <c>rows</c>, of which <c>hit</c> (a value), <c>null</c> (the winner's value is NULL),
/// <c>expired</c> (too old), <c>no_history</c>, <c>no_key</c> (key or instant is NULL) and <c>deleted</c> (a tombstone); each row of the spine is one of them. In a sparse set each feature is judged by its own row.
/// The second has a row per join: how many spine rows found a row of history, and quantiles of its age at the instant, in microseconds: the least age that so many percent do not exceed. Expired rows count.
/// </remarks>
public sealed record Coverage : Statement
{
    private Coverage(TrainingSet training) => Training = training;

    /// <summary>The training set.</summary>
    public TrainingSet Training { get; }

    /// <summary>The quantiles of age that are told, in percent: 0 is the least age, 100 the greatest.</summary>
    public static IReadOnlyList<int> AgePercents { get; } = ValueList<int>.Of([0, 25, 50, 75, 90, 99, 100]);

    /// <summary>The coverage of a training set.</summary>
    /// <exception cref="ArgumentException">Nothing is joined yet.</exception>
    public static Coverage Of(TrainingSet training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return training.Joins.Count > 0 ? new(training) : throw new ArgumentException("The training set joins nothing yet; join a feature set first.", nameof(training));
    }

    internal override CompiledScript Build(PlanScope context) => CoveragePlanner.Build(this, context);
}
