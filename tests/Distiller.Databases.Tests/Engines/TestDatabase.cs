using System.Data.Common;
using Dapper;

namespace Distiller.Databases.Tests.Engines;

/// <summary>A database of one test's own, and as many connections to it as the test opens.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly Func<Task<DbConnection>> open;
    private readonly Func<Task> drop;
    private readonly List<DbConnection> connections = [];

    public TestDatabase(IDatabaseDriver? driver, Func<Task<DbConnection>> open, Func<Task> drop)
    {
        Driver = driver;
        this.open = open;
        this.drop = drop;
    }

    public IDatabaseDriver? Driver { get; }

    /// <summary>The test's first connection.</summary>
    public DbConnection Connection => connections[0];

    public async Task<DbConnection> OpenAsync()
    {
        var connection = await open();
        connections.Add(connection);
        return connection;
    }

    public FeatureStore Store(FeatureStoreOptions? options = null) => StoreOn(Connection, options);

    public FeatureStore StoreOn(DbConnection connection, FeatureStoreOptions? options = null) => new(connection, (options ?? new()) with { Driver = Driver });

    public Task ExecuteAsync(string sql) => Connection.ExecuteAsync(sql);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }

        await drop();
    }
}

/// <summary>An engine the contract runs on.</summary>
public abstract class Engine
{
    public abstract SqlDialect Dialect { get; }

    /// <summary>The as-of strategies the dialect offers, each to be pinned in turn.</summary>
    public abstract IReadOnlyList<AsOf> Strategies { get; }

    /// <summary>How many random worlds the engine lives through in about the time that another takes for one.</summary>
    public virtual int WorldsForEach => 1;

    public abstract bool HoldsNaN { get; }

    public abstract bool KeepsTimesAsText { get; }

    /// <summary>Column names the dialect refuses, or the engine keeps for itself.</summary>
    public virtual IReadOnlyList<string> ForbiddenNames => [];

    /// <summary>A database of the test's own with its first connection open; skips visibly where a server is needed and none is named.</summary>
    public async Task<TestDatabase> CreateAsync()
    {
        var database = await CreateDatabaseAsync();
        await database.OpenAsync();
        return database;
    }

    protected abstract Task<TestDatabase> CreateDatabaseAsync();

    public override string ToString() => Dialect.Name;
}
