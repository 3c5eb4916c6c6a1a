namespace Distiller.Benchmarks;

/// <summary>The rows of a latest table, one per key.</summary>
internal sealed class LatestRows(int count) : RowSource
{
    public override IReadOnlyList<(string Name, Cell Cell)> Columns { get; } =
    [
        ("entity_id", Cell.Integer), ("feature_timestamp", Cell.Time), ("created_timestamp", Cell.Time),
        .. Enumerable.Range(1, 9).Select(i => (FormattableString.Invariant($"f{i}"), Cell.Number)),
        ("published_timestamp", Cell.Time),
    ];

    public override int Count => count;

    public override long Integer(int row, int column) => column == 0 ? row : (1_700_000_000L + row) * 1_000_000;

    public override double Number(int row, int column) => World.Feature(row, column);
}
