using SqlKata;
using SqlKata.Compilers;

namespace Distiller.SqlKataInterop;

/// <summary>Statements of Distiller as SqlKata queries, and SqlKata queries as spines.</summary>
public static class SqlKataExtensions
{
    /// <summary>A statement as a SqlKata query, to be composed further and compiled with <see cref="CompilerFor"/>.</summary>
    /// <param name="statement">A training set, latest, unload or why; or a training set appended to a table, which is an INSERT.</param>
    /// <param name="dialect">The dialect; the query holds its spellings, and compiles with its compiler only.</param>
    /// <param name="shape">As clauses, or as text.</param>
    /// <remarks>
    /// Compose with <c>Where</c>, <c>OrderBy</c>, <c>Limit</c>, <c>Join</c>, or put the query into another with <c>With(name, query)</c>. Not with <c>From(query, alias)</c>: SqlKata drops the common tables of a query within another, silently.
    /// Text and plain numbers become bindings; instants, dates, decimals, vectors and NULL stand in the text. SqlKata's queries change: keep none of them for a second use, call this again.
    /// </remarks>
    /// <exception cref="NotSupportedException">The statement is no SELECT or INSERT ... SELECT, has rows in memory, or holds a name SqlKata breaks; the message names the cause.</exception>
    /// <exception cref="UnsupportedByDialectException">The dialect cannot do it; the message names the way out (I4).</exception>
    public static Query ToSqlKata(this Statement statement, SqlDialect dialect, SqlKataShape shape = SqlKataShape.Structured)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(dialect);
        var lowering = new Lowering(dialect);
        return Statements.Of(statement, dialect) switch
        {
            { Insert: { } insert } => Emitter.Query(lowering.Insert(insert, shape)),
            { Query: { } query } => Emitter.Query(shape == SqlKataShape.CteText ? lowering.CteText(query) : lowering.Structured(query)),
            _ => throw new NotSupportedException(statement.GetType().Name),
        };
    }

    /// <summary>SqlKata's compiler for a dialect; <see cref="DuckDbCompiler"/> for DuckDB.</summary>
    /// <exception cref="NotSupportedException">SqlKata has none for the dialect.</exception>
    public static Compiler CompilerFor(SqlDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        return dialect == SqlDialect.Sqlite ? new SqliteCompiler()
            : dialect == SqlDialect.PostgreSql ? new PostgresCompiler()
            : dialect == SqlDialect.DuckDb ? new DuckDbCompiler()
            : throw new NotSupportedException($"SqlKata has no compiler for {dialect.Name}.");
    }

    /// <summary>A SqlKata query as a spine. It is compiled for the dialect, and its bindings become literals of its text.</summary>
    /// <param name="query">The query; it is not changed, unless it is an aggregate, which SqlKata's compilers change.</param>
    /// <param name="dialect">The dialect the training set will be printed or run for.</param>
    /// <exception cref="NotSupportedException">A binding is of a type without a literal.</exception>
    /// <exception cref="ArgumentException">A '?' in a name or a text makes places and bindings differ.</exception>
    public static Spine ToSpine(this Query query, SqlDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(query);
        var compiled = CompilerFor(dialect).Compile(query);
        return Spine.Query(BoundText.Of(compiled.RawSql, [.. Helper.Flatten(compiled.Bindings)], dialect));
    }
}
