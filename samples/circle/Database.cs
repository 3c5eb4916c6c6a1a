using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using Quickstart;

namespace Distiller.Samples.Circle;

/// <summary>An engine to go round on: how it is opened and emptied, and how its provider takes a row of events.</summary>
internal sealed record Database(string Name, Func<DbConnection> Connect, IDatabaseDriver? Driver)
{
    private const string Schema = "circle";
    private const int RowsPerInsert = 200;

    public string InstantType => IsSqlite ? "TEXT" : "TIMESTAMPTZ";

    private bool IsSqlite => Name == "SQLite";

    public static Database Of(string name, string? connection) => name switch
    {
        "duckdb" => new("DuckDB", () => new DuckDBConnection(connection ?? "Data Source=:memory:"), new DuckDbDriver()),
        "sqlite" => new("SQLite", () => new SqliteConnection(connection ?? "Data Source=;Pooling=False"), null),
        "postgres" when connection is not null => new("PostgreSQL", () => new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { SearchPath = Schema }.ConnectionString), new PostgreSqlDriver()),
        "postgres" => throw new UserMistakeException("PostgreSQL needs --connection, such as \"Host=localhost;Username=postgres;Password=...;Database=postgres\"."),
        _ => throw new UserMistakeException($"There is no engine '{name}'; take duckdb, sqlite or postgres."),
    };

    /// <summary>Connects, and makes room: whatever an earlier run left is dropped.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        DbConnection? connection = null;
        try
        {
            connection = Connect();
            await connection.OpenAsync(cancellationToken);
            foreach (var statement in MakeRoom())
            {
                await RunAsync(connection, statement, cancellationToken);
            }

            return connection;
        }
        catch (Exception failure) when (failure is DbException or ArgumentException or FormatException or InvalidOperationException)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            throw new UserMistakeException($"{Name} cannot be opened: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    /// <summary>Writes rows with plain SQL, as somebody else's job does.</summary>
    public async Task InsertAsync(DbConnection connection, string table, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var chunk in rows.Chunk(RowsPerInsert))
        {
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            foreach (var value in chunk.SelectMany(row => row))
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = IsSqlite ? string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count + 1}") : "";
                parameter.Value = Parameter(value);
                command.Parameters.Add(parameter);
            }

            var width = chunk[0].Length;
            var lines = Enumerable.Range(0, chunk.Length).Select(row => $"({string.Join(", ", Enumerable.Range((row * width) + 1, width).Select(position => "$" + position.ToString(CultureInfo.InvariantCulture)))})");
            command.CommandText = $"INSERT INTO {table} VALUES {string.Join(", ", lines)}";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public static async Task RunAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<long> CountAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private object Parameter(object? value) => value switch
    {
        null => DBNull.Value,
        DateTime instant when IsSqlite => instant.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateTime instant => new DateTimeOffset(instant),
        _ => value,
    };

    private IEnumerable<string> MakeRoom() => Name switch
    {
        "SQLite" =>
        [
            $"DROP VIEW IF EXISTS {Circle.EventsView}",
            .. new[] { Circle.Events, Circle.Weather.HistoryTable.Name, Circle.Weather.LatestTable!.Name, Circle.Intervals.Table.Name, Circle.Intervals.PendingTable.Name }.Select(table => $"DROP TABLE IF EXISTS {table}"),
        ],
        "DuckDB" => [$"DROP SCHEMA IF EXISTS {Schema} CASCADE", $"CREATE SCHEMA {Schema}", $"SET schema = '{Schema}'"],
        _ => [$"DROP SCHEMA IF EXISTS {Schema} CASCADE", $"CREATE SCHEMA {Schema}"],
    };
}
