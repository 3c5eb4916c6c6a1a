using System.Collections;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Distiller;

/// <summary>A provider's reader with the declared types, whatever the provider hands out. It owns the provider's reader.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A reader is enumerable only because its base class is.")]
internal sealed class TypedReader : DbDataReader, IDbColumnSchemaGenerator
{
    private readonly DbDataReader _inner;
    private readonly ReadSlot[] _slots;

    // Per column whether the provider holds just the declared type in every row; empty where columns hold anything, so that each value has to be asked.
    private readonly bool[] _direct;
    private readonly bool _typesAreFixed;

    private Func<Task>? _closed;

    /// <param name="inner">The provider's reader.</param>
    /// <param name="columns">The declared columns, one per column of the result.</param>
    /// <param name="closed">What is left to do on the connection once the reader is disposed of.</param>
    /// <param name="typesAreFixed">Whether a column's values are all of one type, as in most engines.</param>
    public TypedReader(DbDataReader inner, IReadOnlyList<ResultColumn> columns, Func<Task>? closed = null, bool typesAreFixed = false)
        : this(inner, [.. columns.Select((column, i) => ReadSlot.Of(i, column))], columns, typesAreFixed && columns.Count == inner.FieldCount)
    {
        _closed = closed;
        if (columns.Count != inner.FieldCount)
        {
            throw new ArgumentException($"The result has {inner.FieldCount} columns where {columns.Count} are declared ({string.Join(", ", columns.Select(column => column.Name))}).", nameof(columns));
        }
    }

    private TypedReader(DbDataReader inner, ReadSlot[] slots, IReadOnlyList<ResultColumn> columns, bool typesAreFixed)
    {
        _inner = inner;
        _slots = slots;
        _typesAreFixed = typesAreFixed;
        _direct = typesAreFixed ? [.. slots.Select(slot => slot.IsDirect && slot.Type is { } type && inner.GetFieldType(slot.Source) == type)] : [];
        Columns = columns;
    }

    /// <summary>The columns of the result, by the provider's ordinals.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>What this reader threw last, for a caller that finds it wrapped.</summary>
    public Exception? LastRefusal { get; private set; }

    /// <summary>The same rows with other columns: picked, ordered, named and typed as a row parser wants them. Not to be disposed of.</summary>
    public TypedReader As(IEnumerable<ReadSlot> slots) => new(_inner, [.. slots], Columns, _typesAreFixed);

    public override int FieldCount => _slots.Length;

    public override int Depth => _inner.Depth;

    public override bool HasRows => _inner.HasRows;

    public override bool IsClosed => _inner.IsClosed;

    public override int RecordsAffected => _inner.RecordsAffected;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override bool Read() => _inner.Read();

    public override Task<bool> ReadAsync(CancellationToken cancellationToken) => _inner.ReadAsync(cancellationToken);

    // What follows a statement's own result is no part of it.
    public override bool NextResult() => false;

    public override Task<bool> NextResultAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    public override string GetName(int ordinal) => _slots[ordinal].Name;

    [SuppressMessage("Usage", "CA2201", Justification = "The exception a reader's callers expect.")]
    public override int GetOrdinal(string name)
    {
        var found = Array.FindIndex(_slots, slot => string.Equals(slot.Name, name, StringComparison.Ordinal));
        found = found < 0 ? Array.FindIndex(_slots, slot => string.Equals(slot.Name, name, StringComparison.OrdinalIgnoreCase)) : found;
        return found >= 0
            ? found
            : throw new IndexOutOfRangeException($"The result has no column '{name}'; it has {string.Join(", ", _slots.Select(slot => slot.Name))}.");
    }

    public override string GetDataTypeName(int ordinal) => _inner.GetDataTypeName(_slots[ordinal].Source);

    public override Type GetFieldType(int ordinal)
    {
        var slot = _slots[ordinal];
        return slot.Type ?? (_inner.GetFieldType(slot.Source) is var type && typeof(Stream).IsAssignableFrom(type) ? typeof(byte[]) : type);
    }

    public override bool IsDBNull(int ordinal)
    {
        var slot = _slots[ordinal];
        return _inner.IsDBNull(slot.Source) && MayBeNull(slot);
    }

    public override object GetValue(int ordinal)
    {
        var slot = _slots[ordinal];
        var value = _inner.GetValue(slot.Source);
        return value is DBNull
            ? slot.NullRefusal is null ? value : throw Refused(new InvalidOperationException(slot.NullRefusal))
            : slot.Convert(value) ?? throw Misfit(slot, value, slot.Wanted);
    }

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, _slots.Length);
        for (var i = 0; i < count; i++)
        {
            values[i] = GetValue(i);
        }

        return count;
    }

    public override T GetFieldValue<T>(int ordinal)
    {
        if (typeof(T) == typeof(DateTime))
        {
            return (T)(object)GetDateTime(ordinal);
        }

        return typeof(T).IsValueType && Holds<T>(ordinal, out var source) ? _inner.GetFieldValue<T>(source) : Converted<T>(ordinal);
    }

    /// <summary>The column's value in this row, not boxed where the provider holds just this type; false = NULL.</summary>
    // Asked for every value of a result: what nearly all rows need is compiled into the caller.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryRead<T>(int ordinal, out T value)
        where T : struct
    {
        var slot = _slots[ordinal];
        if (_inner.IsDBNull(slot.Source))
        {
            value = default;
            return !MayBeNull(slot);
        }

        value = _typesAreFixed && _direct[ordinal] && slot.Type == typeof(T) ? Direct<T>(slot.Source) : Held<T>(ordinal, slot);
        return true;
    }

    /// <summary>The column's text in this row; null = NULL.</summary>
    internal string? TryReadText(int ordinal)
    {
        var slot = _slots[ordinal];
        return slot.Type == typeof(string) && IsDirect(ordinal, slot) ? _inner.IsDBNull(slot.Source) ? null : _inner.GetString(slot.Source)
            : IsDBNull(ordinal) ? null
            : GetString(ordinal);
    }

    private bool IsDirect(int ordinal, ReadSlot slot) => _typesAreFixed ? _direct[ordinal] : slot.IsDirect && _inner.GetFieldType(slot.Source) == slot.Type;

    // Each getter by its own name: a generic one is looked up anew at every call. Instants are floored (T2), as everywhere.
    private T Direct<T>(int source) =>
        typeof(T) == typeof(long) ? (T)(object)_inner.GetInt64(source)
        : typeof(T) == typeof(int) ? (T)(object)_inner.GetInt32(source)
        : typeof(T) == typeof(double) ? (T)(object)_inner.GetDouble(source)
        : typeof(T) == typeof(float) ? (T)(object)_inner.GetFloat(source)
        : typeof(T) == typeof(bool) ? (T)(object)_inner.GetBoolean(source)
        : typeof(T) == typeof(decimal) ? (T)(object)_inner.GetDecimal(source)
        : typeof(T) == typeof(DateTime) ? (T)(object)Instants.Floor(_inner.GetDateTime(source))
        : _inner.GetFieldValue<T>(source);

    // Where each row's value has a type of its own there are few, and those that the declared type is made of need no box on the way.
    private T Held<T>(int ordinal, ReadSlot slot)
    {
        if (_typesAreFixed || !slot.IsDirect || slot.Type != typeof(T))
        {
            return Converted<T>(ordinal);
        }

        var held = _inner.GetFieldType(slot.Source);
        return held == typeof(T) ? Direct<T>(slot.Source)
            : typeof(T) == typeof(int) && held == typeof(long) && _inner.GetInt64(slot.Source) is var whole && (int)whole == whole ? (T)(object)(int)whole
            : typeof(T) == typeof(bool) && held == typeof(long) && _inner.GetInt64(slot.Source) is var flag && flag is 0 or 1 ? (T)(object)(flag == 1)
            : typeof(T) == typeof(float) && held == typeof(double) && ValueReading.Nearest(_inner.GetDouble(slot.Source)) is { } nearest ? (T)(object)nearest
            : typeof(T) == typeof(DateTime) && held == typeof(string) && ValueReading.ToInstant(_inner.GetString(slot.Source)) is { } instant ? (T)(object)instant
            : Converted<T>(ordinal);
    }

    private bool MayBeNull(ReadSlot slot) => slot.NullRefusal is null ? true : throw Refused(new InvalidOperationException(slot.NullRefusal));

    // A value need not be boxed where the provider holds just this type in this row; asked for a number, SQLite would turn text into 0.
    private bool Holds<T>(int ordinal, out int source)
    {
        var slot = _slots[ordinal];
        source = slot.Source;
        return slot.Type == typeof(T) && IsDirect(ordinal, slot) && !_inner.IsDBNull(source);
    }

    private T Converted<T>(int ordinal)
    {
        var slot = _slots[ordinal];
        var value = GetValue(ordinal);
        return value switch
        {
            T typed => typed,
            DBNull when default(T) is null && typeof(T).IsValueType => default!,
            DBNull => throw Refused(new InvalidCastException($"Column '{slot.Column}' is NULL in this row; ask IsDBNull before reading it as {Words(typeof(T))}.")),
            _ => Converted<T>(slot, value),
        };
    }

    private T Converted<T>(ReadSlot slot, object value) =>
        Target<T>.Convert is { } convert ? convert(value) is { } converted ? Target<T>.Unbox(converted) : throw Misfit(slot, value, Words(typeof(T)))
        : slot.Type is null ? _inner.GetFieldValue<T>(slot.Source)
        : throw Misfit(slot, value, Words(typeof(T)));

    public override bool GetBoolean(int ordinal) => Holds<bool>(ordinal, out var source) ? _inner.GetBoolean(source) : Converted<bool>(ordinal);

    public override byte GetByte(int ordinal) => GetFieldValue<byte>(ordinal);

    public override char GetChar(int ordinal) => GetFieldValue<char>(ordinal);

    public override DateTime GetDateTime(int ordinal) => Holds<DateTime>(ordinal, out var source) ? Instants.Floor(_inner.GetDateTime(source)) : Converted<DateTime>(ordinal);

    public override decimal GetDecimal(int ordinal) => Holds<decimal>(ordinal, out var source) ? _inner.GetDecimal(source) : Converted<decimal>(ordinal);

    public override double GetDouble(int ordinal) => Holds<double>(ordinal, out var source) ? _inner.GetDouble(source) : Converted<double>(ordinal);

    public override float GetFloat(int ordinal) => Holds<float>(ordinal, out var source) ? _inner.GetFloat(source) : Converted<float>(ordinal);

    public override Guid GetGuid(int ordinal) => Holds<Guid>(ordinal, out var source) ? _inner.GetGuid(source) : Converted<Guid>(ordinal);

    public override short GetInt16(int ordinal) => GetFieldValue<short>(ordinal);

    public override int GetInt32(int ordinal) => Holds<int>(ordinal, out var source) ? _inner.GetInt32(source) : Converted<int>(ordinal);

    public override long GetInt64(int ordinal) => Holds<long>(ordinal, out var source) ? _inner.GetInt64(source) : Converted<long>(ordinal);

    public override string GetString(int ordinal) => GetFieldValue<string>(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => CopyOf(GetFieldValue<byte[]>(ordinal), dataOffset, buffer, bufferOffset, length);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => CopyOf(GetString(ordinal).ToCharArray(), dataOffset, buffer, bufferOffset, length);

    private static long CopyOf<T>(T[] all, long from, T[]? buffer, int at, int length)
    {
        if (buffer is null)
        {
            return all.Length;
        }

        var start = Math.Clamp(from, 0, all.Length);
        var count = (int)Math.Min(length, all.Length - start);
        Array.Copy(all, start, buffer, at, count);
        return count;
    }

    public override Stream GetStream(int ordinal) => new MemoryStream(GetFieldValue<byte[]>(ordinal), writable: false);

    public override TextReader GetTextReader(int ordinal) => new StringReader(GetString(ordinal));

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    public System.Collections.ObjectModel.ReadOnlyCollection<DbColumn> GetColumnSchema() => new([.. _slots.Select((slot, i) => new SchemaColumn(slot.Name, i, GetFieldType(i), GetDataTypeName(i)))]);

    public override DataTable GetSchemaTable()
    {
        var table = new DataTable("SchemaTable") { Locale = CultureInfo.InvariantCulture };
        table.Columns.Add(SchemaTableColumn.ColumnName, typeof(string));
        table.Columns.Add(SchemaTableColumn.ColumnOrdinal, typeof(int));
        table.Columns.Add(SchemaTableColumn.ColumnSize, typeof(int));
        table.Columns.Add(SchemaTableColumn.DataType, typeof(Type));
        table.Columns.Add(SchemaTableColumn.AllowDBNull, typeof(bool));
        for (var i = 0; i < _slots.Length; i++)
        {
            table.Rows.Add(_slots[i].Name, i, -1, GetFieldType(i), true);
        }

        return table;
    }

    public override void Close() => _inner.Close();

    public override Task CloseAsync() => _inner.CloseAsync();

    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync().ConfigureAwait(false);
        await ClosedAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            ClosedAsync().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    private Task ClosedAsync() => Interlocked.Exchange(ref _closed, null)?.Invoke() ?? Task.CompletedTask;

    private Exception Misfit(ReadSlot slot, object value, string wanted)
    {
        var shown = value switch { string text => $"'{text}'", IFormattable number => number.ToString(null, CultureInfo.InvariantCulture), ICollection many => $"{many.Count} elements", _ => value.ToString() };
        return Refused(new InvalidCastException($"Column '{slot.Column}' holds {shown} ({Words(value.GetType())}), which does not fit {wanted}."));
    }

    private Exception Refused(Exception refusal) => LastRefusal = refusal;

    private static string Words(Type type) => Nullable.GetUnderlyingType(type) is { } plain ? plain.Name + "?" : type.IsGenericType ? type.ToString() : type.Name;

    private static class Target<T>
    {
        private static readonly Type Plain = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);

        public static readonly Func<object, object?>? Convert = ValueReading.Of(Plain);

        public static T Unbox(object value) => Plain.IsEnum ? (T)Enum.ToObject(Plain, value) : (T)value;
    }

    private sealed class SchemaColumn : DbColumn
    {
        public SchemaColumn(string name, int ordinal, Type type, string typeName)
        {
            ColumnName = name;
            ColumnOrdinal = ordinal;
            DataType = type;
            DataTypeName = typeName;
        }
    }
}
