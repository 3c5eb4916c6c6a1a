using System.Data.Common;

namespace Distiller;

/// <summary>SQLite's catalog: the pragmas, as table-valued functions. A schema is an attached database's name; there are no catalogs.</summary>
internal sealed class SqliteCatalog : Catalog
{
    // A name alone is looked for in the temporary database first, then in main, then in the others as they were attached.
    private const string Find = """
        SELECT t.schema, t.name, t.type, t.wr
        FROM pragma_table_list(@name) AS t
        JOIN pragma_database_list AS d ON d.name = t.schema
        WHERE @schema IS NULL OR t.schema = @schema COLLATE NOCASE
        ORDER BY d.seq <> 1, d.seq
        LIMIT 1
        """;

    private const string Columns = """
        SELECT name, type, "notnull", pk
        FROM pragma_table_xinfo(@name, @schema)
        WHERE hidden <> 1
        ORDER BY cid
        """;

    // A lookup compares as the column does; an index with another collation is of no use to it.
    private const string IndexColumns = """
        SELECT i.name, i."unique", i.origin, CASE WHEN x.cid >= 0 AND x.coll = 'BINARY' THEN x.name END
        FROM pragma_index_list(@name, @schema) AS i
        JOIN pragma_index_xinfo(i.name, @schema) AS x
        WHERE i.partial = 0 AND x.key = 1
        ORDER BY i.seq, x.seqno
        """;

    public override async Task<TableFacts?> ReadAsync(DbConnection connection, DbTransaction? transaction, TableName table, CancellationToken cancellationToken)
    {
        if (table.Catalog is not null)
        {
            return null;
        }

        var found = await CatalogRows.ReadAsync(
            connection, transaction, Find, new { name = table.Name, schema = table.Schema },
            static row => (Schema: row.GetString(0), Name: row.GetString(1), Type: row.GetString(2), HasRowId: row.GetString(2) is "table" or "shadow" && row.GetInt64(3) == 0),
            cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return null;
        }

        var (schema, name, type, hasRowId) = found[0];
        var of = new { name, schema };
        var columns = await CatalogRows.ReadAsync(
            connection, transaction, Columns, of,
            static row => (Facts: new ColumnFacts(row.GetString(0), row.Text(1) ?? "", row.GetInt64(2) != 0), InKey: row.GetInt64(3) > 0),
            cancellationToken).ConfigureAwait(false);
        var indexColumns = await CatalogRows.ReadAsync(
            connection, transaction, IndexColumns, of,
            static row => (Column: new IndexColumn(row.GetString(0), row.GetInt64(1) != 0, row.Text(3)), Origin: row.GetString(2)),
            cancellationToken).ConfigureAwait(false);
        var indexes = CatalogRows.Indexes(indexColumns.Select(index => index.Column)).ToList();

        // INTEGER PRIMARY KEY is the row id under another name: never NULL, unique, and in no list of indexes. With an index of its own it is a key like any other.
        if (hasRowId && columns.Count(column => column.InKey) == 1 && indexColumns.All(index => index.Origin != "pk"))
        {
            var key = columns.FindIndex(column => column.InKey);
            columns[key] = columns[key] with { Facts = columns[key].Facts with { NotNull = true } };
            indexes.Insert(0, new(ValueList<string>.Of([columns[key].Facts.Name]), IsUnique: true));
        }

        var facts = ValueList<ColumnFacts>.Of(columns.Select(column => column.Facts));
        var rows = type == "view" ? null : await RowsAsync(connection, transaction, schema, name, hasRowId ? facts : null, cancellationToken).ConfigureAwait(false);
        return new(facts, type == "view", hasRowId, ValueList<IndexFacts>.Of(indexes), rows);
    }

    /// <summary>What ANALYZE counted; else the span of the row ids, which two steps down the tree tell and deleted rows make too large.</summary>
    private static async Task<long?> RowsAsync(
        DbConnection connection, DbTransaction? transaction, string schema, string name, IReadOnlyList<ColumnFacts>? rowIdTable, CancellationToken cancellationToken)
    {
        var analyzed = await CatalogRows.ReadAsync(
            connection, transaction, "SELECT schema FROM pragma_table_list('sqlite_stat1') WHERE schema = @schema", new { schema }, static row => row.GetString(0), cancellationToken).ConfigureAwait(false);
        if (analyzed.Count > 0)
        {
            // The first number of stat is a count of rows; of a partial index it is less.
            var counts = await CatalogRows.ReadAsync(
                connection, transaction, $"SELECT MAX(CAST(stat AS INTEGER)) FROM {Quoted(schema, "sqlite_stat1")} WHERE tbl = @name", new { name }, static row => row.Number(0), cancellationToken).ConfigureAwait(false);
            if (counts[0] is { } count)
            {
                return count;
            }
        }

        if (rowIdTable is null || SqlDialect.Sqlite.RowIdName(rowIdTable.Select(column => column.Name)) is not { } rowId)
        {
            return null;
        }

        var from = Quoted(schema, name);
        var spans = await CatalogRows.ReadAsync(
            connection, transaction, $"SELECT (SELECT MIN({rowId}) FROM {from}), (SELECT MAX({rowId}) FROM {from})", null, static row => (First: row.Number(0), Last: row.Number(1)), cancellationToken).ConfigureAwait(false);
        return spans[0] is not ({ } first, { } last) ? 0
            : (Int128)last - first + 1 is var span && span <= long.MaxValue ? (long)span
            : null;
    }

    private static string Quoted(string schema, string name)
    {
        var text = new SqlText(SqlStyle.Parameters);
        new SqlWriter(SqlDialect.Sqlite, text).WriteTable(TableName.Of(schema, name));
        return text.ToString();
    }
}
