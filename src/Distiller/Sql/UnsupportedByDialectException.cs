namespace Distiller;

/// <summary>What was asked cannot be said in a dialect (I4). The message names the dialect, the need and the way out.</summary>
public sealed class UnsupportedByDialectException : NotSupportedException
{
    /// <summary>An exception without a message of its own.</summary>
    public UnsupportedByDialectException()
    {
    }

    /// <summary>An exception with a message.</summary>
    public UnsupportedByDialectException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and its cause.</summary>
    public UnsupportedByDialectException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal UnsupportedByDialectException(SqlDialect dialect, string need, string wayOut)
        : base($"{dialect.Name} cannot do this: {need}. {wayOut}")
    {
    }
}
