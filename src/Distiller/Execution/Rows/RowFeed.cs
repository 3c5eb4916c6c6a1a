using System.Data.Common;

namespace Distiller;

/// <summary>Rows one after the other, whatever they come from.</summary>
internal abstract class RowFeed<TRow> : IDisposable
{
    public abstract TRow Current { get; }

    public abstract bool MoveNext();

    public abstract ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken);

    public abstract void Dispose();
}

internal sealed class EnumeratedFeed<TRow>(IEnumerator<TRow> rows) : RowFeed<TRow>
{
    public override TRow Current => rows.Current;

    public override bool MoveNext() => rows.MoveNext();

    public override ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => new(rows.MoveNext());

    public override void Dispose() => rows.Dispose();
}

internal sealed class StreamedFeed<TRow>(IAsyncEnumerator<TRow> rows) : RowFeed<TRow>
{
    public override TRow Current => rows.Current;

    public override bool MoveNext() => MoveNextAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => rows.MoveNextAsync();

    public override void Dispose() => rows.DisposeAsync().AsTask().GetAwaiter().GetResult();
}

internal sealed class ReaderFeed(DbDataReader reader) : RowFeed<DbDataReader>
{
    public override DbDataReader Current => reader;

    public override bool MoveNext() => reader.Read();

    public override ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken) => new(reader.ReadAsync(cancellationToken));

    /// <summary>The reader is the caller's.</summary>
    public override void Dispose()
    {
    }
}
