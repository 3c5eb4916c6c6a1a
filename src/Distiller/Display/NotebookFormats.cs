namespace Distiller;

/// <summary>The formats a value of ours shows in. What is shown is in memory: no formatter runs a query, walks a stream or throws.</summary>
internal sealed class NotebookFormats
{
    public const string Html = "text/html";
    public const string Plain = "text/plain";
    public const string Csv = "text/csv";
    public const string Mermaid = "text/vnd.mermaid";

    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new NotebookFormat(Html, static value => Shown.Html(value)),
        new NotebookFormat(Plain, static value => Shown.Text(value)),
        new NotebookFormat(Csv, static value => value is Preview preview ? Grid.Of(preview).ToCsv() : null),
        new NotebookFormat(Mermaid, static value => value is Diagram diagram ? diagram.ToMermaid() : null),
    ];
}

/// <summary>One format. Its members have the names and the shape that .NET Interactive looks for.</summary>
internal sealed class NotebookFormat(string mimeType, Func<object, string?> show)
{
    public string MimeType { get; } = mimeType;

    public bool Format(object value, TextWriter writer)
    {
        if (show(value) is not { } text)
        {
            return false;
        }

        writer.Write(text);
        return true;
    }
}
