namespace Quickstart;

/// <summary>Something the person at the keyboard can put right: told in one line, without a stack trace.</summary>
internal sealed class UserMistakeException : Exception
{
    public UserMistakeException()
    {
    }

    public UserMistakeException(string message)
        : base(message)
    {
    }

    public UserMistakeException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
