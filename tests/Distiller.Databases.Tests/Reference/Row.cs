using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Distiller.Databases.Tests.Reference;

/// <summary>One row in memory: its columns in order, names compared exactly. Immutable; DBNull is null.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A row of a table is called a row.")]
public sealed class Row : IReadOnlyDictionary<string, object?>
{
    private readonly List<KeyValuePair<string, object?>> cells = [];
    private readonly Dictionary<string, object?> byName = new(StringComparer.Ordinal);

    public Row(IEnumerable<KeyValuePair<string, object?>> cells)
    {
        foreach (var (name, value) in cells)
        {
            var plain = value is DBNull ? null : value;
            byName.Add(name, plain);
            this.cells.Add(new(name, plain));
        }
    }

    public int Count => cells.Count;

    /// <summary>The column names, in order.</summary>
    public IEnumerable<string> Keys => cells.Select(cell => cell.Key);

    public IEnumerable<object?> Values => cells.Select(cell => cell.Value);

    public object? this[string key] => byName.TryGetValue(key, out var value)
        ? value
        : throw new KeyNotFoundException($"The row has no column '{key}'; it has {string.Join(", ", Keys)}.");

    public static Row Of(params (string Name, object? Value)[] cells) =>
        new(cells.Select(cell => KeyValuePair.Create(cell.Name, cell.Value)));

    /// <summary>The row with one value replaced, or a column added at the end.</summary>
    public Row With(string name, object? value) => ContainsKey(name)
        ? new(cells.Select(cell => cell.Key == name ? KeyValuePair.Create(name, value) : cell))
        : new(cells.Append(KeyValuePair.Create(name, value)));

    public Row Without(string name) => new(cells.Where(cell => cell.Key != name));

    public bool ContainsKey(string key) => byName.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value) => byName.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => cells.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => "{" + string.Join(", ", cells.Select(cell => $"{cell.Key}={Reference.Values.Show(cell.Value)}")) + "}";
}
