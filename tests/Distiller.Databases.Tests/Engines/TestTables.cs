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

    /// <summary>Many rows, by the driver into a temporary table and from there into the table.</summary>
    public static async Task LoadAsync<T>(TestDatabase database, SqlDialect dialect, TableName table, IReadOnlyList<TestColumn> columns, IEnumerable<T> rows)
    {
        var stage = TableName.Of(table.Name + "_load");
        var scope = new PlanScope(dialect, SqlStyle.Parameters);
        foreach (var step in StageSteps.CreateAndLoad(scope, stage, [.. columns.Select(column => new ColumnDefinition(column.Name, column.Type, NotNull: false))], "test rows", null))
        {
            if (step.Load is { } load)
            {
                await using var reader = StageReader.Over(rows, [.. columns.Select(column => new StageColumn(column.Name, column.Type, NotNull: false))], new("test", table.ToString()), dialect);
                await (database.Driver ?? new AnyDriver(dialect)).LoadAsync(database.Connection, null, load, reader, CancellationToken.None);
            }
            else
            {
                await database.ExecuteAsync(step.Text);
            }
        }

        var copy = new Select { Columns = ValueList<Output>.Of(columns.Select(column => new Output(new ColumnRef("load", column.Name)))), From = new TableRef(stage, "load", IsTemporary: true) };
        await database.ExecuteAsync(StatementWriter.Step(scope, "copy", new Insert(table, ValueList<string>.Of(columns.Select(column => column.Name)), copy)).Text);
        await database.ExecuteAsync(StatementWriter.Step(scope, "drop", new DropTable(stage, IsTemporary: true)).Text);
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
