namespace Distiller;

/// <summary>A row cannot be published (B5, B6): the message names feature set, table, row and column, and nothing was written.</summary>
public sealed class RowRefusedException : Exception
{
    /// <summary>An exception without a message of its own.</summary>
    public RowRefusedException()
    {
    }

    /// <summary>An exception with a message.</summary>
    public RowRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and its cause.</summary>
    public RowRefusedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The feature set, or "the spine".</summary>
    public string? FeatureSet { get; internal init; }

    /// <summary>The row's number in its source, from 1; null where the source has no order.</summary>
    public long? Row { get; internal init; }

    /// <summary>The column, where one is to blame.</summary>
    public string? Column { get; internal init; }
}
