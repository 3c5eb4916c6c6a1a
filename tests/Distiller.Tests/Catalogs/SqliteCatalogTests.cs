using Dapper;
using Microsoft.Data.Sqlite;

namespace Distiller.Tests.Catalogs;

/// <summary>What SQLite's catalog tells of tables.</summary>
public sealed class SqliteCatalogTests : IAsyncLifetime
{
    private readonly SqliteConnection connection = new("Data Source=:memory:");

    public async ValueTask InitializeAsync() => await connection.OpenAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    [Fact]
    public async Task A_table_comes_with_its_columns_as_written()
    {
        await connection.ExecuteAsync("""
            CREATE TABLE h (k TEXT NOT NULL, "Event ""Time"" é.1" timestamp, a, d DECIMAL(10,2), g INTEGER AS (d + 1), PRIMARY KEY (k, "Event ""Time"" é.1"))
            """);

        var facts = await ReadAsync("H");

        Assert.Equal([new("k", "TEXT", true), new("Event \"Time\" é.1", "timestamp", false), new("a", "", false), new("d", "DECIMAL(10,2)", false), new("g", "INTEGER", false)], facts.Columns);
        Assert.False(facts.IsView);
        Assert.True(facts.HasRowId);
        Assert.Equal([Index(true, "k", "Event \"Time\" é.1")], facts.Indexes);
        Assert.Equal(0, facts.Rows);
    }

    [Fact]
    public async Task A_missing_table_is_null()
    {
        await connection.ExecuteAsync("CREATE TABLE \"é\" (a); CREATE INDEX i ON \"é\" (a)");

        foreach (var name in new[] { TableName.Of("É"), TableName.Of("i"), TableName.Of("nope"), TableName.Of("temp", "é"), TableName.Of("nope", "é"), TableName.Of("x", "main", "é"), TableName.Of("main.é") })
        {
            Assert.Null(await SqlDialect.Sqlite.Catalog.ReadAsync(connection, null, name, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Indexes_lead_with_plain_columns()
    {
        await connection.ExecuteAsync("""
            CREATE TABLE h (i INTEGER PRIMARY KEY, k TEXT, t TEXT, u TEXT UNIQUE);
            CREATE INDEX i1 ON h (k, t DESC, lower(k), i);
            CREATE UNIQUE INDEX i2 ON h (k, t || k);
            CREATE UNIQUE INDEX i3 ON h (t, i);
            CREATE UNIQUE INDEX i4 ON h (k, t) WHERE t > 'a';
            CREATE INDEX i5 ON h (k COLLATE NOCASE, t);
            CREATE INDEX i6 ON h (lower(k), t);
            """);

        var facts = await ReadAsync("h");

        Assert.Equal(5, facts.Indexes.Count);
        Assert.Equal(Index(true, "i"), facts.Indexes[0]);
        Assert.Contains(Index(true, "u"), facts.Indexes);
        Assert.Contains(Index(false, "k", "t"), facts.Indexes);
        Assert.Contains(Index(false, "k"), facts.Indexes);
        Assert.Contains(Index(true, "t", "i"), facts.Indexes);
        Assert.True(facts.Columns[0].NotNull);
    }

    [Fact]
    public async Task Only_an_ordinary_table_has_row_ids()
    {
        await connection.ExecuteAsync("""
            CREATE TABLE w (k TEXT PRIMARY KEY, v) WITHOUT ROWID;
            CREATE TABLE d (i INTEGER PRIMARY KEY DESC, v);
            CREATE TABLE s (k TEXT PRIMARY KEY, v INT) STRICT;
            CREATE VIEW v AS SELECT k, v || '' AS e FROM w;
            CREATE VIRTUAL TABLE f USING fts5(q);
            """);

        var without = await ReadAsync("w");
        Assert.False(without.HasRowId);
        Assert.True(without.Columns[0].NotNull);
        Assert.Equal([Index(true, "k")], without.Indexes);
        Assert.Null(without.Rows);

        var descending = await ReadAsync("d");
        Assert.True(descending.HasRowId);
        Assert.False(descending.Columns[0].NotNull);
        Assert.Equal([Index(true, "i")], descending.Indexes);

        Assert.True((await ReadAsync("s")).Columns[0].NotNull);

        var view = await ReadAsync("v");
        Assert.Equal([new("k", "TEXT", false), new("e", "", false)], view.Columns);
        Assert.True(view.IsView);
        Assert.False(view.HasRowId);
        Assert.Empty(view.Indexes);
        Assert.Null(view.Rows);

        Assert.Equal(["q"], (await ReadAsync("f")).Columns.Select(column => column.Name));
        Assert.False((await ReadAsync("f")).HasRowId);
    }

    [Fact]
    public async Task A_name_alone_means_what_it_means_in_a_statement()
    {
        await connection.ExecuteAsync("""
            ATTACH ':memory:' AS "o.x";
            CREATE TABLE "o.x".h (other);
            CREATE TABLE "o.x".only (other);
            CREATE TABLE h (main PRIMARY KEY);
            """);
        Assert.Equal("main", await OnlyColumnAsync("h"));
        Assert.Equal("other", await OnlyColumnAsync("only"));

        await connection.ExecuteAsync("CREATE TEMP TABLE h (temporary); INSERT INTO temp.h VALUES (1), (2); DELETE FROM temp.h WHERE temporary = 1");
        foreach (var table in new[] { TableName.Of("h"), TableName.Of("temp", "h"), TableName.Of("main", "h"), TableName.Of("O.X", "h") })
        {
            var meant = await connection.QuerySingleAsync<string>($"SELECT name FROM pragma_table_info('h', '{table.Schema ?? "temp"}')");
            Assert.Equal(meant, await OnlyColumnAsync(table));
        }

        Assert.Empty((await ReadAsync("h")).Indexes);
        Assert.Single((await ReadAsync(TableName.Of("main", "h"))).Indexes);
        Assert.Equal(1, (await ReadAsync("h")).Rows);
    }

    [Fact]
    public async Task Rows_are_estimated_without_counting()
    {
        await connection.ExecuteAsync("""
            CREATE TABLE h (k, "rowid", t);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO h SELECT i, NULL, i FROM n;
            CREATE TABLE wide (i INTEGER PRIMARY KEY);
            INSERT INTO wide VALUES (-9223372036854775807), (9223372036854775807);
            CREATE TABLE hidden ("rowid", oid, _rowid_);
            """);
        Assert.Equal(1000, (await ReadAsync("h")).Rows);
        Assert.Null((await ReadAsync("wide")).Rows);
        Assert.Null((await ReadAsync("hidden")).Rows);

        await connection.ExecuteAsync("CREATE INDEX i1 ON h (k); CREATE INDEX i2 ON h (t) WHERE t < 10; ANALYZE; INSERT INTO h VALUES (1, 1, 1)");
        Assert.Equal(1000, (await ReadAsync("h")).Rows);
    }

    private static IndexFacts Index(bool isUnique, params string[] columns) => new(ValueList<string>.Of(columns), isUnique);

    private async Task<string> OnlyColumnAsync(TableName table) => Assert.Single((await ReadAsync(table)).Columns).Name;

    private async Task<TableFacts> ReadAsync(TableName table)
    {
        var facts = await SqlDialect.Sqlite.Catalog.ReadAsync(connection, null, table, TestContext.Current.CancellationToken);
        Assert.NotNull(facts);
        return facts;
    }
}
