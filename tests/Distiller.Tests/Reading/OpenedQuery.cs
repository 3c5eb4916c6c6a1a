using System.Data.Common;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;

namespace Distiller.Tests.Reading;

/// <summary>One query on a fresh database in memory, read with declared types.</summary>
internal sealed class OpenedQuery : IDisposable
{
    private readonly DbConnection _connection;
    private readonly DbCommand _command;

    private OpenedQuery(DbConnection connection, string setup, string sql, IReadOnlyList<StoredType?> types)
    {
        _connection = connection;
        connection.Open();
        _command = connection.CreateCommand();
        if (setup.Length > 0)
        {
            _command.CommandText = setup;
            _command.ExecuteNonQuery();
        }

        _command.CommandText = sql;
        var inner = _command.ExecuteReader();
        Reader = new TypedReader(inner, [.. Enumerable.Range(0, inner.FieldCount).Select(i => new ResultColumn(inner.GetName(i), i < types.Count ? types[i] : null))]);
    }

    public TypedReader Reader { get; }

    public static OpenedQuery Sqlite(string sql, params StoredType?[] types) => new(new SqliteConnection("Data Source=:memory:"), "", sql, types);

    public static OpenedQuery DuckDb(string sql, params StoredType?[] types) => new(new DuckDBConnection("DataSource=:memory:"), "SET TimeZone = 'America/New_York'", sql, types);

    public static OpenedQuery On(string engine, string sql, params StoredType?[] types) => engine == "SQLite" ? Sqlite(sql, types) : DuckDb(sql, types);

    /// <summary>The query's first row, ready to be read.</summary>
    public TypedReader First()
    {
        Assert.True(Reader.Read());
        return Reader;
    }

    public List<T> All<T>()
    {
        var parse = RowMapper.For<T>(Reader);
        var rows = new List<T>();
        while (Reader.Read())
        {
            rows.Add(parse(Reader));
        }

        return rows;
    }

    public void Dispose()
    {
        Reader.Dispose();
        _command.Dispose();
        _connection.Dispose();
    }
}
