namespace Distiller;

/// <summary>A statement failed in the database (I5): the message says which statement of which feature set, the inner exception is the provider's own.</summary>
public sealed class StatementFailedException : Exception
{
    /// <summary>An exception without a message of its own.</summary>
    public StatementFailedException()
    {
    }

    /// <summary>An exception with a message.</summary>
    public StatementFailedException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and its cause.</summary>
    public StatementFailedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What the statement was for.</summary>
    public string? Purpose { get; internal init; }

    /// <summary>The statement's text.</summary>
    public string? Sql { get; internal init; }
}
