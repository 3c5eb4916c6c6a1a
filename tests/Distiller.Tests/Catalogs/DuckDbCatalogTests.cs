using Dapper;
using DuckDB.NET.Data;

namespace Distiller.Tests.Catalogs;

/// <summary>What DuckDB's catalog tells of tables.</summary>
public sealed class DuckDbCatalogTests : IAsyncLifetime
{
    private readonly DuckDBConnection connection = new("DataSource=:memory:");

    public async ValueTask InitializeAsync() => await connection.OpenAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    [Fact]
    public async Task A_table_comes_with_its_columns()
    {
        await connection.ExecuteAsync("""
            CREATE TABLE h (k VARCHAR NOT NULL, "Event, 'Time' ""é"".1" TIMESTAMPTZ, d DECIMAL(10,2), f FLOAT[], f3 FLOAT[3], j JSON, PRIMARY KEY (k, "Event, 'Time' ""é"".1"));
            INSERT INTO h SELECT i, now(), 1, NULL, NULL, NULL FROM range(3000) AS r(i);
            """);

        var facts = await ReadAsync("H");

        Assert.Equal(
            [
                new("k", "VARCHAR", true), new("Event, 'Time' \"é\".1", "TIMESTAMP WITH TIME ZONE", true), new("d", "DECIMAL(10,2)", false),
                new("f", "FLOAT[]", false), new("f3", "FLOAT[3]", false), new("j", "JSON", false),
            ],
            facts.Columns);
        Assert.False(facts.IsView);
        Assert.True(facts.HasRowId);
        Assert.Equal([Index(true, "k", "Event, 'Time' \"é\".1")], facts.Indexes);
        Assert.Equal(3000, facts.Rows);
    }

    [Fact]
    public async Task Indexes_lead_with_plain_columns()
    {
        await connection.ExecuteAsync("""
            CREATE TABLE h (k VARCHAR, "my, 'c""ol\" INTEGER, "Et" TIMESTAMPTZ, "lower(k)" INTEGER UNIQUE);
            CREATE INDEX i1 ON h (k, "my, 'c""ol\", lower(k), "Et");
            CREATE UNIQUE INDEX i2 ON h (et DESC, K);
            CREATE UNIQUE INDEX "i,3" ON h ("my, 'c""ol\", (k || 'x'));
            CREATE INDEX i4 ON h (lower(k));
            """);

        var facts = await ReadAsync("h");

        Assert.Equal(4, facts.Indexes.Count);
        Assert.Contains(Index(true, "lower(k)"), facts.Indexes);
        Assert.Contains(Index(false, "k", "my, 'c\"ol\\"), facts.Indexes);
        Assert.Contains(Index(true, "Et", "k"), facts.Indexes);
        Assert.Contains(Index(false, "my, 'c\"ol\\"), facts.Indexes);
    }

    [Fact]
    public async Task A_view_has_columns_and_nothing_else()
    {
        await connection.ExecuteAsync("CREATE TABLE h (k VARCHAR PRIMARY KEY, f FLOAT); CREATE VIEW v AS SELECT f, k FROM h");

        var facts = await ReadAsync("v");

        Assert.Equal(["f FLOAT", "k VARCHAR"], facts.Columns.Select(column => $"{column.Name} {column.Type}"));
        Assert.True(facts.IsView);
        Assert.False(facts.HasRowId);
        Assert.Empty(facts.Indexes);
        Assert.Null(facts.Rows);
    }

    [Fact]
    public async Task A_missing_table_is_null()
    {
        await connection.ExecuteAsync("CREATE TABLE \"é\" (a INTEGER); CREATE SCHEMA s; CREATE TABLE s.inside (a INTEGER); ATTACH ':memory:' AS o; CREATE TABLE o.main.other (a INTEGER)");

        foreach (var name in new[] { TableName.Of("É"), TableName.Of("nope"), TableName.Of("inside"), TableName.Of("other"), TableName.Of("temp", "é"), TableName.Of("nope", "é"), TableName.Of("o", "main", "é"), TableName.Of("s.inside") })
        {
            Assert.Null(await SqlDialect.DuckDb.Catalog.ReadAsync(connection, null, name, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_name_means_what_it_means_in_a_statement()
    {
        await connection.ExecuteAsync("""
            ATTACH ':memory:' AS "o.x";
            CREATE SCHEMA s;
            CREATE SCHEMA "o.x"."s,""1";
            CREATE TABLE memory.main.h (memory_main INTEGER);
            CREATE TABLE memory.s.h (memory_s INTEGER);
            CREATE TABLE memory.s.only_s (memory_only INTEGER);
            CREATE TABLE "o.x".main.h (ox_main INTEGER);
            CREATE TABLE "o.x"."s,""1".h (ox_s1 INTEGER);
            CREATE TABLE "É" (upper_case INTEGER);
            CREATE TABLE "é" (lower_case INTEGER);
            """);
        await SameAsEngineAsync("h", "é", "É", "s.h", "main.h", "\"o.x\".h", "memory.h", "\"o.x\".main.h", "\"o.x\".\"s,\"\"1\".h", "memory.s.h", "S.H");

        foreach (var path in new[] { "USE s", "USE \"o.x\"", "USE \"o.x\".\"s,\"\"1\"", "USE memory", "SET search_path = '\"o.x\".\"s,\"\"1\",memory.s,memory.main'" })
        {
            await connection.ExecuteAsync(path);
            await SameAsEngineAsync("h", "main.h", "\"o.x\".h", "memory.s.h");
        }

        await SameAsEngineAsync("only_s", "s.only_s");
        await connection.ExecuteAsync("CREATE TEMP TABLE h (temporary INTEGER)");
        await SameAsEngineAsync("h", "main.h", "temp.h", "temp.main.h", "memory.main.h", "s.h");
        Assert.Empty((await ReadAsync("h")).Indexes);
    }

    private static IndexFacts Index(bool isUnique, params string[] columns) => new(ValueList<string>.Of(columns), isUnique);

    /// <summary>Every table has one column of its own name, by which the engine's choice is known.</summary>
    private async Task SameAsEngineAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await using var reader = await connection.ExecuteReaderAsync($"SELECT * FROM {name}");
            var parts = System.Text.RegularExpressions.Regex.Matches(name, "\"(?:[^\"]|\"\")*\"|[^.]+").Select(part => part.Value.StartsWith('"') ? part.Value[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : part.Value).ToArray();
            var facts = await ReadAsync(parts.Length switch { 1 => TableName.Of(parts[0]), 2 => TableName.Of(parts[0], parts[1]), _ => TableName.Of(parts[0], parts[1], parts[2]) });
            Assert.Equal(reader.GetName(0), Assert.Single(facts.Columns).Name);
        }
    }

    private async Task<TableFacts> ReadAsync(TableName table)
    {
        var facts = await SqlDialect.DuckDb.Catalog.ReadAsync(connection, null, table, TestContext.Current.CancellationToken);
        Assert.NotNull(facts);
        return facts;
    }
}
