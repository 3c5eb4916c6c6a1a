using System.Data.Common;

namespace Distiller;

/// <summary>Takes a column's value from a reader's row. Boxed: providers differ in what their typed getters convert in silence, SQLite's most of all.</summary>
internal sealed class ColumnFetch(Cell cell, int ordinal) : Fetch<DbDataReader>(cell)
{
    public override string? Read(DbDataReader row) => Put(row.GetValue(ordinal));
}
