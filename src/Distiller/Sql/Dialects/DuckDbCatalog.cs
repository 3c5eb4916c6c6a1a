using System.Data.Common;

namespace Distiller;

/// <summary>DuckDB's catalog. It shows every attached database at once, so what a name means here must be worked out: the search path, temporary tables first.</summary>
internal sealed class DuckDbCatalog : Catalog
{
    private const string Find = """
        SELECT database_name, schema_name, table_name, FALSE, estimated_size, current_database(), current_schema(), current_setting('search_path')
        FROM duckdb_tables()
        WHERE lower(table_name) = lower($name)
        UNION ALL
        SELECT database_name, schema_name, view_name, TRUE, NULL, current_database(), current_schema(), current_setting('search_path')
        FROM duckdb_views()
        WHERE lower(view_name) = lower($name)
        """;

    private const string Columns = """
        SELECT column_name, data_type, is_nullable
        FROM duckdb_columns()
        WHERE database_name = $catalog AND schema_name = $schema AND table_name = $name
        ORDER BY column_index
        """;

    private const string KeyColumns = """
        SELECT CAST(constraint_index AS VARCHAR), unnest(constraint_column_names), generate_subscripts(constraint_column_names, 1) AS position
        FROM duckdb_constraints()
        WHERE database_name = $catalog AND schema_name = $schema AND table_name = $name AND constraint_type IN ('PRIMARY KEY', 'UNIQUE')
        ORDER BY constraint_index, position
        """;

    private const string IndexColumns = """
        SELECT CAST(index_oid AS VARCHAR), is_unique, unnest(CAST(expressions AS VARCHAR[])), generate_subscripts(CAST(expressions AS VARCHAR[]), 1) AS position
        FROM duckdb_indexes()
        WHERE database_name = $catalog AND schema_name = $schema AND table_name = $name
        ORDER BY index_oid, position
        """;

    public override async Task<TableFacts?> ReadAsync(DbConnection connection, DbTransaction? transaction, TableName table, CancellationToken cancellationToken)
    {
        var namesakes = await CatalogRows.ReadAsync(
            connection, transaction, Find, new { name = table.Name },
            static row => new Namesake(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.Number(4), row.GetString(5), row.GetString(6), row.Text(7) ?? ""),
            cancellationToken).ConfigureAwait(false);
        if (namesakes.Count == 0
            || Places(table, namesakes[0]).Select(place => namesakes.Find(one => SameName(one.Catalog, place.Catalog) && SameName(one.Schema, place.Schema) && SameName(one.Name, table.Name)))
                .FirstOrDefault(one => one is not null) is not { } found)
        {
            return null;
        }

        var of = new { catalog = found.Catalog, schema = found.Schema, name = found.Name };
        var columns = await CatalogRows.ReadAsync(
            connection, transaction, Columns, of, static row => new ColumnFacts(row.GetString(0), row.GetString(1), !row.GetBoolean(2)), cancellationToken).ConfigureAwait(false);
        var keys = await CatalogRows.ReadAsync(
            connection, transaction, KeyColumns, of, static row => new IndexColumn(row.GetString(0), IsUnique: true, row.GetString(1)), cancellationToken).ConfigureAwait(false);
        var indexes = await CatalogRows.ReadAsync(
            connection, transaction, IndexColumns, of, row => new IndexColumn(row.GetString(0), row.GetBoolean(1), Plain(row.GetString(2), columns)), cancellationToken).ConfigureAwait(false);
        return new(
            ValueList<ColumnFacts>.Of(columns),
            found.IsView,
            HasRowId: !found.IsView,
            ValueList<IndexFacts>.Of([.. CatalogRows.Indexes(keys), .. CatalogRows.Indexes(indexes)]),
            found.Rows);
    }

    /// <summary>Where the engine looks for the name, in its order. Two parts are a schema's table, or one in a database's schema on the path, else in its main one.</summary>
    private static IEnumerable<(string Catalog, string Schema)> Places(TableName table, Namesake session)
    {
        if (table is { Catalog: { } given, Schema: { } inside })
        {
            return [(given, inside)];
        }

        List<(string Catalog, string Schema)> path =
        [
            ("temp", "main"),
            .. SearchPath(session.SearchPath, session.CurrentCatalog),
            (session.CurrentCatalog, session.CurrentSchema),
        ];
        return table.Schema is { } schema
            ? [.. path.Where(place => SameName(place.Schema, schema)), (session.CurrentCatalog, schema), .. path.Where(place => SameName(place.Catalog, schema)), (schema, "main")]
            : path;
    }

    /// <summary>The entries of a setting such as <c>"o.x".main,memory.s2</c>.</summary>
    private static IEnumerable<(string Catalog, string Schema)> SearchPath(string setting, string currentCatalog)
    {
        var entry = new List<string>();
        for (var i = 0; i < setting.Length; i++)
        {
            var end = i;
            if (setting[i] == '"')
            {
                while (++end < setting.Length && (setting[end] != '"' || (++end < setting.Length && setting[end] == '"')))
                {
                }
            }
            else
            {
                end = setting.AsSpan(i).IndexOfAny('.', ',') is var length and >= 0 ? i + length : setting.Length;
            }

            entry.Add(Unquoted(setting[i..end]));
            i = end;
            if (end >= setting.Length || setting[end] == ',')
            {
                yield return entry.Count > 1 ? (entry[0], entry[1]) : (currentCatalog, entry[0]);
                entry.Clear();
            }
        }
    }

    /// <summary>The column an index names, as the table spells it; null for an expression. Names that are no plain words come quoted, so that no expression looks like one.</summary>
    private static string? Plain(string expression, List<ColumnFacts> columns) => columns.Find(column => SameName(column.Name, Unquoted(expression)))?.Name;

    private static string Unquoted(string name) => name.Length > 1 && name[0] == '"' && name[^1] == '"' ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name;

    /// <summary>Identifiers are equal but for the case of A to Z; lower() knows other letters too.</summary>
    private static bool SameName(string left, string right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && (!char.IsAsciiLetter(left[i]) || (left[i] ^ right[i]) != ' '))
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Namesake(string Catalog, string Schema, string Name, bool IsView, long? Rows, string CurrentCatalog, string CurrentSchema, string SearchPath);
}
