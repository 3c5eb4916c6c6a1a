using System.Data.Common;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using NativeAppender = DuckDB.NET.Native.DuckDBAppender;

namespace Distiller;

/// <summary>
/// The engine's appender, fed by whole chunks of columns: half the cost of handing it value after value. There are two chunks: while the engine takes one, the other is filled.
/// The connection is the appender's own until <see cref="FinishAsync"/> or <see cref="AbandonAsync"/> has ended.
/// </summary>
internal sealed class ChunkAppender : IDisposable
{
    private static readonly int Capacity = (int)NativeMethods.Helpers.DuckDBVectorSize();

    private readonly string table;
    private readonly ChunkColumn[] columns;
    private readonly NativeAppender appender;
    private readonly IReadOnlyList<DuckDBLogicalType> types = [];
    private readonly DuckDBDataChunk[] chunks = [];
    private Task handedOver = Task.CompletedTask;
    private int current;
    private int filled;

    public ChunkAppender(DuckDBConnection connection, LoadTarget target)
    {
        table = target.Table.ToString();
        columns = [.. target.Columns.Select(column => ChunkColumn.Of(column.Stored))];
        var state = NativeMethods.Appender.DuckDBAppenderCreateExt(connection.NativeConnection, "temp", "main", target.Table.Name, out appender);
        try
        {
            Check(state);
            types = [.. columns.Select((_, i) => NativeMethods.Appender.DuckDBAppenderColumnType(appender, (ulong)i))];
            var handles = types.Select(type => type.DangerousGetHandle()).ToArray();
            chunks = [.. Enumerable.Range(0, 2).Select(_ => NativeMethods.DataChunks.DuckDBCreateDataChunk(handles, (ulong)handles.Length))];
            Attach();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Takes the reader's row at hand. A failure half way leaves the row untaken. Where it is full afterwards, <see cref="HandOverAsync"/> comes next.</summary>
    /// <returns>Whether the chunk is full.</returns>
    public bool Append(DbDataReader rows)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (rows.IsDBNull(i))
            {
                columns[i].PutNull(filled);
            }
            else
            {
                columns[i].Put(rows, i, filled);
            }
        }

        return ++filled == Capacity;
    }

    /// <summary>Gives the engine the chunk, and begins the other once it is free.</summary>
    public async Task HandOverAsync()
    {
        await handedOver.ConfigureAwait(false);
        var full = chunks[current];
        NativeMethods.DataChunks.DuckDBDataChunkSetSize(full, (ulong)filled);
        handedOver = Task.Run(() =>
        {
            Check(NativeMethods.Appender.DuckDBAppendDataChunk(appender, full));
            NativeMethods.DataChunks.DuckDBDataChunkReset(full);
        });
        current = 1 - current;
        filled = 0;
        Attach();
    }

    /// <summary>Writes what is left.</summary>
    public async Task FinishAsync()
    {
        await HandOverAsync().ConfigureAwait(false);
        await handedOver.ConfigureAwait(false);
        Check(NativeMethods.Appender.DuckDBAppenderClose(appender));
    }

    /// <summary>Throws away what the engine has not written yet: disposing of the appender would write it.</summary>
    public async Task AbandonAsync()
    {
        await handedOver.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        NativeMethods.Appender.DuckDBAppenderClear(appender);
    }

    public void Dispose()
    {
        foreach (var chunk in chunks)
        {
            chunk.Dispose();
        }

        foreach (var type in types)
        {
            type.Dispose();
        }

        appender.Dispose();
    }

    private void Attach()
    {
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Attach(NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunks[current], i));
        }
    }

    private void Check(DuckDBState state)
    {
        if (state == DuckDBState.Success)
        {
            return;
        }

        using var error = NativeMethods.Appender.DuckDBAppenderErrorData(appender);
        throw new LoadFailedException($"Loading {table}: {error.Message}");
    }
}

/// <summary>What the engine's appender says went wrong.</summary>
internal sealed class LoadFailedException(string message) : DbException(message);
