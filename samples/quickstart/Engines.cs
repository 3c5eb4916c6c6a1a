using System.Data.Common;
using System.Globalization;
using Distiller;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Quickstart;

/// <summary>A database to run on: how it is opened and emptied, and what of its SQL the sample's own tables need.</summary>
internal abstract class Engine
{
    /// <summary>Where the sample's tables live, on the engines that have schemas.</summary>
    protected const string Schema = "quickstart";

    public static IReadOnlyList<string> Names { get; } = ["duckdb", "sqlite", "postgres"];

    public abstract string Title { get; }

    /// <summary>The provider's fast paths; null where it has none of its own.</summary>
    public virtual IDatabaseDriver? Driver => null;

    /// <summary>The type of a column of instants.</summary>
    public virtual string InstantType => "TIMESTAMPTZ";

    /// <summary>The type of a column of dates.</summary>
    public virtual string DateType => "DATE";

    public static Engine Of(string name, string? connection) => name switch
    {
        "sqlite" => new Sqlite(connection),
        "postgres" => new PostgreSql(connection),
        _ => new DuckDb(connection),
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
                using var command = connection.CreateCommand();
                command.CommandText = statement;
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return connection;
        }
        catch (Exception failure) when (failure is DbException or ArgumentException or FormatException or InvalidOperationException)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            throw new UserMistakeException($"{Title} cannot be opened: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    /// <summary>The name of the parameter whose marker is <c>$1</c>, <c>$2</c> and so on; none where the provider goes by position.</summary>
    public virtual string ParameterName(int position) => "";

    /// <summary>A value as the provider takes it for <see cref="InstantType"/> and <see cref="DateType"/> columns and others.</summary>
    public virtual object Parameter(object? value) => value switch
    {
        null => DBNull.Value,
        DateTime instant => new DateTimeOffset(instant),
        _ => value,
    };

    protected abstract DbConnection Connect();

    protected abstract IEnumerable<string> MakeRoom();

    private sealed class DuckDb(string? connection) : Engine
    {
        public override string Title => connection is null ? "DuckDB in memory" : "DuckDB";

        public override IDatabaseDriver Driver { get; } = new DuckDbDriver();

        protected override DbConnection Connect() => new DuckDBConnection(connection ?? "Data Source=:memory:");

        protected override IEnumerable<string> MakeRoom() => [$"DROP SCHEMA IF EXISTS {Schema} CASCADE", $"CREATE SCHEMA {Schema}", $"SET schema = '{Schema}'"];
    }

    /// <summary>SQLite keeps instants and dates as text of fixed width.</summary>
    private sealed class Sqlite(string? connection) : Engine
    {
        public override string Title => connection is null ? "SQLite in a temporary file" : "SQLite";

        public override string InstantType => "TEXT";

        public override string DateType => "TEXT";

        public override string ParameterName(int position) => string.Create(CultureInfo.InvariantCulture, $"${position}");

        public override object Parameter(object? value) => value switch
        {
            DateTime instant => instant.ToString(CsvOut.InstantFormat, CultureInfo.InvariantCulture),
            DateOnly date => date.ToString(CsvOut.DateFormat, CultureInfo.InvariantCulture),
            _ => base.Parameter(value),
        };

        // A database without a name lives in a file that SQLite itself makes and removes.
        protected override DbConnection Connect() => new SqliteConnection(connection ?? "Data Source=;Pooling=False");

        protected override IEnumerable<string> MakeRoom() =>
            FlightsModel.All.SelectMany(set => new[] { set.HistoryTable, set.LatestTable })
                .OfType<TableName>().Append(FlightsModel.Flights.Table!).Append(Job.TrainingTable)
                .Select(table => $"DROP TABLE IF EXISTS \"{table.Name}\"");
    }

    private sealed class PostgreSql(string? connection) : Engine
    {
        public override string Title => "PostgreSQL";

        public override IDatabaseDriver Driver { get; } = new PostgreSqlDriver();

        protected override DbConnection Connect() =>
            connection is null
                ? throw new ArgumentException("it needs --connection, such as \"Host=localhost;Username=postgres;Password=...;Database=postgres\".")
                : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { SearchPath = Schema }.ConnectionString);

        protected override IEnumerable<string> MakeRoom() => [$"DROP SCHEMA IF EXISTS {Schema} CASCADE", $"CREATE SCHEMA {Schema}"];
    }
}
