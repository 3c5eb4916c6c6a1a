using System.Data.Common;

namespace Distiller;

/// <summary>A column of rows in memory: its name and how a database keeps it.</summary>
internal sealed record MemoryColumn(string Name, StoredType Type);

/// <summary>A spine's rows in memory, whatever their type.</summary>
internal abstract class SpineRows
{
    public abstract IReadOnlyList<MemoryColumn> Columns { get; }

    /// <summary>How many rows there are, where that is known without walking them.</summary>
    public abstract long? Count { get; }

    /// <summary>The rows as a reader over <see cref="Columns"/>, values checked as they are read (B6).</summary>
    public abstract DbDataReader Open(SqlDialect dialect);

    public static SpineRows Of<T>(IEnumerable<T> rows) => new SpineRows<T>(rows);
}
