using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Distiller;

/// <summary>Results of a <see cref="FeatureStore"/> as Apache Arrow record batches.</summary>
/// <remarks>
/// Types: bool, int32, int64, float, double, decimal128(precision, scale), utf8, binary, date32, timestamp[us, UTC], arrow.uuid, JSON as utf8 with the extension name <c>arrow.json</c>,
/// a vector of fixed length as fixed_size_list of float, of any length as list of float, an ordinal as int64. Every column may be NULL.
/// </remarks>
public static class ArrowReading
{
    /// <summary>Streams a training set, latest or unload as record batches, in memory that does not grow with the result (where the driver streams).</summary>
    /// <param name="store">The store; its connection is in use until the stream ends.</param>
    /// <param name="statement">A training set, latest or unload.</param>
    /// <param name="options">Rows per batch, types of spine columns; null = the defaults.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    /// <returns>Batches of <see cref="ArrowOptions.BatchRows"/> rows, the caller's to dispose of; an empty result is one batch of no rows, so that its schema is not lost.</returns>
    /// <exception cref="ArgumentException">A type is given for a column that is not there, or a spine column has none.</exception>
    /// <exception cref="InvalidCastException">A value does not fit the type of its column; the message names both.</exception>
    public static async IAsyncEnumerable<RecordBatch> ReadArrowAsync(
        this FeatureStore store, Statement statement, ArrowOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(statement);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchRows, 1, nameof(options));
        var source = await store.ReadColumnsAsync(statement, options.Types, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var filler = new BatchFiller(source, options.BatchRows);
            for (var isFirst = true; await filler.FillAsync(cancellationToken).ConfigureAwait(false) is var batch && (batch.Length > 0 || isFirst); isFirst = false)
            {
                yield return batch;
                if (batch.Length < options.BatchRows)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>Writes a training set, latest or unload to a stream as an Arrow IPC file ("Feather 2"), batch by batch. The stream stays open.</summary>
    /// <returns>The rows written.</returns>
    public static async Task<long> WriteArrowAsync(this FeatureStore store, Statement statement, Stream stream, ArrowOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var rows = 0L;
        ArrowFileWriter? writer = null;
        try
        {
            await foreach (var batch in store.ReadArrowAsync(statement, options, cancellationToken).ConfigureAwait(false))
            {
                using (batch)
                {
                    if (writer is null)
                    {
                        writer = new(stream, batch.Schema, leaveOpen: true);
                        await writer.WriteStartAsync(cancellationToken).ConfigureAwait(false);
                    }

                    rows += batch.Length;
                    if (batch.Length > 0)
                    {
                        await writer.WriteRecordBatchAsync(batch, cancellationToken).ConfigureAwait(false);
                    }
                }
            }

            await writer!.WriteEndAsync(cancellationToken).ConfigureAwait(false);
            return rows;
        }
        finally
        {
            writer?.Dispose();
        }
    }

    /// <summary>Writes a training set, latest or unload as an Arrow IPC file. It is written beside its place and moved there once it is whole: a failure leaves what was there.</summary>
    /// <returns>The rows written.</returns>
    public static async Task<long> WriteArrowFileAsync(this FeatureStore store, Statement statement, string path, ArrowOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var beside = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            long rows;
            var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16, useAsync: true);
            await using (file.ConfigureAwait(false))
            {
                rows = await store.WriteArrowAsync(statement, file, options, cancellationToken).ConfigureAwait(false);
            }

            File.Move(beside, path, overwrite: true);
            return rows;
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
