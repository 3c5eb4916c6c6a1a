namespace Distiller;

/// <summary>One probe of the history's index per spine row for the winner's row id, then a join on it: for engines without LATERAL.</summary>
internal sealed record LookupStrategy(bool NeedsIndex) : AsOfStrategy(AsOf.Lookup)
{
    private const string History = "history";

    public override bool Finds(FeatureSet set) => true;

    public override bool CanAnswer(AsOfLookup lookup) => lookup.RowIdName is not null && (lookup.Shape.HasIndex || !NeedsIndex);

    public override string Reason(AsOfLookup lookup) => lookup.Shape.HasIndex
        ? "a lookup of the winner's row id, because the history's index finds a key's newest row before an instant in one probe" + lookup.FurtherProbes
        : "a lookup of the winner's row id without an index, because the spine's columns are not declared: name them with Columns(...) for one sorted pass instead";

    public override void Add(AsOfQuery query, AsOfLookup lookup)
    {
        var rowId = lookup.RowIdName!;
        Scalar probe = new ScalarQuery(new()
        {
            Columns = ValueList<Output>.Of([new(new RowId(History, rowId))]),
            From = new TableRef(lookup.Set.HistoryTable, History),
            Where = lookup.Candidates(History, query.Spine),
            OrderBy = ValueList<SortKey>.Of(lookup.NewestFirst(History)),
            Limit = 1,
        });
        query.Order(lookup);

        // Beside the spine each row is looked up once, in order; where the spine's columns are unknown, that column could not be kept out of the output.
        var winner = lookup.SpineIsKnown ? query.LookUp(lookup.Alias + "__row", probe) : probe;
        Scalar found = new Compare(CompareOp.Equal, new RowId(lookup.Alias, rowId), winner);
        var judge = lookup.Judge(query.Spine);
        var isJoined = !lookup.Training.HasMatch && !lookup.Set.IsSparse;
        query.Join(JoinKind.Left, new TableRef(lookup.Set.HistoryTable, lookup.Alias), judge is not null && isJoined ? Scalar.And(found, judge) : found);
        query.Project(lookup, isJoined ? null : judge);
    }
}
