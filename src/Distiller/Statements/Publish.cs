namespace Distiller;

/// <summary>
/// Appends rows to history and brings latest up to date, in one transaction where the engine has one (B1 to B12).
/// The rows come from a table, view or query of the same database, or (when a store runs it) from memory.
/// </summary>
public sealed record Publish : Statement
{
    private Publish(FeatureSet set, TableName? table, string? query)
    {
        Set = set;
        Table = table;
        QueryText = query;
        EventKind = set.EventTimeColumn.Kind;
        CreatedKind = set.CreatedTimeColumn?.Kind ?? TimeKind.Instant;
    }

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; }

    /// <summary>The source table or view, if it is one.</summary>
    public TableName? Table { get; }

    /// <summary>The source query, if it is one.</summary>
    public string? QueryText { get; }

    /// <summary>How the source keeps event times.</summary>
    public TimeKind EventKind { get; private init; }

    /// <summary>How the source keeps created times.</summary>
    public TimeKind CreatedKind { get; private init; }

    /// <summary>Whether the source has the created time column.</summary>
    public bool SourceHasCreatedTime { get; private init; } = true;

    /// <summary>The created time of rows that bring none; null = the clock, once per call (B4).</summary>
    public DateTimeOffset? CreatedInstant { get; private init; }

    /// <summary>Whether rows equal to the one before them are left out (B11).</summary>
    public bool LeavesOutUnchanged { get; private init; }

    /// <summary>Whether the source says of each row whether it is a tombstone, by a column named as history's.</summary>
    internal bool BringsTombstones { get; private init; }

    internal bool IsFromMemory => Table is null && QueryText is null && Ended is null;

    /// <summary>The keys that end, and when, where tombstones are published instead of rows.</summary>
    internal (Spine Keys, DateTimeOffset At)? Ended { get; private init; }

    /// <summary>Publishes the rows of a table or view, set-based: no row leaves the database.</summary>
    public static Publish From(FeatureSet set, TableName table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Checked(new(Writable(set), table, null));
    }

    /// <summary>Publishes the rows of a query, set-based. Its text is the caller's own SQL, taken as it is: never build it from untrusted input.</summary>
    public static Publish FromQuery(FeatureSet set, string sql)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sql);
        return Checked(new(Writable(set), null, sql.Trim().TrimEnd(';').TrimEnd()));
    }

    /// <summary>Publishes rows in memory; printed, the load is a comment.</summary>
    public static Publish Rows(FeatureSet set) => Checked(new(Writable(set), null, null));

    internal Publish WithTombstones() => this with { BringsTombstones = true };

    internal static Publish Tombstones(FeatureSet set, Spine keys, DateTimeOffset at) =>
        Checked(new(Writable(set), keys.Table, keys.QueryText) { Ended = (keys, at), SourceHasCreatedTime = false });

    /// <summary>Declares how the source keeps its times, where not as the tables do (T5).</summary>
    public Publish Times(TimeKind eventKind, TimeKind? createdKind = null) => Checked(this with { EventKind = eventKind, CreatedKind = createdKind ?? CreatedKind });

    /// <summary>Declares that the source has no created time column: every row takes the call's.</summary>
    /// <exception cref="InvalidOperationException">The set keeps created times as an ordinal, which no clock tells.</exception>
    public Publish WithoutCreatedTime() =>
        Set.CreatedTimeColumn is { Kind: TimeKind.Ordinal } ordinal
            ? throw new InvalidOperationException($"Feature set '{Set.Name}' keeps its created time '{ordinal.Name}' as an ordinal, which no clock tells; the source must bring it.")
            : this with { SourceHasCreatedTime = false };

    /// <summary>Gives the created time of rows that bring none (B4).</summary>
    /// <exception cref="InvalidOperationException">The set has no created time.</exception>
    public Publish CreatedAt(DateTimeOffset instant) =>
        Set.CreatedTimeColumn is null
            ? throw new InvalidOperationException($"Feature set '{Set.Name}' has no created time to give; leave CreatedAt() out.")
            : this with { CreatedInstant = Instants.Floor(instant) };

    /// <summary>Leaves out rows whose features equal those of the row before them (B11). The source must arrive in event order.</summary>
    /// <exception cref="InvalidOperationException">The set has a max age: an observation seen again is news there.</exception>
    public Publish OnlyChanged() =>
        Set.MaximumAge is null
            ? this with { LeavesOutUnchanged = true }
            : throw new InvalidOperationException($"Feature set '{Set.Name}' has a max age, so an observation seen again is news: it cannot be published only where changed.");

    internal override CompiledScript Build(PlanScope context) => PublishPlanner.Build([this], context);

    private static FeatureSet Writable(FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.LatestTable is null)
        {
            throw new InvalidOperationException($"Feature set '{set.Name}' has no latest table, so it is read only; name one with Latest(table), or write to '{set.HistoryTable}' by your own means.");
        }

        if (set.Features.Count == 0)
        {
            throw new ArgumentException($"Feature set '{set.Name}' has no features; declare one with Feature<T>(name).", nameof(set));
        }

        if (set.TieBreakers.FirstOrDefault(tie => set.TypeOf(tie) is null) is { } untyped)
        {
            throw new ArgumentException($"Feature set '{set.Name}' is published to, so its tie-breaker '{untyped.Name}' needs a type: TieBreaker<T>(\"{untyped.Name}\").", nameof(set));
        }

        return set;
    }

    private static Publish Checked(Publish publish)
    {
        Fits(publish.EventKind, publish.Set.EventTimeColumn);
        if (publish.Set.CreatedTimeColumn is { } created)
        {
            Fits(publish.CreatedKind, created);
        }

        return publish;

        void Fits(TimeKind source, TimeColumn target)
        {
            var exact = source == target.Kind || (source != TimeKind.Ordinal && target.Kind is TimeKind.Instant or TimeKind.Timestamp or TimeKind.EpochMicroseconds);
            if (!exact)
            {
                throw new ArgumentException($"The source keeps '{target.Name}' as {source}, the table of feature set '{publish.Set.Name}' as {target.Kind}, which would cut it; convert it in the source query.");
            }
        }
    }
}
