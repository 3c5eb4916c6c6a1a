namespace Distiller;

/// <summary>
/// ASOF JOIN for sparse sets: every history row is filled up first with what its key knew by then, so that the newest row serves every feature. One sort, linear whatever is NULL.
/// Rows of equal event and created time share one filling, because ASOF takes any of them. A tombstone begins a filling of its own.
/// </summary>
internal sealed record FilledAsofStrategy() : AsOfStrategy(AsOf.AsofJoin)
{
    private const string History = "history";

    public override bool Finds(FeatureSet set) => set.IsSparse;

    /// <summary>What is filled up is what was known by then, in the order of events: a row's own knowledge, or a tie-breaker, would need another order.</summary>
    public override bool CanAnswer(AsOfLookup lookup) => !lookup.CutsAtEvent && (AsofJoinStrategy.Packs(lookup) || lookup.Set is { CreatedTimeColumn: null, TieBreakers.Count: 0 });

    public override string Reason(AsOfLookup lookup) => "ASOF JOIN on a history in which each row is filled up with the newest value of every feature, because the set is sparse" + AsofJoinStrategy.Narrowing(lookup);

    public override void Add(AsOfQuery query, AsOfLookup lookup)
    {
        var packs = AsofJoinStrategy.Packs(lookup);
        var order = lookup.Free("asof_order");
        var ended = lookup.Free("ended");
        var position = Position(lookup);
        var columns = lookup.Projection(History).Append(new(position, order)).Concat(lookup.Set.HasTombstones ? [new Output(Ended(lookup, position), ended)] : []);
        var source = AsofJoinStrategy.Candidates(query, lookup, columns);

        var keys = lookup.Set.Entity.Keys.Select(key => (Scalar)new ColumnRef(History, key.Name)).ToList();
        var partition = ValueList<Scalar>.Of(lookup.Set.HasTombstones ? keys.Append(new ColumnRef(History, ended)) : keys);
        var byOrder = ValueList<SortKey>.Of([new(new ColumnRef(History, order))]);
        var features = lookup.Join.Features;
        var eventTime = new ColumnRef(History, lookup.Event.Name);
        var judges = lookup.Judge(query.Spine) is not null;
        var filled = features.Select(feature => new Output(Filled(new ColumnRef(History, feature.Name)), feature.Name))
            .Concat(judges ? features.Select((feature, i) => new Output(Filled(new Case(new IsNull(new ColumnRef(History, feature.Name), Negated: true), eventTime)), TimeName(i))) : []);
        var own = lookup.ProjectedNames().Where(name => !features.Any(feature => feature.Name == name)).Append(order).Select(name => new Output(new ColumnRef(History, name)));
        var right = new Select
        {
            Columns = ValueList<Output>.Of(keys.Select(key => new Output(key)).Concat(filled).Concat(own)),
            From = new SelectRef(source, History),
        };

        Scalar bound = packs
            ? new PackedTimes(lookup.Instant.Kind, query.Instant, TimeKind.EpochMicroseconds, new Number(lookup.Training.IsStrict ? long.MinValue : long.MaxValue))
            : TimeMath.Microseconds(lookup.Instant.Kind, query.Instant);
        query.Join(JoinKind.Asof, new SelectRef(right, lookup.Alias), AsofJoinStrategy.On(query, lookup, new OrBeforeAll(bound, packs), order));
        query.Project(lookup, feature =>
        {
            var value = new ColumnRef(lookup.Alias, feature.Name);
            return judges ? new Case(lookup.Judge(new ColumnRef(lookup.Alias, TimeName(features.ToList().IndexOf(feature))), query.Spine)!, value) : value;
        });

        Window Filled(Scalar value) => new(WindowOp.LastKnown, value, partition, byOrder);

        string TimeName(int feature) => lookup.Free($"feature_{feature + 1}_time");
    }

    private static Scalar Position(AsOfLookup lookup) =>
        AsofJoinStrategy.Packs(lookup) ? AsofJoinStrategy.Packed(lookup) : TimeMath.Microseconds(lookup.Event.Kind, new ColumnRef(History, lookup.Event.Name));

    /// <summary>The newest tombstone by then. Owned history has one row per key, event and created time.</summary>
    private static Window Ended(AsOfLookup lookup, Scalar position) => new(
        WindowOp.RunningMax,
        new Case(new ColumnRef(History, Names.Deleted), position),
        ValueList<Scalar>.Of(lookup.Set.Entity.Keys.Select(key => new ColumnRef(History, key.Name))),
        ValueList<SortKey>.Of(lookup.OldestFirst(History)));
}
