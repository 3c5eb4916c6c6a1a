namespace Distiller;

/// <summary>
/// A feature set's history as intervals (F1): one row per key and event time, of the row that wins there (W2), valid from its event time (inclusive) to the key's next one (exclusive, NULL = open).
/// Columns: keys, valid from, valid to, is current, features. The max age is not judged.
/// </summary>
public sealed record Scd2 : Statement
{
    private Scd2(FeatureSet set)
    {
        Set = set;
        IsCollapsed = set.Scd2Table?.IsCollapsed ?? false;
        Columns = set.Scd2Table?.Columns ?? new();
    }

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; private init; }

    /// <summary>Whether consecutive intervals with equal features are one.</summary>
    public bool IsCollapsed { get; private init; }

    /// <summary>The names of the intervals' own columns.</summary>
    public Scd2Columns Columns { get; private init; }

    /// <summary>The intervals of a feature set's history, shaped as its SCD2 table where it declares one.</summary>
    /// <exception cref="InvalidOperationException">The set is static, or of intervals already.</exception>
    /// <exception cref="ArgumentException">The set has no features, or a column of the intervals' names.</exception>
    public static Scd2 Of(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.IsStatic || set.ValidToColumn is not null)
        {
            throw new InvalidOperationException($"Feature set '{set.Name}' {(set.IsStatic ? "is static and has no history" : $"is of intervals already, in '{set.HistoryTable}'")}.");
        }

        return set.Features.Count == 0
            ? throw new ArgumentException($"Feature set '{set.Name}' has no features; declare one with Feature<T>(name).", nameof(set))
            : new Scd2(set).Checked();
    }

    /// <summary>Makes one of consecutive intervals with equal features (NULL equals NULL).</summary>
    /// <exception cref="InvalidOperationException">The set has a max age, which counts from each row's own event time.</exception>
    public Scd2 Collapsed() => Set.MaximumAge is null
        ? this with { IsCollapsed = true }
        : throw new InvalidOperationException($"Feature set '{Set.Name}' has a max age, which counts from each row's own event time: its intervals cannot be collapsed.");

    /// <summary>Gives the intervals' own columns other names.</summary>
    /// <exception cref="ArgumentException">A key or a feature has one of the names.</exception>
    public Scd2 Named(Scd2Columns columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return (this with { Columns = columns }).Checked();
    }

    /// <summary>The statement that creates a view of the intervals.</summary>
    public CreateStatementView AsView(TableName view, bool replace = false) => CreateStatementView.Of(this, view, replace);

    internal override IReadOnlyList<ResultColumn> Answer => Scd2Planner.ResultColumns(Set, Columns);

    internal override CompiledScript Build(PlanScope context) => Scd2Planner.Build(this, context);

    private Scd2 Checked()
    {
        Set.Scd2ColumnsAreFree(Columns, withRows: false);
        return this;
    }
}

/// <summary>
/// Brings a feature set's SCD2 table up to date (F1): the intervals of every key whose history has grown since the last refresh are written anew, from the one before its first new row on; all others are left alone.
/// Late rows split intervals, corrections replace them, and a refresh without news changes nothing.
/// </summary>
public sealed record RefreshScd2 : Statement
{
    private RefreshScd2(FeatureSet set) => Set = set;

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; }

    /// <summary>Whether every key is recomputed.</summary>
    public bool IsAnew { get; private init; }

    /// <summary>The refresh of a feature set's SCD2 table.</summary>
    /// <exception cref="InvalidOperationException">The set declares no SCD2 table.</exception>
    public static RefreshScd2 Of(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Scd2Table is null
            ? throw new InvalidOperationException($"Feature set '{set.Name}' has no SCD2 table; name one with Scd2(table).")
            : new(set);
    }

    /// <summary>Recomputes every key: after rows of history were changed or removed by hand, or when the table is to be collapsed and was not.</summary>
    public RefreshScd2 Anew() => this with { IsAnew = true };

    internal override CompiledScript Build(PlanScope context) => new Scd2Refresh(this, context).Build();
}
