using System.Data.Common;

namespace Distiller;

/// <summary>PostgreSQL's catalog. The server resolves the name, as it would in a statement.</summary>
internal sealed class PostgreSqlCatalog : Catalog
{
    // The rows of a table that is cut into parts are counted on the parts.
    private const string Find = """
        SELECT c.oid::bigint,
          c.relkind::text,
          EXISTS (SELECT FROM pg_catalog.pg_inherits AS h WHERE h.inhparent = c.oid),
          (
            WITH RECURSIVE part(oid) AS (
              SELECT c.oid
              UNION
              SELECT h.inhrelid
              FROM part
              JOIN pg_catalog.pg_inherits AS h ON h.inhparent = part.oid
            )
            SELECT SUM(p.reltuples::double precision)::bigint
            FROM part
            JOIN pg_catalog.pg_class AS p ON p.oid = part.oid
            WHERE p.relkind IN ('r', 'm', 'f') AND p.reltuples >= 0
          )
        FROM pg_catalog.pg_class AS c
        WHERE c.oid = pg_catalog.to_regclass(@name)
          AND (@catalog::text IS NULL OR @catalog::text = pg_catalog.current_database())
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        """;

    private const string Columns = """
        SELECT a.attname::text,
          CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) ELSE pg_catalog.format_type(a.atttypid, a.atttypmod) END,
          a.attnotnull OR t.typnotnull
        FROM pg_catalog.pg_attribute AS a
        JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
        WHERE a.attrelid = @table::oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
        """;

    // Only a btree finds the newest row before an instant; a column in another collation than its own is of no use to a lookup; a deferrable key does not stop a row in time.
    private const string IndexColumns = """
        SELECT i.indexrelid::bigint::text, i.indisunique AND i.indimmediate, a.attname::text
        FROM pg_catalog.pg_index AS i
        JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
        JOIN pg_catalog.pg_am AS m ON m.oid = x.relam AND m.amname = 'btree'
        CROSS JOIN LATERAL pg_catalog.generate_series(0, i.indnkeyatts - 1) AS k(position)
        LEFT JOIN pg_catalog.pg_attribute AS a
          ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.position] AND a.attnum > 0 AND a.attcollation = i.indcollation[k.position]
        WHERE i.indrelid = @table::oid AND i.indisvalid AND i.indisready AND i.indpred IS NULL
        ORDER BY i.indexrelid, k.position
        """;

    public override async Task<TableFacts?> ReadAsync(DbConnection connection, DbTransaction? transaction, TableName table, CancellationToken cancellationToken)
    {
        var found = await CatalogRows.ReadAsync(
            connection, transaction, Find, new { name = Quoted(table), catalog = table.Catalog },
            static row => (Table: row.GetInt64(0), Kind: row.GetString(1), HasChildren: row.GetBoolean(2), Rows: row.Number(3)), cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return null;
        }

        var (oid, kind, hasChildren, rows) = found[0];
        var of = new { table = oid };
        var columns = await CatalogRows.ReadAsync(
            connection, transaction, Columns, of, static row => new ColumnFacts(row.GetString(0), row.GetString(1), row.GetBoolean(2)), cancellationToken).ConfigureAwait(false);

        // Rows of tables that inherit from this one show in it, but its row ids and its unique indexes do not span them.
        var isWhole = kind is "p" || !hasChildren;
        var indexes = await CatalogRows.ReadAsync(
            connection, transaction, IndexColumns, of, row => new IndexColumn(row.GetString(0), isWhole && row.GetBoolean(1), row.Text(2)), cancellationToken).ConfigureAwait(false);
        return new(
            ValueList<ColumnFacts>.Of(columns),
            IsView: kind is "v",
            HasRowId: kind is "r" or "m" && !hasChildren,
            ValueList<IndexFacts>.Of(CatalogRows.Indexes(indexes)),
            kind is "v" ? null : rows);
    }

    /// <summary>The name without its catalog: to_regclass refuses any catalog but the current one.</summary>
    private static string Quoted(TableName table)
    {
        var text = new SqlText(SqlStyle.Parameters);
        new SqlWriter(SqlDialect.PostgreSql, text).WriteTable(table.Schema is { } schema ? TableName.Of(schema, table.Name) : TableName.Of(table.Name));
        return text.ToString();
    }
}
