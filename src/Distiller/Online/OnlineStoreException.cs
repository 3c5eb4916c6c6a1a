namespace Distiller;

/// <summary>An online store failed, or holds what it should not: the message says at what and what to do; the client's own exception is inside.</summary>
public sealed class OnlineStoreException : Exception
{
    /// <summary>An exception without a message of its own.</summary>
    public OnlineStoreException()
    {
    }

    /// <summary>An exception with a message.</summary>
    public OnlineStoreException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and its cause.</summary>
    public OnlineStoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The key, where one is to blame.</summary>
    public string? Key { get; init; }
}
