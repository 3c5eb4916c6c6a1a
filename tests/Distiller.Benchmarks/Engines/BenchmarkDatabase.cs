using System.Data.Common;
using System.Globalization;

namespace Distiller.Benchmarks;

/// <summary>An engine as benchmarks use it: a connection, its raw loader, and the hand-written SQL that ours is measured against.</summary>
internal abstract class BenchmarkDatabase : IAsyncDisposable
{
    public abstract string Name { get; }

    public abstract DbConnection Connection { get; }

    public abstract IDatabaseDriver? Driver { get; }

    /// <summary>How a table of an adopter's keeps its instants here, without a zone.</summary>
    public abstract TimeKind DropInKind { get; }

    /// <summary>The processor time of the server's process for this connection; zero where the engine runs in this process, or on another machine.</summary>
    public virtual TimeSpan ServerCpu => TimeSpan.Zero;

    /// <summary>Whether the engine answers from an index of the history.</summary>
    public abstract bool UsesIndex { get; }

    public FeatureStore Store => new(Connection, Options);

    public FeatureStoreOptions Options => new() { Driver = Driver, CommandTimeout = TimeSpan.FromHours(1) };

    public SqlDialect Dialect => Store.Dialect;

    /// <summary>The best SQL written by hand for this engine: the columns of the spine, then the features as <c>bench__f1</c> and so on.</summary>
    public abstract string HandWritten(string spine, string history);

    public abstract void Load(string table, RowSource rows, TimeKind times);

    /// <summary>The provider's fastest way in, straight from the caller's objects.</summary>
    public abstract void LoadRaw(string table, IReadOnlyList<PublishedRow> rows);

    /// <summary>Lets the engine finish what it does after a load by itself, sooner or later.</summary>
    public abstract void Settle(string table);

    public abstract ValueTask DisposeAsync();

    public void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }

    /// <summary>The numbers of a query's only row; NULL is NaN.</summary>
    public IReadOnlyList<double> Row(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            throw new InvalidOperationException($"No row: {sql}");
        }

        return [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? double.NaN : Convert.ToDouble(reader.GetValue(i), CultureInfo.InvariantCulture))];
    }

    public void CreateTable(string table, RowSource rows, TimeKind times, string constraint = "") =>
        Execute($"CREATE TABLE {table} ({string.Join(", ", rows.Columns.Select(column => $"{column.Name} {TypeName(column.Cell, times)} NOT NULL"))}{constraint})");

    protected static string Features(string alias) => string.Join(", ", Enumerable.Range(1, World.Features).Select(i => FormattableString.Invariant($"{alias}.f{i} AS bench__f{i}")));

    private string TypeName(Cell cell, TimeKind times) => Dialect.TypeName(cell switch
    {
        Cell.Integer => StoredType.Of(FeatureType.Int64),
        Cell.Number => StoredType.Of(FeatureType.Float64),
        _ => StoredType.Of(times),
    });
}
