namespace Distiller;

/// <summary>A column rows in memory are read into.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">How the database keeps it.</param>
/// <param name="NotNull">Whether a NULL is refused (B6).</param>
internal sealed record StageColumn(string Name, StoredType Type, bool NotNull)
{
    /// <summary>Whether the source may lack the column; without <see cref="WhenAbsent"/> it is NULL then.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>The instant every row takes where the source lacks the column (B4).</summary>
    public DateTime? WhenAbsent { get; init; }

    /// <summary>The instant a row takes that brings NULL (B4).</summary>
    public DateTime? WhenNull { get; init; }

    /// <summary>Whether the reader itself counts the rows here, from 1.</summary>
    public bool IsRowNumber { get; private init; }

    /// <summary>The value every row has, whatever the source brings; null = the source's own.</summary>
    public object? FixedValue { get; private init; }

    /// <summary>A column that holds one value throughout.</summary>
    public static StageColumn Fixed(string name, StoredType type, object value) => new(name, type, NotNull: true) { FixedValue = value };

    /// <summary>The column in which the reader itself counts the rows, from 1.</summary>
    public static StageColumn RowNumber(string name) => new(name, StoredType.RowNumber, NotNull: true) { IsRowNumber = true };
}
