using System.Data.Common;
using Dapper;

namespace Distiller.Databases.Tests.Drivers;

/// <summary>What PostgreSQL's catalog tells of tables. Everything happens in a transaction that is rolled back.</summary>
public sealed class PostgreSqlCatalogTests : IAsyncLifetime
{
    private DbConnection connection = null!;

    private DbTransaction transaction = null!;

    public async ValueTask InitializeAsync()
    {
        connection = await DriverCase.Of("PostgreSQL").OpenAsync();
        transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await RunAsync("CREATE SCHEMA \"Distiller é.\"\"1\"; SET LOCAL search_path = \"Distiller é.\"\"1\", public");
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_table_comes_with_its_columns()
    {
        await RunAsync("""
            CREATE DOMAIN amount AS numeric(10,2) NOT NULL;
            CREATE TABLE "H" (k text COLLATE "C" NOT NULL, "Event ""Time"" é.1" timestamptz, gone integer, d numeric(10,2), v real[], c varchar(20), j jsonb, p double precision, t timestamp(3), a amount,
              PRIMARY KEY (k, "Event ""Time"" é.1"));
            ALTER TABLE "H" DROP COLUMN gone;
            """);

        var facts = await ReadAsync("H");

        Assert.Equal(
            [
                new("k", "text", true), new("Event \"Time\" é.1", "timestamp with time zone", true), new("d", "numeric(10,2)", false), new("v", "real[]", false), new("c", "character varying(20)", false),
                new("j", "jsonb", false), new("p", "double precision", false), new("t", "timestamp(3) without time zone", false), new("a", "numeric(10,2)", true),
            ],
            facts.Columns);
        Assert.False(facts.IsView);
        Assert.True(facts.HasRowId);
        Assert.Equal([Index(true, "k", "Event \"Time\" é.1")], facts.Indexes);
        Assert.Null(facts.Rows);
    }

    [Fact]
    public async Task A_missing_table_is_null()
    {
        await RunAsync("CREATE TABLE h (a integer PRIMARY KEY); CREATE SEQUENCE s");

        foreach (var name in new[] { TableName.Of("H"), TableName.Of("h_pkey"), TableName.Of("s"), TableName.Of("public.h"), TableName.Of("pg_temp", "h"), TableName.Of("nope", "h"), TableName.Of("other", "Distiller é.\"1", "h") })
        {
            Assert.Null(await SqlDialect.PostgreSql.Catalog.ReadAsync(connection, transaction, name, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Indexes_lead_with_plain_columns()
    {
        await RunAsync("""
            CREATE TABLE h (k text, "Et" timestamptz, u integer, d integer UNIQUE DEFERRABLE);
            CREATE INDEX ON h (k, "Et" DESC NULLS LAST, lower(k), u);
            CREATE UNIQUE INDEX ON h ("Et", k) INCLUDE (u);
            CREATE UNIQUE INDEX ON h (u, lower(k));
            CREATE UNIQUE INDEX ON h (k, u) WHERE u > 0;
            CREATE INDEX ON h (k COLLATE "C", "Et");
            CREATE INDEX ON h (lower(k), k);
            CREATE INDEX ON h USING hash (u);
            CREATE INDEX ON h USING brin ("Et");
            """);

        var facts = await ReadAsync("h");

        Assert.Equal(4, facts.Indexes.Count);
        Assert.Contains(Index(false, "d"), facts.Indexes);
        Assert.Contains(Index(false, "k", "Et"), facts.Indexes);
        Assert.Contains(Index(true, "Et", "k"), facts.Indexes);
        Assert.Contains(Index(false, "u"), facts.Indexes);
    }

    [Fact]
    public async Task Row_ids_address_one_heap()
    {
        await RunAsync("""
            CREATE TABLE parent (k integer PRIMARY KEY);
            CREATE TABLE child () INHERITS (parent);
            CREATE TABLE parted (k integer, t date, PRIMARY KEY (k, t)) PARTITION BY RANGE (t);
            CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
            CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            INSERT INTO parted SELECT i, DATE '2024-12-01' + i % 60 FROM generate_series(1, 600) AS i;
            CREATE VIEW v AS SELECT k FROM parent;
            CREATE MATERIALIZED VIEW m AS SELECT k FROM parent;
            CREATE UNIQUE INDEX ON m (k);
            ANALYZE parted_1;
            ANALYZE parted_2;
            """);

        var parent = await ReadAsync("parent");
        Assert.False(parent.HasRowId);
        Assert.Equal([Index(false, "k")], parent.Indexes);
        Assert.True((await ReadAsync("child")).HasRowId);

        var parted = await ReadAsync("parted");
        Assert.False(parted.HasRowId);
        Assert.Equal([Index(true, "k", "t")], parted.Indexes);
        Assert.Equal(600, parted.Rows);
        Assert.InRange((await ReadAsync("parted_1")).Rows!.Value, 1, 599);

        var view = await ReadAsync("v");
        Assert.True(view.IsView);
        Assert.False(view.HasRowId);
        Assert.Empty(view.Indexes);
        Assert.Null(view.Rows);

        var materialized = await ReadAsync("m");
        Assert.False(materialized.IsView);
        Assert.True(materialized.HasRowId);
        Assert.Equal([Index(true, "k")], materialized.Indexes);
    }

    [Fact]
    public async Task A_name_means_what_it_means_in_a_statement()
    {
        await RunAsync("""
            CREATE SCHEMA distiller_other;
            CREATE TABLE distiller_other.h (other integer PRIMARY KEY);
            CREATE TABLE h (here integer);
            CREATE TABLE "dot.ted" (dotted integer);
            """);
        var catalog = connection.Database;

        Assert.Equal("here", await OnlyColumnAsync("h"));
        Assert.Equal("dotted", await OnlyColumnAsync("dot.ted"));
        Assert.Equal("other", await OnlyColumnAsync(TableName.Of("distiller_other", "h")));
        Assert.Equal("other", await OnlyColumnAsync(TableName.Of(catalog, "distiller_other", "h")));
        Assert.Equal("here", await OnlyColumnAsync(TableName.Of("Distiller é.\"1", "h")));

        await RunAsync("SET LOCAL search_path = distiller_other, \"Distiller é.\"\"1\"");
        Assert.Equal("other", await OnlyColumnAsync("h"));
        Assert.Single((await ReadAsync("h")).Indexes);

        await RunAsync("CREATE TEMP TABLE h (temporary integer) ON COMMIT DROP");
        Assert.Equal("temporary", await OnlyColumnAsync("h"));
        Assert.Empty((await ReadAsync("h")).Indexes);
        Assert.Equal("temporary", await OnlyColumnAsync(TableName.Of("pg_temp", "h")));
    }

    private static IndexFacts Index(bool isUnique, params string[] columns) => new(ValueList<string>.Of(columns), isUnique);

    private Task<int> RunAsync(string sql) => connection.ExecuteAsync(sql, transaction: transaction);

    private async Task<string> OnlyColumnAsync(TableName table) => Assert.Single((await ReadAsync(table)).Columns).Name;

    private async Task<TableFacts> ReadAsync(TableName table)
    {
        var facts = await SqlDialect.PostgreSql.Catalog.ReadAsync(connection, transaction, table, TestContext.Current.CancellationToken);
        Assert.NotNull(facts);
        return facts;
    }
}
