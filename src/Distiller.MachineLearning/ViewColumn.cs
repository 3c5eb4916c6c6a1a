using System.Globalization;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Distiller;

/// <summary>One column in memory.</summary>
internal abstract class ViewColumn(string name, DataViewType type) : ColumnSink
{
    /// <summary>The rows of a part.</summary>
    public const int PartRows = 1 << 15;

    public string Name => name;

    public DataViewType Type => type;

    public static ViewColumn Of(ResultColumn column, int ordinal)
    {
        // What is no feature is a key, an id or a label: it means exactly what it says.
        var isExact = !column.IsFeature;
        return column.Type!.Value switch
        {
            { Time: TimeKind.Ordinal } => Number<long>(),
            { Time: not null } => new DateTimeColumn<DateTime>(column.Name, ordinal, static value => value),
            { Feature: { } type } => type.Kind switch
            {
                FeatureKind.Bool when isExact => new BooleanColumn(column.Name, ordinal),
                FeatureKind.Bool => new NumberColumn<bool, ZeroOrOne>(column.Name, ordinal),
                FeatureKind.Int32 => Number<int>(),
                FeatureKind.Int64 => Number<long>(),
                FeatureKind.Float32 => new NumberColumn<float, NearestSingle<float>>(column.Name, ordinal),
                FeatureKind.Float64 => new NumberColumn<double, NearestSingle<double>>(column.Name, ordinal),
                FeatureKind.Decimal => new NumberColumn<decimal, NearestSingle<decimal>>(column.Name, ordinal),
                FeatureKind.Date => new DateTimeColumn<DateOnly>(column.Name, ordinal, static value => value.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)),
                FeatureKind.String or FeatureKind.Json => new TextColumn(column.Name, ordinal, static (reader, i) => reader.TryReadText(i)),
                FeatureKind.Guid => new TextColumn(column.Name, ordinal, static (reader, i) => reader.TryRead<Guid>(i, out var id) ? id.ToString("D", CultureInfo.InvariantCulture) : null),
                FeatureKind.FloatVector => new VectorColumn(column.Name, ordinal, type.Length),
                _ => throw new ArgumentException(
                    $"Column '{column.Name}' is {type}, which ML.NET cannot hold; leave it out (DataViewOptions.Columns names the columns to take), or turn it into a number, a text or a float vector."),
            },
            var other => throw new NotSupportedException(other.ToString()),
        };

        ViewColumn Number<T>()
            where T : struct, IBinaryInteger<T> =>
            isExact ? new NumberColumn<T, ExactSingle<T>>(column.Name, ordinal) : new NumberColumn<T, NearestSingle<T>>(column.Name, ordinal);
    }

    /// <summary>A delegate that reads the row a cursor stands on.</summary>
    public abstract Delegate Getter(Func<long> position);
}

/// <summary>A column's values, in parts of one size, so that growing copies nothing.</summary>
internal abstract class ViewColumn<T>(string name, DataViewType type) : ViewColumn(name, type)
{
    private readonly List<T[]> parts = [];

    /// <summary>The part that is being filled.</summary>
    protected T[] Part { get; private set; } = [];

    public sealed override void Begin(int rows) => parts.Add(Part = GC.AllocateUninitializedArray<T>(rows));

    protected T At(long row) => parts[(int)(row / PartRows)][row % PartRows];

    protected InvalidCastException Misfit(int row, string what) => new(FormattableString.Invariant($"Row {((parts.Count - 1L) * PartRows) + row + 1}, column '{Name}': {what}"));

    protected InvalidCastException Null(int row) => Misfit(
        row, $"NULL, for which ML.NET's {Type} has no value; leave the column out (DataViewOptions.Columns names the columns to take), leave such rows out of the spine, or declare the column as a number.");
}

/// <summary>How a value becomes a Single; as a type of its own, so that it costs no call.</summary>
internal interface ISingle<T>
{
    static abstract bool Fits(T value, out float single);
}

/// <summary>0 or 1.</summary>
internal readonly struct ZeroOrOne : ISingle<bool>
{
    public static bool Fits(bool value, out float single)
    {
        single = value ? 1 : 0;
        return true;
    }
}

/// <summary>The nearest Single; what is finite stays so.</summary>
internal readonly struct NearestSingle<T> : ISingle<T>
    where T : struct, INumber<T>
{
    public static bool Fits(T value, out float single)
    {
        single = float.CreateTruncating(value);
        return float.IsFinite(single) || !T.IsFinite(value);
    }
}

/// <summary>The same whole number, or none.</summary>
internal readonly struct ExactSingle<T> : ISingle<T>
    where T : struct, IBinaryInteger<T>
{
    // Every whole number up to here is a Single.
    private const long Dense = 1 << 24;

    public static bool Fits(T value, out float single)
    {
        single = float.CreateTruncating(value);
        return long.CreateTruncating(value) is >= -Dense and <= Dense || Int128.CreateTruncating(single) == Int128.CreateTruncating(value);
    }
}

/// <summary>Numbers as Single, NULL as NaN.</summary>
internal sealed class NumberColumn<T, TSingle>(string name, int ordinal) : ViewColumn<float>(name, NumberDataViewType.Single)
    where T : struct
    where TSingle : struct, ISingle<T>
{
    public override void Append(TypedReader reader, int row)
    {
        var single = float.NaN;
        if (reader.TryRead<T>(ordinal, out var value) && !TSingle.Fits(value, out single))
        {
            throw Misfit(row, FormattableString.Invariant(
                $"{value} fits no Single, which is what ML.NET's numbers are; leave the column out (DataViewOptions.Columns names the columns to take), or make it text where it is an id."));
        }

        Part[row] = single;
    }

    public override Delegate Getter(Func<long> position) => (ValueGetter<float>)((ref float value) => value = At(position()));
}

/// <summary>true and false; no missing value.</summary>
internal sealed class BooleanColumn(string name, int ordinal) : ViewColumn<bool>(name, BooleanDataViewType.Instance)
{
    public override void Append(TypedReader reader, int row) => Part[row] = reader.TryRead<bool>(ordinal, out var value) ? value : throw Null(row);

    public override Delegate Getter(Func<long> position) => (ValueGetter<bool>)((ref bool value) => value = At(position()));
}

/// <summary>Instants in UTC; no missing value.</summary>
internal sealed class DateTimeColumn<T>(string name, int ordinal, Func<T, DateTime> convert) : ViewColumn<DateTime>(name, DateTimeDataViewType.Instance)
    where T : struct
{
    public override void Append(TypedReader reader, int row) => Part[row] = reader.TryRead<T>(ordinal, out var value) ? convert(value) : throw Null(row);

    public override Delegate Getter(Func<long> position) => (ValueGetter<DateTime>)((ref DateTime value) => value = At(position()));
}

/// <summary>Text; NULL is the empty text, which is ML.NET's missing text.</summary>
internal sealed class TextColumn(string name, int ordinal, Func<TypedReader, int, string?> read) : ViewColumn<string?>(name, TextDataViewType.Instance)
{
    public override void Append(TypedReader reader, int row) => Part[row] = read(reader, ordinal);

    public override Delegate Getter(Func<long> position) => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = At(position()).AsMemory());
}

/// <summary>Vectors of Single.</summary>
internal sealed class VectorColumn(string name, int ordinal, int length) : ViewColumn<float[]>(name, new VectorDataViewType(NumberDataViewType.Single, length))
{
    private readonly float[] missing = [.. Enumerable.Repeat(float.NaN, length)];

    public override void Append(TypedReader reader, int row) => Part[row] = reader.IsDBNull(ordinal) ? missing : reader.GetFieldValue<float[]>(ordinal);

    // ML.NET may write into the buffer it hands in, and keeps what it is given: each row is copied into it.
    public override Delegate Getter(Func<long> position) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
    {
        var row = At(position());
        var editor = VBufferEditor.Create(ref value, row.Length);
        row.CopyTo(editor.Values);
        value = editor.Commit();
    });
}
