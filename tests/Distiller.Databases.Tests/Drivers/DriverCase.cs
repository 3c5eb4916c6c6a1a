using System.Data.Common;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Distiller.Databases.Tests.Drivers;

/// <summary>A driver on one of the engines.</summary>
internal sealed record DriverCase(string Name, IDatabaseDriver Driver, Func<DbConnection> Connect)
{
    public const string StartPostgres = "No PostgreSQL: export DISTILLER_POSTGRES=\"$(.ci/start-postgres /tmp/distiller-postgres 54329)\" starts one and names it.";

    private static readonly DriverCase[] All =
    [
        new("SQLite", new AnyDriver(SqlDialect.Sqlite), () => new SqliteConnection("Data Source=:memory:")),
        new("DuckDB", new DuckDbDriver(), () => new DuckDBConnection("DataSource=:memory:")),
        new("DuckDB by INSERT", new AnyDriver(SqlDialect.DuckDb), () => new DuckDBConnection("DataSource=:memory:")),
        new("PostgreSQL", new PostgreSqlDriver(), Postgres),
        new("PostgreSQL by INSERT", new AnyDriver(SqlDialect.PostgreSql), Postgres),
    ];

    public static TheoryData<string> Names => [.. All.Select(one => one.Name)];

    public SqlDialect Dialect => Driver.Dialect;

    public static DriverCase Of(string name) => All.Single(one => one.Name == name);

    /// <summary>An open connection; a visible skip where its server is not configured.</summary>
    public async Task<DbConnection> OpenAsync()
    {
        var connection = Connect();
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private static NpgsqlConnection Postgres()
    {
        var connectionString = Environment.GetEnvironmentVariable("DISTILLER_POSTGRES");
        Assert.SkipWhen(string.IsNullOrEmpty(connectionString), StartPostgres);
        return new(connectionString);
    }
}
