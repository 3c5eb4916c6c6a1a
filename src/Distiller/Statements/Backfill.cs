namespace Distiller;

/// <summary>
/// Publishes a table or query slice by slice of event time, oldest first: each slice is a publish of its own (B1 to B12), whole or not at all. What a failure leaves is whole slices, and running the backfill again finishes it:
/// rows that are there already are left out (B4). For that, created times must come from the source or be given once.
/// </summary>
/// <remarks>A row without event time, which no slice would have, is refused before anything is written. Rows outside of the range are not asked for.</remarks>
public sealed record Backfill : Statement
{
    /// <summary>The most slices of one backfill.</summary>
    public const int MostSlices = 10_000;

    private Backfill(Publish source, DateTimeOffset from, DateTimeOffset to, TimeSpan slice)
    {
        Source = source;
        From = from;
        To = to;
        Slice = slice;
    }

    /// <summary>What is published.</summary>
    public Publish Source { get; private init; }

    /// <summary>The first event time, inclusive. UTC, whole microseconds.</summary>
    public DateTimeOffset From { get; }

    /// <summary>The last event time, exclusive.</summary>
    public DateTimeOffset To { get; }

    /// <summary>How much event time one slice takes; the last may have less.</summary>
    public TimeSpan Slice { get; }

    /// <summary>How many slices there are.</summary>
    public int Slices => (int)(((To - From).Ticks + Slice.Ticks - 1) / Slice.Ticks);

    /// <summary>A backfill of a publish in slices.</summary>
    /// <param name="source">The publish of a table or a query, with its times declared and with <see cref="Publish.CreatedAt"/> where the source has no created time.</param>
    /// <param name="from">The first event time, inclusive; floored to a microsecond.</param>
    /// <param name="to">The last event time, exclusive; floored to a microsecond.</param>
    /// <param name="slice">How much event time one slice takes.</param>
    /// <exception cref="ArgumentException">The source is rows in memory, the range is empty, the slice is not at least a microsecond, or there would be more than <see cref="MostSlices"/>.</exception>
    /// <exception cref="InvalidOperationException">Created times would come from the clock, so that running it again would append every row again; or the event time is an ordinal.</exception>
    public static Backfill Of(Publish source, DateTimeOffset from, DateTimeOffset to, TimeSpan slice)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.IsFromMemory || source.Ended is not null)
        {
            throw new ArgumentException($"The backfill of feature set '{source.Set.Name}' reads a table or a query in slices; publish rows in memory with PublishAsync(set, rows).", nameof(source));
        }

        if (source.EventKind == TimeKind.Ordinal)
        {
            throw new InvalidOperationException($"The source of feature set '{source.Set.Name}' keeps its event time as an ordinal, which has no slices of time; publish it whole.");
        }

        var width = TimeSpan.FromTicks(slice.Ticks - (slice.Ticks % TimeSpan.TicksPerMicrosecond));
        var (first, last) = (Instants.Floor(from), Instants.Floor(to));
        if (width <= TimeSpan.Zero || first >= last)
        {
            throw new ArgumentException($"The backfill of feature set '{source.Set.Name}' needs slices of at least a microsecond ({slice}) and a range that is not empty ({Instants.Text(Instants.Microseconds(first))} to {Instants.Text(Instants.Microseconds(last))} UTC).", nameof(slice));
        }

        return (last - first).Ticks / width.Ticks >= MostSlices
            ? throw new ArgumentException(FormattableString.Invariant($"The backfill of feature set '{source.Set.Name}' would have more than {MostSlices} slices of {slice}; take longer ones."), nameof(slice))
            : new Backfill(source, first, last, width).Checked();
    }

    internal Backfill WithSource(Publish source) => (this with { Source = source }).Checked();

    /// <summary>A slice's range, by its number from 0.</summary>
    internal (DateTimeOffset From, DateTimeOffset To) Range(int number)
    {
        var begin = From + (Slice * number);
        return (begin, To - begin > Slice ? begin + Slice : To);
    }

    internal override CompiledScript Build(PlanScope context) => BackfillPlanner.Build(this, context);

    private Backfill Checked() => Source.Set.CreatedTimeColumn is { } created && !Source.SourceHasCreatedTime && Source.CreatedInstant is null
        ? throw new InvalidOperationException($"The source of feature set '{Source.Set.Name}' has no '{created.Name}', so a backfill that is run again would take another one from the clock and append every row again; give it once with CreatedAt(...).")
        : this;
}
