using System.Data.Common;
using System.Globalization;
using Dapper;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Distiller.Databases.Tests.Drivers;

/// <summary>What only one engine has: SQLite's transactions, DuckDB's streams, each one's passing faults.</summary>
public sealed class DriverSpecialsTests
{
    private static readonly LoadTarget Target = new(TableName.Of("stage"), [new("n", "int64") { Stored = StoredType.RowNumber }]);

    private static readonly AnyDriver Sqlite = new(SqlDialect.Sqlite);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void An_instants_text_is_what_its_format_says()
    {
        var random = new Random(1);
        var last = Instants.Microseconds(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc));
        var first = Instants.Microseconds(DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc));
        foreach (var instant in Enumerable.Range(0, 10_000).Select(_ => random.NextInt64(first, last)).Concat([first, last, -1, 0, 1]))
        {
            Assert.Equal(Instants.ToDateTime(instant).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture), Instants.Text(instant));
        }
    }

    [Fact]
    public async Task SQLite_loads_all_rows_or_none()
    {
        await using var connection = await OpenSqliteAsync();

        await Assert.ThrowsAsync<RowRefusedException>(() => LoadAsync(connection, null, Numbers(5).Concat(Broken())));
        Assert.Equal(0, await CountAsync(connection));

        await LoadAsync(connection, null, Numbers(5));
        Assert.Equal(5, await CountAsync(connection));
        await connection.ExecuteAsync("BEGIN IMMEDIATE; COMMIT");
    }

    [Fact]
    public async Task SQLite_loads_within_a_transaction_that_was_begun_in_SQL()
    {
        await using var connection = await OpenSqliteAsync();

        await connection.ExecuteAsync("BEGIN DEFERRED");
        await LoadAsync(connection, null, Numbers(5));
        await Assert.ThrowsAsync<RowRefusedException>(() => LoadAsync(connection, null, Numbers(5).Concat(Broken())));
        Assert.Equal(5, await CountAsync(connection));
        await connection.ExecuteAsync("ROLLBACK");

        Assert.Equal(0, await CountAsync(connection));
    }

    [Fact]
    public async Task SQLite_loads_a_stage_while_another_connection_writes()
    {
        var file = Path.Combine(Path.GetTempPath(), $"distiller-{Guid.NewGuid():N}.db");
        try
        {
            await using var writer = await OpenSqliteAsync($"Data Source={file};Pooling=False");
            await writer.ExecuteAsync("CREATE TABLE t(a)");
            await using var connection = await OpenSqliteAsync($"Data Source={file};Pooling=False;Default Timeout=1");
            Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM t"));
            await writer.ExecuteAsync("BEGIN EXCLUSIVE; INSERT INTO t VALUES (1)");

            Assert.Equal(5, await LoadAsync(connection, null, Numbers(5)));

            var busy = await Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteAsync("INSERT INTO t VALUES (2)"));
            Assert.True(Sqlite.IsTransient(busy), busy.Message);
            await writer.ExecuteAsync("ROLLBACK");
            var wrong = await Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteAsync("SELECT nothing FROM t"));
            Assert.False(Sqlite.IsTransient(wrong));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task DuckDB_conflicts_pass_and_its_results_stream()
    {
        var driver = new DuckDbDriver();
        await using var first = new DuckDBConnection("DataSource=:memory:");
        await first.OpenAsync(Cancellation);
        await first.ExecuteAsync("CREATE TABLE t(k INTEGER, v INTEGER)");
        await first.ExecuteAsync("INSERT INTO t VALUES (1, 1)");
        await using var second = first.Duplicate();
        await second.OpenAsync(Cancellation);
        await first.ExecuteAsync("BEGIN TRANSACTION");
        await second.ExecuteAsync("BEGIN TRANSACTION");
        await first.ExecuteAsync("UPDATE t SET v = 2");

        var conflict = await Assert.ThrowsAsync<DuckDBException>(() => second.ExecuteAsync("UPDATE t SET v = 3"));
        Assert.True(driver.IsTransient(conflict));
        var wrong = await Assert.ThrowsAsync<DuckDBException>(() => first.ExecuteAsync("SELECT nothing FROM t"));
        Assert.False(driver.IsTransient(wrong));

        await using var command = first.CreateCommand();
        driver.Stream(command);
        Assert.True(command.UseStreamingMode);
    }

    [Theory]
    [InlineData("12.345")]
    [InlineData("100")]
    [InlineData("-100")]
    public async Task DuckDB_takes_no_decimal_that_its_column_would_cut(string value)
    {
        await using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(Cancellation);
        await connection.ExecuteAsync("CREATE TEMP TABLE stage(n DECIMAL(4,2))");
        var target = new LoadTarget(TableName.Of("stage"), [new("n", "decimal(4,2)") { Stored = StoredType.Of(FeatureType.Decimal(4, 2)) }]);

        await Assert.ThrowsAsync<OverflowException>(() => new DuckDbDriver().LoadAsync(
            connection, null, target, new ListedRows([[1m], [decimal.Parse(value, CultureInfo.InvariantCulture)]], 1), Cancellation));
        Assert.Equal(1, await new DuckDbDriver().LoadAsync(connection, null, target, new ListedRows([[1.500m]], 1), Cancellation));
        Assert.Equal(1.5m, await connection.ExecuteScalarAsync<decimal>("SELECT SUM(n) FROM stage"));
    }

    [Fact]
    public async Task PostgreSQL_faults_that_pass_are_known()
    {
        var one = DriverCase.Of("PostgreSQL");
        await using var connection = await one.OpenAsync();
        foreach (var state in new[] { "40001", "40P01", "55P03", "57P01" })
        {
            var fault = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync($"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"));
            Assert.True(one.Driver.IsTransient(fault), state);
        }

        var wrong = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("SELECT nothing"));
        Assert.False(one.Driver.IsTransient(wrong));
    }

    [Fact]
    public async Task PostgreSQL_keeps_a_transaction_through_a_failed_load_behind_a_savepoint()
    {
        var one = DriverCase.Of("PostgreSQL");
        await using var connection = await one.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await connection.ExecuteAsync("CREATE TEMP TABLE stage(n bigint NOT NULL) ON COMMIT DROP", transaction: transaction);
        await transaction.SaveAsync("before", Cancellation);

        await Assert.ThrowsAsync<RowRefusedException>(() => one.Driver.LoadAsync(connection, transaction, Target, new ListedRows(Numbers(5_000).Concat(Broken()), 1), Cancellation));
        await transaction.RollbackAsync("before", Cancellation);

        // What the server refuses is the server's to tell.
        await Assert.ThrowsAsync<PostgresException>(() => one.Driver.LoadAsync(connection, transaction, Target, new ListedRows(Numbers(5_000).Append([null]), 1), Cancellation));
        await transaction.RollbackAsync("before", Cancellation);

        Assert.Equal(2, await one.Driver.LoadAsync(connection, transaction, Target, new ListedRows(Numbers(2), 1), Cancellation));
    }

    private static async Task<SqliteConnection> OpenSqliteAsync(string connectionString = "Data Source=:memory:")
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await connection.ExecuteAsync("CREATE TEMP TABLE stage(n INTEGER)");
        return connection;
    }

    private static Task<long> LoadAsync(DbConnection connection, DbTransaction? transaction, IEnumerable<object?[]> rows) =>
        Sqlite.LoadAsync(connection, transaction, Target, new ListedRows(rows, 1), Cancellation);

    private static Task<long> CountAsync(DbConnection connection) => connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM temp.stage");

    private static IEnumerable<object?[]> Numbers(int count) => Enumerable.Range(1, count).Select(number => (object?[])[(long)number]);

    private static IEnumerable<object?[]> Broken() => Enumerable.Range(0, 1).Select<int, object?[]>(_ => throw new RowRefusedException("no more"));
}
