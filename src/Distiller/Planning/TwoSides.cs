namespace Distiller;

/// <summary>One side of a comparison: what it is called, the columns it is found under, and which differences it is part of; null = all.</summary>
internal sealed record Side(string Name, ValueList<string> Columns, Scalar? Where = null);

/// <summary>
/// What differs between two sides, as rows to look at: totals on every row, and below them the first differences, each as a row per side under the same column names. Without any there is one row, of totals.
/// </summary>
/// <param name="Totals">The common table of one row, and its columns.</param>
/// <param name="First">The common table of the first differences.</param>
/// <param name="Place">Its columns that order the differences.</param>
/// <param name="Shared">Its columns that both sides share.</param>
/// <param name="Names">What the sides' columns are called.</param>
/// <param name="Sides">The sides, in order.</param>
internal sealed record TwoSides(
    (string Name, ValueList<string> Columns) Totals, string First, ValueList<string> Place, ValueList<string> Shared, ValueList<string> Names, ValueList<Side> Sides)
{
    public Select Query(FreeNames names, IEnumerable<Cte> with)
    {
        var both = names.Take("both_sides");
        var side = names.Take("side");
        var order = names.Take("side_order");
        var beside = Place.Except(Shared).ToList();
        Select? rows = null;
        for (var i = Sides.Count - 1; i >= 0; i--)
        {
            rows = Rows(Sides[i], i) with { UnionAll = rows };
        }

        return new()
        {
            With = ValueList<Cte>.Of(with),
            Columns = ValueList<Output>.Of(Totals.Columns.Select(name => new Output(new ColumnRef(Totals.Name, name)))
                .Append(new(new ColumnRef(both, side)))
                .Concat(Shared.Concat(Names).Select(name => new Output(new ColumnRef(both, name))))),
            From = new Joined(JoinKind.Left, new CteRef(Totals.Name), new SelectRef(rows!, both), null),
            OrderBy = ValueList<SortKey>.Of(Place.Append(order).Select(name => new SortKey(new ColumnRef(both, name)))),
        };

        Select Rows(Side one, int place) => new()
        {
            Columns = ValueList<Output>.Of(Shared.Concat(beside).Select(name => new Output(new ColumnRef(null, name)))
                .Append(new(new Text(one.Name), side))
                .Append(new(new Number(place + 1), order))
                .Concat(one.Columns.Select((column, i) => new Output(new ColumnRef(null, column), Names[i])))),
            From = new CteRef(First),
            Where = one.Where,
        };
    }
}
