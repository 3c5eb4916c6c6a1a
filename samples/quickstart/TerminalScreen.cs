using Spectre.Console;

namespace Quickstart;

internal sealed class TerminalScreen : Screen
{
    public override void Heading(string text)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(text)}[/]").LeftJustified());
    }

    public override void Line(string text) => AnsiConsole.Console.WriteLine(text);

    public override void Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        for (var i = 0; i < columns.Count; i++)
        {
            var column = new TableColumn(Markup.Escape(columns[i])) { NoWrap = i == 0 };
            table.AddColumn(IsNumbers(rows, i) ? column.RightAligned() : column);
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        AnsiConsole.Write(table);
    }

    public override Task WorkAsync(IReadOnlyList<(string Name, long Total)> parts, Func<IReadOnlyList<IBar>, Task> work) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
        .StartAsync(async progress =>
        {
            var bars = parts.Select(part => new Bar(part.Name, progress.AddTask(Markup.Escape(part.Name), maxValue: Math.Max(1, part.Total)))).ToList();
            await work(bars);
            bars.ForEach(bar => bar.Finish());
        });

    private sealed class Bar(string name, ProgressTask task) : IBar
    {
        public void Advance(long by) => task.Increment(by);

        public void Says(string step) => task.Description = $"{Markup.Escape(name)} [grey]{Markup.Escape(step)}[/]";

        public void Tells(string line)
        {
        }

        public void Finish()
        {
            task.Description = Markup.Escape(name);
            task.Value = task.MaxValue;
        }
    }
}
