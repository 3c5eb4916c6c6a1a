namespace Distiller;

/// <summary>One probe of the history's index per spine row: LATERAL with LIMIT 1, the spine walked in key order.</summary>
internal sealed record LateralStrategy(bool NeedsIndex) : AsOfStrategy(AsOf.Lateral)
{
    private const string History = "history";

    public override bool CanAnswer(AsOfLookup lookup) => lookup.Shape.HasIndex || !NeedsIndex;

    public override string Reason(AsOfLookup lookup) => lookup.Shape.HasIndex
        ? "LATERAL, because the history's index finds a key's newest row before an instant in one probe"
        : "LATERAL without an index, because the spine's columns are not declared: name them with Columns(...) for one sorted pass instead";

    public override void Add(AsOfQuery query, AsOfLookup lookup)
    {
        query.Order(lookup);
        var probe = new Select
        {
            Columns = ValueList<Output>.Of(lookup.Projection(History)),
            From = new TableRef(lookup.Set.HistoryTable, History),
            Where = lookup.Candidates(History, query.Spine),
            OrderBy = ValueList<SortKey>.Of(lookup.NewestFirst(History)),
            Limit = 1,
        };
        var judge = lookup.Judge(query.Spine);

        // DuckDB takes one comparison as the condition of a LATERAL join; an interval's end makes two.
        var isOneComparison = lookup.Set.ValidToColumn is null;
        query.Join(JoinKind.Lateral, new SelectRef(probe, lookup.Alias), isOneComparison ? judge : null);
        query.Project(lookup, isOneComparison ? null : judge);
    }
}
