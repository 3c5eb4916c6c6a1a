namespace Distiller;

/// <summary>What a publish takes from its source, and what it needs of its tables.</summary>
internal static class PublishSource
{
    private const string Alias = "source";

    /// <summary>The stage's columns as rows in memory fill them; a created time they do not bring is the call's (B4).</summary>
    public static IReadOnlyList<StageColumn> Columns(FeatureSet set, LoadTarget target, DateTime created) =>
        [.. target.Columns.Select((column, i) => i == 0 ? StageColumn.RowNumber(column.Name) : Column([set], column, created))];

    public static IReadOnlyList<StageColumn> Columns(IReadOnlyList<FeatureSet> sets, LoadTarget target, DateTime created) =>
        [.. target.Columns.Select(column => Column(sets, column, created))];

    /// <summary>The columns several sets take from one source, each once.</summary>
    public static IReadOnlyList<ColumnDefinition> Shared(IReadOnlyList<FeatureSet> sets)
    {
        var shared = new List<ColumnDefinition>();
        foreach (var set in sets)
        {
            foreach (var column in PublishBatch.SourceColumns(set))
            {
                var known = shared.FindIndex(other => Names.Comparer.Equals(other.Name, column.Name));
                if (known < 0)
                {
                    shared.Add(column);
                }
                else if (shared[known].Type != column.Type || shared[known].Name != column.Name)
                {
                    throw new ArgumentException($"The feature sets {string.Join(", ", sets.Select(other => other.Name))} take '{column.Name}' from one source both as {shared[known].Type} and as {column.Type}; publish them one by one.");
                }
                else
                {
                    shared[known] = column with { NotNull = column.NotNull || shared[known].NotNull };
                }
            }
        }

        return shared;
    }

    /// <summary>The text of a query over the shared stage.</summary>
    public static string Temporary(SqlDialect dialect, TableName stage, IReadOnlyList<ColumnDefinition> columns) => StatementWriter.Step(new(dialect, SqlStyle.Literals), "source", new QueryStatement(new()
    {
        Columns = ValueList<Output>.Of(columns.Select(column => new Output(new ColumnRef(Alias, column.Name)))),
        From = new TableRef(stage, Alias, IsTemporary: true),
    })).Text;

    /// <summary>The statement with what the database says of its source: whether it has a created time, and that its times are kept as declared (T5).</summary>
    public static async Task<Publish> DescribeAsync(Session session, Publish statement, CancellationToken cancellationToken)
    {
        var set = statement.Set;
        Relation source = statement.Table is { } table ? new TableRef(table, Alias) : new TextRef(statement.QueryText!, Alias);
        var columns = await session.ColumnsAsync(source, Alias, "describe the source", set, cancellationToken).ConfigureAwait(false);
        var found = columns.DistinctBy(column => column.Name, Names.Comparer).ToDictionary(column => column.Name, column => column.Type, Names.Comparer);
        var problems = new List<string>();
        foreach (var column in PublishBatch.SourceColumns(set).Where(column => !found.ContainsKey(column.Name) && column.Name != set.CreatedTimeColumn?.Name))
        {
            problems.Add($"Feature set '{set.Name}': the source {statement.Table?.ToString() ?? "query"} has no column '{column.Name}'; it has {string.Join(", ", found.Keys)}.");
        }

        Check(set.EventTimeColumn.Name, statement.EventKind, "");
        var hasCreated = set.CreatedTimeColumn is { } created && found.ContainsKey(created.Name);
        if (hasCreated && statement.SourceHasCreatedTime)
        {
            Check(set.CreatedTimeColumn!.Name, statement.CreatedKind, "the created kind of ");
        }

        return problems.Count > 0 ? throw new TableMismatchException(problems) : hasCreated ? statement : statement.WithoutCreatedTime();

        void Check(string column, TimeKind declared, string what)
        {
            if (found.TryGetValue(column, out var type) && session.Dialect.KindOf(type) is { } kind && kind != declared)
            {
                problems.Add($"Feature set '{set.Name}': the source keeps '{column}' as {type}, declared as {declared}; declare {what}Publish.Times(...) with TimeKind.{kind}.");
            }
        }
    }

    public static async Task CheckAsync(Session session, FeatureSet set, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var columns = PublishBatch.Columns(set);
        var history = await session.FactsAsync(set.HistoryTable, cancellationToken).ConfigureAwait(false);
        var current = await session.FactsAsync(set.LatestTable!, cancellationToken).ConfigureAwait(false);
        problems.AddRange(TableCheck.Problems(session.Dialect, set, set.HistoryTable, history, columns));
        IEnumerable<ColumnDefinition> latest = set.IsExisting ? columns : TablesPlanner.LatestColumns(set);
        problems.AddRange(TableCheck.Problems(session.Dialect, set, set.LatestTable!, current, latest));
        problems.AddRange(TableCheck.Unspoken(set, set.HistoryTable, history).Concat(TableCheck.Unspoken(set, set.LatestTable!, current)));
        if (set.Scd2Table is { } scd2)
        {
            problems.AddRange(TableCheck.Owned(session.Dialect, set, scd2.PendingTable, await session.FactsAsync(scd2.PendingTable, cancellationToken).ConfigureAwait(false), Scd2Planner.PendingColumns(set)));
        }

        if (problems.Count > 0)
        {
            throw new TableMismatchException(problems);
        }
    }

    private static StageColumn Column(IReadOnlyList<FeatureSet> sets, LoadColumn column, DateTime created)
    {
        if (sets.Any(set => PublishBatch.IsDeleted(set, column.Name)))
        {
            return StageColumn.Fixed(column.Name, column.Stored, false);
        }

        var owner = sets.FirstOrDefault(set => set.CreatedTimeColumn?.Name == column.Name);
        return new(column.Name, column.Stored, column.NotNull)
        {
            MayBeAbsent = owner is not null,
            WhenAbsent = owner is not null ? created : null,
            WhenNull = owner is { IsExisting: false } ? created : null,
        };
    }
}
