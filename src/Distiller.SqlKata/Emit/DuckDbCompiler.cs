using System.Globalization;
using SqlKata;
using SqlKata.Compilers;

namespace Distiller.SqlKataInterop;

/// <summary>
/// SqlKata's SQL for DuckDB: PostgreSQL's, with parameters DuckDB reads (<c>$p0</c>, named <c>p0</c>: <c>@p0</c> would be an absolute value), and LIMIT and OFFSET as numbers, which DuckDB wants within a correlated query.
/// </summary>
public sealed class DuckDbCompiler : PostgresCompiler
{
    /// <summary>A compiler; it keeps nothing between queries.</summary>
    public DuckDbCompiler()
    {
        parameterPrefix = "$p";
        LastId = "";
    }

    /// <summary>The engine's name in <c>Query.For(...)</c>: <c>duckdb</c>.</summary>
    public override string EngineCode { get; } = "duckdb";

    /// <inheritdoc/>
    public override SqlResult Compile(Query query) => Named(base.Compile(query));

    /// <inheritdoc/>
    public override SqlResult Compile(IEnumerable<Query> queries) => Named(base.Compile(queries));

    /// <summary>LIMIT and OFFSET as numbers.</summary>
    public override string CompileLimit(SqlResult ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        var limit = ctx.Query.GetOneComponent<LimitClause>("limit", EngineCode)?.Limit ?? 0;
        var offset = ctx.Query.GetOneComponent<OffsetClause>("offset", EngineCode)?.Offset ?? 0;
        return string.Join(' ', new[] { limit > 0 ? Clause("LIMIT", limit) : null, offset > 0 ? Clause("OFFSET", offset) : null }.Where(clause => clause is not null));

        static string Clause(string word, long number) => string.Create(CultureInfo.InvariantCulture, $"{word} {number}");
    }

    /// <summary>The marker is part of the text, not of the parameter's name.</summary>
    private static SqlResult Named(SqlResult result)
    {
        result.NamedBindings = result.NamedBindings.ToDictionary(binding => binding.Key.TrimStart('$'), binding => binding.Value);
        return result;
    }
}
