namespace Distiller;

/// <summary>Wide history as events, and events as wide rows.</summary>
internal static partial class EavtPlanner
{
    private const string History = "history";
    public const string Event = "event";

    /// <summary>The value of the event that is a tombstone.</summary>
    private const string Ended = "true";

    /// <summary>Refuses a set that has no events.</summary>
    public static void Check(FeatureSet set)
    {
        if (set.IsStatic)
        {
            throw new InvalidOperationException($"Feature set '{set.Name}' is static: it has no event time, so it has no events.");
        }

        if (set.Features.Count == 0)
        {
            throw new ArgumentException($"Feature set '{set.Name}' has no features; declare one with Feature<T>(name).", nameof(set));
        }

        if (set.ValidToColumn is { } end)
        {
            throw new InvalidOperationException($"Feature set '{set.Name}' is of intervals, whose end ('{end.Name}') events do not tell; make events of the history they were made of, or leave ValidTo(\"{end.Name}\") out where every interval lasts until the next.");
        }
    }

    /// <summary>Refuses names of attribute and value that a key or time has; those that nobody gave, once it is sure that nobody does.</summary>
    public static void Check(FeatureSet set, EavtColumns columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
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
        columns.InsertRange(set.Entity.Keys.Count, [new(names.Attribute, StoredType.Of(FeatureType.String)), new(names.Value, StoredType.Of(FeatureType.String))]);
        return columns;
    }

    public static IEnumerable<ColumnDefinition> WideColumns(Pivot pivot) => TablesPlanner.HistoryColumns(pivot.Set)
        .Where(column => pivot.HasCreatedTime || column.Name != pivot.Set.CreatedTimeColumn?.Name);

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
        Check(set, statement.Columns);
        var deleted = new ColumnRef(History, Names.Deleted);
        var first = set.HasTombstones ? Events(Names.Deleted, new Text(Ended), [deleted], null) : null;
        foreach (var feature in set.Features.Reverse())
        {
            var value = new ColumnRef(History, feature.Name);
            var terms = set.IsExisting
                ? set.Entity.Keys.Select(key => key.Name).Append(set.EventTimeColumn.Name).Select(name => (Scalar)new IsNull(new ColumnRef(History, name), Negated: true)).ToList()
                : [];
            if (set.HasTombstones)
            {
                terms.Add(new Not(deleted));
            }

            if (statement.LeavesOutNulls)
            {
                terms.Add(new IsNull(value, Negated: true));
            }

            first = Events(feature.Name, new AsText(feature.Type, value), terms, first);
        }

        return first!;

        Select Events(string attribute, Scalar value, IReadOnlyList<Scalar> terms, Select? others) => new()
        {
            Columns = ValueList<Output>.Of(set.Entity.Keys.Select(key => new Output(new ColumnRef(History, key.Name)))
                .Append(new(new Text(attribute), statement.Columns.Attribute))
                .Append(new(value, statement.Columns.Value))
                .Concat(set.TimeColumns().Select(time => new Output(new ColumnRef(History, time.Name))))),
            From = new TableRef(set.HistoryTable, History),
            Where = terms.Count > 0 ? Scalar.And(terms) : null,
            UnionAll = others,
        };
    }

    public static IEnumerable<string> Comments(Eavt statement) =>
        [$"Events of {statement.Set.Name}: one row per history row and feature{(statement.LeavesOutNulls ? ", NULLs left out" : "")}{(statement.Set.HasTombstones ? $", and one of '{Names.Deleted}' per tombstone" : "")}."];

    public static Select Query(Pivot pivot, PlanScope context) => Query(pivot, context, Source(pivot));

    public static IEnumerable<string> Comments(Pivot pivot) =>
        [$"Events of {pivot.Table?.ToString() ?? "a query"} as rows of {pivot.Set.Name}, {(pivot.IsSparse ? "a feature without an event NULL" : "each with an event for every feature")}."];

    /// <summary>The events wait in a stage while they are judged and pivoted: what arrives meanwhile belongs to the next call.</summary>
    public static CompiledStep Stage(Pivot pivot, PlanScope context)
    {
        Check(pivot.Set, pivot.Columns);
        var attribute = new ColumnRef(Event, pivot.Columns.Attribute);
        return StatementWriter.Step(context, "stage the events", new CreateTableAs(EventStage(pivot, context), new()
        {
            Columns = ValueList<Output>.Of(SourceColumns(pivot).Select(name => new Output(new ColumnRef(Event, name)))
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
        publish = pivot.Set.HasTombstones ? publish.WithTombstones() : publish;
        publish = pivot.HasCreatedTime ? publish : publish.WithoutCreatedTime();
        return created is { } instant && pivot.Set.CreatedTimeColumn is not null ? publish.CreatedAt(instant) : publish;
    }

    /// <summary>The columns of a table or query of events.</summary>
    public static IEnumerable<string> SourceColumns(Pivot pivot) => Identity(pivot.Set, pivot.HasCreatedTime).Append(pivot.Columns.Attribute).Append(pivot.Columns.Value);

    public static TableRef FromStage(Pivot pivot, PlanScope context) => new(EventStage(pivot, context), Event, IsTemporary: true);

    public static Relation Source(Pivot pivot) => pivot.Table is { } table ? new TableRef(table, Event) : new TextRef(pivot.QueryText!, Event);

    public static string Row(Pivot pivot) => Free(pivot, "event_row");

    private static string Free(Pivot pivot, string name) =>
        new FreeNames([.. Identity(pivot.Set, withCreated: true), pivot.Columns.Attribute, pivot.Columns.Value]).Take(name);

    private static Select Query(Pivot pivot, PlanScope context, Relation from)
    {
        var set = context.Checked(pivot.Set);
        Check(set, pivot.Columns);
        var attribute = new ColumnRef(Event, pivot.Columns.Attribute);
        var value = new ColumnRef(Event, pivot.Columns.Value);
        var facts = Facts(pivot, Event).ToList();
        return new()
        {
            Columns = ValueList<Output>.Of(facts.Select(column => new Output(column)).Concat(set.Features.Select(feature =>
            {
                // There is one event at most: which value is the greatest is never asked, only of which types an engine has a greatest. A number is cheaper to carry through the groups than its text.
                var isText = pivot.ValueType.Kind == FeatureKind.String;
                var isReadFirst = isText && feature.Type.Kind is (FeatureKind.Int32 or FeatureKind.Int64 or FeatureKind.Float32 or FeatureKind.Float64 or FeatureKind.Decimal or FeatureKind.Date or FeatureKind.Timestamp);
                var picked = new Aggregate(AggregateOp.Max, isReadFirst ? new FromText(feature.Type, value) : value) { Where = new Compare(CompareOp.Equal, attribute, new Text(feature.Name)) };
                return new Output(isText && !isReadFirst ? new FromText(feature.Type, picked) : picked, feature.Name);
            })).Concat(set.HasTombstones ? [new Output(new Case(new Compare(CompareOp.Greater, Aggregate.CountWhere(IsTombstone(attribute)), new Number(0)), new Flag(true), new Flag(false)), Names.Deleted)] : [])),
            From = from,
            Where = IsFeature(pivot, attribute),
            GroupBy = ValueList<Scalar>.Of(facts),
        };
    }

    private static Compare IsTombstone(ColumnRef attribute) => new(CompareOp.Equal, attribute, new Text(Names.Deleted));

    private static TableName EventStage(Pivot pivot, PlanScope context) => context.Stage(StageSteps.NameFor("events_", pivot.Set.Name));

    private static IEnumerable<ColumnRef> Facts(Pivot pivot, string alias) => Identity(pivot.Set, pivot.HasCreatedTime).Select(name => new ColumnRef(alias, name));

    private static IEnumerable<string> Identity(FeatureSet set, bool withCreated) =>
        set.Entity.Keys.Select(key => key.Name).Append(set.EventTimeColumn.Name).Concat(withCreated && set.CreatedTimeColumn is { } created ? [created.Name] : []);

    /// <summary>Whether an event is one of a feature, or a tombstone.</summary>
    private static OneOf IsFeature(Pivot pivot, ColumnRef attribute) => new(attribute, ValueList<Scalar>.Of(pivot.Set.Features.Select(feature => feature.Name).Concat(pivot.Set.HasTombstones ? [Names.Deleted] : []).Select(name => new Text(name))));
}
