namespace Distiller;

/// <summary>Whose rows are read, for errors.</summary>
internal sealed record RowOwner(string FeatureSet, string Table);

/// <summary>A column that rows in memory fill.</summary>
/// <param name="Name">The column's name in the table.</param>
/// <param name="Type">How the table keeps it.</param>
/// <param name="NotNull">Whether a NULL is refused.</param>
internal sealed record StageColumn(string Name, StoredType Type, bool NotNull)
{
    /// <summary>Whether the reader numbers the rows in it, from 1.</summary>
    public bool IsRowNumber { get; private init; }

    /// <summary>Whether rows may lack the column.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>What a row that lacks the column gets.</summary>
    public DateTime? WhenAbsent { get; init; }

    /// <summary>What a row that brings NULL gets.</summary>
    public DateTime? WhenNull { get; init; }

    public static StageColumn RowNumber(string name) => new(name, StoredType.RowNumber, NotNull: true) { IsRowNumber = true };
}
