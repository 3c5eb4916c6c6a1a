using System.Globalization;

namespace Distiller;

/// <summary>What was erased from one table.</summary>
/// <param name="FeatureSet">The feature set the table belongs to.</param>
/// <param name="Table">The table.</param>
/// <param name="Rows">The rows erased.</param>
public sealed record ErasedTable(string FeatureSet, TableName Table, long Rows);

/// <summary>What an erasure did. Every count comes from a query, within its transaction.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record EraseResult
{
    /// <summary>The entity.</summary>
    public required string Entity { get; init; }

    /// <summary>The different keys that were asked for.</summary>
    public long Keys { get; init; }

    /// <summary>Every table that was reached, and the rows erased from it.</summary>
    public IReadOnlyList<ErasedTable> Tables { get; init; } = [];

    /// <summary>How many of the keys no table had: there was nothing of them to erase.</summary>
    public long MissingKeys { get; init; }

    /// <summary>Those keys, each in the entity's key order; the first hundred, in no order.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> SomeMissingKeys { get; init; } = [];

    /// <summary>What may still hold the keys, in words.</summary>
    public IReadOnlyList<string> NotReached { get; init; } = [];

    /// <summary>The result in a few lines.</summary>
    public override string ToString()
    {
        var lines = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{Entity}: {Keys} keys asked for, {MissingKeys} of them in no table") };
        if (MissingKeys > 0)
        {
            lines.Add("not there: " + string.Join("; ", SomeMissingKeys.Take(5).Select(key => string.Join(", ", key.Select(part => Names.Printable(Convert.ToString(part, CultureInfo.InvariantCulture) ?? "NULL"))))) + (MissingKeys > 5 ? "; …" : ""));
        }

        lines.AddRange(Tables.Select(table => string.Create(CultureInfo.InvariantCulture, $"{table.FeatureSet}: {table.Rows} rows of {table.Table}")));
        lines.AddRange(NotReached);
        return string.Join(Environment.NewLine, lines);
    }
}
