using System.Data.Common;
using Dapper;
using Distiller.Databases.Tests.Reference;

namespace Distiller.Databases.Tests.Engines;

/// <summary>A column of a table the test makes itself, as an adopter would have it.</summary>
internal sealed record TestColumn(string Name, StoredType Type, bool IsNullable = true);

/// <summary>Tables made and filled by plain statements of the test's own.</summary>
internal static class TestTables
{
    public static async Task CreateAsync(DbConnection connection, SqlDialect dialect, TableName table, IReadOnlyList<TestColumn> columns, params string[] key)
    {
        var text = new SqlText(SqlStyle.Literals);
        var writer = new SqlWriter(dialect, text);
        text.Add("CREATE TABLE ");
        writer.WriteTable(table);
        text.Add(" (");
        for (var i = 0; i < columns.Count; i++)
        {
            text.Add(i > 0 ? ", " : "");
            writer.Name(columns[i].Name);
            text.Add(' ').Add(dialect.TypeName(columns[i].Type)).Add(columns[i].IsNullable ? "" : " NOT NULL");
        }

        if (key.Length > 0)
        {
            text.Add(", PRIMARY KEY (");
            for (var i = 0; i < key.Length; i++)
            {
                text.Add(i > 0 ? ", " : "");
                writer.Name(key[i]);
            }

            text.Add(')');
        }

        await connection.ExecuteAsync(text.Add(')').ToString());
    }

    public static async Task InsertAsync(DbConnection connection, SqlDialect dialect, TableName table, IReadOnlyList<TestColumn> columns, IEnumerable<Row> rows)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var row in rows)
        {
            var text = new SqlText(SqlStyle.Parameters);
            var writer = new SqlWriter(dialect, text);
            text.Add("INSERT INTO ");
            writer.WriteTable(table);
            text.Add(" VALUES (");
            for (var i = 0; i < columns.Count; i++)
            {
                text.Add(i > 0 ? ", " : "");
                var value = new Value(columns[i].Type, row[columns[i].Name]);
                if (columns[i].Type.Feature?.Kind == FeatureKind.Json)
                {
                    writer.Write(new Cast(value, columns[i].Type));
                }
                else
                {
                    writer.Write(value);
                }
            }

            await connection.ExecuteAsync(new CommandDefinition(text.Add(')').ToString(), new StepParameters(dialect, text.Parameters, default), transaction));
        }

        await transaction.CommitAsync();
    }

    public static async Task<List<Row>> ReadAsync(FeatureStore store, Statement statement)
    {
        await using var reader = await store.ReadAsync(statement);
        var rows = new List<Row>();
        while (await reader.ReadAsync())
        {
            rows.Add(new(Enumerable.Range(0, reader.FieldCount).Select(i => KeyValuePair.Create(reader.GetName(i), reader.IsDBNull(i) ? null : reader.GetValue(i)))));
        }

        return rows;
    }

    /// <summary>A table's rows with the declared types, read by plain SQL.</summary>
    public static async Task<List<Row>> ReadTableAsync(DbConnection connection, SqlDialect dialect, TableName table, IReadOnlyList<TestColumn> columns)
    {
        var text = new SqlText(SqlStyle.Literals);
        var writer = new SqlWriter(dialect, text);
        text.Add("SELECT ");
        for (var i = 0; i < columns.Count; i++)
        {
            text.Add(i > 0 ? ", " : "");
            writer.Name(columns[i].Name);
        }

        text.Add(" FROM ");
        writer.WriteTable(table);
        await using var command = connection.CreateCommand();
        command.CommandText = text.ToString();
        await using var reader = new TypedReader(await command.ExecuteReaderAsync(), [.. columns.Select(column => new ResultColumn(column.Name, column.Type))]);
        var rows = new List<Row>();
        while (await reader.ReadAsync())
        {
            rows.Add(new(Enumerable.Range(0, reader.FieldCount).Select(i => KeyValuePair.Create(reader.GetName(i), reader.IsDBNull(i) ? null : reader.GetValue(i)))));
        }

        return rows;
    }
}
