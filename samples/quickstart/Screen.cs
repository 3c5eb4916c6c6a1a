using Spectre.Console;

namespace Quickstart;

/// <summary>Where the job tells what it does: tables and progress bars for a person at a terminal, plain lines for a file or a pipe.</summary>
internal abstract class Screen
{
    public static Screen ForConsole() => AnsiConsole.Profile.Out.IsTerminal && AnsiConsole.Profile.Capabilities.Ansi ? new TerminalScreen() : new PlainScreen();

    /// <summary>Begins a part of the output.</summary>
    public abstract void Heading(string text);

    public abstract void Line(string text);

    /// <summary>Text that must stay as it is, line ends included.</summary>
    public void Verbatim(string text) => Console.Out.WriteLine(text.TrimEnd());

    /// <summary>A table; columns of numbers are aligned right.</summary>
    public abstract void Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows);

    /// <summary>Does something that takes a while, with a bar for each of its parts.</summary>
    public abstract Task WorkAsync(IReadOnlyList<(string Name, long Total)> parts, Func<IReadOnlyList<IBar>, Task> work);

    protected static bool IsNumbers(IReadOnlyList<IReadOnlyList<string>> rows, int column) => rows.All(row => row[column].All(letter => char.IsAsciiDigit(letter) || letter is ',' or '.' or '-'));
}

/// <summary>How far one part of the work is.</summary>
internal interface IBar
{
    void Advance(long by);

    /// <summary>What is being done just now.</summary>
    void Says(string step);

    /// <summary>Something worth a line of its own where there are no bars.</summary>
    void Tells(string line);
}
