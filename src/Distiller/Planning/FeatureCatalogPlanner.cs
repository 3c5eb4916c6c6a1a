namespace Distiller;

/// <summary>The catalog: what is declared as rows of words, beside what the tables say of themselves; and descriptions as comments.</summary>
internal static class FeatureCatalogPlanner
{
    private const string Declared = "declared";
    private const string Fresh = "fresh";
    private const string All = "catalog";
    private const string SetPlace = "set_position";

    private static readonly ValueList<string> Words = ValueList<string>.Of(["feature_set", "entity", "description", "position", "column", "role", "type", "column_description", "history", "latest", "max_age"]);

    private static readonly ValueList<string> Facts = ValueList<string>.Of(["keys", "newest_event", "last_published"]);

    /// <summary>The columns of the answer, and their types.</summary>
    public static IReadOnlyList<ResultColumn> Answer { get; } = ValueList<ResultColumn>.Of(Words.Concat(Facts).Select(name => new ResultColumn(name, name switch
    {
        "position" or "keys" => StoredType.Of(FeatureType.Int64),
        "newest_event" or "last_published" => StoredType.Instant,
        _ => StoredType.Of(FeatureType.String),
    })));

    public static CompiledScript Build(FeatureCatalog statement, PlanScope context)
    {
        // A view cannot hold parameters; what it says is the statement's own words, always printed.
        var sets = statement.Sets.Select((set, i) => OfSet(context.Checked(set), i + 1)).ToList();
        var rows = sets[^1];
        for (var i = sets.Count - 2; i >= 0; i--)
        {
            rows = sets[i] with { UnionAll = rows };
        }

        var query = new Select
        {
            Columns = ValueList<Output>.Of(Words.Concat(Facts).Select(name => new Output(new ColumnRef(All, name)))),
            From = new SelectRef(rows, All),
            OrderBy = statement.View is null ? ValueList<SortKey>.Of([new(new ColumnRef(All, SetPlace)), new(new ColumnRef(All, "position"))]) : ValueList<SortKey>.Empty,
        };
        var names = string.Join(", ", statement.Sets.Select(set => set.Name));
        return statement.View is not { } view
            ? new(context.Dialect, [StatementWriter.Step(context, "the catalog", new QueryStatement(query), StepRole.Answer)], [$"Catalog of {names}."], [])
            : new(
                context.Dialect,
                [
                    StatementWriter.Step(context, $"drop the view {view} where it exists", new DropView(view)),
                    StatementWriter.Step(context, $"create the view {view}", new CreateView(view, query)),
                ],
                [$"Catalog of {names} as the view {view}."],
                []);
    }

    public static CompiledScript Comments(DescribeTables statement, PlanScope context)
    {
        if (!context.Dialect.HasComments)
        {
            throw context.Dialect.Unsupported("comments on tables and columns, of which it keeps none", "FeatureCatalog.Of(...) lists descriptions in a query or a view.");
        }

        var owned = statement.Sets.Where(set => !set.IsExisting).ToList();
        var steps = owned.SelectMany(set => new[] { (Table: set.HistoryTable, Columns: TablesPlanner.HistoryColumns(set)), (Table: set.LatestTable!, Columns: TablesPlanner.LatestColumns(set)) }
            .SelectMany(table => TableComments(set, table.Table).Concat(table.Columns.Select(column => Meaning(set, column) is { } words ? new CommentOn(table.Table, column.Name, words) : null).OfType<CommentOn>())
                .Select(comment => StatementWriter.Step(context, $"describe {comment.Table}{(comment.Column is { } column ? $", {column}" : "")}", comment) with { FeatureSet = set.Name })));
        return new(
            context.Dialect,
            steps,
            [owned.Count > 0 ? $"Descriptions of {string.Join(", ", owned.Select(set => set.Name))}." : "No tables to describe."],
            statement.Sets.Where(set => set.IsExisting).Select(set => $"feature set '{set.Name}' uses a table that exists, '{set.HistoryTable}', which is never altered."));
    }

    private static IEnumerable<CommentOn> TableComments(FeatureSet set, TableName table) => [new(table, null, $"{(table == set.HistoryTable ? "History" : "Latest")} of feature set {set.Name} of {set.Entity.Name}{(set.Description is { } words ? ": " + words : "")}")];

    private static string? Meaning(FeatureSet set, ColumnDefinition column) =>
        set.Features.FirstOrDefault(feature => feature.Name == column.Name) is { } known ? known.Description
        : column.Name == set.EventTimeColumn.Name ? "Event time: from when the row's values hold"
        : column.Name == set.CreatedTimeColumn?.Name ? "Created time: when the row became known"
        : column.Name == Names.PublishedTimestamp ? "When the row was last written"
        : column.Name == Names.Deleted ? "Whether the key ended at the event time"
        : set.Entity.Keys.Any(key => key.Name == column.Name) ? $"Key of {set.Entity.Name}{(set.Entity.Description is { } words ? ": " + words : "")}"
        : set.Features.FirstOrDefault(feature => FeatureSet.TimeOf(feature.Name) == column.Name) is { } sparse ? $"Event time of {sparse.Name}"
        : null;

    private static Select OfSet(FeatureSet set, int place)
    {
        var columns = Columns(set).ToList();
        Select? rows = null;
        for (var i = columns.Count - 1; i >= 0; i--)
        {
            var (name, role, type, words) = columns[i];
            rows = new()
            {
                Columns = ValueList<Output>.Of(
                [
                    new(new Number(i + 1), "position"), new(new Text(name), "column"), new(new Text(role), "role"), new(Said(type), "type"), new(Said(words), "column_description"),
                ]),
                UnionAll = rows,
            };
        }

        var own = new Dictionary<string, Scalar>
        {
            ["feature_set"] = new Text(set.Name),
            ["entity"] = new Text(set.Entity.Name),
            ["description"] = Said(set.Description),
            ["history"] = new Text(set.HistoryTable.ToString()),
            ["latest"] = Said(set.LatestTable?.ToString()),
            ["max_age"] = Said(set.MaximumAge is { } age ? WhyWords.Show(age) : null),
        };
        return new()
        {
            Columns = ValueList<Output>.Of(Words.Select(name => new Output(own.TryGetValue(name, out var content) ? content : new ColumnRef(Declared, name), name))
                .Concat(Facts.Select(name => new Output(new ColumnRef(Fresh, name))))
                .Append(new(new Number(place), SetPlace))),
            From = new Joined(JoinKind.Inner, new SelectRef(rows!, Declared), new SelectRef(Freshness(set), Fresh), null),
        };

        static Scalar Said(string? words) => words is null ? new NullOf(StoredType.Of(FeatureType.String)) : new Text(words);
    }

    private static IEnumerable<(string Name, string Role, string? Type, string? Words)> Columns(FeatureSet set)
    {
        foreach (var key in set.Entity.Keys)
        {
            yield return (key.Name, "key", key.Type.ToString(), set.Entity.Description);
        }

        yield return (set.EventTimeColumn.Name, "event time", StoredType.Of(set.EventTimeColumn.Kind).ToString(), null);
        if (set.CreatedTimeColumn is { } created)
        {
            yield return (created.Name, "created time", StoredType.Of(created.Kind).ToString(), null);
        }

        foreach (var tie in set.TieBreakers.Where(tie => !set.IsFeature(tie.Name)))
        {
            yield return (tie.Name, "tie-breaker", tie.Type?.ToString(), null);
        }

        foreach (var feature in set.Features)
        {
            yield return (feature.Name, "feature", feature.Type.ToString(), feature.Description);
        }
    }

    private static Select Freshness(FeatureSet set)
    {
        const string rows = "stored";
        var newest = new Aggregate(AggregateOp.Max, new ColumnRef(rows, set.EventTimeColumn.Name));
        return new()
        {
            Columns = ValueList<Output>.Of(
            [
                new(set.LatestTable is null ? new NullOf(StoredType.RowNumber) : new Aggregate(AggregateOp.Count), "keys"),
                new(set.EventTimeColumn.Kind == TimeKind.Ordinal ? new NullOf(StoredType.Instant) : TimeMath.Convert(set.EventTimeColumn.Kind, newest, TimeKind.Instant), "newest_event"),
                new(set.IsExisting ? new NullOf(StoredType.Instant) : new Aggregate(AggregateOp.Max, new ColumnRef(rows, Names.PublishedTimestamp)), "last_published"),
            ]),
            From = new TableRef(set.LatestTable ?? set.HistoryTable, rows),
            Where = set.HasTombstones ? new Not(new ColumnRef(rows, Names.Deleted)) : null,
        };
    }
}
