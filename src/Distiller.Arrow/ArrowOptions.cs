using System.Collections.Frozen;

namespace Distiller;

/// <summary>How rows become Arrow record batches.</summary>
public sealed record ArrowOptions
{
    /// <summary>The rows of a batch; the last has what is left. Memory is proportional to this and not to the result. Default 65,536.</summary>
    public int BatchRows { get; init; } = 65_536;

    /// <summary>Types for columns of the spine, by name, where the provider's own type does not tell: an expression on SQLite, a sum of whole numbers on DuckDB. Features have their declared types.</summary>
    public IReadOnlyDictionary<string, FeatureType> Types { get; init; } = FrozenDictionary<string, FeatureType>.Empty;
}
