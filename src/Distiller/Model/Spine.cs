namespace Distiller;

/// <summary>
/// The rows to enrich: entity keys, an instant, usually a label, anything else. A spine is a table, a query, or rows in memory.
/// </summary>
public sealed record Spine
{
    private Spine(TableName? table, string? query, SpineRows? rows)
    {
        Table = table;
        QueryText = query;
        InMemory = rows;
    }

    /// <summary>The table or view the spine is, if it is one.</summary>
    public TableName? Table { get; }

    /// <summary>The text of the query the spine is, if it is one.</summary>
    public string? QueryText { get; }

    /// <summary>The column that holds each row's instant.</summary>
    public TimeColumn InstantColumn { get; private init; } = new("event_timestamp", TimeKind.Instant);

    /// <summary>The declared columns, in output order; empty = every column, learnt from the database when running.</summary>
    public IReadOnlyList<string> ColumnNames { get; private init; } = ValueList<string>.Empty;

    internal SpineRows? InMemory { get; }

    /// <summary>A table or view is the spine.</summary>
    public static Spine From(TableName table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new(table, null, null);
    }

    /// <summary>A query is the spine. Its text is the caller's own SQL, taken as it is: never build it from untrusted input.</summary>
    public static Spine Query(string sql)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sql);
        return new(null, sql.Trim().TrimEnd(';').TrimEnd(), null);
    }

    /// <summary>Rows in memory are the spine. Their columns are the row type's readable properties, in declared order (<c>[Column]</c> renames one).</summary>
    /// <remarks>Running it loads the rows into a temporary table on the caller's connection, dropped at the end.</remarks>
    public static Spine Rows<T>(IEnumerable<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var inMemory = SpineRows.Of(rows);
        return new Spine(null, null, inMemory).Columns([.. inMemory.Columns.Select(column => column.Name)]);
    }

    /// <summary>Names the column of the instant and how it keeps it (T5).</summary>
    public Spine At(string column, TimeKind kind = TimeKind.Instant)
    {
        Names.Check(column, "The spine's instant column");
        return this with { InstantColumn = new(column, kind) };
    }

    /// <summary>Declares the spine's columns, which come out first, in this order.</summary>
    /// <exception cref="ArgumentException">A name is empty or given twice, or rows in memory have no such column.</exception>
    public Spine Columns(params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var seen = new HashSet<string>(Names.Comparer);
        foreach (var name in names)
        {
            if (!seen.Add(Names.Check(name, "A spine column")))
            {
                throw new ArgumentException($"The spine declares the column '{name}' twice (names are compared without case).", nameof(names));
            }
        }

        return InMemory is { } rows && names.FirstOrDefault(name => !rows.Columns.Any(column => column.Name == name)) is { } unknown
            ? throw new ArgumentException($"The spine's rows have no column '{unknown}'; they have {string.Join(", ", rows.Columns.Select(column => column.Name))}.", nameof(names))
            : this with { ColumnNames = ValueList<string>.Of(names) };
    }

    /// <summary>Begins a training set: joins a feature set as of each row's instant.</summary>
    public TrainingSet Join(
        FeatureSet set,
        IReadOnlyList<string>? features = null,
        string? prefix = null,
        IReadOnlyDictionary<string, string>? keys = null,
        TimeSpan? maxAge = null) => TrainingSet.Of(this).Join(set, features, prefix, keys, maxAge);

    /// <summary>Begins a training set with everything a serving set joins (P12).</summary>
    public TrainingSet Join(ServingSet serving) => TrainingSet.Of(this).Join(serving);
}
