namespace Distiller;

/// <summary>Finds the first value of a table or stage that is missing where it must not be, or not of its declared type (T4, B6).</summary>
internal static class ValueCheck
{
    private const string Checked = "checked";

    public static CompiledStep Step(SqlDialect dialect, FeatureSet set, TableName table, IReadOnlyList<ColumnDefinition> columns) =>
        StatementWriter.Step(new(dialect, SqlStyle.Parameters), $"check the values of {table}", new QueryStatement(Query(dialect, new TableRef(table, Checked), Checked, columns, [], !set.IsExisting))) with { FeatureSet = set.Name };

    /// <summary>One row that names the first problem found, with the columns given before it; no row where there is none.</summary>
    public static Select Query(SqlDialect dialect, Relation from, string alias, IReadOnlyList<ColumnDefinition> columns, IEnumerable<Output> before, bool inOneForm)
    {
        var problems = new List<Branch>();
        var wrong = new List<Scalar>();
        foreach (var column in columns)
        {
            var value = new ColumnRef(alias, column.Name);
            if (column.NotNull)
            {
                Found(new IsNull(value), new Text($"column '{column.Name}' is NULL"));
            }

            if (dialect.ChecksFit(column.Type))
            {
                Found(new Misfit(column.Type, value, inOneForm), new Concatenation(new Text($"column '{column.Name}' does not fit {column.Type}: "), new TextOf(value)));
            }
        }

        return new() { Columns = ValueList<Output>.Of(before.Append(new(new Case(ValueList<Branch>.Of(problems)), "problem"))), From = from, Where = Scalar.Or(wrong), Limit = 1 };

        void Found(Scalar condition, Scalar problem)
        {
            wrong.Add(condition);
            problems.Add(new(condition, problem));
        }
    }
}
