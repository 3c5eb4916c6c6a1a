namespace Distiller;

/// <summary>Something to select from.</summary>
internal abstract record Relation;

internal sealed record TableRef(TableName Name, string? Alias = null, bool IsTemporary = false) : Relation;

/// <summary>The caller's own query, as it is.</summary>
internal sealed record TextRef(string Sql, string Alias) : Relation;

internal sealed record SelectRef(Select Query, string Alias) : Relation;

internal sealed record CteRef(string Name, string? Alias = null) : Relation;

internal enum JoinKind
{
    Inner,
    Left,
    Lateral,
    Asof,
}

internal sealed record Joined(JoinKind Kind, Relation Left, Relation Right, Scalar? On) : Relation;
