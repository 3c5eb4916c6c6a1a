namespace Distiller;

/// <summary>Tables are not as a feature set declares them. The message lists every problem with its feature set, table and column, and the way out.</summary>
public sealed class TableMismatchException : Exception
{
    /// <summary>An exception without a message of its own.</summary>
    public TableMismatchException()
    {
    }

    /// <summary>An exception with a message.</summary>
    public TableMismatchException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and its cause.</summary>
    public TableMismatchException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal TableMismatchException(IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>The problems, one a line.</summary>
    public IReadOnlyList<string> Problems { get; } = [];
}
