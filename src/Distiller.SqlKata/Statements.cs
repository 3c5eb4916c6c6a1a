namespace Distiller.SqlKataInterop;

/// <summary>The one SELECT or INSERT ... SELECT a statement is; what is more than that is refused, naming the cause.</summary>
internal static class Statements
{
    public static (Select? Query, Insert? Insert) Of(Statement statement, SqlDialect dialect)
    {
        var steps = statement.Build(new(dialect, SqlStyle.Parameters)).Steps;
        return steps switch
        {
            [{ Tree: QueryStatement query }] => (query.Query, null),
            [{ Tree: Insert { Conflict: null } insert }] => (null, insert),
            [{ Tree: CreateTableAs create }] => throw Refused(statement, $"it creates the table '{create.Name}', and SqlKata has no CREATE TABLE. Append to a table that is there: Into(table, IfExists.Append)"),
            [var one] => throw Refused(statement, $"its step ({one.Purpose}) is neither a SELECT nor an INSERT ... SELECT"),
            _ when steps.Any(step => step.Load is not null) => throw Refused(statement, "its rows in memory are loaded into a temporary table first. Give the spine or the keys as a table or a query"),
            _ => throw Refused(statement, $"it takes {steps.Count} steps ({string.Join("; ", steps.Select(step => step.Purpose))}), and a SqlKata query is one"),
        };
    }

    private static NotSupportedException Refused(Statement statement, string cause) =>
        new($"{statement.GetType().Name} cannot be a SqlKata query: {cause}; or print it with ToSql, or run it through a FeatureStore.");
}
