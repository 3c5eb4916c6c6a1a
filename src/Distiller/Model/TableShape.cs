namespace Distiller;

/// <summary>What a strategy needs to know of a table. Owned tables have a known shape; that of an existing table is declared, or read from the catalog when running.</summary>
public sealed record TableShape
{
    /// <summary>Nothing is known: no index, no row id, created time may be NULL, no enforced key.</summary>
    public static TableShape Unknown { get; } = new();

    /// <summary>An index leads with the entity keys and the event time, so that one key's newest row before an instant is one probe away.</summary>
    public bool HasIndex { get; init; }

    /// <summary>The engine's row id can address its rows (a base table with one, not a view).</summary>
    public bool HasRowId { get; init; }

    /// <summary>The created time column may hold NULL.</summary>
    public bool CreatedMayBeNull { get; init; } = true;

    /// <summary>It is a view.</summary>
    public bool IsView { get; init; }

    /// <summary>(keys, event time, created time) is an enforced unique key.</summary>
    public bool HasKey { get; init; }

    /// <summary>About how many rows it has; null where unknown.</summary>
    public long? Rows { get; init; }

    /// <summary>Every value of its 64-bit keys was seen to fit into 32 bits.</summary>
    internal bool HasSmallKeys { get; init; }
}
