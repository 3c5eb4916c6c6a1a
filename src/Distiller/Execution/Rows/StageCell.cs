using System.Globalization;
using System.Text.Json;

namespace Distiller;

/// <summary>The row being read, for errors.</summary>
internal sealed class RowPosition(RowOwner owner)
{
    public RowOwner Owner => owner;

    public long Row { get; set; }
}

/// <summary>One column of the row being read: takes a value of whatever type the source has, checks it against the declared type (B6), and keeps it unboxed.</summary>
internal sealed class StageCell(StageColumn column, RowPosition position, SqlDialect dialect, bool isLoose)
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.FFFFFFF";

    private readonly FeatureKind? kind = column.Type.Feature?.Kind;
    private readonly TimeKind? time = column.Type.Time;
    private readonly decimal bound = column.Type.Feature is { Kind: FeatureKind.Decimal } number ? Power(number.Precision - number.Scale) : 0;

    public StageColumn Column => column;

    public bool IsNull { get; private set; }

    public long Integer { get; private set; }

    public double Real { get; private set; }

    public decimal Number { get; private set; }

    public DateTime Time { get; private set; }

    public DateOnly Day { get; private set; }

    public Guid Id { get; private set; }

    public object? Reference { get; private set; }

    /// <summary>The value as its declared .NET type; DBNull for NULL.</summary>
    public object Boxed => IsNull ? DBNull.Value : time switch
    {
        TimeKind.Ordinal => Integer,
        not null => Time,
        null => kind switch
        {
            FeatureKind.Bool => Integer != 0,
            FeatureKind.Int32 => (int)Integer,
            FeatureKind.Int64 => Integer,
            FeatureKind.Float32 => (float)Real,
            FeatureKind.Float64 => Real,
            FeatureKind.Decimal => Number,
            FeatureKind.Date => Day,
            FeatureKind.Guid => Id,
            _ => Reference!,
        },
    };

    public void SetNull()
    {
        if (column.WhenNull is { } otherwise)
        {
            SetTime(otherwise);
        }
        else if (column.NotNull)
        {
            throw Refused("is NULL", "every row needs one");
        }
        else
        {
            IsNull = true;
        }
    }

    public void SetAbsent()
    {
        if (column.WhenAbsent is { } otherwise)
        {
            // The call's own instant takes the grain of a coarser column.
            SetTime(time is { } grain ? (DateTime)TimeMath.Constant(grain, otherwise).Content! : otherwise);
        }
        else
        {
            SetNull();
        }
    }

    public void Set(long value)
    {
        IsNull = false;
        Integer = value;
        switch (kind)
        {
            case FeatureKind.Int64:
            case null when time == TimeKind.Ordinal:
                return;
            case FeatureKind.Int32 when value is >= int.MinValue and <= int.MaxValue:
                return;
            case FeatureKind.Int32:
                throw Refused(value, "is out of an int32's range", "declare the feature as an int64");
            case FeatureKind.Float64 when (long)(double)value == value && value != long.MaxValue:
                Real = value;
                return;
            case FeatureKind.Float32 when (long)(float)value == value && value != long.MaxValue:
                Real = value;
                return;
            case FeatureKind.Decimal:
                Set((decimal)value);
                return;
            case FeatureKind.Bool when isLoose && value is 0 or 1:
                return;
            case null when isLoose && time is TimeKind.EpochSeconds or TimeKind.EpochMilliseconds or TimeKind.EpochMicroseconds:
                SetEpoch(value);
                return;
            default:
                throw Misfit(value);
        }
    }

    public void Set(bool value)
    {
        IsNull = false;
        Integer = value ? 1 : 0;
        if (kind != FeatureKind.Bool)
        {
            throw Misfit(value);
        }
    }

    public void Set(double value)
    {
        IsNull = false;
        Real = value;
        if (!double.IsFinite(value))
        {
            SetNotFinite(value);
            return;
        }

        switch (kind)
        {
            case FeatureKind.Float64:
                return;
            case FeatureKind.Float32 when (float)value == value || isLoose && float.IsFinite((float)value):
                return;
            case FeatureKind.Float32:
                throw Refused(value, "is no float32", "declare the feature as a float64, or round it in the source");
            case FeatureKind.Int32 or FeatureKind.Int64 when value == Math.Floor(value) && Math.Abs(value) < 9.2e18:
                Set((long)value);
                return;
            case FeatureKind.Decimal when Math.Abs(value) < 7.9e27 && (double)(decimal)value == value:
                Set((decimal)value);
                return;
            default:
                throw Misfit(value);
        }
    }

    public void Set(decimal value)
    {
        IsNull = false;
        Number = value;
        switch (kind)
        {
            case FeatureKind.Decimal:
                var type = column.Type.Feature!;
                if (decimal.Round(value, type.Scale) != value || Math.Abs(value) >= bound)
                {
                    throw Refused(value, $"has more digits than {type} holds", "round it in the source, or declare more digits");
                }

                return;
            case FeatureKind.Int32 or FeatureKind.Int64 when decimal.Truncate(value) == value && value is >= long.MinValue and <= long.MaxValue:
                Set((long)value);
                return;
            case FeatureKind.Float64 when (decimal)(double)value == value:
                Real = (double)value;
                return;
            default:
                throw Misfit(value);
        }
    }

    public void Set(string value)
    {
        IsNull = false;
        Reference = value;
        if (kind is not (FeatureKind.String or FeatureKind.Json))
        {
            SetParsed(value);
            return;
        }

        if (value.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0 && HasLoneSurrogate(value))
        {
            throw Refused(value, "holds half a surrogate pair, which no database keeps", "mend the text in the source");
        }

        if (dialect.Refusal(column.Type, value) is { } refusal)
        {
            throw Refused(value, $"cannot be held: {refusal}", "change it in the source");
        }

        if (kind == FeatureKind.Json && !IsJson(value))
        {
            throw Refused(value, "is no JSON", "mend it in the source, or declare the feature as a string");
        }
    }

    public void Set(DateTime value)
    {
        if (kind == FeatureKind.Date)
        {
            var instant = value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value;
            Set(instant.TimeOfDay == TimeSpan.Zero ? DateOnly.FromDateTime(instant) : throw Refused(value, "has a time of day, and the feature is a date", "declare it as a timestamp"));
            return;
        }

        SetTime(Instants.Floor(value));
    }

    public void Set(DateTimeOffset value) => Set(value.UtcDateTime);

    public void Set(DateOnly value)
    {
        IsNull = false;
        Day = value;
        if (kind == FeatureKind.Date)
        {
            return;
        }

        SetTime(time == TimeKind.Date ? value.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) : throw Misfit(value));
    }

    public void Set(Guid value)
    {
        IsNull = false;
        Id = value;
        if (kind != FeatureKind.Guid)
        {
            throw Misfit(value);
        }
    }

    public void Set(byte[] value)
    {
        IsNull = false;
        Reference = kind == FeatureKind.Bytes ? value : throw Misfit("a byte array");
    }

    public void Set(IReadOnlyList<float> value)
    {
        IsNull = false;
        if (kind != FeatureKind.FloatVector)
        {
            throw Misfit("a float vector");
        }

        if (column.Type.Feature!.Length is > 0 and var length && value.Count != length)
        {
            throw Refused($"a vector of {value.Count}", $"has not the {length} elements declared", "pad or cut it in the source");
        }

        Reference = value as float[] ?? [.. value];
    }

    /// <summary>A value of a type known only now.</summary>
    public void SetAny(object? value)
    {
        switch (value)
        {
            case null or DBNull:
                SetNull();
                break;
            case long number:
                Set(number);
                break;
            case int number:
                Set(number);
                break;
            case double number:
                Set(number);
                break;
            case string text:
                Set(text);
                break;
            case bool flag:
                Set(flag);
                break;
            case float number:
                Set((double)number);
                break;
            case decimal number:
                Set(number);
                break;
            case DateTime instant:
                Set(instant);
                break;
            case DateTimeOffset instant:
                Set(instant);
                break;
            case DateOnly date:
                Set(date);
                break;
            case Guid id:
                Set(id);
                break;
            case byte[] bytes:
                SetBytes(bytes);
                break;
            case IReadOnlyList<float> vector:
                Set(vector);
                break;
            case ReadOnlyMemory<float> vector:
                Set((IReadOnlyList<float>)vector.ToArray());
                break;
            case Stream stream:
                using (var copy = new MemoryStream())
                {
                    stream.CopyTo(copy);
                    SetBytes(copy.ToArray());
                }

                break;
            case byte or sbyte or short or ushort or uint:
                Set(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                Set((decimal)number);
                break;
            default:
                throw Refused(value, $"is a {value.GetType().Name}, which no column holds", $"convert it to a {column.Type} in the source");
        }
    }

    private static decimal Power(int digits)
    {
        var power = 1m;
        for (var i = 0; i < digits; i++)
        {
            power *= 10;
        }

        return power;
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void SetBytes(byte[] bytes)
    {
        // SQLite keeps a vector as the bytes of its floats.
        if (isLoose && kind == FeatureKind.FloatVector && bytes.Length % sizeof(float) == 0)
        {
            Set((IReadOnlyList<float>)System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray());
        }
        else
        {
            Set(bytes);
        }
    }

    private void SetNotFinite(double value)
    {
        if (kind is not (FeatureKind.Float32 or FeatureKind.Float64))
        {
            throw Misfit(value);
        }

        if (dialect.Refusal(column.Type, value) is { } refusal)
        {
            throw Refused(value, $"cannot be held: {refusal}", "replace it with NULL in the source");
        }
    }

    private void SetTime(DateTime value)
    {
        IsNull = false;
        Time = value;
        if (time is null or TimeKind.Ordinal)
        {
            throw Misfit(value);
        }

        if (time is not (TimeKind.Instant or TimeKind.Timestamp) && (DateTime)TimeMath.Constant(time.Value, value).Content! != value)
        {
            throw Refused(value, $"is finer than the column keeps ({time})", "cut it in the source");
        }
    }

    private void SetEpoch(long count)
    {
        var unit = time switch { TimeKind.EpochSeconds => 1_000_000L, TimeKind.EpochMilliseconds => 1_000L, _ => 1L };
        SetTime(Instants.ToDateTime(checked(count * unit)));
    }

    private void SetParsed(string text)
    {
        if (kind == FeatureKind.Guid && Guid.TryParse(text, out var id))
        {
            Id = id;
        }
        else if (isLoose && kind == FeatureKind.Decimal && decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            Set(number);
        }
        else if (isLoose && (kind == FeatureKind.Date || time == TimeKind.Date) && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            Set(date);
        }
        else if (isLoose && time is not null && DateTime.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            Set(instant);
        }
        else
        {
            throw Misfit(text);
        }
    }

    private RowRefusedException Misfit(object value) => Refused(value, $"is a {value.GetType().Name}, which does not fit {column.Type}", "convert it in the source, or declare the column as it is");

    private RowRefusedException Refused(object value, string problem, string wayOut) =>
        Refused($"= '{Names.Printable(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}' {problem}", wayOut);

    private RowRefusedException Refused(string problem, string wayOut) => new($"Feature set '{position.Owner.FeatureSet}', table '{position.Owner.Table}', row {position.Row}: column '{column.Name}' {problem}; {wayOut}. Nothing was written.", null)
    {
        FeatureSet = position.Owner.FeatureSet,
        Row = position.Row,
        Column = column.Name,
    };
}
