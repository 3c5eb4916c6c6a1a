using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Distiller;

/// <summary>Reads the chosen features of one join from online values (O3), by hand: no reflection, and no document in between.</summary>
internal sealed class OnlineDecoder
{
    private readonly TrainingJoin join;
    private readonly byte[][] names;

    public OnlineDecoder(TrainingJoin join)
    {
        this.join = join;
        names = [.. join.Features.Select(feature => Encoding.UTF8.GetBytes(feature.Name))];
    }

    /// <summary>Reads a value's features and judges its age at an instant (O5).</summary>
    /// <param name="stored">The value.</param>
    /// <param name="key">Its key, for errors.</param>
    /// <param name="now">The instant.</param>
    /// <param name="values">Takes the features; null where there is no value, or one too old.</param>
    public OnlineReading Read(ReadOnlySpan<byte> stored, string key, DateTime now, Span<object?> values)
    {
        OnlineLayout.Check(stored, key);
        var eventTime = OnlineLayout.Time(stored.Slice(OnlineLayout.EventStart, OnlineLayout.TimeLength), join.Set.IsSparse ? TimeKind.Instant : join.Set.EventTimeColumn.Kind) ?? (join.Set.IsStatic ? null : throw OnlineLayout.Foreign(key));
        try
        {
            return Read(stored, key, now, eventTime, values);
        }
        catch (JsonException broken)
        {
            throw new OnlineStoreException(OnlineLayout.Foreign(key).Message, broken) { Key = key };
        }
    }

    /// <summary>Reads a value's features, however old they are: those of a logged event.</summary>
    public OnlineReading ReadAnyAge(ReadOnlySpan<byte> stored, string key, Span<object?> values) => Read(stored, key, DateTime.MinValue, values);

    private OnlineReading Read(ReadOnlySpan<byte> stored, string key, DateTime now, object? eventTime, Span<object?> values)
    {
        var reader = new Utf8JsonReader(stored);
        reader.Read();
        object? createdTime = null;
        bool[]? tooOld = null;
        object? youngest = null;
        var isOver = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("f"u8))
            {
                ReadFeatures(ref reader, key, values);
            }
            else if (reader.ValueTextEquals("c"u8))
            {
                reader.Read();
                createdTime = join.Set.CreatedTimeColumn is { } column ? OnlineLayout.Time(reader.ValueSpan, column.Kind) : null;
            }
            else if (reader.ValueTextEquals("d"u8))
            {
                // A deleted key stays as a value, so that a late row does not bring it back (O5).
                reader.Read();
                if (reader.TokenType == JsonTokenType.True)
                {
                    return new(OnlineStatus.Missing, null, null);
                }
            }
            else if (reader.ValueTextEquals("u"u8))
            {
                reader.Read();
                isOver = OnlineLayout.Time(reader.ValueSpan, join.Set.ValidToColumn?.Kind ?? TimeKind.Instant) is DateTime end && end <= now;
            }
            else if (reader.ValueTextEquals("s"u8))
            {
                tooOld = ReadFeatureTimes(ref reader, key, now, ref youngest);
            }
            else if (reader.ValueTextEquals("e"u8))
            {
                reader.Read();
                eventTime = OnlineLayout.Time(reader.ValueSpan, join.Set.EventTimeColumn.Kind) ?? throw OnlineLayout.Foreign(key);
            }
            else
            {
                reader.Skip();
            }
        }

        // A sparse set's features each have an age of their own; the value is too old when the youngest is.
        for (var i = 0; i < tooOld?.Length; i++)
        {
            values[i] = tooOld[i] ? null : values[i];
        }

        if (isOver || IsTooOld(youngest ?? eventTime, now))
        {
            values.Clear();
            return new(OnlineStatus.Expired, eventTime, createdTime);
        }

        return new(OnlineStatus.Hit, eventTime, createdTime);
    }

    /// <summary>A value is a hit while its event time is at or after the instant less the max age (W4); a static one always.</summary>
    private bool IsTooOld(object? eventTime, DateTime now) => join.MaximumAge is { } age && eventTime is DateTime instant && now - instant > age;

    private bool[]? ReadFeatureTimes(ref Utf8JsonReader reader, string key, DateTime now, ref object? youngest)
    {
        reader.Read();
        var tooOld = new bool[names.Length];
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var i = Position(ref reader, ref next);
            reader.Read();
            var time = OnlineLayout.Time(reader.ValueSpan, join.Set.EventTimeColumn.Kind) ?? throw OnlineLayout.Foreign(key);
            youngest = youngest is null || Comparer<object>.Default.Compare(time, youngest) > 0 ? time : youngest;
            if (i >= 0)
            {
                tooOld[i] = IsTooOld(time, now);
            }
        }

        return tooOld;
    }

    private void ReadFeatures(ref Utf8JsonReader reader, string key, Span<object?> values)
    {
        reader.Read();
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var i = Position(ref reader, ref next);
            reader.Read();
            if (i < 0)
            {
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                values[i] = Value(ref reader, join.Features[i], key);
            }
        }
    }

    /// <summary>The place of the property the reader is at: features mostly come in the order they are wanted.</summary>
    private int Position(ref Utf8JsonReader reader, ref int next)
    {
        if (next < names.Length && reader.ValueTextEquals(names[next]))
        {
            return next++;
        }

        for (var i = 0; i < names.Length; i++)
        {
            if (reader.ValueTextEquals(names[i]))
            {
                next = i + 1;
                return i;
            }
        }

        return -1;
    }

    private static object Value(ref Utf8JsonReader reader, Feature feature, string key)
    {
        var isText = reader.TokenType == JsonTokenType.String;
        var isNumber = reader.TokenType == JsonTokenType.Number;
        object? value = feature.Type.Kind switch
        {
            FeatureKind.Bool => reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null },
            FeatureKind.Int32 => isNumber && reader.TryGetInt32(out var number) ? number : null,
            FeatureKind.Int64 => isNumber && reader.TryGetInt64(out var number) ? number : null,
            FeatureKind.Float32 => isNumber ? reader.GetSingle() : isText ? (float?)NotFinite(ref reader) : null,
            FeatureKind.Float64 => isNumber ? reader.GetDouble() : isText ? NotFinite(ref reader) : null,
            FeatureKind.Decimal => isText && decimal.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null,
            FeatureKind.String or FeatureKind.Json => isText ? reader.GetString() : null,
            FeatureKind.Bytes => isText && reader.TryGetBytesFromBase64(out var bytes) ? bytes : null,
            FeatureKind.Date => isText && DateOnly.TryParseExact(reader.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null,
            FeatureKind.Timestamp => isText ? OnlineLayout.Instant(reader.ValueSpan) : null,
            FeatureKind.Guid => isText && reader.TryGetGuid(out var id) ? id : null,
            FeatureKind.FloatVector => reader.TokenType == JsonTokenType.StartArray ? Vector(ref reader, feature.Type.Length) : null,
            _ => null,
        };
        return value ?? throw new OnlineStoreException(
            $"The key '{key}' holds a '{feature.Name}' that is no {feature.Type}: it was written by another declaration of the feature set; unload the set whole again, or declare the feature as it was.") { Key = key };
    }

    private static double? NotFinite(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("NaN"u8) ? double.NaN : reader.ValueTextEquals("Infinity"u8) ? double.PositiveInfinity : reader.ValueTextEquals("-Infinity"u8) ? double.NegativeInfinity : null;

    private static float[]? Vector(ref Utf8JsonReader reader, int length)
    {
        var rented = ArrayPool<float>.Shared.Rent(length > 0 ? length : 64);
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == rented.Length)
            {
                var larger = ArrayPool<float>.Shared.Rent(count * 2);
                rented.AsSpan(0, count).CopyTo(larger);
                ArrayPool<float>.Shared.Return(rented);
                rented = larger;
            }

            rented[count++] = reader.TokenType == JsonTokenType.Number ? reader.GetSingle() : (float)(NotFinite(ref reader) ?? throw new JsonException("No element of a vector."));
        }

        var vector = rented.AsSpan(0, count).ToArray();
        ArrayPool<float>.Shared.Return(rented);
        return length == 0 || count == length ? vector : null;
    }
}

/// <summary>What was read of one join.</summary>
internal readonly record struct OnlineReading(OnlineStatus Status, object? EventTime, object? CreatedTime);
