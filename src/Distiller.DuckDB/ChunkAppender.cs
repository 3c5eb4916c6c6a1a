using System.Data.Common;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using NativeAppender = DuckDB.NET.Native.DuckDBAppender;

namespace Distiller;

/// <summary>The engine's appender, fed by whole chunks of columns: half the cost of handing it value after value.</summary>
internal sealed class ChunkAppender : IDisposable
{
    private static readonly int Capacity = (int)NativeMethods.Helpers.DuckDBVectorSize();

    private readonly string table;
    private readonly ChunkColumn[] columns;
    private readonly NativeAppender appender;
    private readonly IReadOnlyList<DuckDBLogicalType> types = [];
    private readonly DuckDBDataChunk? chunk;
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
            chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk([.. types.Select(type => type.DangerousGetHandle())], (ulong)types.Count);
            Attach();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Takes the reader's row at hand. A failure half way leaves the row untaken.</summary>
    public void Append(DbDataReader rows)
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

        if (++filled == Capacity)
        {
            HandOver();
        }
    }

    /// <summary>Writes what is left.</summary>
    public void Finish()
    {
        HandOver();
        Check(NativeMethods.Appender.DuckDBAppenderClose(appender));
    }

    /// <summary>Throws away what the engine has not written yet: disposing of the appender would write it.</summary>
    public void Abandon() => NativeMethods.Appender.DuckDBAppenderClear(appender);

    public void Dispose()
    {
        chunk?.Dispose();
        foreach (var type in types)
        {
            type.Dispose();
        }

        appender.Dispose();
    }

    private void HandOver()
    {
        NativeMethods.DataChunks.DuckDBDataChunkSetSize(chunk!, (ulong)filled);
        Check(NativeMethods.Appender.DuckDBAppendDataChunk(appender, chunk!));
        NativeMethods.DataChunks.DuckDBDataChunkReset(chunk!);
        filled = 0;
        Attach();
    }

    private void Attach()
    {
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Attach(NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk!, i));
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
