using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;

namespace Distiller.Tests.Goldens;

/// <summary>A database in this process with everything a golden speaks of: the shop's tables, with rows in them.</summary>
internal sealed class GoldenDatabase : IDisposable
{
    /// <summary>Run after the tables Distiller does not create: they create the others, and fill them.</summary>
    private static readonly string[] SetUp =
        ["create_tables", "create_tables_every_type", "create_tables_every_key_type", "create_tables_sparse", "create_tables_scd2", "publish_table", "publish_query", "publish_composite_key", "publish_named_tables", "publish_sparse", "publish_sparse_tombstones", "publish_tombstones", "retract_query", "retract_sparse"];

    private readonly SqlDialect dialect;
    private readonly DbConnection connection;

    private GoldenDatabase(SqlDialect dialect)
    {
        this.dialect = dialect;
        connection = Open(dialect);
        Run(Golden.Read(dialect, "_tables"));
        foreach (var name in SetUp)
        {
            Run(GoldenCases.Named(name).Statement().ToSql(dialect));
        }
    }

    public static IReadOnlyList<SqlDialect> Dialects { get; } = [SqlDialect.Sqlite, SqlDialect.DuckDb];

    /// <summary>One database per dialect for statements that change nothing; one test at a time uses it.</summary>
    public static IReadOnlyDictionary<SqlDialect, Lazy<GoldenDatabase>> Shared { get; } = Dialects.ToDictionary(dialect => dialect, dialect => new Lazy<GoldenDatabase>(() => new(dialect)));

    /// <summary>A database of a test's own.</summary>
    public static GoldenDatabase For(SqlDialect dialect) => new(dialect);

    public static DbConnection Open(SqlDialect dialect)
    {
        DbConnection connection = dialect == SqlDialect.DuckDb ? new DuckDBConnection("Data Source=:memory:") : new SqliteConnection("Data Source=:memory:");
        connection.Open();
        if (dialect == SqlDialect.DuckDb)
        {
            // Small tables: more threads only wait for each other. An odd zone: what takes a local time for an instant fails.
            using var command = connection.CreateCommand();
            command.CommandText = "SET threads = 1; SET TimeZone = 'Asia/Kathmandu'";
            command.ExecuteNonQuery();
        }

        return connection;
    }

    /// <summary>Runs a text as it stands, as one who pastes it would, and returns the rows of its last result.</summary>
    public IReadOnlyList<string> Run(string sql)
    {
        lock (connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Rows(command);
        }
    }

    /// <summary>Runs the steps a machine would run, with their parameters; rows in memory are no part of it.</summary>
    public IReadOnlyList<string> Run(CompiledScript script)
    {
        IReadOnlyList<string> rows = [];
        foreach (var step in script.Steps)
        {
            using var command = Command(connection, dialect, step);
            var found = Rows(command);
            rows = step.Role == StepRole.Answer ? found : rows;
            Assert.True(step.Role is not (StepRole.Refuse or StepRole.RefuseBefore) || found.Count == 0, $"{step.Purpose}: {string.Join("; ", found)}");
        }

        return rows;
    }

    /// <summary>A step as a machine runs it; the clock stands still.</summary>
    public static DbCommand Command(DbConnection connection, SqlDialect dialect, CompiledStep step)
    {
        var command = connection.CreateCommand();
        command.CommandText = step.Text;
        foreach (var parameter in step.Parameters)
        {
            var bound = command.CreateParameter();
            bound.ParameterName = dialect.ParameterName(parameter.Name);
            dialect.Bind(bound, parameter.Stored, parameter.IsClock ? DateTime.UnixEpoch : parameter.Value);
            command.Parameters.Add(bound);
        }

        return command;
    }

    public void Dispose() => connection.Dispose();

    private static List<string> Rows(DbCommand command)
    {
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        do
        {
            if (reader.FieldCount > 0)
            {
                rows.Clear();
            }

            while (reader.Read())
            {
                rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)}={(reader.IsDBNull(i) ? "NULL" : Text(reader.GetValue(i), reader.GetDataTypeName(i)))}")));
            }
        }
        while (reader.NextResult());
        return rows;
    }

    /// <summary>A value as every engine would show it: SQLite keeps flags as numbers, and instants and decimals as text.</summary>
    public static string Text(object value, string type) => value switch
    {
        bool flag => flag ? "1" : "0",
        DateTime date when type == "Date" => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        decimal number => number.ToString("0.############", CultureInfo.InvariantCulture),
        string words when decimal.TryParse(words, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => Text(number, type),
        byte[] bytes => Convert.ToHexString(bytes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
