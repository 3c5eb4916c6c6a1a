using System.Collections;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Distiller;

/// <summary>Rows in memory as a reader with the stage's columns, each value checked once as its row is reached (B6).</summary>
internal static class StageReader
{
    public static DbDataReader Over<TRow>(IEnumerable<TRow> rows, IReadOnlyList<StageColumn> columns, RowOwner owner, SqlDialect dialect) =>
        new StageReader<TRow>(new EnumeratedFeed<TRow>(rows.GetEnumerator()), RowFetches.Of<TRow>(columns, owner), columns, owner, dialect, !HasTypes<TRow>());

    public static DbDataReader Over<TRow>(IAsyncEnumerable<TRow> rows, IReadOnlyList<StageColumn> columns, RowOwner owner, SqlDialect dialect, CancellationToken cancellationToken) =>
        new StageReader<TRow>(new StreamedFeed<TRow>(rows.GetAsyncEnumerator(cancellationToken)), RowFetches.Of<TRow>(columns, owner), columns, owner, dialect, !HasTypes<TRow>());

    public static DbDataReader Over(DbDataReader rows, IReadOnlyList<StageColumn> columns, RowOwner owner, SqlDialect dialect) =>
        new StageReader<DbDataReader>(new ReaderFeed(rows), RowFetches.Of(rows, columns, owner), columns, owner, dialect, isLoose: true);

    private static bool HasTypes<TRow>() => typeof(TRow) != typeof(object) && !typeof(TRow).IsAssignableTo(typeof(IEnumerable<KeyValuePair<string, object?>>));
}

[SuppressMessage("Naming", "CA1710", Justification = "A reader is enumerable only because its base class is.")]
internal sealed class StageReader<TRow> : DbDataReader
{
    private readonly RowFeed<TRow> feed;
    private readonly RowFetch<TRow> fetch;
    private readonly StageCell[] cells;
    private readonly RowPosition position;
    private readonly int rowNumber;
    private bool isClosed;

    public StageReader(RowFeed<TRow> feed, RowFetch<TRow> fetch, IReadOnlyList<StageColumn> columns, RowOwner owner, SqlDialect dialect, bool isLoose)
    {
        this.feed = feed;
        this.fetch = fetch;
        position = new(owner);
        cells = [.. columns.Select(column => new StageCell(column, position, dialect, isLoose))];
        rowNumber = Array.FindIndex(cells, cell => cell.Column.IsRowNumber);
    }

    public override int FieldCount => cells.Length;

    public override int Depth => 0;

    public override bool HasRows => true;

    public override bool IsClosed => isClosed;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read() => feed.MoveNext() && Fetch();

    public override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await feed.MoveNextAsync(cancellationToken).ConfigureAwait(false) && Fetch();
    }

    public override bool NextResult() => false;

    public override bool IsDBNull(int ordinal) => cells[ordinal].IsNull;

    public override object GetValue(int ordinal) => cells[ordinal].Boxed;

    public override bool GetBoolean(int ordinal) => cells[ordinal].Integer != 0;

    public override int GetInt32(int ordinal) => (int)cells[ordinal].Integer;

    public override long GetInt64(int ordinal) => cells[ordinal].Integer;

    public override float GetFloat(int ordinal) => (float)cells[ordinal].Real;

    public override double GetDouble(int ordinal) => cells[ordinal].Real;

    public override decimal GetDecimal(int ordinal) => cells[ordinal].Number;

    public override DateTime GetDateTime(int ordinal) => cells[ordinal].Time;

    public override Guid GetGuid(int ordinal) => cells[ordinal].Id;

    public override string GetString(int ordinal) => (string)cells[ordinal].Reference!;

    public override T GetFieldValue<T>(int ordinal) =>
        typeof(T) == typeof(DateOnly) ? (T)(object)cells[ordinal].Day : (T)cells[ordinal].Boxed;

    public override string GetName(int ordinal) => cells[ordinal].Column.Name;

    public override int GetOrdinal(string name) => Array.FindIndex(cells, cell => cell.Column.Name == name) is >= 0 and var found ? found : throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such column.");

    public override Type GetFieldType(int ordinal) => cells[ordinal].Column.Type.ClrType;

    public override string GetDataTypeName(int ordinal) => cells[ordinal].Column.Type.ToString();

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, cells.Length);
        for (var i = 0; i < count; i++)
        {
            values[i] = GetValue(i);
        }

        return count;
    }

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    public override byte GetByte(int ordinal) => throw NotDeclared();

    public override short GetInt16(int ordinal) => throw NotDeclared();

    public override char GetChar(int ordinal) => throw NotDeclared();

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw NotDeclared();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw NotDeclared();

    public override void Close() => isClosed = true;

    protected override void Dispose(bool disposing)
    {
        if (disposing && !isClosed)
        {
            isClosed = true;
            feed.Dispose();
        }

        base.Dispose(disposing);
    }

    private static NotSupportedException NotDeclared() => new("No column is declared with this type; read it by the getter of its declared type.");

    private bool Fetch()
    {
        position.Row++;
        if (feed.Current is not { } row)
        {
            throw new RowRefusedException($"Feature set '{position.Owner.FeatureSet}', table '{position.Owner.Table}': row {position.Row} is null. Nothing was written.", null) { FeatureSet = position.Owner.FeatureSet, Row = position.Row };
        }

        if (rowNumber >= 0)
        {
            cells[rowNumber].Set(position.Row);
        }

        fetch(row, cells);
        return true;
    }
}
