using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Distiller;

/// <summary>One column in memory.</summary>
internal abstract class ViewColumn(string name, DataViewType type)
{
    public string Name => name;

    public DataViewType Type => type;

    public static ViewColumn Of(ResultColumn column, int ordinal)
    {
        // What is no feature is a key, an id or a label: it means exactly what it says.
        var isExact = !column.IsFeature;
        return column.Type!.Value switch
        {
            { Time: TimeKind.Ordinal } => Whole(),
            { Time: not null } => new DateTimeColumn<DateTime>(column.Name, ordinal, static value => value),
            { Feature: { } type } => type.Kind switch
            {
                FeatureKind.Bool when isExact => new BooleanColumn(column.Name, ordinal),
                FeatureKind.Bool => new NumberColumn<bool>(column.Name, ordinal, static value => value ? 1 : 0),
                FeatureKind.Int32 => new NumberColumn<int>(column.Name, ordinal, static value => value, isExact ? static value => IsSingle(value) : null),
                FeatureKind.Int64 => Whole(),
                FeatureKind.Float32 => new NumberColumn<float>(column.Name, ordinal, static value => value),
                FeatureKind.Float64 => new NumberColumn<double>(column.Name, ordinal, static value => (float)value, static value => float.IsFinite((float)value) || !double.IsFinite(value)),
                FeatureKind.Decimal => new NumberColumn<decimal>(column.Name, ordinal, static value => (float)value),
                FeatureKind.Date => new DateTimeColumn<DateOnly>(column.Name, ordinal, static value => value.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)),
                FeatureKind.String or FeatureKind.Json => new TextColumn(column.Name, ordinal, static (reader, i) => reader.TryReadText(i)),
                FeatureKind.Guid => new TextColumn(column.Name, ordinal, static (reader, i) => reader.TryRead<Guid>(i, out var id) ? id.ToString("D", CultureInfo.InvariantCulture) : null),
                FeatureKind.FloatVector => new VectorColumn(column.Name, ordinal, type.Length),
                _ => throw new ArgumentException(
                    $"Column '{column.Name}' is {type}, which ML.NET cannot hold; leave it out (DataViewOptions.Columns names the columns to take), or turn it into a number, a text or a float vector."),
            },
            var other => throw new NotSupportedException(other.ToString()),
        };

        NumberColumn<long> Whole() => new(column.Name, ordinal, static value => value, isExact ? IsSingle : null);
    }

    /// <summary>Takes the reader's current row.</summary>
    public abstract void Append(TypedReader reader, long row);

    /// <summary>A delegate that reads the row a cursor stands on.</summary>
    public abstract Delegate Getter(Func<long> position);

    private static bool IsSingle(long value) => (Int128)(float)value == value;

    protected InvalidCastException Null(long row) => new(
        $"Row {row + 1}, column '{name}': NULL, for which ML.NET's {type} has no value; leave the column out (DataViewOptions.Columns names the columns to take), leave such rows out of the spine, or declare the column as a number.");
}

/// <summary>Values in pieces of one size, so that growing copies nothing.</summary>
internal sealed class Pieces<T>
{
    private const int Bits = 15;
    private const int Size = 1 << Bits;

    private readonly List<T[]> pieces = [];

    public T this[long row] => pieces[(int)(row >> Bits)][row & (Size - 1)];

    public void Add(long row, T value)
    {
        var at = (int)row & (Size - 1);
        if (at == 0)
        {
            pieces.Add(GC.AllocateUninitializedArray<T>(Size));
        }

        pieces[^1][at] = value;
    }
}

/// <summary>Numbers as Single, NULL as NaN.</summary>
internal sealed class NumberColumn<T>(string name, int ordinal, Func<T, float> convert, Func<T, bool>? fits = null) : ViewColumn(name, NumberDataViewType.Single)
    where T : struct
{
    private readonly Pieces<float> values = new();

    public override void Append(TypedReader reader, long row)
    {
        if (!reader.TryRead<T>(ordinal, out var value))
        {
            values.Add(row, float.NaN);
            return;
        }

        if (fits is not null && !fits(value))
        {
            throw new InvalidCastException(FormattableString.Invariant(
                $"Row {row + 1}, column '{Name}': {value} fits no Single, which is what ML.NET's numbers are; leave the column out (DataViewOptions.Columns names the columns to take), or make it text where it is an id."));
        }

        values.Add(row, convert(value));
    }

    public override Delegate Getter(Func<long> position) => (ValueGetter<float>)((ref float value) => value = values[position()]);
}

/// <summary>true and false; no missing value.</summary>
internal sealed class BooleanColumn(string name, int ordinal) : ViewColumn(name, BooleanDataViewType.Instance)
{
    private readonly Pieces<bool> values = new();

    public override void Append(TypedReader reader, long row) => values.Add(row, reader.TryRead<bool>(ordinal, out var value) ? value : throw Null(row));

    public override Delegate Getter(Func<long> position) => (ValueGetter<bool>)((ref bool value) => value = values[position()]);
}

/// <summary>Instants in UTC; no missing value.</summary>
internal sealed class DateTimeColumn<T>(string name, int ordinal, Func<T, DateTime> convert) : ViewColumn(name, DateTimeDataViewType.Instance)
    where T : struct
{
    private readonly Pieces<DateTime> values = new();

    public override void Append(TypedReader reader, long row) => values.Add(row, reader.TryRead<T>(ordinal, out var value) ? convert(value) : throw Null(row));

    public override Delegate Getter(Func<long> position) => (ValueGetter<DateTime>)((ref DateTime value) => value = values[position()]);
}

/// <summary>Text; NULL is the empty text, which is ML.NET's missing text.</summary>
internal sealed class TextColumn(string name, int ordinal, Func<TypedReader, int, string?> read) : ViewColumn(name, TextDataViewType.Instance)
{
    private readonly Pieces<string?> values = new();

    public override void Append(TypedReader reader, long row) => values.Add(row, read(reader, ordinal));

    public override Delegate Getter(Func<long> position) => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = values[position()].AsMemory());
}

/// <summary>Vectors of Single.</summary>
internal sealed class VectorColumn(string name, int ordinal, int length) : ViewColumn(name, new VectorDataViewType(NumberDataViewType.Single, length))
{
    private readonly Pieces<float[]> values = new();
    private readonly float[] missing = [.. Enumerable.Repeat(float.NaN, length)];

    public override void Append(TypedReader reader, long row) => values.Add(row, reader.IsDBNull(ordinal) ? missing : reader.GetFieldValue<float[]>(ordinal));

    // ML.NET may write into the buffer it hands in, and keeps what it is given: each row is copied into it.
    public override Delegate Getter(Func<long> position) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
    {
        var row = values[position()];
        var editor = VBufferEditor.Create(ref value, row.Length);
        row.CopyTo(editor.Values);
        value = editor.Commit();
    });
}
