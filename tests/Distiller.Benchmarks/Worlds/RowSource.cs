namespace Distiller.Benchmarks;

/// <summary>What a column of a benchmark's table holds.</summary>
internal enum Cell
{
    /// <summary>A 64-bit integer.</summary>
    Integer,

    /// <summary>An instant, in microseconds since 1970.</summary>
    Time,

    /// <summary>A 64-bit float.</summary>
    Number,
}

/// <summary>Rows that go into a benchmark's table.</summary>
internal abstract class RowSource
{
    public abstract IReadOnlyList<(string Name, Cell Cell)> Columns { get; }

    public abstract int Count { get; }

    /// <summary>An integer, or an instant in microseconds.</summary>
    public abstract long Integer(int row, int column);

    public abstract double Number(int row, int column);
}
