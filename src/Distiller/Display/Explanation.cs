namespace Distiller;

/// <summary>How a training set is answered: strategies and why, notes, the SQL, a missing index with its DDL, the engine's plan.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record Explanation
{
    internal Explanation(SqlDialect dialect, string text)
    {
        Dialect = dialect;
        Text = text;
    }

    /// <summary>The dialect.</summary>
    public SqlDialect Dialect { get; }

    /// <summary>All of it as SQL with comments.</summary>
    public string Text { get; }

    /// <summary>The text.</summary>
    public static implicit operator string(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return explanation.Text;
    }

    /// <summary>All of it as SQL with comments.</summary>
    public override string ToString() => Text;
}
