namespace Distiller;

/// <summary>Wide history as events, and events as wide rows.</summary>
internal static class EavtPlanner
{
    private const string History = "history";
    private const string Event = "event";
    private const string Conflicts = "facts";
    private const string Problem = "problem";

    public static void Check(FeatureSet set, EavtColumns columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (set.IsStatic)
        {
            throw new InvalidOperationException($"Feature set '{set.Name}' is static: it has no event time, so it has no events.");
        }

        if (set.Features.Count == 0)
        {
            throw new ArgumentException($"Feature set '{set.Name}' has no features; declare one with Feature<T>(name).", nameof(set));
        }

        var taken = Identity(set, withCreated: true).ToHashSet(Names.Comparer);
        foreach (var column in new[] { columns.Attribute, columns.Value })
        {
            if (!taken.Add(Names.Check(column, $"An event column of feature set '{set.Name}'")))
            {
                throw new ArgumentException($"The events of feature set '{set.Name}' would have two columns '{column}' (names are compared without case); give attribute or value another name with Named(new EavtColumns(...)).", nameof(columns));
            }
        }
    }

    public static IReadOnlyList<ResultColumn> ResultColumns(FeatureSet set, EavtColumns names)
    {
        var columns = TablesPlanner.HistoryColumns(set).Take(set.Entity.Keys.Count + set.TimeColumns().Count()).Select(column => new ResultColumn(column.Name, column.Type)).ToList();
        columns.RemoveAll(column => column.Name == set.ValidToColumn?.Name);
        columns.InsertRange(set.Entity.Keys.Count, [new(names.Attribute, StoredType.Of(FeatureType.String)), new(names.Value, StoredType.Of(FeatureType.String))]);
        return columns;
    }

    public static IEnumerable<ColumnDefinition> WideColumns(Pivot pivot) => TablesPlanner.HistoryColumns(pivot.Set)
        .Where(column => column.Name != pivot.Set.ValidToColumn?.Name && (pivot.HasCreatedTime || column.Name != pivot.Set.CreatedTimeColumn?.Name));

    public static CompiledScript Build(Eavt statement, PlanScope context) => new(
        context.Dialect,
        [StatementWriter.Step(context, $"the events of {statement.Set.Name}", new QueryStatement(Query(statement, context)), StepRole.Answer)],
        Comments(statement),
        []);

    public static CompiledScript Build(Pivot statement, PlanScope context) => new(
        context.Dialect,
        [StatementWriter.Step(context, $"the events as rows of {statement.Set.Name}", new QueryStatement(Query(statement, context)), StepRole.Answer)],
        Comments(statement),
        ["events of other attributes take no part, and values are taken to fit; a store refuses what does not first."]);

    public static CompiledScript Build(PublishEvents statement, PlanScope context)
    {
        var pivot = statement.Events;
        var stage = EventStage(pivot, context);
        var publish = PublishPlanner.Build([Publishing(pivot, context, statement.CreatedInstant)], context);
        IEnumerable<CompiledStep> checks = Problems(pivot, context, FromStage(pivot, context), Row(pivot))
            .Select(problem => StatementWriter.Step(context, problem.Purpose, new QueryStatement(problem.Query), StepRole.RefuseBefore) with { FeatureSet = pivot.Set.Name });
        return new(
            context.Dialect,
            checks.Prepend(Stage(pivot, context)).Concat(publish.Steps).Append(StatementWriter.Step(context, "drop the staged events", new DropTable(stage, IsTemporary: true), StepRole.Clean)),
            Comments(pivot).Concat(publish.Comments),
            publish.Notes);
    }

    public static Select Query(Eavt statement, PlanScope context)
    {
        var set = context.Checked(statement.Set);
        var first = (Select?)null;
        foreach (var feature in set.Features.Reverse())
        {
            var value = new ColumnRef(History, feature.Name);
            var terms = set.IsExisting
                ? set.Entity.Keys.Select(key => key.Name).Append(set.EventTimeColumn.Name).Select(name => (Scalar)new IsNull(new ColumnRef(History, name), Negated: true)).ToList()
                : [];
            if (statement.LeavesOutNulls)
            {
                terms.Add(new IsNull(value, Negated: true));
            }

            var times = set.TimeColumns().Where(time => !ReferenceEquals(time, set.ValidToColumn));
            first = new()
            {
                Columns = ValueList<Output>.Of(set.Entity.Keys.Select(key => new Output(new ColumnRef(History, key.Name)))
                    .Append(new(new Text(feature.Name), statement.Columns.Attribute))
                    .Append(new(new AsText(feature.Type, value), statement.Columns.Value))
                    .Concat(times.Select(time => new Output(new ColumnRef(History, time.Name))))),
                From = new TableRef(set.HistoryTable, History),
                Where = terms.Count > 0 ? Scalar.And(terms) : null,
                UnionAll = first,
            };
        }

        return first!;
    }

    public static IEnumerable<string> Comments(Eavt statement) => [$"Events of {statement.Set.Name}: one row per history row and feature{(statement.LeavesOutNulls ? ", NULLs left out" : "")}."];

    public static Select Query(Pivot pivot, PlanScope context) => Query(pivot, context, Source(pivot));

    public static IEnumerable<string> Comments(Pivot pivot) =>
        [$"Events of {pivot.Table?.ToString() ?? "a query"} as rows of {pivot.Set.Name}, {(pivot.IsSparse ? "a feature without an event NULL" : "each with an event for every feature")}."];

    /// <summary>The events wait in a stage while they are judged and pivoted: what arrives meanwhile belongs to the next call.</summary>
    public static CompiledStep Stage(Pivot pivot, PlanScope context)
    {
        var attribute = new ColumnRef(Event, pivot.Columns.Attribute);
        var columns = Identity(pivot.Set, pivot.HasCreatedTime).Append(pivot.Columns.Attribute).Append(pivot.Columns.Value);
        return StatementWriter.Step(context, "stage the events", new CreateTableAs(EventStage(pivot, context), new()
        {
            Columns = ValueList<Output>.Of(columns.Select(name => new Output(new ColumnRef(Event, name)))
                .Prepend(new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Empty, ValueList<SortKey>.Empty), Row(pivot)))),
            From = Source(pivot),
            Where = pivot.LeavesOutOthers ? IsFeature(pivot, attribute) : null,
        }) { IsTemporary = true }, StepRole.Prepare) with { FeatureSet = pivot.Set.Name };
    }

    public static CompiledStep DropStage(Pivot pivot, PlanScope context) => StatementWriter.Step(context, "drop the staged events", new DropTable(EventStage(pivot, context), IsTemporary: true), StepRole.Clean);

    /// <summary>The publish of the staged events, pivoted.</summary>
    public static Publish Publishing(Pivot pivot, PlanScope context, DateTimeOffset? created)
    {
        var text = StatementWriter.Step(context with { Style = SqlStyle.Literals }, "pivot", new QueryStatement(Query(pivot, context, FromStage(pivot, context)))).Text;
        var publish = Publish.FromQuery(pivot.Set, text);
        publish = pivot.HasCreatedTime ? publish : publish.WithoutCreatedTime();
        return created is { } instant && pivot.Set.CreatedTimeColumn is not null ? publish.CreatedAt(instant) : publish;
    }

    public static TableRef FromStage(Pivot pivot, PlanScope context) => new(EventStage(pivot, context), Event, IsTemporary: true);

    public static Relation Source(Pivot pivot) => pivot.Table is { } table ? new TableRef(table, Event) : new TextRef(pivot.QueryText!, Event);

    public static string Row(Pivot pivot) => Free(pivot, "event_row");

    private static string Free(Pivot pivot, string name) =>
        Identity(pivot.Set, withCreated: true).Append(pivot.Columns.Attribute).Append(pivot.Columns.Value).Contains(name, Names.Comparer) ? Free(pivot, name + "_") : name;

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
    }

    private static Select Misfits(Pivot pivot, PlanScope context, Relation from, string? row, ColumnRef attribute, ColumnRef value)
    {
        var branches = new List<Branch>();
        foreach (var name in pivot.Set.Entity.Keys.Select(key => key.Name).Append(pivot.Set.EventTimeColumn.Name))
        {
            branches.Add(new(new IsNull(new ColumnRef(Event, name)), new Text($"column '{name}' is NULL")));
        }

        branches.Add(new(new IsNull(attribute), new Text($"column '{attribute.Name}' is NULL")));
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
            branches.Add(new(new Not(IsFeature(pivot, attribute)), new Text($"no feature has the attribute's name; there are {string.Join(", ", pivot.Set.Features.Select(feature => feature.Name))}")));
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
            Columns = Told(pivot, null, new Text("two events tell different values of one fact"), attribute) is var columns && row is not null
                ? columns.Replace(0, new(new Aggregate(AggregateOp.Max, new ColumnRef(Event, row)), Row(pivot)))
                : columns,
            From = from,
            Where = pivot.LeavesOutOthers ? IsFeature(pivot, attribute) : null,
            GroupBy = ValueList<Scalar>.Of(fact),
            Having = Scalar.Or(
                new Compare(CompareOp.NotEqual, new Aggregate(AggregateOp.Min, value), new Aggregate(AggregateOp.Max, value)),
                Scalar.And(new Compare(CompareOp.Greater, written, new Number(0)), new Compare(CompareOp.Less, written, new Aggregate(AggregateOp.Count)))),
            Limit = 1,
        };
    }

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
            new Compare(CompareOp.Equal, new Aggregate(AggregateOp.Sum, new Case(new Compare(CompareOp.Equal, attributes, new Text(feature.Name)), new Number(1), new Number(0))), new Number(0)),
            new Text(feature.Name),
            rest));
        var facts = Facts(pivot, Conflicts).ToList();
        return new()
        {
            Columns = ValueList<Output>.Of(facts.Select(column => new Output(Shown(pivot.Set, column), column.Name))
                .Prepend(new(new Concatenation(new Concatenation(new Text("there is no event for "), missing), new Text("; write one for every feature, NULL where it has no value, or pivot Sparse()")), Free(pivot, Problem)))
                .Prepend(new(new NullOf(StoredType.RowNumber), Row(pivot)))),
            From = new SelectRef(distinct, Conflicts),
            GroupBy = ValueList<Scalar>.Of(facts),
            Having = new Compare(CompareOp.Less, new Aggregate(AggregateOp.Count), new Number(pivot.Set.Features.Count)),
            Limit = 1,
        };
    }

    private static Select Query(Pivot pivot, PlanScope context, Relation from)
    {
        var set = context.Checked(pivot.Set);
        var attribute = new ColumnRef(Event, pivot.Columns.Attribute);
        var value = new ColumnRef(Event, pivot.Columns.Value);
        var facts = Facts(pivot, Event).ToList();
        return new()
        {
            Columns = ValueList<Output>.Of(facts.Select(column => new Output(column)).Concat(set.Features.Select(feature =>
            {
                var picked = new Aggregate(AggregateOp.Max, new Case(new Compare(CompareOp.Equal, attribute, new Text(feature.Name)), value));
                return new Output(pivot.ValueType.Kind == FeatureKind.String ? new FromText(feature.Type, picked) : picked, feature.Name);
            }))),
            From = from,
            Where = IsFeature(pivot, attribute),
            GroupBy = ValueList<Scalar>.Of(facts),
        };
    }

    private static ValueList<Output> Told(Pivot pivot, string? row, Scalar problem, ColumnRef attribute) => ValueList<Output>.Of(
        Facts(pivot, Event).Select(column => new Output(Shown(pivot.Set, column), column.Name))
            .Append(new(new TextOf(attribute), attribute.Name))
            .Prepend(new(problem, Free(pivot, Problem)))
            .Prepend(new(row is null ? new NullOf(StoredType.RowNumber) : new ColumnRef(Event, row), Row(pivot))));

    private static Scalar Shown(FeatureSet set, ColumnRef column) => set.TimeColumns().FirstOrDefault(time => time.Name == column.Name) is { } time ? TimeMath.Shown(time.Kind, column) : new TextOf(column);

    private static TableName EventStage(Pivot pivot, PlanScope context) => context.Stage(StageSteps.NameFor("events_", pivot.Set.Name));

    private static IEnumerable<ColumnRef> Facts(Pivot pivot, string alias) => Identity(pivot.Set, pivot.HasCreatedTime).Select(name => new ColumnRef(alias, name));

    private static IEnumerable<string> Identity(FeatureSet set, bool withCreated) =>
        set.Entity.Keys.Select(key => key.Name).Append(set.EventTimeColumn.Name).Concat(withCreated && set.CreatedTimeColumn is { } created ? [created.Name] : []);

    private static OneOf IsFeature(Pivot pivot, ColumnRef attribute) => new(attribute, ValueList<Scalar>.Of(pivot.Set.Features.Select(feature => new Text(feature.Name))));
}
