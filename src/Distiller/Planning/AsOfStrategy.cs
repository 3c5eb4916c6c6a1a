namespace Distiller;

/// <summary>One join of a training set, as a strategy sees it: which history row wins for this spine row?</summary>
internal sealed partial record AsOfLookup(TrainingSet Training, TrainingJoin Join, TableShape Shape, SqlDialect Dialect)
{
    public FeatureSet Set => Join.Set;

    public TimeColumn Event => Set.EventTimeColumn;

    /// <summary>The alias of the winner in the query.</summary>
    public required string Alias { get; init; }

    /// <summary>Whether the spine's columns are known, so that internal columns can be kept out of the output.</summary>
    public required bool SpineIsKnown { get; init; }

    /// <summary>About how many rows the spine has, where known.</summary>
    public long? SpineRows { get; init; }

    /// <summary>Whether created times cut the candidates row by row.</summary>
    public bool CutsAtEvent => Training.Knowledge == Knowledge.AtEvent && Set.CreatedTimeColumn is not null;

    public TimeColumn Instant => Training.Spine.InstantColumn;

    /// <summary>Column names no column of the set has.</summary>
    public string Free(string name) => new FreeNames(Set.ReadNames()).Take(name);

    public string? RowIdName => Shape.HasRowId ? Dialect.RowIdName(Set.ReadNames()) : null;

    /// <summary>The winner's features and event time, by their own names, its end where it has one, and whether it is a tombstone where that is told (P6).</summary>
    public IEnumerable<Output> Projection(string table) => ProjectedNames().Select(name => new Output(new ColumnRef(table, name)));

    /// <summary>The columns of <see cref="Projection"/>.</summary>
    public IEnumerable<string> ProjectedNames() =>
        Join.Features.Select(feature => feature.Name).Append(Event.Name)
            .Concat(Set.ValidToColumn is { } end ? [end.Name] : [])
            .Concat(Training.HasMatch && Set.HasTombstones ? [Names.Deleted] : []).Distinct(Names.Comparer);

    /// <summary>Whether the winner still counts at the instant: it is young enough (W4) and has not ended; null = always.</summary>
    public Scalar? Judge(string spine)
    {
        var young = Judge(new ColumnRef(Alias, Event.Name), spine);
        var open = Set.ValidToColumn is { } end ? TimeMath.NotEnded(end, new ColumnRef(Alias, end.Name), Instant.Kind, new ColumnRef(spine, Instant.Name), Training.IsStrict) : null;
        return young is not null && open is not null ? Scalar.And(young, open) : young ?? open;
    }

    /// <summary>Whether what holds since an event time still counts at the instant (W4); null = always.</summary>
    public Scalar? Judge(Scalar eventTime, string spine) => TimeMath.YoungEnough(Dialect, Event, eventTime, Join.MaximumAge, Instant.Kind, new ColumnRef(spine, Instant.Name));

    /// <summary>The candidates' condition (W1) for probes by key: keys equal, event time before, created time known.</summary>
    public Scalar Candidates(string history, string spine)
    {
        var instant = new ColumnRef(spine, Instant.Name);
        var terms = new List<Scalar>();
        for (var i = 0; i < Set.Entity.Keys.Count; i++)
        {
            terms.Add(new Compare(CompareOp.Equal, new ColumnRef(history, Set.Entity.Keys[i].Name), new ColumnRef(spine, Join.SpineKeys[i])));
        }

        var eventTime = new ColumnRef(history, Event.Name);
        terms.Add(Training.IsStrict
            ? TimeMath.Before(Event, eventTime, Instant.Kind, instant)
            : TimeMath.AtOrBefore(Event, eventTime, Instant.Kind, instant));
        if (CutsAtEvent)
        {
            var created = Set.CreatedTimeColumn!;
            terms.Add(OrUnknown(history, TimeMath.AtOrBefore(created, new ColumnRef(history, created.Name), Instant.Kind, instant)));
        }

        return Scalar.And(Cut(history) is { } cut ? terms.Append(cut) : terms);
    }

    /// <summary>The knowledge instant's cut (P5), a plain filter of history; null = none.</summary>
    public Scalar? Cut(string history) =>
        Training.Knowledge == Knowledge.AtInstant && Set.CreatedTimeColumn is { } created
            ? OrUnknown(history, TimeMath.AtOrBefore(created, new ColumnRef(history, created.Name), Training.KnowledgeInstant!.Value.UtcDateTime))
            : null;

    /// <summary>Newest first: event time, then created time with NULL oldest, or the tie-breakers (W2).</summary>
    public IEnumerable<SortKey> NewestFirst(string history) => Ordering(history, newestFirst: true).Prepend(new(new ColumnRef(history, Event.Name), Descending: true));

    public IEnumerable<SortKey> OldestFirst(string history) => Ordering(history, newestFirst: false).Prepend(new(new ColumnRef(history, Event.Name)));

    /// <summary>What ranks rows of equal event time.</summary>
    public IEnumerable<SortKey> Ordering(string history, bool newestFirst)
    {
        if (Set.CreatedTimeColumn is { } created)
        {
            yield return Key(created.Name, Shape.CreatedMayBeNull);
        }

        foreach (var tie in Set.TieBreakers)
        {
            yield return Key(tie.Name, mayBeNull: true);
        }

        SortKey Key(string name, bool mayBeNull) => new(new ColumnRef(history, name), newestFirst, NullsLast: mayBeNull && newestFirst, NullsFirst: mayBeNull && !newestFirst);
    }

    private Scalar OrUnknown(string history, Scalar known) =>
        Shape.CreatedMayBeNull ? Scalar.Or(new IsNull(new ColumnRef(history, Set.CreatedTimeColumn!.Name)), known) : known;
}

/// <summary>A way to find the winner. It answers exactly or is not offered.</summary>
internal abstract record AsOfStrategy(AsOf Kind)
{
    /// <summary>Whether it finds a winner per row (dense) or per feature (sparse) (W3); some do either.</summary>
    public virtual bool Finds(FeatureSet set) => !set.IsSparse;

    /// <summary>Whether it gives exactly the winner for this lookup, at a bearable cost.</summary>
    public abstract bool CanAnswer(AsOfLookup lookup);

    /// <summary>What it does and why it was taken, for the comment.</summary>
    public abstract string Reason(AsOfLookup lookup);

    /// <summary>Adds its relations to the query.</summary>
    public abstract void Add(AsOfQuery query, AsOfLookup lookup);
}
