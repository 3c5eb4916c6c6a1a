using System.Data.Common;
using DuckDB.NET.Data;
using DuckDBErrorType = DuckDB.NET.Native.DuckDBErrorType;

namespace Distiller;

/// <summary>DuckDB through DuckDB.NET: rows go in by its appender, results are streamed.</summary>
public sealed class DuckDbDriver : IDatabaseDriver
{
    private const int RowsBetweenChecks = 1024;

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.DuckDb;

    /// <inheritdoc/>
    public bool Serves(DbConnection connection) => connection is DuckDBConnection;

    /// <inheritdoc/>
    public async Task<long> LoadAsync(DbConnection connection, DbTransaction? transaction, LoadTarget target, DbDataReader rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(rows);
        using var appender = new ChunkAppender((DuckDBConnection)connection, target);
        var count = 0L;
        try
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (count++ % RowsBetweenChecks == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (appender.Append(rows))
                {
                    await appender.HandOverAsync().ConfigureAwait(false);
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            await appender.FinishAsync().ConfigureAwait(false);
            return count;
        }
        catch
        {
            await appender.AbandonAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Stream(DbCommand command)
    {
        if (command is DuckDBCommand duck)
        {
            duck.UseStreamingMode = true;
        }
    }

    /// <inheritdoc/>
    public bool IsTransient(DbException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.IsTransient || failure is DuckDBException { ErrorType: DuckDBErrorType.Transaction } || Dialect.IsTransient(failure);
    }
}
