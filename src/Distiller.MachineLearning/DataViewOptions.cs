using System.Collections.Frozen;

namespace Distiller;

/// <summary>How rows become an <see cref="Microsoft.ML.IDataView"/>.</summary>
public sealed record DataViewOptions
{
    /// <summary>The columns to take, in this order; null = all. What is left out need not be of a type ML.NET can hold.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Types for columns of the spine, by name, where the provider's own type does not tell: an expression on SQLite, a sum of whole numbers on DuckDB. Features have their declared types.</summary>
    public IReadOnlyDictionary<string, FeatureType> Types { get; init; } = FrozenDictionary<string, FeatureType>.Empty;
}
