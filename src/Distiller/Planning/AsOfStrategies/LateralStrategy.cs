namespace Distiller;

/// <summary>One probe of the history's index per spine row: LATERAL with LIMIT 1, the spine walked in key order.</summary>
internal sealed record LateralStrategy(bool NeedsIndex) : AsOfStrategy(AsOf.Lateral)
{
    private const string History = "history";

    public override bool Finds(FeatureSet set) => true;

    public override bool CanAnswer(AsOfLookup lookup) => lookup.Shape.HasIndex || !NeedsIndex;

    public override string Reason(AsOfLookup lookup) => lookup.Shape.HasIndex
        ? "LATERAL, because the history's index finds a key's newest row before an instant in one probe" + lookup.FurtherProbes
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

        // An expired winner joins nothing, unless it must tell that it is there, or features behind it have ages of their own.
        // An interval's end makes two comparisons of the judge, and DuckDB takes one as the condition of a LATERAL join.
        var judge = lookup.Judge(query.Spine);
        var isJoined = !lookup.Training.HasMatch && !lookup.Set.IsSparse && lookup.Set.ValidToColumn is null;
        query.Join(JoinKind.Lateral, new SelectRef(probe, lookup.Alias), isJoined ? judge : null);
        query.Project(lookup, isJoined ? null : judge);
    }
}
