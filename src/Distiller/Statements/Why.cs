namespace Distiller;

/// <summary>What became of a history row at an instant.</summary>
public enum Verdict
{
    /// <summary>The row won, and is young enough: its values are the answer.</summary>
    Winner,

    /// <summary>The row won, and is older than the max age: the answer is NULL (W4).</summary>
    Expired,

    /// <summary>A candidate that another row outranks (W2).</summary>
    Older,

    /// <summary>Its event time is after the instant; under <see cref="TrainingSet.Strictly"/> at or after it (W1).</summary>
    AfterInstant,

    /// <summary>Its created time is after what may be known (P5).</summary>
    NotYetKnown,

    /// <summary>It has no event time (possible in existing tables), so that it is never a candidate.</summary>
    NoEventTime,

    /// <summary>The spine row has no instant, so that nothing is a candidate (P3).</summary>
    NoInstant,

    /// <summary>A tombstone won: the key had ended, and the answer is NULL (W4).</summary>
    Deleted,

    /// <summary>A candidate of a sparse set that does not know the feature: NULL there means nothing new (W3).</summary>
    NothingNew,

    /// <summary>The row won, and its interval has ended by the instant: the answer is NULL.</summary>
    Ended,
}

/// <summary>
/// Why a value is what it is: the history rows of one key, newest first, each with its verdict as of one spine row of a training set.
/// Columns: event time, created time or tie-breakers where the set has them, the join's features, <c>deleted</c> where it has tombstones, <c>verdict</c>, and <c>position</c>, which counts rows from the newest.
/// A sparse set has a winner per feature, and so one verdict per feature: <c>{feature}__verdict</c> instead of <c>verdict</c>.
/// </summary>
public sealed record Why : Statement
{
    private const int DefaultNearby = 5;

    private Why(TrainingSet training, TrainingJoin join)
    {
        Training = training;
        Join = join;
    }

    /// <summary>The training set whose rules judge.</summary>
    public TrainingSet Training { get; private init; }

    /// <summary>The join that is asked about.</summary>
    public TrainingJoin Join { get; private init; }

    /// <summary>The key, in the entity's key order; a NULL equals nothing (P3).</summary>
    public IReadOnlyList<object?> Key { get; private init; } = ValueList<object?>.Empty;

    /// <summary>The instant in UTC, or an ordinal as a long; null = the spine row has none.</summary>
    public object? Instant { get; private init; }

    /// <summary>How many rows are shown on each side of the winner, or of the place it would have; null = every row.</summary>
    public int? Nearby { get; private init; } = DefaultNearby;

    /// <summary>Asks about one join for a key at an instant.</summary>
    /// <param name="training">The training set.</param>
    /// <param name="join">The join's prefix: the feature set's name unless the join was given another.</param>
    /// <param name="key">The key's values, in the entity's key order.</param>
    /// <param name="at">The instant, floored to a microsecond; null = none.</param>
    /// <exception cref="ArgumentException">There is no such join, the key has another number of parts or a part of another type, or the spine counts in ordinals.</exception>
    public static Why Of(TrainingSet training, string join, IReadOnlyList<object?> key, DateTimeOffset? at)
    {
        var why = Begin(training, join).WithKey(key);
        return training.Spine.InstantColumn.Kind == TimeKind.Ordinal
            ? throw new ArgumentException($"The spine keeps its instant '{training.Spine.InstantColumn.Name}' as an ordinal; give a number.", nameof(at))
            : why with { Instant = at is { } instant ? Instants.Floor(instant).UtcDateTime : null };
    }

    /// <summary>Asks about one join for a key at an ordinal.</summary>
    /// <param name="training">The training set, whose spine keeps its instant as an ordinal.</param>
    /// <param name="join">The join's prefix.</param>
    /// <param name="key">The key's values, in the entity's key order.</param>
    /// <param name="at">The ordinal; null = none.</param>
    /// <exception cref="ArgumentException">There is no such join, the key does not fit, or the spine keeps instants.</exception>
    public static Why Of(TrainingSet training, string join, IReadOnlyList<object?> key, long? at)
    {
        var why = Begin(training, join).WithKey(key);
        return training.Spine.InstantColumn.Kind != TimeKind.Ordinal
            ? throw new ArgumentException($"The spine keeps its instant '{training.Spine.InstantColumn.Name}' as {training.Spine.InstantColumn.Kind}; give an instant.", nameof(at))
            : why with { Instant = at };
    }

    /// <summary>Asks about one join for a row of the spine, or of the training set itself: its key and its instant are taken from the columns the join maps.</summary>
    /// <param name="training">The training set.</param>
    /// <param name="join">The join's prefix.</param>
    /// <param name="row">The row by column name: a dictionary, or a row that Dapper read as <c>dynamic</c>.</param>
    /// <exception cref="ArgumentException">There is no such join, or the row lacks a column or holds a value that does not fit.</exception>
    public static Why OfRow(TrainingSet training, string join, IEnumerable<KeyValuePair<string, object?>> row)
    {
        var why = Begin(training, join);
        ArgumentNullException.ThrowIfNull(row);
        var cells = row.ToList();
        var instant = training.Spine.InstantColumn;
        return why.WithKey([.. why.Join.SpineKeys.Select(Cell)]) with { Instant = InstantOf(Cell(instant.Name)) };

        // A row has the instant as a date and time, or as its column keeps it.
        object? InstantOf(object? value) => Read(value, value is DateTime or DateTimeOffset or DateOnly && instant.Kind != TimeKind.Ordinal ? StoredType.Instant : StoredType.Of(instant.Kind), $"the spine's instant '{instant.Name}'");

        object? Cell(string column)
        {
            var at = cells.FindIndex(cell => cell.Key == column);
            at = at < 0 ? cells.FindIndex(cell => Names.Comparer.Equals(cell.Key, column)) : at;
            return at >= 0
                ? cells[at].Value
                : throw new ArgumentException($"The row has no column '{column}', which the join '{join}' needs; it has {string.Join(", ", cells.Select(cell => cell.Key))}.", nameof(row));
        }
    }

    /// <summary>Shows so many rows on each side of the winner, or of the place it would have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public Why Around(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        return this with { Nearby = rows };
    }

    /// <summary>Shows every history row of the key.</summary>
    public Why All() => this with { Nearby = null };

    internal override CompiledScript Build(PlanScope context) => WhyPlanner.Build(this, context);

    private static Why Begin(TrainingSet training, string join)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(join);
        var why = new Why(training, training.Joins.FirstOrDefault(known => known.Prefix == join)
            ?? training.Joins.FirstOrDefault(known => Names.Comparer.Equals(known.Prefix, join))
            ?? throw new ArgumentException($"The training set has no join '{join}'; it has {string.Join(", ", training.Joins.Select(known => known.Prefix))}.", nameof(join)));
        return why.Join.Set.IsStatic
            ? throw new ArgumentException($"The join '{join}' is of the static feature set '{why.Join.Set.Name}': its one row per key, in '{why.Join.Set.HistoryTable}', holds at every instant, so there is nothing to ask.", nameof(join))
            : why;
    }

    private Why WithKey(IReadOnlyList<object?> key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var keys = Join.Set.Entity.Keys;
        return key.Count == keys.Count
            ? this with { Key = ValueList<object?>.Of(key.Select((part, i) => Read(part, StoredType.Of(keys[i].Type), $"key '{keys[i].Name}' of the join '{Join.Prefix}'"))) }
            : throw new ArgumentException($"The key of the join '{Join.Prefix}' has {keys.Count} part(s) ({string.Join(", ", keys.Select(part => part.Name))}), and {key.Count} are given.", nameof(key));
    }

    private static object? Read(object? value, StoredType type, string what) =>
        value is null or DBNull ? null
        : ValueReading.Of(type)(value) ?? throw new ArgumentException($"'{Names.Printable(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "")}' ({value.GetType().Name}) is no {type}, which {what} is.");
}
