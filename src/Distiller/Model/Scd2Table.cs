namespace Distiller;

/// <summary>The names of an SCD2 table's own columns.</summary>
/// <param name="ValidFrom">From when the row's values hold, inclusive; of the event time's kind.</param>
/// <param name="ValidTo">Until when they hold, exclusive; NULL = open. Of the event time's kind.</param>
/// <param name="IsCurrent">Whether the row is open.</param>
public sealed record Scd2Columns(string ValidFrom = "valid_from", string ValidTo = "valid_to", string IsCurrent = "is_current");

/// <summary>The table that keeps a feature set's history as intervals (F1).</summary>
public sealed record Scd2Table
{
    internal Scd2Table(TableName table, bool isCollapsed, Scd2Columns columns)
    {
        Table = table;
        IsCollapsed = isCollapsed;
        Columns = columns;
        PendingTable = table.WithName(table.Name + "_pending");
    }

    /// <summary>The table.</summary>
    public TableName Table { get; }

    /// <summary>Whether consecutive intervals with equal features are one.</summary>
    public bool IsCollapsed { get; }

    /// <summary>The names of its own columns.</summary>
    public Scd2Columns Columns { get; }

    /// <summary>The table in which each publish notes the keys it appended to and how many rows, until the next refresh has taken them in; a row without a key counts what the SCD2 table holds already.</summary>
    public TableName PendingTable { get; }
}
