using System.Data.Common;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;

namespace Distiller.Tests;

/// <summary>The engines these tests run in process are there: their native libraries were restored and load.</summary>
public sealed class EmbeddedEnginesTests
{
    public static TheoryData<string> Engines => ["DuckDB", "SQLite"];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task An_embedded_engine_answers(string engine)
    {
        await using DbConnection connection = engine == "DuckDB"
            ? new DuckDBConnection("DataSource=:memory:")
            : new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT CAST(40 + 2 AS BIGINT)";

        Assert.Equal(42L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
