using Distiller.Databases.Tests.Contract;
using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;
using Distiller.SqlKataInterop;

namespace Distiller.Databases.Tests.SqlKata;

/// <summary>A statement as text with bindings in order.</summary>
internal delegate (string Sql, IReadOnlyList<object> Bindings) CompileStatement(Statement statement, SqlDialect dialect, SqlKataShape shape);

/// <summary>The training sets, latest and unloads of a random world, made SqlKata queries, run, and compared with the reference model.</summary>
internal sealed class LoweredRun(World world, Engine engine, TestDatabase database, CompileStatement compile)
{
    /// <summary>How many queries were compared, and how many were refused for a question mark in a name.</summary>
    public int Compared { get; private set; }

    public int Refused { get; private set; }

    public async Task RunAsync()
    {
        var reference = await new WorldRun(world, engine, database).FillAsync();
        foreach (var training in world.Trainings)
        {
            var expected = world.Expected(training, reference);
            await CompareAsync(training.Set, training.Name, expected);
            foreach (var strategy in engine.Strategies)
            {
                await CompareAsync(training.Set.Using(strategy), $"{training.Name}, {strategy}", expected);
            }
        }

        var store = database.Store();
        foreach (var set in world.Sets)
        {
            await CompareAsync(Latest.Of(set.Set), $"latest of {set.Set.Name}", await TestTables.ReadAsync(store, Latest.Of(set.Set)));
            await CompareAsync(Unload.Of(set.Set), $"unload of {set.Set.Name}", await TestTables.ReadAsync(store, Unload.Of(set.Set)));
        }
    }

    public static async Task<List<Row>> ReadAsync(TestDatabase database, string sql, IReadOnlyList<object> bindings, IReadOnlyList<ResultColumn> columns)
    {
        await using var command = database.Connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < bindings.Count; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"p{i}";
            parameter.Value = bindings[i];
            command.Parameters.Add(parameter);
        }

        await using var reader = new TypedReader(await command.ExecuteReaderAsync(), columns);
        var rows = new List<Row>();
        while (await reader.ReadAsync())
        {
            rows.Add(new(Enumerable.Range(0, reader.FieldCount).Select(i => KeyValuePair.Create(reader.GetName(i), reader.IsDBNull(i) ? null : reader.GetValue(i)))));
        }

        return rows;
    }

    private async Task CompareAsync(Statement statement, string what, IReadOnlyList<Row> expected)
    {
        foreach (var shape in Enum.GetValues<SqlKataShape>())
        {
            (string Sql, IReadOnlyList<object> Bindings) query;
            try
            {
                query = compile(statement, engine.Dialect, shape);
            }
            catch (UnsupportedByDialectException)
            {
                // Not offered for this shape, or for a spine that only a connection knows.
                continue;
            }
            catch (NotSupportedException refused)
            {
                Assert.Contains("'?'", refused.Message, StringComparison.Ordinal);
                Assert.Contains('?', statement.ToSql(engine.Dialect));
                Refused++;
                continue;
            }

            try
            {
                RowMultiset.AssertEqual(expected, await ReadAsync(database, query.Sql, query.Bindings, Columns(statement)), $"{engine}, {what}, {shape}; {world}\n{query.Sql}", allowEmpty: true);
            }
            catch (System.Data.Common.DbException failed)
            {
                throw new InvalidOperationException($"{engine}, {what}, {shape}; {world}\n{query.Sql}", failed);
            }

            Compared++;
        }
    }

    private List<ResultColumn> Columns(Statement statement)
    {
        if (statement is not TrainingSet training)
        {
            return [.. statement is Latest latest ? ResultColumns.Of(latest) : ResultColumns.Of((Unload)statement)];
        }

        var spine = world.Spine.Columns.ToDictionary(column => column.Name, column => column.Time is { } kind ? StoredType.Of(kind) : StoredType.Of(column.Type!));
        var names = training.Spine.ColumnNames.Count > 0 ? training.Spine.ColumnNames : [.. world.Spine.Columns.Select(column => column.Name)];
        return [.. names.Select(name => new ResultColumn(name, spine[name])), .. ResultColumns.Of(training).Skip(training.Spine.ColumnNames.Count)];
    }
}
