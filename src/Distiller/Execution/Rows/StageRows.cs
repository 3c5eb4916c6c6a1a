using System.Collections;
using System.Data.Common;

namespace Distiller;

/// <summary>A reader that tells how far it is, every few thousand rows.</summary>
internal interface ICountsRows
{
    Action<long>? Counted { get; set; }
}

/// <summary>The reader a loader gets: each row's values are fetched and judged once, when it is read, and wait unboxed in their cells.</summary>
internal sealed class StageRows<TRow>(RowSource<TRow> source, Cell[] cells, Fetch<TRow>[] fetches, RowOwner owner) : DbDataReader, ICountsRows
{
    private const int RowsBetweenReports = 4096;

    private readonly LongCell[] numbers = [.. cells.Where(cell => cell.Column.IsRowNumber).Cast<LongCell>()];

    private long row;
    private bool isClosed;

    public Action<long>? Counted { get; set; }

    public override int FieldCount => cells.Length;

    public override int Depth => 0;

    public override int RecordsAffected => -1;

    /// <summary>Not known before the rows are read.</summary>
    public override bool HasRows => true;

    public override bool IsClosed => isClosed;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read() => Take(source.Move());

    public override Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        var moving = source.MoveAsync(cancellationToken);
        return moving.IsCompletedSuccessfully ? Task.FromResult(Take(moving.Result)) : TakeAsync(moving);
    }

    public override bool IsDBNull(int ordinal) => cells[ordinal].IsNull;

    public override bool GetBoolean(int ordinal) => Of<bool>(ordinal);

    public override byte GetByte(int ordinal) => Of<byte>(ordinal);

    public override char GetChar(int ordinal) => Of<char>(ordinal);

    public override DateTime GetDateTime(int ordinal) => Of<DateTime>(ordinal);

    public override decimal GetDecimal(int ordinal) => Of<decimal>(ordinal);

    public override double GetDouble(int ordinal) => Of<double>(ordinal);

    public override float GetFloat(int ordinal) => Of<float>(ordinal);

    public override Guid GetGuid(int ordinal) => Of<Guid>(ordinal);

    public override short GetInt16(int ordinal) => Of<short>(ordinal);

    public override int GetInt32(int ordinal) => Of<int>(ordinal);

    public override long GetInt64(int ordinal) => Of<long>(ordinal);

    public override string GetString(int ordinal) => Of<string>(ordinal);

    public override T GetFieldValue<T>(int ordinal)
    {
        if (typeof(T) == typeof(DateTimeOffset))
        {
            return (T)(object)new DateTimeOffset(Of<DateTime>(ordinal));
        }

        return typeof(T) == typeof(object) ? (T)GetValue(ordinal) : Of<T>(ordinal);
    }

    public override object GetValue(int ordinal) => cells[ordinal].IsNull ? DBNull.Value : cells[ordinal].Boxed;

    public override int GetValues(object[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var count = Math.Min(values.Length, cells.Length);
        for (var i = 0; i < count; i++)
        {
            values[i] = GetValue(i);
        }

        return count;
    }

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => Copy(Of<byte[]>(ordinal), dataOffset, buffer, bufferOffset, length);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => Copy(Of<string>(ordinal).AsSpan(), dataOffset, buffer, bufferOffset, length);

    public override string GetDataTypeName(int ordinal) => cells[ordinal].Column.Type.ToString();

    public override Type GetFieldType(int ordinal) => cells[ordinal].Column.Type.ClrType;

    public override string GetName(int ordinal) => cells[ordinal].Column.Name;

    public override int GetOrdinal(string name)
    {
        var ordinal = ColumnMatch.Position([.. cells.Select(cell => cell.Column.Name)], name);
        return ordinal >= 0 ? ordinal : throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such column.");
    }

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    public override bool NextResult() => false;

    public override void Close()
    {
        if (!isClosed)
        {
            isClosed = true;
            source.End();
        }
    }

    public override async Task CloseAsync()
    {
        if (!isClosed)
        {
            isClosed = true;
            await source.EndAsync().ConfigureAwait(false);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private static long Copy<T>(ReadOnlySpan<T> from, long offset, T[]? buffer, int bufferOffset, int length)
    {
        if (buffer is null)
        {
            return from.Length;
        }

        var rest = from[(int)Math.Min(offset, from.Length)..];
        var copied = rest[..Math.Min(length, rest.Length)];
        copied.CopyTo(buffer.AsSpan(bufferOffset));
        return copied.Length;
    }

    private T Of<T>(int ordinal) => cells[ordinal] is Cell<T> cell ? cell.Value : throw WrongGetter(ordinal, typeof(T));

    private InvalidCastException WrongGetter(int ordinal, Type asked) =>
        new($"Column '{GetName(ordinal)}' is a {GetDataTypeName(ordinal)}: read it as {Problem.TypeName(GetFieldType(ordinal))}, not as {Problem.TypeName(asked)}.");

    private async Task<bool> TakeAsync(ValueTask<bool> moving) => Take(await moving.ConfigureAwait(false));

    private bool Take(bool hasRow)
    {
        if (!hasRow)
        {
            return false;
        }

        row++;
        foreach (var number in numbers)
        {
            number.Put(row);
        }

        var current = source.Current;
        if (current is null)
        {
            throw Problem.Refused(owner, row, null, "the row itself is null; leave it out");
        }

        foreach (var fetch in fetches)
        {
            if (fetch.Read(current) is { } problem)
            {
                throw Problem.Refused(owner, row, fetch.Column, problem);
            }
        }

        if (row % RowsBetweenReports == 0)
        {
            Counted?.Invoke(row);
        }

        return true;
    }
}
