namespace Distiller;

/// <summary>
/// Looks for rows that contradict what a set declares: two rows of one key of a static set (P10), intervals of one key that overlap or that end at or before their begin.
/// Answers one row with the problem and the key, in words, or none. A store runs it before each training set that joins such a set, and in <c>CheckAsync</c>.
/// </summary>
public sealed record CheckRows : Statement
{
    private CheckRows(FeatureSet set) => Set = set;

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; }

    /// <summary>The check of a static set or of intervals.</summary>
    /// <exception cref="InvalidOperationException">The set is neither: no rows of it contradict each other.</exception>
    public static CheckRows Of(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return RowCheckPlanner.Checks(set)
            ? new(set)
            : throw new InvalidOperationException($"Feature set '{set.Name}' is neither static nor of intervals: no rows of it contradict each other.");
    }

    internal override CompiledScript Build(PlanScope context) => RowCheckPlanner.Build(this, context);
}
