namespace Distiller;

/// <summary>Takes one column of a result, part by part.</summary>
internal abstract class ColumnSink
{
    /// <summary>Begins a part of at most so many rows.</summary>
    public abstract void Begin(int rows);

    /// <summary>Takes the reader's current row as the part's row.</summary>
    public abstract void Append(TypedReader reader, int row);
}
