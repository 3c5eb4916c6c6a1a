using System.Data.Common;
using System.Globalization;
using System.IO.Compression;
namespace Distiller.Databases.Tests.Flights;

/// <summary>What other systems answered, on which they agree row for row.</summary>
internal sealed class ExpectedCase
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, ExpectedCase> Read = new();

    private readonly string name;
    private readonly string[] columns;
    private readonly string[] key;
    private readonly Dictionary<string, object?[]> rows = [];

    private ExpectedCase(string name, IReadOnlyDictionary<string, Type> types, string[] key)
    {
        using var file = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Flights", "expected", name + ".csv.gz")), CompressionMode.Decompress));
        this.name = name;
        this.key = key;
        columns = file.ReadLine()!.Split(',');
        var kinds = columns.Select(column => types[column]).ToArray();
        var positions = key.Select(part => Array.IndexOf(columns, part)).ToArray();
        while (file.ReadLine() is { } line)
        {
            object?[] row = [.. Fields(line).Select((text, i) => Parse(text, kinds[i]))];
            rows.Add(KeyOf(positions.Select(i => row[i])), row);
        }
    }

    public static ExpectedCase Of(string name, IReadOnlyDictionary<string, Type> types, params string[] key) => Read.GetOrAdd(name, _ => new(name, types, key));

    /// <summary>The same rows by key, each column of the expectation equal by type.</summary>
    public async Task AssertEqualAsync(DbDataReader actual, string context)
    {
        Assert.NotEmpty(rows);
        var ordinals = columns.Select(actual.GetOrdinal).ToArray();
        var keys = key.Select(actual.GetOrdinal).ToArray();
        var seen = new HashSet<string>();
        await using (actual)
        {
            while (await actual.ReadAsync())
            {
                var found = KeyOf(keys.Select(actual.GetValue));
                Assert.True(seen.Add(found), found);
                var expected = rows[found];
                for (var i = 0; i < expected.Length; i++)
                {
                    var value = actual.IsDBNull(ordinals[i]) ? null : actual.GetValue(ordinals[i]);
                    if (!(Equals(expected[i], value) || Reference.Values.Same(expected[i], value)))
                    {
                        Assert.Fail($"{context}, {name}, {found}: {columns[i]} is {Reference.Values.Show(value)}, expected {Reference.Values.Show(expected[i])}");
                    }
                }
            }
        }

        if (seen.Count != rows.Count)
        {
            Assert.Fail($"{context}, {name}: {rows.Count} rows expected, {seen.Count} came");
        }
    }

    private static string KeyOf(IEnumerable<object?> parts) => string.Join("|", parts.Select(part => Convert.ToString(part, CultureInfo.InvariantCulture)));

    private static IEnumerable<string> Fields(string line) => line.Contains('"', StringComparison.Ordinal) ? throw new InvalidDataException($"A quoted field: {line}") : line.Split(',');

    private static object? Parse(string text, Type type) =>
        text.Length == 0 ? null
        : type == typeof(int) ? int.Parse(text, CultureInfo.InvariantCulture)
        : type == typeof(long) ? long.Parse(text, CultureInfo.InvariantCulture)
        : type == typeof(double) ? double.Parse(text, CultureInfo.InvariantCulture)
        : type == typeof(decimal) ? decimal.Parse(text, CultureInfo.InvariantCulture)
        : type == typeof(bool) ? bool.Parse(text)
        : type == typeof(DateTime) ? DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
        : text;
}
