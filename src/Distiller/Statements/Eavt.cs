namespace Distiller;

/// <summary>The names of an event table's columns of attribute and value; its keys and times are named as the feature set's.</summary>
/// <param name="Attribute">The column that names a feature.</param>
/// <param name="Value">The column of its value.</param>
public sealed record EavtColumns(string Attribute = "attribute", string Value = "value");

/// <summary>
/// A feature set's history as events (F2): one row per history row and feature. Columns: keys, attribute, value (as text), event time, created time where the set has one.
/// A NULL is written as a row whose value is NULL, unless <see cref="WithoutNulls"/> leaves it out. A tombstone is one row of the attribute <c>deleted</c>, whose value is <c>true</c>. <see cref="Pivot"/> is the way back.
/// </summary>
/// <remarks>
/// Text: <c>true</c>/<c>false</c>; numbers in their shortest exact form; instants <c>yyyy-MM-dd HH:mm:ss.ffffff</c> in UTC; dates <c>yyyy-MM-dd</c>; bytes in hexadecimal digits; vectors as <c>[1,2.5]</c>, on SQLite as hexadecimal digits.
/// </remarks>
public sealed record Eavt : Statement
{
    private Eavt(FeatureSet set) => Set = set;

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; }

    /// <summary>The names of attribute and value.</summary>
    public EavtColumns Columns { get; private init; } = new();

    /// <summary>Whether NULLs are left out.</summary>
    public bool LeavesOutNulls { get; private init; }

    /// <summary>The history of a feature set as events.</summary>
    /// <exception cref="InvalidOperationException">The set is static, so it has no events, or of intervals, whose ends events do not tell.</exception>
    /// <exception cref="ArgumentException">The set has no features. A key or time named as attribute or value is refused when the statement is built.</exception>
    public static Eavt Of(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        EavtPlanner.Check(set);
        return new(set);
    }

    /// <summary>Leaves NULLs out: for features of which absence says the same.</summary>
    public Eavt WithoutNulls() => this with { LeavesOutNulls = true };

    /// <summary>Names attribute and value.</summary>
    /// <exception cref="ArgumentException">A key or time of the set has one of the names.</exception>
    public Eavt Named(EavtColumns columns)
    {
        EavtPlanner.Check(Set, columns);
        return this with { Columns = columns };
    }

    /// <summary>The statement that creates a view of the events.</summary>
    public CreateStatementView AsView(TableName view, bool replace = false) => CreateStatementView.Of(this, view, replace);

    internal override IReadOnlyList<ResultColumn> Answer => EavtPlanner.ResultColumns(Set, Columns);

    internal override CompiledScript Build(PlanScope context) => EavtPlanner.Build(this, context);
}

/// <summary>
/// Events (keys, attribute, value, times) as a feature set's wide rows (F2): one row per key, event time and created time. Columns: as of the history.
/// Dense (the default): each row has every feature; an event whose value is NULL writes a NULL, and one that is missing is an error. <see cref="Sparse"/>: what is missing is NULL, and an event whose value is NULL is an error.
/// In a set with tombstones an event of the attribute <c>deleted</c> and the value <c>true</c> is one: a fact of its own, without features.
/// An event of an unknown attribute, a value that does not fit its feature's type, and two different values for one fact are errors too, which name feature set, row and key.
/// </summary>
public sealed record Pivot : Statement
{
    private Pivot(FeatureSet set, TableName? table, string? query)
    {
        Set = set;
        Table = table;
        QueryText = query;
        HasCreatedTime = set.CreatedTimeColumn is not null;
    }

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; }

    /// <summary>The event table or view, if it is one.</summary>
    public TableName? Table { get; }

    /// <summary>The text of the query of events, if it is one.</summary>
    public string? QueryText { get; }

    /// <summary>The names of attribute and value.</summary>
    public EavtColumns Columns { get; private init; } = new();

    /// <summary>The type of the value column: text, or the one type that all features have.</summary>
    public FeatureType ValueType { get; private init; } = FeatureType.String;

    /// <summary>Whether a feature without an event is NULL in its row.</summary>
    public bool IsSparse { get; private init; }

    /// <summary>Whether events of attributes that are no features are left out.</summary>
    public bool LeavesOutOthers { get; private init; }

    /// <summary>Whether the events have a created time.</summary>
    public bool HasCreatedTime { get; private init; }

    /// <summary>The events of a table or view; keys and times are named as the set's.</summary>
    /// <exception cref="InvalidOperationException">The set is static or of intervals.</exception>
    /// <exception cref="ArgumentException">The set has no features. A key or time named as attribute or value is refused when the statement is built.</exception>
    public static Pivot From(FeatureSet set, TableName table)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(table);
        EavtPlanner.Check(set);
        return new(set, table, null);
    }

    /// <summary>The events of a query. Its text is the caller's own SQL, taken as it is: never build it from untrusted input.</summary>
    public static Pivot FromQuery(FeatureSet set, string sql)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentException.ThrowIfNullOrWhiteSpace(sql);
        EavtPlanner.Check(set);
        return new(set, null, sql.Trim().TrimEnd(';').TrimEnd());
    }

    /// <summary>Names attribute and value.</summary>
    /// <exception cref="ArgumentException">A key or time of the set has one of the names.</exception>
    public Pivot Named(EavtColumns columns)
    {
        EavtPlanner.Check(Set, columns);
        return this with { Columns = columns };
    }

    /// <summary>Declares that the value column is not text, but of the one type all features have.</summary>
    /// <exception cref="ArgumentException">The type has no order on every engine (keep such values as text), or a feature has another.</exception>
    public Pivot Values(FeatureType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (Set.HasTombstones && type.Kind != FeatureKind.String)
        {
            throw new ArgumentException($"Feature set '{Set.Name}' has tombstones, whose events say 'true': its events keep values as text.", nameof(type));
        }

        if (type.Kind is FeatureKind.Bool or FeatureKind.Bytes or FeatureKind.Guid or FeatureKind.Json or FeatureKind.FloatVector)
        {
            throw new ArgumentException($"Event values of type {type} cannot be picked by every engine; keep them as text.", nameof(type));
        }

        return Set.Features.FirstOrDefault(feature => feature.Type != type) is { } other && type.Kind != FeatureKind.String
            ? throw new ArgumentException($"Feature '{other.Name}' of feature set '{Set.Name}' is a {other.Type}, and the events' values are declared as {type}; declare the feature so, or convert the values in a query.", nameof(type))
            : this with { ValueType = type };
    }

    /// <summary>Takes what is missing for NULL: for events that each tell of some features only.</summary>
    public Pivot Sparse() => this with { IsSparse = true };

    /// <summary>Leaves out events of attributes that are no features of the set: for tables that feed several sets.</summary>
    public Pivot IgnoringOthers() => this with { LeavesOutOthers = true };

    /// <summary>Declares that the events have no created time: publishing gives them the call's.</summary>
    public Pivot WithoutCreatedTime() => this with { HasCreatedTime = false };

    internal override IReadOnlyList<ResultColumn> Answer => [.. EavtPlanner.WideColumns(this).Select(column => new ResultColumn(column.Name, column.Type))];

    internal override CompiledScript Build(PlanScope context) => EavtPlanner.Build(this, context);
}

/// <summary>Publishes events to a feature set (F2): stages and judges them, pivots them, and publishes the wide rows as any others (B1 to B12).</summary>
public sealed record PublishEvents : Statement
{
    private PublishEvents(Pivot events) => Events = events;

    /// <summary>The events as wide rows.</summary>
    public Pivot Events { get; }

    /// <summary>The created time of events that bring none; null = the clock, once per call (B4).</summary>
    public DateTimeOffset? CreatedInstant { get; private init; }

    /// <summary>Publishes events.</summary>
    /// <exception cref="InvalidOperationException">The feature set has no latest table.</exception>
    public static PublishEvents Of(Pivot events)
    {
        ArgumentNullException.ThrowIfNull(events);
        Publish.Rows(events.Set);
        return new(events);
    }

    /// <summary>Gives the created time of events that bring none (B4).</summary>
    public PublishEvents CreatedAt(DateTimeOffset instant) => this with { CreatedInstant = Instants.Floor(instant) };

    internal override CompiledScript Build(PlanScope context) => EavtPlanner.Build(this, context);
}
