namespace Distiller;

/// <summary>Something to ask of a database: an immutable value that knows no dialect and no connection, and prints for every dialect.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public abstract record Statement
{
    private protected Statement()
    {
    }

    /// <summary>The statement as SQL for people: values as literals, comments that say which strategy was taken and why. It runs by paste (I2).</summary>
    /// <exception cref="UnsupportedByDialectException">The dialect cannot do it; the message names the way out (I4).</exception>
    public string ToSql(SqlDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        return Build(new PlanScope(dialect, SqlStyle.Literals)).ToSql();
    }

    /// <summary>The statement for machines: ordered steps of text and typed parameters (I2).</summary>
    /// <exception cref="UnsupportedByDialectException">The dialect cannot do it; the message names the way out (I4).</exception>
    public CompiledScript Compile(SqlDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        return Build(new PlanScope(dialect, SqlStyle.Parameters));
    }

    /// <summary>The declared columns of the rows it answers; null where it answers none, or only the database knows them.</summary>
    internal virtual IReadOnlyList<ResultColumn>? Answer => null;

    internal abstract CompiledScript Build(PlanScope context);
}
