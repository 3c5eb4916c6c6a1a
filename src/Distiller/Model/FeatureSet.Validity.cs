namespace Distiller;

/// <summary>How long a row holds: until the next one, until its own end, or always.</summary>
public sealed partial record FeatureSet
{
    /// <summary>The column of an interval table that ends a row's validity, exclusive, NULL = open; null where a row holds until the next one.</summary>
    public TimeColumn? ValidToColumn { get; private init; }

    /// <summary>Whether the table has no event time: one row per key, which holds always (P10). The event time column means nothing then.</summary>
    public bool IsStatic { get; private init; }

    /// <summary>The table that keeps the history as intervals; null where there is none.</summary>
    public Scd2Table? Scd2Table { get; private init; }

    /// <summary>
    /// Declares that the existing table is of intervals, as SCD2 tables are: a row holds from its event time to this column, exclusive; NULL is open. A row that has ended by the instant is no value, and no older row takes its place.
    /// Intervals of one key that overlap, or that end at or before their begin, are refused before a training set runs.
    /// </summary>
    /// <param name="column">The column's name.</param>
    /// <param name="kind">How it keeps its instants; null = as the event time does.</param>
    /// <exception cref="InvalidOperationException">The tables are owned, or the set has a latest table or an SCD2 table.</exception>
    /// <exception cref="ArgumentException">The column has another role, or an ordinal is to meet an instant.</exception>
    public FeatureSet ValidTo(string column, TimeKind? kind = null) => (this with { ValidToColumn = new(column, kind ?? EventTimeColumn.Kind) }).Checked();

    /// <summary>Declares that the existing table has no event time: one row per key, joined on the key alone (P10). It has no created time either.</summary>
    /// <exception cref="InvalidOperationException">The tables are owned, or something of the set needs an event time.</exception>
    public FeatureSet Static() => (this with { IsStatic = true, CreatedTimeColumn = null }).Checked();

    /// <summary>
    /// Keeps the history as intervals in a table of its own, too (F1): <c>CreateTables</c> creates it, each publish notes the keys it appends to, and <c>RefreshScd2</c> recomputes those.
    /// Columns: keys, valid from (inclusive), valid to (exclusive, NULL = open), is current, features, and <c>history_rows</c>, which is Distiller's own.
    /// </summary>
    /// <param name="table">The table; beside it, <c>{table}_pending</c> keeps what publishes note.</param>
    /// <param name="collapsed">Whether consecutive intervals with equal features are one.</param>
    /// <param name="columns">Other names for its columns.</param>
    /// <exception cref="InvalidOperationException">The set is static or of intervals already, or has a max age, which collapsed intervals cannot tell.</exception>
    /// <exception cref="ArgumentException">A column or table has two roles.</exception>
    public FeatureSet Scd2(TableName table, bool collapsed = false, Scd2Columns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        return (this with { Scd2Table = new(table, collapsed, columns ?? new()) }).Checked();
    }

    /// <summary>The set as a writer of its SCD2 table locks it: by the table publishers lock, or by the SCD2 table where nobody publishes.</summary>
    internal FeatureSet Locked() => LatestTable is null ? this with { LatestTable = Scd2Table!.Table } : this;

    private void CheckValidity()
    {
        if (ValidToColumn is { } end)
        {
            ReadOnly("of intervals (ValidTo)");
            if ((end.Kind == TimeKind.Ordinal) != (EventTimeColumn.Kind == TimeKind.Ordinal))
            {
                throw new ArgumentException($"Feature set '{Name}' begins its intervals with '{EventTimeColumn.Name}' ({EventTimeColumn.Kind}) and ends them with '{end.Name}' ({end.Kind}): an ordinal meets only an ordinal.");
            }
        }

        if (IsStatic)
        {
            ReadOnly("static");
            if (MaximumAge is not null || TieBreakers.Count > 0 || CreatedTimeColumn is not null || ValidToColumn is not null)
            {
                throw new InvalidOperationException($"Feature set '{Name}' is static: a row without event time has no max age, no created time, no end and nothing to break ties among.");
            }
        }

        if (Scd2Table is { } scd2)
        {
            CheckScd2(scd2);
        }

        void ReadOnly(string what)
        {
            if (!IsExisting)
            {
                throw new InvalidOperationException($"Feature set '{Name}' owns its tables, whose history has an event time and no end; call Existing(table) first for a table that is {what}.");
            }

            if (LatestTable is not null || Scd2Table is not null)
            {
                throw new InvalidOperationException($"Feature set '{Name}' is {what}, which is read only: it has no latest table and no SCD2 table.");
            }

            if (IsSparse)
            {
                throw new InvalidOperationException($"Feature set '{Name}' is {what}, where a row says all that holds: a NULL means no value, and the set cannot be sparse.");
            }
        }
    }

    private void CheckScd2(Scd2Table scd2)
    {
        if (scd2.IsCollapsed && MaximumAge is not null)
        {
            throw new InvalidOperationException($"Feature set '{Name}' has a max age, which counts from each row's own event time: its intervals cannot be collapsed.");
        }

        if (new[] { HistoryTable, LatestTable }.FirstOrDefault(table => table == scd2.Table || table == scd2.PendingTable) is { } taken)
        {
            throw new ArgumentException($"Feature set '{Name}' uses the table '{taken}' both as its own and for its SCD2 intervals; name another.");
        }

        Scd2ColumnsAreFree(scd2.Columns, withRows: true);
    }

    /// <summary>Refuses interval columns that a key or feature has the name of.</summary>
    internal void Scd2ColumnsAreFree(Scd2Columns columns, bool withRows)
    {
        var seen = Entity.Keys.Select(key => key.Name).Concat(Features.Select(feature => feature.Name)).ToHashSet(Names.Comparer);
        string[] own = withRows ? [columns.ValidFrom, columns.ValidTo, columns.IsCurrent, Names.HistoryRows] : [columns.ValidFrom, columns.ValidTo, columns.IsCurrent];
        foreach (var column in own)
        {
            if (!seen.Add(Names.Check(column, $"An SCD2 column of feature set '{Name}'")))
            {
                throw new ArgumentException($"The SCD2 intervals of feature set '{Name}' have a column '{column}' of their own, and the set has one, too (names are compared without case); give the interval's another name with Scd2Columns.");
            }
        }
    }
}
