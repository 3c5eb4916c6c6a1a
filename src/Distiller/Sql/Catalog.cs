using System.Data.Common;

namespace Distiller;

/// <summary>A column as the catalog describes it.</summary>
internal sealed record ColumnFacts(string Name, string Type, bool NotNull);

/// <summary>An index: its leading plain columns, in order, and whether it is unique over all its columns.</summary>
internal sealed record IndexFacts(ValueList<string> Columns, bool IsUnique);

/// <summary>A table or view as the catalog describes it.</summary>
internal sealed record TableFacts(ValueList<ColumnFacts> Columns, bool IsView, bool HasRowId, ValueList<IndexFacts> Indexes, long? Rows);

/// <summary>What a dialect's catalog tells of tables.</summary>
internal abstract class Catalog
{
    /// <summary>A table's facts; null where there is none of that name.</summary>
    public abstract Task<TableFacts?> ReadAsync(DbConnection connection, DbTransaction? transaction, TableName table, CancellationToken cancellationToken);
}
