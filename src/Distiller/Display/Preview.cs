namespace Distiller;

/// <summary>The first rows of a result, in memory. It shows as a flat table in a notebook, and as aligned text elsewhere.</summary>
[TypeFormatterSource(typeof(NotebookFormats), PreferredMimeTypes = [NotebookFormats.Html, NotebookFormats.Plain, NotebookFormats.Csv])]
public sealed record Preview
{
    internal Preview(string title, IEnumerable<string> columns, IEnumerable<IReadOnlyList<object?>> rows, bool hasMore)
    {
        Title = title;
        Columns = ValueList<string>.Of(columns);
        Rows = ValueList<IReadOnlyList<object?>>.Of(rows);
        HasMore = hasMore;
    }

    /// <summary>What the rows are of.</summary>
    public string Title { get; }

    /// <summary>The columns' names, in order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows; null = NULL, instants in UTC.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Rows { get; }

    /// <summary>Whether the result has more rows than these.</summary>
    public bool HasMore { get; }

    /// <summary>The rows as a table of aligned text.</summary>
    public override string ToString() => Grid.Of(this).ToText();
}
