using System.Data;

namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>Opens a reader whose every column has a type, also those of the spine: what column-wise shapes are filled from.</summary>
    /// <param name="statement">A training set, latest or unload.</param>
    /// <param name="types">Types for columns of the spine that the provider's own does not tell, by name.</param>
    /// <param name="cancellationToken">Watched before each statement.</param>
    internal async Task<TypedColumns> ReadColumnsAsync(Statement statement, IReadOnlyDictionary<string, FeatureType>? types, CancellationToken cancellationToken)
    {
        var reader = await OpenAsync(statement, CommandBehavior.Default, cancellationToken, (columns, instant) => TypedColumns.Declare(columns, instant, types)).ConfigureAwait(false);
        try
        {
            return new(reader);
        }
        catch
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
