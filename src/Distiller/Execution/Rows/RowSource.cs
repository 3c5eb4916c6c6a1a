using System.Data.Common;

namespace Distiller;

/// <summary>Where rows come from, one by one.</summary>
internal abstract class RowSource<TRow>
{
    public abstract TRow Current { get; }

    public abstract bool Move();

    public abstract ValueTask<bool> MoveAsync(CancellationToken cancellationToken);

    public abstract void End();

    public virtual ValueTask EndAsync()
    {
        End();
        return default;
    }
}

internal sealed class EnumerableSource<TRow>(IEnumerable<TRow> rows) : RowSource<TRow>
{
    private IEnumerator<TRow>? enumerator;

    public override TRow Current => enumerator!.Current;

    public override bool Move() => (enumerator ??= rows.GetEnumerator()).MoveNext();

    public override ValueTask<bool> MoveAsync(CancellationToken cancellationToken) => new(Move());

    public override void End() => enumerator?.Dispose();
}

internal sealed class AsyncSource<TRow>(IAsyncEnumerable<TRow> rows, CancellationToken cancellation) : RowSource<TRow>
{
    private IAsyncEnumerator<TRow>? enumerator;

    public override TRow Current => enumerator!.Current;

    public override bool Move() => throw new NotSupportedException("The rows come from an asynchronous source; read them with ReadAsync.");

    public override ValueTask<bool> MoveAsync(CancellationToken cancellationToken) => (enumerator ??= rows.GetAsyncEnumerator(cancellation)).MoveNextAsync();

    public override void End() => EndAsync().AsTask().GetAwaiter().GetResult();

    public override ValueTask EndAsync() => enumerator?.DisposeAsync() ?? default;
}

/// <summary>The caller's reader, which the caller closes.</summary>
internal sealed class ReaderSource(DbDataReader rows) : RowSource<DbDataReader>
{
    public override DbDataReader Current => rows;

    public override bool Move() => rows.Read();

    public override ValueTask<bool> MoveAsync(CancellationToken cancellationToken) => new(rows.ReadAsync(cancellationToken));

    public override void End()
    {
    }
}
