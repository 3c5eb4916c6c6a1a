namespace Distiller.SqlKataInterop;

/// <summary>How a statement becomes a SqlKata query.</summary>
public enum SqlKataShape
{
    /// <summary>
    /// As clauses of SqlKata: tables, joins, columns, conditions and common tables can be looked at and added to. Only what SqlKata has no words for (expressions, windows, names with dots or blanks) is raw text.
    /// The spine's alias is <c>spine</c>, and each join's is its prefix.
    /// </summary>
    Structured,

    /// <summary>
    /// As text: every common table and the answer itself is a raw common table, and the query selects from the last one, by its output columns. For wide training sets it compiles far faster than <see cref="Structured"/>.
    /// </summary>
    CteText,
}
