using System.Data.Common;
using Distiller.Tests.Goldens;

namespace Distiller.Tests.Sql;

/// <summary>A database in which statements run as a machine runs them, and everything they answer is noted by its values alone.</summary>
internal sealed class NamedWorld(SqlDialect dialect) : IDisposable
{
    private readonly DbConnection connection = GoldenDatabase.Open(dialect);
    private readonly List<List<string>> told = [];

    /// <summary>Every answer, what was asked first and then its rows in the order of their text, each passed through first.</summary>
    public string Told(Func<string, string> renamed) => string.Join("\n", told.SelectMany(answer => answer.Take(1).Select(renamed).Concat(answer.Skip(1).Select(renamed).Order(StringComparer.Ordinal))));

    public void Dispose() => connection.Dispose();

    public void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Do(Statement statement) => Assert.Null(Refusal(statement));

    /// <summary>The statement refuses a row.</summary>
    public void Refuses(Statement statement) => told.Add([Refusal(statement) ?? throw new InvalidOperationException($"{statement.GetType().Name} refuses nothing.")]);

    /// <summary>Runs a statement to its end, or to the row that it refuses.</summary>
    private string? Refusal(Statement statement)
    {
        var steps = statement.Compile(dialect).Steps;
        foreach (var step in steps)
        {
            var rows = Rows(statement, step);
            if (step.Role is StepRole.Refuse or StepRole.RefuseBefore && rows.Count > 1)
            {
                if (step.Role == StepRole.Refuse)
                {
                    Run("ROLLBACK");
                }

                foreach (var clean in steps.Where(other => other.Role == StepRole.Clean))
                {
                    Rows(statement, clean);
                }

                return string.Join("; ", rows);
            }

            told.Add(rows);
        }

        return null;
    }

    private List<string> Rows(Statement statement, CompiledStep step)
    {
        using var command = GoldenDatabase.Command(connection, dialect, step);
        try
        {
            using var reader = command.ExecuteReader();
            var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
            Assert.Equal(columns.Distinct(StringComparer.OrdinalIgnoreCase), columns);
            var rows = new List<string> { $"{statement.GetType().Name}, {step.Purpose}:" };
            while (reader.Read())
            {
                rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : GoldenDatabase.Text(reader.GetValue(i), reader.GetDataTypeName(i)))));
            }

            return rows;
        }
        catch (DbException failure)
        {
            throw new InvalidOperationException($"{statement.GetType().Name}, {step.Purpose}: {failure.Message}\n{step.Text}", failure);
        }
    }
}
