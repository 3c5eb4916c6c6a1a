namespace Distiller;

/// <summary>What events may not be: each question names the first that is (F2).</summary>
internal static partial class EavtPlanner
{
    private const string Conflicts = "facts";
    private const string Problem = "problem";

    /// <summary>The questions that must have no answer: a row each tells the event's row where it is known, the problem, and the fact.</summary>
    public static IEnumerable<(string Purpose, Select Query)> Problems(Pivot pivot, PlanScope context, Relation from, string? row)
    {
        var attribute = new ColumnRef(Event, pivot.Columns.Attribute);
        var value = new ColumnRef(Event, pivot.Columns.Value);
        yield return ($"refuse events of {pivot.Set.Name} that lack something, name no feature, or have a value that does not fit", Misfits(pivot, context, from, row, attribute, value));
        yield return ($"refuse two different values for one fact of {pivot.Set.Name}", Contradictions(pivot, from, row, attribute, value));
        if (!pivot.IsSparse)
        {
            yield return ($"refuse a row of {pivot.Set.Name} without an event for every feature", Gaps(pivot, from, attribute));
        }

        if (pivot.Set.HasTombstones)
        {
            yield return ($"refuse a tombstone of {pivot.Set.Name} that has a feature", Confusions(pivot, from, row, attribute));
        }
    }

    private static Select Misfits(Pivot pivot, PlanScope context, Relation from, string? row, ColumnRef attribute, ColumnRef value)
    {
        var branches = new List<Branch>();
        foreach (var name in pivot.Set.Entity.Keys.Select(key => key.Name).Append(pivot.Set.EventTimeColumn.Name))
        {
            branches.Add(new(new IsNull(new ColumnRef(Event, name)), new Text($"column '{name}' is NULL")));
        }

        branches.Add(new(new IsNull(attribute), new Text($"column '{attribute.Name}' is NULL")));
        if (pivot.Set.HasTombstones)
        {
            branches.Add(new(
                Scalar.And(IsTombstone(attribute), new Compare(CompareOp.IsDistinct, value, new Text(Ended))),
                new Concatenation(new Text($"a tombstone says '{Ended}', and a row that stands has no event of '{Names.Deleted}': "), new Coalesce(new TextOf(value), new Text("NULL")))));
        }

        if (pivot.IsSparse)
        {
            branches.Add(new(Scalar.And(IsFeature(pivot, attribute), new IsNull(value)), new Text("a written NULL cannot be told from an absent event in sparse rows; leave the event out, or pivot dense")));
        }

        foreach (var feature in pivot.Set.Features)
        {
            Scalar? misfit = pivot.ValueType.Kind == FeatureKind.String ? (context.Dialect.TextValues.Checks(feature.Type) ? new TextMisfit(feature.Type, value) : null)
                : context.Dialect.ChecksFit(StoredType.Of(feature.Type)) ? new Misfit(StoredType.Of(feature.Type), value, InOneForm: false)
                : null;
            if (misfit is not null)
            {
                branches.Add(new(
                    Scalar.And(new Compare(CompareOp.Equal, attribute, new Text(feature.Name)), new IsNull(value, Negated: true), misfit),
                    new Concatenation(new Text($"the value does not fit {feature.Type}: "), new TextOf(value))));
            }
        }

        if (!pivot.LeavesOutOthers)
        {
            branches.Add(new(new Not(IsFeature(pivot, attribute)), new Text($"no feature has the attribute's name; there are {string.Join(", ", pivot.Set.Features.Select(feature => feature.Name))} (IgnoringOthers() leaves such events out)")));
        }

        var problem = new Case(ValueList<Branch>.Of(branches));
        return new()
        {
            Columns = Told(pivot, row, problem, attribute),
            From = from,
            Where = pivot.LeavesOutOthers
                ? Scalar.And(IsFeature(pivot, attribute), Scalar.Or(branches.Select(branch => branch.When)))
                : Scalar.Or(branches.Select(branch => branch.When)),
            Limit = 1,
        };
    }

    private static Select Contradictions(Pivot pivot, Relation from, string? row, ColumnRef attribute, ColumnRef value)
    {
        var fact = Facts(pivot, Event).Append(attribute).ToList();
        var written = new Aggregate(AggregateOp.Count, value);
        return new()
        {
            Columns = ToldOfGroup(pivot, row, "two events tell different values of one fact", new TextOf(attribute)),
            From = from,
            Where = pivot.LeavesOutOthers ? IsFeature(pivot, attribute) : null,
            GroupBy = ValueList<Scalar>.Of(fact),
            Having = Scalar.Or(
                new Compare(CompareOp.NotEqual, new Aggregate(AggregateOp.Min, value), new Aggregate(AggregateOp.Max, value)),
                Scalar.And(new Compare(CompareOp.Greater, written, new Number(0)), new Compare(CompareOp.Less, written, new Aggregate(AggregateOp.Count)))),
            Limit = 1,
        };
    }

    /// <summary>A fact is a tombstone, or has features.</summary>
    private static Select Confusions(Pivot pivot, Relation from, string? row, ColumnRef attribute) => new()
    {
        Columns = ToldOfGroup(pivot, row, "a tombstone has no features, and this fact has some", new Text(Names.Deleted)),
        From = from,
        Where = pivot.LeavesOutOthers ? IsFeature(pivot, attribute) : null,
        GroupBy = ValueList<Scalar>.Of(Facts(pivot, Event)),
        Having = Scalar.And(
            new Compare(CompareOp.Greater, Aggregate.CountWhere(IsTombstone(attribute)), new Number(0)),
            new Compare(CompareOp.NotEqual, new Aggregate(AggregateOp.Min, attribute), new Aggregate(AggregateOp.Max, attribute))),
        Limit = 1,
    };

    private static Select Gaps(Pivot pivot, Relation from, ColumnRef attribute)
    {
        var distinct = new Select
        {
            Distinct = true,
            Columns = ValueList<Output>.Of(Facts(pivot, Event).Append(attribute).Select(column => new Output(column))),
            From = from,
            Where = pivot.LeavesOutOthers ? IsFeature(pivot, attribute) : null,
        };
        var attributes = new ColumnRef(Conflicts, pivot.Columns.Attribute);
        Scalar missing = pivot.Set.Features.Reverse().Aggregate((Scalar)new Text(""), (rest, feature) => new Case(
            new Compare(CompareOp.Equal, Aggregate.CountWhere(new Compare(CompareOp.Equal, attributes, new Text(feature.Name))), new Number(0)),
            new Text(feature.Name),
            rest));
        var isGap = new Compare(CompareOp.Less, new Aggregate(AggregateOp.Count), new Number(pivot.Set.Features.Count));
        var facts = Facts(pivot, Conflicts).ToList();
        return new()
        {
            Columns = ValueList<Output>.Of(facts.Select(column => new Output(Shown(pivot.Set, column), column.Name))
                .Prepend(new(new Concatenation(new Concatenation(new Text("there is no event for "), missing), new Text("; write one for every feature, NULL where it has no value, or pivot Sparse()")), Free(pivot, Problem)))
                .Prepend(new(new NullOf(StoredType.RowNumber), Row(pivot)))),
            From = new SelectRef(distinct, Conflicts),
            GroupBy = ValueList<Scalar>.Of(facts),
            Having = pivot.Set.HasTombstones ? Scalar.And(isGap, new Compare(CompareOp.Equal, Aggregate.CountWhere(IsTombstone(attributes)), new Number(0))) : isGap,
            Limit = 1,
        };
    }

    private static ValueList<Output> Told(Pivot pivot, string? row, Scalar problem, ColumnRef attribute) => ValueList<Output>.Of(
        Facts(pivot, Event).Select(column => new Output(Shown(pivot.Set, column), column.Name))
            .Append(new(new TextOf(attribute), attribute.Name))
            .Prepend(new(problem, Free(pivot, Problem)))
            .Prepend(new(row is null ? new NullOf(StoredType.RowNumber) : new ColumnRef(Event, row), Row(pivot))));

    /// <summary>As <see cref="Told"/>, of the events of a fact together.</summary>
    private static ValueList<Output> ToldOfGroup(Pivot pivot, string? row, string problem, Scalar attribute) => ValueList<Output>.Of(
        Facts(pivot, Event).Select(column => new Output(Shown(pivot.Set, column), column.Name))
            .Append(new(attribute, pivot.Columns.Attribute))
            .Prepend(new(new Text(problem), Free(pivot, Problem)))
            .Prepend(new(row is null ? new NullOf(StoredType.RowNumber) : new Aggregate(AggregateOp.Max, new ColumnRef(Event, row)), Row(pivot))));

    private static Scalar Shown(FeatureSet set, ColumnRef column) => set.TimeColumns().FirstOrDefault(time => time.Name == column.Name) is { } time ? TimeMath.Shown(time.Kind, column) : new TextOf(column);
}
