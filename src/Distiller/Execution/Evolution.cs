namespace Distiller;

/// <summary>How a table differs from its feature set.</summary>
public enum DifferenceKind
{
    /// <summary>The table is not there.</summary>
    TableMissing,

    /// <summary>A column is not there.</summary>
    ColumnMissing,

    /// <summary>The table has a column that the feature set does not declare.</summary>
    ColumnUndeclared,

    /// <summary>A column is of another type than declared, or holds a value of another.</summary>
    ColumnRetyped,

    /// <summary>The table belongs to the user, or is a view.</summary>
    NotOwned,
}

/// <summary>One difference between a feature set and a table of its.</summary>
/// <param name="FeatureSet">The feature set.</param>
/// <param name="Table">The table.</param>
/// <param name="Column">The column; null where the whole table is meant.</param>
/// <param name="Kind">The difference.</param>
/// <param name="IsRefused">Whether closing it would lose or reinterpret what is kept, so that Distiller does not.</param>
/// <param name="Explanation">The difference in words, and what closes it.</param>
public sealed record TableDifference(string FeatureSet, TableName Table, string? Column, DifferenceKind Kind, bool IsRefused, string Explanation)
{
    /// <summary>The explanation.</summary>
    public override string ToString() => Explanation;
}

/// <summary>The difference between feature sets and their tables (F4): in words, and as DDL that only adds.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record Evolution
{
    private readonly string text;

    internal Evolution(IEnumerable<TableDifference> differences, CompiledScript script, string text)
    {
        Differences = ValueList<TableDifference>.Of(differences);
        Script = script;
        this.text = text;
    }

    /// <summary>Every difference; none = the tables are as declared.</summary>
    public IReadOnlyList<TableDifference> Differences { get; }

    /// <summary>What closes the differences that are not refused.</summary>
    public CompiledScript Script { get; }

    /// <summary>Whether the tables are as declared.</summary>
    public bool IsEmpty => Differences.Count == 0;

    /// <summary>Whether a difference cannot be closed by adding; nothing is applied then.</summary>
    public bool IsRefused => Differences.Any(difference => difference.IsRefused);

    /// <summary>The DDL as text for people; it runs by paste.</summary>
    public string ToSql() => text;

    /// <summary>The differences in words, one a line.</summary>
    public override string ToString() => IsEmpty ? "The tables are as declared." : string.Join(Environment.NewLine, Differences);
}
