using System.Data.Common;

namespace Distiller;

/// <summary>
/// A provider's fast paths: loading rows in bulk, streaming a result, telling a passing fault. Passed in <see cref="FeatureStoreOptions"/>; nothing is registered globally.
/// Without one, any provider works, more slowly.
/// </summary>
public interface IDatabaseDriver
{
    /// <summary>The dialect the driver's databases speak.</summary>
    SqlDialect Dialect { get; }

    /// <summary>Whether the driver's provider made this connection.</summary>
    bool Serves(DbConnection connection);

    /// <summary>Loads rows into a table that exists, within the transaction given.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">The transaction to load within; null = none is open.</param>
    /// <param name="target">The table and its columns, in the reader's order.</param>
    /// <param name="rows">
    /// The rows, one column per target column. Read each column by the getter of its declared type: <c>GetBoolean</c>, <c>GetInt32</c>, <c>GetInt64</c>, <c>GetFloat</c>, <c>GetDouble</c>, <c>GetDecimal</c>,
    /// <c>GetString</c>, <c>GetDateTime</c> (kind Utc, for every kind of instant), <c>GetGuid</c>, or <c>GetFieldValue</c> of <see cref="DateOnly"/>, byte[] or float[].
    /// </param>
    /// <param name="cancellationToken">Watched between rows.</param>
    /// <returns>The rows loaded.</returns>
    Task<long> LoadAsync(DbConnection connection, DbTransaction? transaction, LoadTarget target, DbDataReader rows, CancellationToken cancellationToken);

    /// <summary>Makes a command hand out rows as the database finds them instead of collecting them first, where the provider needs to be told.</summary>
    void Stream(DbCommand command);

    /// <summary>Whether a failure may pass when the transaction is run again.</summary>
    bool IsTransient(DbException failure);
}
