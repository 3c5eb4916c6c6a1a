namespace Distiller;

internal sealed partial record AsOfLookup
{
    /// <summary>What a comment adds where the newest row is not all there is.</summary>
    public string FurtherProbes => Set.IsSparse ? ", and a NULL feature's newest value in another" : "";

    /// <summary>
    /// A feature as the newest row serves it, after a judge where one is given. In a sparse set a NULL there is looked for further back, one probe for the feature alone;
    /// only where the newest row is young enough, because every other is older.
    /// </summary>
    public Scalar Served(Feature feature, string spine, Scalar? judge)
    {
        Scalar value = new ColumnRef(Alias, feature.Name);
        if (Set.IsSparse)
        {
            value = new Coalesce(value, new ScalarQuery(NewestKnown(feature, spine)));
        }

        return judge is null ? value : new Case(judge, value);
    }

    /// <summary>Whether a history row is one a sparse feature is served from: it knows the feature, or ends every one (W3, W4).</summary>
    public Scalar Knows(Feature feature, string history)
    {
        Scalar known = new IsNull(new ColumnRef(history, feature.Name), Negated: true);
        return Set.HasTombstones ? Scalar.Or(known, new ColumnRef(history, Names.Deleted)) : known;
    }

    /// <summary>Whether and since when the join matched (P6). An instant or key that is NULL asks nothing; a static set is asked by its key alone, and its rows hold since no instant.</summary>
    public IEnumerable<Output> Match(string spine)
    {
        Scalar time = Set.IsStatic ? new NullOf(StoredType.Of(Event.Kind)) : new ColumnRef(Alias, Event.Name);
        var present = Set.IsStatic ? new ColumnRef(Alias, Set.Entity.Keys[0].Name) : time;
        var asked = Join.SpineKeys.Concat(Set.IsStatic ? [] : [Instant.Name]).Distinct(Names.Comparer).Select(name => new IsNull(new ColumnRef(spine, name)));
        var branches = new List<Branch> { new(Scalar.Or(asked), new Text("no_key")), new(new IsNull(present), new Text("no_history")) };
        if (Set.HasTombstones)
        {
            branches.Add(new(new ColumnRef(Alias, Names.Deleted), new Text("deleted")));
        }

        if (Judge(spine) is { } judge)
        {
            branches.Add(new(new Not(judge), new Text("expired")));
        }

        yield return new(new Case(ValueList<Branch>.Of(branches), new Text("hit")), OutputNames.Status(Join));
        yield return new(time, OutputNames.FeatureTimestamp(Join));
    }

    private Select NewestKnown(Feature feature, string spine)
    {
        const string history = "history";
        var value = new ColumnRef(history, feature.Name);
        return new()
        {
            Columns = ValueList<Output>.Of([new(Judge(new ColumnRef(history, Event.Name), spine) is { } judge ? new Case(judge, value) : value)]),
            From = new TableRef(Set.HistoryTable, history),
            Where = Scalar.And(Candidates(history, spine), Knows(feature, history)),
            OrderBy = ValueList<SortKey>.Of(NewestFirst(history)),
            Limit = 1,
        };
    }
}
