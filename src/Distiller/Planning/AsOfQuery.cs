namespace Distiller;

/// <summary>
/// A training set's query as its lookups add to it: the spine (numbered, ordered or with winners looked up beside it, where a lookup asks for that), then one winner per join.
/// </summary>
internal sealed class AsOfQuery
{
    private readonly TrainingSet training;
    private readonly FreeNames names;
    private readonly List<Cte> ctes = [];
    private readonly List<Output> lookedUp = [];
    private readonly List<Func<Relation, Relation>> joins = [];
    private readonly List<Output> features = [];
    private ValueList<SortKey> order = ValueList<SortKey>.Empty;

    public AsOfQuery(TrainingSet training, Relation source, string spineAlias, IEnumerable<string> takenNames)
    {
        this.training = training;
        Source = source;
        Spine = spineAlias;
        names = new(takenNames.Append(spineAlias), training.Spine.QueryText);
    }

    /// <summary>The spine as it is.</summary>
    public Relation Source { get; }

    /// <summary>The spine's alias.</summary>
    public string Spine { get; }

    /// <summary>The common table of the numbered spine, once a lookup has asked for it.</summary>
    public string? NumberedSpine { get; private set; }

    /// <summary>The column that numbers the spine's rows.</summary>
    public string RowNumber { get; private set; } = "";

    public Scalar Instant => new ColumnRef(Spine, training.Spine.InstantColumn.Name);

    public ColumnRef SpineColumn(string name) => new(Spine, name);

    /// <summary>A name nothing in the query has yet.</summary>
    public string Free(string name) => names.Take(name);

    /// <summary>Numbers the spine's rows, once.</summary>
    public void Number()
    {
        if (NumberedSpine is not null)
        {
            return;
        }

        NumberedSpine = Free("numbered_spine");
        names.Avoid(TrainingSetPlanner.SetColumns(training));
        RowNumber = Free("spine_row");
        ctes.Add(new(NumberedSpine, new()
        {
            Columns = ValueList<Output>.Of(SpineColumns().Append(new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Empty, ValueList<SortKey>.Empty), RowNumber))),
            From = Source,
        }, Materialized: true));
    }

    /// <summary>Walks the spine in the order of its keys and instants, so that neighbouring probes meet the same pages.</summary>
    public void Order(AsOfLookup lookup)
    {
        if (order.Count == 0)
        {
            order = ValueList<SortKey>.Of(lookup.Join.SpineKeys.Append(lookup.Instant.Name).Distinct(Names.Comparer).Select(name => new SortKey(SpineColumn(name))));
        }
    }

    public void AddCte(string name, Select query, bool materialized) => ctes.Add(new(name, query, materialized));

    /// <summary>Computes a column beside the spine's own and returns a reference to it.</summary>
    public Scalar LookUp(string name, Scalar content)
    {
        var alias = Free(name);
        lookedUp.Add(new(content, alias));
        return SpineColumn(alias);
    }

    public void Join(JoinKind kind, Relation right, Scalar? on) => joins.Add(left => new Joined(kind, left, right, on));

    /// <summary>Projects the winner's features, after a judge where one is given.</summary>
    public void Project(AsOfLookup lookup, Scalar? judge = null) => Project(lookup, feature => lookup.Served(feature, Spine, judge));

    /// <summary>Projects what each feature is served as, and beside them whether and since when the join matched where that is asked for (P6).</summary>
    public void Project(AsOfLookup lookup, Func<Feature, Scalar> served)
    {
        features.AddRange(lookup.Join.Features.Select(feature => new Output(served(feature), OutputNames.Of(training, lookup.Join, feature))));
        if (training.HasMatch)
        {
            features.AddRange(lookup.Match(Spine));
        }
    }

    public Select Build()
    {
        var known = training.Spine.ColumnNames.Count > 0;
        return new()
        {
            With = ValueList<Cte>.Of(ctes),
            AllOf = known ? null : Spine,
            Columns = ValueList<Output>.Of((known ? SpineColumns() : []).Concat(features)),
            From = joins.Aggregate(SpineRelation(), (left, add) => add(left)),
            OrderBy = ValueList<SortKey>.Of(training.OrderColumns.Select(name => new SortKey(OutputColumn(name), NullsLast: true))),
        };
    }

    private Relation SpineRelation()
    {
        var relation = NumberedSpine is { } numbered ? new CteRef(numbered, Spine) : Source;
        if (order.Count > 0)
        {
            relation = new SelectRef(Passing([]) with { From = relation, OrderBy = order, Fence = true }, Spine);
        }

        return lookedUp.Count == 0 ? relation : new SelectRef(Passing(lookedUp) with { From = relation, Fence = true }, Spine);
    }

    private Select Passing(IEnumerable<Output> more)
    {
        var known = training.Spine.ColumnNames.Count > 0;
        var number = NumberedSpine is not null ? new[] { new Output(SpineColumn(RowNumber)) } : [];
        return new() { AllOf = known ? null : Spine, Columns = ValueList<Output>.Of((known ? SpineColumns() : []).Concat(number).Concat(more)) };
    }

    private IEnumerable<Output> SpineColumns() => training.Spine.ColumnNames.Select(name => new Output(SpineColumn(name)));

    private Scalar OutputColumn(string name)
    {
        var output = features.FirstOrDefault(feature => Names.Comparer.Equals(feature.Alias, name));
        return output is null
            ? SpineColumn(training.Spine.ColumnNames.FirstOrDefault(column => Names.Comparer.Equals(column, name)) ?? name)
            : new ColumnRef(null, output.Alias!);
    }
}
