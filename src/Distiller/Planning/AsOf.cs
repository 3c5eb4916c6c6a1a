namespace Distiller;

/// <summary>The ways to find, for a spine row, the history row that wins (P9: the choice changes no value).</summary>
public enum AsOf
{
    /// <summary>The engine's ASOF JOIN. DuckDB. Needs no index.</summary>
    AsofJoin,

    /// <summary>LATERAL with LIMIT 1 over the spine in key order. PostgreSQL, DuckDB. Needs the history's index.</summary>
    Lateral,

    /// <summary>A correlated lookup of the winner's row id, then a join on it. SQLite. Needs the history's index and a row id.</summary>
    Lookup,

    /// <summary>The union of spine and history in one sorted pass that carries the last winner along. Every engine. Needs no index.</summary>
    Union,
}
