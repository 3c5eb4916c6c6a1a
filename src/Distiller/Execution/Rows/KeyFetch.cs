namespace Distiller;

/// <summary>Takes a column's value from a row that is a dictionary, by key.</summary>
internal sealed class KeyFetch<TRow>(Cell cell) : Fetch<TRow>(cell)
{
    private readonly bool mayBeAbsent = cell.Column.MayBeAbsent;

    // The spelling the rows use; they rarely change it on the way.
    private string key = cell.Column.Name;

    public static bool Takes(Type type) =>
        type == typeof(object) || typeof(IDictionary<string, object?>).IsAssignableFrom(type) || typeof(IReadOnlyDictionary<string, object?>).IsAssignableFrom(type);

    public override string? Read(TRow row) => TryGet(row!, out var value) ? Put(value) : ReadAnotherKey(row!);

    private string? ReadAnotherKey(object row)
    {
        var keys = Keys(row);
        var position = ColumnMatch.Position(keys, Column);
        if (position >= 0)
        {
            key = keys[position];
            return TryGet(row, out var value) ? Put(value) : PutAbsent();
        }

        return mayBeAbsent ? PutAbsent() : $"the row has no such key (its keys are {Names.Printable(string.Join(", ", keys))}); add it, with null where there is no value";
    }

    private bool TryGet(object row, out object? value) => row switch
    {
        IDictionary<string, object?> dictionary => dictionary.TryGetValue(key, out value),
        IReadOnlyDictionary<string, object?> dictionary => dictionary.TryGetValue(key, out value),
        _ => throw NoDictionary(row),
    };

    private static IReadOnlyList<string> Keys(object row) => row switch
    {
        IDictionary<string, object?> dictionary => [.. dictionary.Keys],
        IReadOnlyDictionary<string, object?> dictionary => [.. dictionary.Keys],
        _ => throw NoDictionary(row),
    };

    private static ArgumentException NoDictionary(object row)
    {
        var type = Problem.TypeName(row.GetType());
        return new($"Rows declared as {Problem.TypeName(typeof(TRow))} are taken as dictionaries by column name, and this one is a {type}; declare the rows as what they are, with Cast<{type}>() for example.");
    }
}
