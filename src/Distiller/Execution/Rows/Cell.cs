namespace Distiller;

/// <summary>
/// One column's place for the value of the row at hand, and the judge of what may stand there (B6). Putting a value answers the reason it is refused, or null where it fits:
/// nothing is boxed or thrown while all is well.
/// </summary>
internal abstract class Cell(StageColumn column)
{
    public StageColumn Column => column;

    public bool IsNull { get; protected set; } = true;

    /// <summary>The value, boxed; only where it is not NULL.</summary>
    public abstract object Boxed { get; }

    /// <summary>Puts a value of any type.</summary>
    public abstract string? Put(object value);

    /// <summary>Puts the call's instant.</summary>
    public virtual string? PutClock(DateTime instant) => $"is the clock's, which a column of type {column.Type} does not take; let the rows bring it";

    /// <summary>Puts NULL, or the value a NULL stands for. Answers the whole problem.</summary>
    public string? PutNull()
    {
        if (column.WhenNull is { } instant)
        {
            return PutClock(instant) is { } reason ? Problem.Of(instant, reason) : null;
        }

        IsNull = true;
        return column.NotNull ? Problem.Null : null;
    }

    /// <summary>How the cell is filled from a getter without boxing; null where the getter's type needs a conversion.</summary>
    public abstract Fetch<TRow>? Direct<TRow>(Delegate getter);

    /// <summary>The cell of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="dialect">Says what its engine cannot hold.</param>
    /// <param name="loose">Whether the source has fewer types than the column: a reader or a dictionary, whose database may keep a bool as 0 and 1, and a decimal or an instant as text.</param>
    public static Cell Of(StageColumn column, SqlDialect dialect, bool loose) => column.Type switch
    {
        { Time: TimeKind.Ordinal } => new LongCell(column),
        { Time: not null } => new InstantCell(column, loose),
        _ => column.Type.Feature!.Kind switch
        {
            FeatureKind.Bool => new BoolCell(column, loose),
            FeatureKind.Int32 => new IntCell(column),
            FeatureKind.Int64 => new LongCell(column),
            FeatureKind.Float32 => new FloatCell(column, dialect),
            FeatureKind.Float64 => new DoubleCell(column, dialect),
            FeatureKind.Decimal => new DecimalCell(column, loose),
            FeatureKind.String => new TextCell(column, dialect),
            FeatureKind.Json => new JsonCell(column, dialect),
            FeatureKind.Bytes => new BytesCell(column),
            FeatureKind.Date => new DateCell(column, loose),
            FeatureKind.Guid => new GuidCell(column),
            FeatureKind.FloatVector => new VectorCell(column, loose),
            _ => throw new ArgumentException($"Column '{column.Name}' is a {column.Type}, which rows in memory do not fill.", nameof(column)),
        },
    };
}

/// <summary>A cell that holds a <typeparamref name="T"/>.</summary>
internal abstract class Cell<T>(StageColumn column) : Cell(column)
{
    private T value = default!;

    public T Value => IsNull ? throw new InvalidCastException($"Column '{Column.Name}' is NULL in this row; ask IsDBNull first.") : value;

    public override object Boxed => Value!;

    /// <summary>Puts a value of the cell's own type.</summary>
    public abstract string? Put(T value);

    protected string? Set(T fitting)
    {
        value = fitting;
        IsNull = false;
        return null;
    }
}

/// <summary>A cell of a value type.</summary>
internal abstract class ValueCell<T>(StageColumn column) : Cell<T>(column)
    where T : struct
{
    public override Fetch<TRow>? Direct<TRow>(Delegate getter) => getter switch
    {
        Func<TRow, T> get => new ValueFetch<TRow, T>(get, this),
        Func<TRow, T?> get => new NullableFetch<TRow, T>(get, this),
        _ => null,
    };
}

/// <summary>A cell of a reference type.</summary>
internal abstract class ReferenceCell<T>(StageColumn column) : Cell<T>(column)
    where T : class
{
    public override Fetch<TRow>? Direct<TRow>(Delegate getter) => getter is Func<TRow, T?> get ? new ReferenceFetch<TRow, T>(get, this) : null;
}
