namespace Distiller;

/// <summary>Names for what Distiller would otherwise find by convention, when it makes a feature set of a table.</summary>
public sealed record TableColumns
{
    /// <summary>The feature set's name; null = the table's.</summary>
    public string? Name { get; init; }

    /// <summary>The entity; null = one made of the keys.</summary>
    public Entity? Entity { get; init; }

    /// <summary>The key columns; null = the entity's, else the enforced key without its times, else the only column named <c>id</c> or <c>..._id</c>.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>The event time; null = a column with a usual name, else the only one that holds instants, else the set is static.</summary>
    public string? EventTime { get; init; }

    /// <summary>How the event time is kept; null = as the catalog says, which cannot tell what a number counts.</summary>
    public TimeKind? EventKind { get; init; }

    /// <summary>The created time; null = a column with a usual name, else none.</summary>
    public string? CreatedTime { get; init; }

    /// <summary>How the created time is kept; null = as the catalog says.</summary>
    public TimeKind? CreatedKind { get; init; }

    /// <summary>Where a row's validity ends; null = <c>valid_to</c> where the event time is <c>valid_from</c>.</summary>
    public string? ValidTo { get; init; }

    /// <summary>The features; null = every other column with a type Distiller knows.</summary>
    public IReadOnlyList<string>? Features { get; init; }
}

/// <summary>A feature set made of a table, and what was assumed or could not be taken.</summary>
/// <param name="Set">The feature set, on the table as it exists.</param>
/// <param name="Notes">What was found by convention, and every column that is not part of the set and why.</param>
public sealed record FoundFeatureSet(FeatureSet Set, IReadOnlyList<string> Notes)
{
    /// <summary>The notes, one a line.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Notes);
}

/// <summary>A training set made of tables, and what was assumed or could not be taken.</summary>
/// <param name="Training">The training set.</param>
/// <param name="Notes">What was found by convention, per table.</param>
public sealed record FoundTrainingSet(TrainingSet Training, IReadOnlyList<string> Notes)
{
    /// <summary>The notes, one a line.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Notes);
}
