using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Distiller;

/// <summary>Writes rows of one feature set as online values (O3), one after another into one buffer.</summary>
internal sealed class OnlineEncoder : IDisposable
{
    // Text stays as people read it; what JSON itself needs is still escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly FeatureSet set;
    private readonly string start;
    private readonly int? buckets;
    private readonly TimeSpan? expiry;
    private readonly JsonEncodedText[] names;
    private readonly Utf8JsonWriter writer;

    public OnlineEncoder(OnlineOptions options, FeatureSet set)
    {
        this.set = set;
        start = OnlineKeys.Start(options, set);
        buckets = options.Buckets;
        expiry = options.ExpiryOf(set);
        names = [.. set.Features.Select(feature => JsonEncodedText.Encode(feature.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
        writer = new(new ArrayBufferWriter<byte>(1), Options);
    }

    /// <summary>Appends a row's value to a buffer.</summary>
    /// <param name="row">The row.</param>
    /// <param name="readAt">When the reading of the rows began: the version of a sparse row whose latest does not say when it was published.</param>
    /// <param name="buffer">The buffer.</param>
    /// <returns>Its key, the length of its rank, and when it expires; the value is what the buffer has gained.</returns>
    public (string Key, int RankLength, DateTimeOffset? ExpiresAt) Append(LatestRow row, DateTimeOffset readAt, ArrayBufferWriter<byte> buffer)
    {
        var keyText = KeyText(row.Key);
        var first = buffer.WrittenCount;
        buffer.Write(OnlineLayout.BeforeEvent);
        Append(buffer, OnlineLayout.Time(set.IsSparse ? row.PublishedTimestamp ?? readAt.UtcDateTime : row.EventTime));
        buffer.Write(OnlineLayout.BeforeCreated);
        Append(buffer, set.IsSparse ? OnlineLayout.Time(null) : set.CreatedTimeColumn is null && set.TieBreakers.Count > 0 ? OnlineLayout.Ties(set, row.TieBreakers) : OnlineLayout.Time(row.CreatedTime));
        var rankLength = buffer.WrittenCount - first;
        if (row.IsDeleted || row.ValidTo is long)
        {
            // An interval of ordinals that ends has ended: no clock tells where it is.
            buffer.Write("\",\"v\":1,\"d\":true}"u8);
        }
        else if (set.IsSparse)
        {
            AppendSparse(row, buffer);
        }
        else if (row.ValidTo is { } end)
        {
            buffer.Write("\",\"v\":1,\"u\":\""u8);
            Append(buffer, OnlineLayout.Time(end));
            buffer.Write("\",\"f\":"u8);
            WriteFeatures(row.Values, buffer);
            buffer.Write("}"u8);
        }
        else
        {
            AppendFeatures(row.Values, buffer);
        }

        var (expired, ended) = (ExpiresAt(Since(row), expiry), ExpiresAt(row.ValidTo, TimeSpan.Zero));
        return (OnlineKeys.Whole(start, keyText, buckets), rankLength, expired < ended ? expired : ended ?? expired);
    }

    /// <summary>Appends what comes after the times of a dense row: layout version and features.</summary>
    public void AppendFeatures(IReadOnlyList<object?> values, ArrayBufferWriter<byte> buffer)
    {
        buffer.Write("\",\"v\":1,\"f\":"u8);
        WriteFeatures(values, buffer);
        buffer.Write("}"u8);
    }

    public string KeyText(IReadOnlyList<object?> key) => OnlineKeys.Text(set.Entity.Keys, key) ?? throw new ArgumentException($"A row of feature set '{set.Name}' has a NULL in its key.", nameof(key));

    public void Dispose() => writer.Dispose();

    /// <summary>The version of a sparse row is when it was published: event times are the newest row's and each feature's.</summary>
    private void AppendSparse(LatestRow row, ArrayBufferWriter<byte> buffer)
    {
        buffer.Write("\",\"v\":1,\"e\":\""u8);
        Append(buffer, OnlineLayout.Time(row.EventTime));
        buffer.Write("\",\"f\":"u8);
        WriteFeatures(row.Values, buffer);
        buffer.Write(",\"s\":"u8);
        writer.Reset(buffer);
        writer.WriteStartObject();
        for (var i = 0; i < names.Length; i++)
        {
            if (row.Values[i] is not null)
            {
                writer.WriteString(names[i], OnlineLayout.Time(row.FeatureTimes?[i] ?? throw Undated(set.Features[i])));
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        buffer.Write("}"u8);
    }

    // Its age could never be judged, and the value would be served for ever.
    private ArgumentException Undated(Feature feature) => new(
        $"A row of the sparse feature set '{set.Name}' has no event time for its feature '{feature.Name}'; give LatestRow.FeatureTimes one for each feature that is not null, as an unload does.");

    private void WriteFeatures(IReadOnlyList<object?> values, ArrayBufferWriter<byte> buffer)
    {
        writer.Reset(buffer);
        writer.WriteStartObject();
        for (var i = 0; i < names.Length; i++)
        {
            writer.WritePropertyName(names[i]);
            Write(set.Features[i], values[i]);
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>What a row's age counts from: the youngest feature's event time where the set is sparse, its own where none is known, of a tombstone, and of a dense set.</summary>
    private object? Since(LatestRow row)
    {
        var youngest = set.IsSparse && !row.IsDeleted ? row.FeatureTimes?.Where((time, i) => time is not null && row.Values[i] is not null).MaxBy(OnlineLayout.Time, StringComparer.Ordinal) : null;
        return youngest ?? row.EventTime;
    }

    /// <summary>The last instant at which a value may be served; null = for ever, or beyond the last instant there is.</summary>
    public static DateTimeOffset? ExpiresAt(object? eventTime, TimeSpan? age)
    {
        if (age is not { } limit || eventTime is null or long)
        {
            return null;
        }

        var instant = eventTime is DateTimeOffset offset ? Instants.Floor(offset) : new DateTimeOffset(Instants.Floor((DateTime)eventTime));
        return DateTimeOffset.MaxValue - instant >= limit ? instant + limit : null;
    }

    private static void Append(ArrayBufferWriter<byte> buffer, string ascii) => buffer.Advance(Encoding.ASCII.GetBytes(ascii, buffer.GetSpan(ascii.Length)));

    private void Write(Feature feature, object? value)
    {
        switch (feature.Type.Kind, value)
        {
            case (_, null):
                writer.WriteNullValue();
                break;
            case (FeatureKind.Bool, bool flag):
                writer.WriteBooleanValue(flag);
                break;
            case (FeatureKind.Int32, int number):
                writer.WriteNumberValue(number);
                break;
            case (FeatureKind.Int64, long number):
                writer.WriteNumberValue(number);
                break;
            case (FeatureKind.Float32, float number):
                Write(number);
                break;
            case (FeatureKind.Float64, double number):
                Write(number);
                break;
            case (FeatureKind.Decimal, decimal number):
                Span<char> digits = stackalloc char[40];
                number.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
                writer.WriteStringValue(digits[..count]);
                break;
            case (FeatureKind.String or FeatureKind.Json, string text):
                writer.WriteStringValue(CheckedTextCell.HasLoneSurrogate(text)
                    ? throw new ArgumentException($"Feature '{feature.Name}' of feature set '{set.Name}' holds half of a surrogate pair, which is no character; repair the text in the source.")
                    : text);
                break;
            case (FeatureKind.Bytes, byte[] bytes):
                writer.WriteBase64StringValue(bytes);
                break;
            case (FeatureKind.Date, DateOnly date):
                Span<char> day = stackalloc char[10];
                date.TryFormat(day, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
                writer.WriteStringValue(day);
                break;
            case (FeatureKind.Timestamp, DateTime instant):
                writer.WriteStringValue(Instants.Text(Instants.Microseconds(instant)));
                break;
            case (FeatureKind.Guid, Guid id):
                writer.WriteStringValue(id);
                break;
            case (FeatureKind.FloatVector, float[] vector):
                writer.WriteStartArray();
                foreach (var number in vector)
                {
                    Write(number);
                }

                writer.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"Feature '{feature.Name}' of feature set '{set.Name}' is a {feature.Type}, and {Problem.Of(value, $"(a {Problem.TypeName(value.GetType())}) is none")}.");
        }
    }

    private void Write(double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        }
    }

    private void Write(float number)
    {
        if (float.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            Write((double)number);
        }
    }
}
