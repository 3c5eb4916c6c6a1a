namespace Distiller;

/// <summary>Latest, moved on: the newest row of each key goes in where it is new, or newer than the row that is there (B2).</summary>
/// <param name="Table">Latest.</param>
/// <param name="Key">Its key columns.</param>
/// <param name="Columns">Every column that is written, keys included.</param>
/// <param name="Rows">The incoming rows, one per key, with a value for each column in turn.</param>
/// <param name="Newer">Whether a row by one alias ranks above that by another.</param>
internal sealed record LatestMove(TableName Table, ValueList<string> Key, ValueList<string> Columns, Select Rows, Func<string, string, Scalar> Newer)
{
    public ValueList<string> Moved => ValueList<string>.Of(Columns.Where(column => !Key.Contains(column)));
}

/// <summary>A way to bring latest up to date in one statement. None ever moves it back.</summary>
internal abstract record UpsertStrategy
{
    public abstract SqlStatement Write(LatestMove move);
}

/// <summary>INSERT .. ON CONFLICT DO UPDATE, by latest's own key: each row is looked up.</summary>
internal sealed record OnConflictUpsert : UpsertStrategy
{
    public override SqlStatement Write(LatestMove move) => new Insert(
        move.Table,
        move.Columns,
        move.Rows with
        {
            // In the order of the key, so that neighbours meet the same pages of its index.
            OrderBy = ValueList<SortKey>.Of(move.Rows.Columns.Take(move.Key.Count).Select(key => new SortKey(key.Content))),
        })
    {
        Conflict = new(move.Key, move.Moved, move.Newer(OnConflict.Incoming, OnConflict.Stored)),
    };
}

/// <summary>MERGE: one join of the incoming rows with latest.</summary>
internal sealed record MergeUpsert : UpsertStrategy
{
    private const string Stored = "stored";
    private const string Incoming = "incoming";

    public override SqlStatement Write(LatestMove move) => new Merge(move.Table, Stored, new SelectRef(move.Rows, Incoming), Incoming)
    {
        On = Scalar.And(move.Key.Select(key => new Compare(CompareOp.Equal, new ColumnRef(Stored, key), new ColumnRef(Incoming, key)))),
        Guard = move.Newer(Incoming, Stored),
        Updated = move.Moved,
        Inserted = move.Columns,
    };
}
