using System.Globalization;

namespace Distiller.Databases.Tests.Reference;

/// <summary>Random values of every type, the awkward ones often.</summary>
internal sealed class WorldValues(Random random, WorldOptions options)
{
    private static readonly string[] Texts =
    [
        "a", "A", "a:b", "b:c", "c", "|", "é", "e\u0301", "😀", "it's", "\"quoted\"", "\\", "\\n", "line\nbreak", "line\r\nbreak", "tab\t", "%", "_", "NULL", "--", ";", "/*", "*/",
        "$1", ":p", "@p", "?", "{0}", "日本語", "ß", "ss", "İ", "ı", "\u00A0", "𝒳", "\uFF21", "\u202E", "0", "007", "1e3", "true", "2024-01-01", "2024-01-01 00:00:00.000000", "$$", "E'\\''", "`", "]", "''",
    ];

    private static readonly string[] BlankTexts = ["", "a ", "a  ", " a", " "];

    private static readonly string[] KeyTexts = ["a", "A", "a:b", "b:c", "c", "|", "é", "e\u0301", "😀", "it's", "\"", "\\", "line\nbreak", "NULL", "%"];

    /// <summary>As PostgreSQL's jsonb and MySQL's json print them, so that a store that keeps the document rather than its text answers alike.</summary>
    private static readonly string[] Documents =
        ["{}", "[]", "null", "true", "1", "\"it's\"", "{\"a\": 1}", "{\"a\": \"😀\", \"b\": [1, 2, null]}", "[\"\\\\\", \"\\\"\"]", "{\"a\": {\"b\": {\"c\": \"\"}}}"];

    private static readonly double[] Doubles = [0, -0.0, 1, -1, 0.1, 1.0 / 3, 1e-300, 1e300, double.MaxValue, -double.MaxValue, double.Epsilon, 9007199254740993, 123456.789];

    private static readonly float[] Floats = [0, -0f, 1, -1, 0.1f, 1f / 3, 0.123456789f, 1e-30f, 1e30f, float.MaxValue, -float.MaxValue, 16777216, 3.4e-38f];

    private static readonly int[] Ints = [0, 1, -1, 11, 42, int.MaxValue, int.MinValue];

    private static readonly long[] Longs = [0, 1, -1, 11, 42, long.MaxValue, long.MinValue, 9007199254740993, (long)int.MaxValue + 1];

    private static readonly DateOnly[] Dates = [new(2024, 2, 29), new(2024, 3, 31), new(1970, 1, 1), new(1969, 12, 31), new(1900, 1, 1), new(2000, 2, 28)];

    private static readonly DateOnly[] ExtremeDates = [new(1, 1, 2), new(9999, 12, 31), new(1, 1, 1)];

    private static readonly DateTime[] ExtremeInstants = [Utc(1, 1, 1), Utc(1, 1, 2), Utc(9999, 12, 31).AddTicks(TimeSpan.TicksPerDay - 10)];

    private static readonly DateTime[] Instants =
        [Utc(1970, 1, 1), Utc(1969, 12, 31).AddTicks(TimeSpan.TicksPerDay - 10), Utc(1969, 12, 31).AddTicks(TimeSpan.TicksPerDay - 4), Utc(2024, 3, 31).AddHours(2.5), Utc(2038, 1, 20), Utc(1901, 5, 6).AddTicks(12_345)];

    public static DateTime Utc(int year, int month, int day) => new(year, month, day, 0, 0, 0, DateTimeKind.Utc);

    public bool Chance(double probability) => random.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    public int Between(int low, int high) => random.Next(low, high + 1);

    public object? Value(FeatureType type, double nulls) => Chance(nulls) ? null : Value(type);

    public object Value(FeatureType type) => type.Kind switch
    {
        FeatureKind.Bool => Chance(0.5),
        FeatureKind.Int32 => Chance(0.5) ? random.Next(-50, 50) : Pick(Ints),
        FeatureKind.Int64 => Chance(0.5) ? random.NextInt64(-5_000_000_000, 5_000_000_000) : Pick(Longs),
        FeatureKind.Float32 => Float(),
        FeatureKind.Float64 => Double(),
        FeatureKind.Decimal => Decimal(type.Precision, type.Scale),
        FeatureKind.String => Text(),
        FeatureKind.Bytes => Bytes(),
        FeatureKind.Date => Date(),
        FeatureKind.Timestamp => Timestamp(),
        FeatureKind.Guid => Guid(),
        FeatureKind.Json => Pick(Documents),
        FeatureKind.FloatVector => Vector(type.Length),
        _ => throw new ArgumentException($"No values for {type}."),
    };

    /// <summary>A key part from a small pool, so that keys meet.</summary>
    public object Key(FeatureType type) => type.Kind switch
    {
        FeatureKind.Bool => Chance(0.5),
        FeatureKind.Int32 => Pick(Ints),
        FeatureKind.Int64 => Pick(Longs),
        FeatureKind.String => options.EdgeBlanks && Chance(0.3) ? Pick(BlankTexts) : Pick(KeyTexts),
        FeatureKind.Date => Pick(Dates),
        FeatureKind.Guid => Guid(),
        _ => throw new ArgumentException($"{type} is no key."),
    };

    /// <summary>A feature type.</summary>
    public FeatureType Type()
    {
        var kind = Pick(options.FeatureKinds);
        return kind switch
        {
            FeatureKind.Bool => FeatureType.Bool,
            FeatureKind.Int32 => FeatureType.Int32,
            FeatureKind.Int64 => FeatureType.Int64,
            FeatureKind.Float32 => FeatureType.Float32,
            FeatureKind.Float64 => FeatureType.Float64,
            FeatureKind.Decimal => DecimalType(),
            FeatureKind.Bytes => FeatureType.Bytes,
            FeatureKind.Date => FeatureType.Date,
            FeatureKind.Timestamp => FeatureType.Timestamp,
            FeatureKind.Guid => FeatureType.Guid,
            FeatureKind.Json => FeatureType.Json,
            FeatureKind.FloatVector => Chance(0.5) ? FeatureType.FloatVector : FeatureType.Vector(Between(1, 4)),
            _ => FeatureType.String,
        };
    }

    private FeatureType DecimalType()
    {
        var precision = Chance(0.3) ? options.MaxDecimalPrecision : Between(1, options.MaxDecimalPrecision);
        return FeatureType.Decimal(precision, Chance(0.2) ? precision : Between(0, precision));
    }

    private double Double() => random.NextDouble() switch
    {
        < 0.08 when options.NotANumber => double.NaN,
        < 0.12 when options.Infinities => double.PositiveInfinity,
        < 0.16 when options.Infinities => double.NegativeInfinity,
        < 0.5 => Pick(Doubles),
        _ => (random.NextDouble() - 0.5) * 1000,
    };

    private float Float() => random.NextDouble() switch
    {
        < 0.08 when options.NotANumber => float.NaN,
        < 0.12 when options.Infinities => float.PositiveInfinity,
        < 0.16 when options.Infinities => float.NegativeInfinity,
        < 0.5 => Pick(Floats),
        _ => (random.NextSingle() - 0.5f) * 1000,
    };

    private decimal Decimal(int precision, int scale)
    {
        var digits = new string([.. Enumerable.Range(0, precision).Select(_ => (char)('0' + random.Next(10)))]);
        var text = random.Next(4) switch
        {
            0 => new string('9', precision),
            1 => new string('0', precision - 1) + "1",
            _ => digits,
        };
        var number = $"{text[..(precision - scale)]}.{text[(precision - scale)..]}";
        return decimal.Parse($"{(Chance(0.3) ? "-" : "")}0{number}", NumberStyles.Number, CultureInfo.InvariantCulture);
    }

    private string Text() => random.NextDouble() switch
    {
        < 0.05 when options.NulCharacters => "nul\0inside",
        < 0.06 when options.LongValues => new string('x', 9_999) + "é",
        < 0.15 when options.EdgeBlanks => Pick(BlankTexts),
        _ => Pick(Texts),
    };

    private byte[] Bytes()
    {
        var bytes = new byte[Chance(0.2) ? 0 : options.LongValues && Chance(0.02) ? 10_000 : Between(1, 6)];
        random.NextBytes(bytes);
        return bytes;
    }

    private DateOnly Date() => options.ExtremeTimes && Chance(0.1) ? Pick(ExtremeDates) : Pick(Dates).AddDays(random.Next(5));

    private DateTime Timestamp() => random.NextDouble() switch
    {
        < 0.1 when options.ExtremeTimes => Pick(ExtremeInstants),
        < 0.5 => Pick(Instants),
        _ => Utc(2024, 1, 1).AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 365)),
    };

    private Guid Guid()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return Chance(0.1) ? System.Guid.Empty : new(bytes);
    }

    private float[] Vector(int length)
    {
        var count = length > 0 ? length : Between(0, 5);
        return [.. Enumerable.Range(0, count).Select(_ => Chance(0.3) ? Pick(Floats) : random.NextSingle())];
    }
}
