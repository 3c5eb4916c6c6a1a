using System.Collections;
using System.Data.Common;

namespace Distiller.Databases.Tests.Drivers;

/// <summary>Rows for a driver as the store hands them out: each getter answers only for its own type.</summary>
internal sealed class ListedRows(IEnumerable<object?[]> rows, int fieldCount) : DbDataReader
{
    private readonly IEnumerator<object?[]> enumerator = rows.GetEnumerator();

    public override int FieldCount => fieldCount;

    public override bool HasRows => true;

    public override bool IsClosed => false;

    public override int Depth => 0;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => throw new NotSupportedException();

    public override object this[string name] => throw new NotSupportedException();

    public override bool Read() => enumerator.MoveNext();

    public override bool NextResult() => false;

    public override bool IsDBNull(int ordinal) => enumerator.Current[ordinal] is null;

    public override bool GetBoolean(int ordinal) => Get<bool>(ordinal);

    public override int GetInt32(int ordinal) => Get<int>(ordinal);

    public override long GetInt64(int ordinal) => Get<long>(ordinal);

    public override float GetFloat(int ordinal) => Get<float>(ordinal);

    public override double GetDouble(int ordinal) => Get<double>(ordinal);

    public override decimal GetDecimal(int ordinal) => Get<decimal>(ordinal);

    public override string GetString(int ordinal) => Get<string>(ordinal);

    public override DateTime GetDateTime(int ordinal) => Get<DateTime>(ordinal);

    public override Guid GetGuid(int ordinal) => Get<Guid>(ordinal);

    public override T GetFieldValue<T>(int ordinal) => Get<T>(ordinal);

    public override byte GetByte(int ordinal) => throw new NotSupportedException();

    public override short GetInt16(int ordinal) => throw new NotSupportedException();

    public override char GetChar(int ordinal) => throw new NotSupportedException();

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override object GetValue(int ordinal) => throw new NotSupportedException();

    public override int GetValues(object[] values) => throw new NotSupportedException();

    public override string GetName(int ordinal) => throw new NotSupportedException();

    public override int GetOrdinal(string name) => throw new NotSupportedException();

    public override string GetDataTypeName(int ordinal) => throw new NotSupportedException();

    public override Type GetFieldType(int ordinal) => throw new NotSupportedException();

    public override IEnumerator GetEnumerator() => throw new NotSupportedException();

    private T Get<T>(int ordinal) => (T)enumerator.Current[ordinal]!;
}
