namespace Distiller;

/// <summary>One feature of a set.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The declared type.</param>
/// <param name="Description">What the feature means, for people.</param>
public sealed record Feature(string Name, FeatureType Type, string? Description = null);

/// <summary>A column that decides among rows with equal event time where there is no created time: the greater value wins, NULL is lowest (W2).</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The column's type; needed to publish rows into the set, not to read it.</param>
public sealed record TieBreaker(string Name, FeatureType? Type = null);

/// <summary>
/// A named, flat list of typed features of one entity, kept in a history table (one row per key, event time and created time) and a latest table (one row per key).
/// Immutable: every method returns a changed copy, and a call that is wrong throws there.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed partial record FeatureSet
{
    private FeatureSet(Entity entity, string name)
    {
        Entity = entity;
        Name = Names.Check(name, "A feature set's name");
        HistoryTable = TableName.Of(name + "_history");
        LatestTable = TableName.Of(name + "_latest");
    }

    /// <summary>The entity the features describe.</summary>
    public Entity Entity { get; }

    /// <summary>The set's name; the prefix of its columns in a training set.</summary>
    public string Name { get; }

    /// <summary>The features, in declared order.</summary>
    public IReadOnlyList<Feature> Features { get; private init; } = ValueList<Feature>.Empty;

    /// <summary>What the set is, for people.</summary>
    public string? Description { get; private init; }

    /// <summary>How old a value may be and still be served (W4), in whole microseconds; null = for ever.</summary>
    public TimeSpan? MaximumAge { get; private init; }

    /// <summary>The column of the event time: the instant from which a row's values hold.</summary>
    public TimeColumn EventTimeColumn { get; private init; } = new("feature_timestamp", TimeKind.Instant);

    /// <summary>The column of the created time: the instant at which the store came to know a row; null where the table has none.</summary>
    public TimeColumn? CreatedTimeColumn { get; private init; } = new("created_timestamp", TimeKind.Instant);

    /// <summary>The columns that decide among equal event times where there is no created time.</summary>
    public IReadOnlyList<TieBreaker> TieBreakers { get; private init; } = ValueList<TieBreaker>.Empty;

    /// <summary>The append-only history table (or, for an existing set, any table or view).</summary>
    public TableName HistoryTable { get; private init; }

    /// <summary>The latest table; null where an existing set has none.</summary>
    public TableName? LatestTable { get; private init; }

    /// <summary>Whether the tables belong to the user: they are checked, never created, altered or indexed (B12).</summary>
    public bool IsExisting { get; private init; }

    /// <summary>What was declared about an existing history table; owned tables have the shape Distiller gives them.</summary>
    public TableShape DeclaredShape { get; private init; } = TableShape.Unknown;

    internal static FeatureSet Begin(Entity entity, string name) => new(entity, name);

    /// <summary>Adds a feature.</summary>
    /// <typeparam name="T">bool, int, long, float, double, string, byte[], DateOnly, DateTime, DateTimeOffset, Guid or float[].</typeparam>
    /// <exception cref="ArgumentException">The name is taken or reserved, or the type cannot be held.</exception>
    public FeatureSet Feature<T>(string name, string? description = null) => Feature(name, FeatureType.Of<T>(), description);

    /// <summary>Adds a feature.</summary>
    /// <exception cref="ArgumentException">The name is taken or reserved.</exception>
    public FeatureSet Feature(string name, FeatureType type, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        return (this with { Features = ValueList<Feature>.Of(Features).Add(new(name, type, description)) }).Checked();
    }

    /// <summary>Says what the set is, for people.</summary>
    public FeatureSet Describe(string description) => this with { Description = description };

    /// <summary>Sets how old a value may be and still be served (W4): a row is a hit while its event time is at or after the instant less this age.</summary>
    /// <param name="age">Zero or more; finer than a microsecond is floored.</param>
    /// <exception cref="ArgumentOutOfRangeException">The age is negative.</exception>
    /// <exception cref="ArgumentException">The event time is an ordinal, which has no age.</exception>
    public FeatureSet MaxAge(TimeSpan age) => (this with { MaximumAge = Ages.Check(age, $"The max age of feature set '{Name}'") }).Checked();

    /// <summary>Names the event time column and how it keeps its instants (T4).</summary>
    /// <exception cref="InvalidOperationException">A kind other than the instant on tables Distiller creates.</exception>
    public FeatureSet EventTime(string column, TimeKind kind = TimeKind.Instant) => (this with { EventTimeColumn = new(column, Owned(kind, column)) }).Checked();

    /// <summary>Names the created time column and how it keeps its instants (T4).</summary>
    /// <exception cref="InvalidOperationException">A kind other than the instant on tables Distiller creates.</exception>
    public FeatureSet CreatedTime(string column, TimeKind kind = TimeKind.Instant) =>
        TieBreakers.Count > 0
            ? throw new InvalidOperationException($"Feature set '{Name}' has tie-breakers, which stand in the place of a created time; declare one or the other.")
            : (this with { CreatedTimeColumn = new(column, Owned(kind, column)) }).Checked();

    /// <summary>Declares that the existing table has no created time. Ties are broken by <see cref="TieBreaker(string)"/> columns, else arbitrarily.</summary>
    /// <exception cref="InvalidOperationException">The tables are owned: Distiller's history always has a created time.</exception>
    public FeatureSet WithoutCreatedTime() =>
        IsExisting
            ? (this with { CreatedTimeColumn = null }).Checked()
            : throw new InvalidOperationException($"Feature set '{Name}' owns its tables, whose history always has a created time; call Existing(table) first for a table that has none.");

    /// <summary>Adds a column that decides among rows of equal event time: the greater value wins, NULL is lowest.</summary>
    public FeatureSet TieBreaker(string column) => WithTieBreaker(new(column));

    /// <summary>Adds a typed tie-breaker column, which a set that is published to needs unless the column is one of its features.</summary>
    public FeatureSet TieBreaker<T>(string column) => WithTieBreaker(new(column, FeatureType.Of<T>()));

    /// <summary>Names the history table Distiller creates.</summary>
    public FeatureSet History(TableName table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return (this with { HistoryTable = table }).Checked();
    }

    /// <summary>Names the latest table.</summary>
    public FeatureSet Latest(TableName table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return (this with { LatestTable = table }).Checked();
    }

    /// <summary>Uses a table or view that already exists as the history. It has no latest table unless <see cref="Latest"/> names one afterwards.</summary>
    public FeatureSet Existing(TableName history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return (this with { HistoryTable = history, LatestTable = null, IsExisting = true }).Checked();
    }

    /// <summary>Uses a table or view of a schema that already exists as the history.</summary>
    public FeatureSet Existing(string history, string schema) => Existing(TableName.Of(schema, history));

    /// <summary>Declares what is known of an existing history table, for statements printed without a connection; a running store reads it from the catalog.</summary>
    /// <exception cref="InvalidOperationException">The tables are owned: Distiller gives them their shape.</exception>
    public FeatureSet Shaped(TableShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return IsExisting
            ? this with { DeclaredShape = shape }
            : throw new InvalidOperationException($"Feature set '{Name}' owns its tables, so their shape is known; Shaped() is for Existing() tables.");
    }

    /// <summary>The columns of a history row, keys first: what publishing needs and reading sees.</summary>
    internal IEnumerable<string> ColumnNames() => Entity.Keys.Select(key => key.Name).Concat(TimeColumns().Select(time => time.Name)).Concat(Features.Select(feature => feature.Name));

    /// <summary>Every column of a history that a statement may speak of: those, and the tie-breakers.</summary>
    internal IEnumerable<string> ReadNames() => ColumnNames().Concat(TieBreakers.Select(tie => tie.Name));

    /// <summary>The columns of event time, created time and end, as far as the table has them.</summary>
    internal IEnumerable<TimeColumn> TimeColumns() => IsStatic ? [] : new[] { EventTimeColumn, CreatedTimeColumn, ValidToColumn }.OfType<TimeColumn>();

    internal bool IsFeature(string column) => Features.Any(feature => Names.Comparer.Equals(feature.Name, column));

    internal FeatureType? TypeOf(TieBreaker tie) => tie.Type ?? Features.FirstOrDefault(feature => Names.Comparer.Equals(feature.Name, tie.Name))?.Type;

    private TimeKind Owned(TimeKind kind, string column) =>
        kind == TimeKind.Instant || IsExisting
            ? kind
            : throw new InvalidOperationException($"Feature set '{Name}' owns its tables, which keep '{column}' as the dialect's own instant; call Existing(table) first for a table that keeps it as {kind}.");

    private FeatureSet WithTieBreaker(TieBreaker tie) =>
        CreatedTimeColumn is not null
            ? throw new InvalidOperationException($"Feature set '{Name}' has a created time, which breaks ties; call WithoutCreatedTime() before TieBreaker(\"{tie.Name}\").")
            : (this with { TieBreakers = ValueList<TieBreaker>.Of(TieBreakers).Add(tie) }).Checked();

    private FeatureSet Checked()
    {
        var seen = new Dictionary<string, string>(Names.Comparer);
        foreach (var key in Entity.Keys)
        {
            Take(key.Name, "a key");
        }

        foreach (var time in TimeColumns())
        {
            Take(time.Name, ReferenceEquals(time, EventTimeColumn) ? "the event time" : ReferenceEquals(time, CreatedTimeColumn) ? "the created time" : "the end of validity");
        }

        foreach (var feature in Features)
        {
            Take(feature.Name, "a feature");
        }

        for (var i = 0; i < TieBreakers.Count; i++)
        {
            var tie = Names.Check(TieBreakers[i].Name, $"A tie-breaker of feature set '{Name}'");
            if (TieBreakers.Take(i).Any(other => Names.Comparer.Equals(other.Name, tie)))
            {
                throw new ArgumentException($"Feature set '{Name}' has a tie-breaker '{tie}' already (names are compared without case).");
            }

            if (seen.GetValueOrDefault(tie) is { } role && !IsFeature(tie))
            {
                throw new ArgumentException($"Feature set '{Name}' uses the column '{tie}' as {role}, which decides nothing among rows of one key and event time; name another tie-breaker.");
            }
        }

        if (MaximumAge is not null && EventTimeColumn.Kind == TimeKind.Ordinal)
        {
            throw new ArgumentException($"Feature set '{Name}' has a max age, but its event time '{EventTimeColumn.Name}' is an ordinal, which has no age; declare what the column counts.");
        }

        CheckOwned(Take);
        if (LatestTable is not null && LatestTable == HistoryTable)
        {
            throw new ArgumentException($"Feature set '{Name}' uses the table '{HistoryTable}' both as history and as latest; name two tables.");
        }

        CheckValidity();
        return this;

        void Take(string column, string role)
        {
            Names.Check(column, $"A column of feature set '{Name}' ({role})");
            if (!IsExisting && (Names.Comparer.Equals(column, Names.PublishedTimestamp) || Names.Comparer.Equals(column, Names.Deleted)))
            {
                throw new ArgumentException($"Feature set '{Name}' names {role} '{column}', which is reserved in tables Distiller creates; choose another name, or call Existing(table) first for a table that has it.");
            }

            if (!seen.TryAdd(column, role))
            {
                throw new ArgumentException($"Feature set '{Name}' uses the column '{column}' as {role} and as {seen[column]} (names are compared without case); each column has one role.");
            }
        }
    }
}
