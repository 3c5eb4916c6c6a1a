namespace Quickstart;

internal sealed class PlainScreen : Screen
{
    public override void Heading(string text)
    {
        Console.Out.WriteLine();
        Console.Out.WriteLine("== " + text);
    }

    public override void Line(string text) => Console.Out.WriteLine(text);

    public override void Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Length).Max()).ToList();
        var numbers = columns.Select((_, i) => IsNumbers(rows, i)).ToList();
        foreach (var row in rows.Prepend(columns))
        {
            var cells = row.Select((cell, i) => numbers[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            Console.Out.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    public override Task WorkAsync(IReadOnlyList<(string Name, long Total)> parts, Func<IReadOnlyList<IBar>, Task> work) => work([.. parts.Select(_ => new Bar())]);

    private sealed class Bar : IBar
    {
        public void Advance(long by)
        {
        }

        public void Says(string step)
        {
        }

        public void Tells(string line) => Console.Out.WriteLine(line);
    }
}
