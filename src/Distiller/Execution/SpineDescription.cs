namespace Distiller;

/// <summary>What the database says of a training set's spine and tables before it runs: columns, kinds of instants, shapes.</summary>
internal sealed class SpineDescription(Session session)
{
    private const string Alias = "spine";

    /// <summary>Half of what 32 bits hold, so that keys which come meanwhile fit too.</summary>
    private const long SmallKey = int.MaxValue / 2;

    /// <summary>The training set with its spine's columns, checked against the tables (P2, T5), and what its plan may know.</summary>
    public async Task<(TrainingSet Training, PlanScope Context)> PrepareAsync(TrainingSet training, PlanScope context, CancellationToken cancellationToken)
    {
        var shapes = new Dictionary<TableName, TableShape>();
        var problems = new List<string>();
        foreach (var join in training.Joins)
        {
            var set = join.Set;
            var facts = await session.FactsAsync(set.HistoryTable, cancellationToken).ConfigureAwait(false);
            problems.AddRange(TableCheck.Problems(session.Dialect, set, set.HistoryTable, facts, TablesPlanner.NeededColumns(join)).Concat(TableCheck.Unspoken(set, set.HistoryTable, facts)).Except(problems));
            if (facts is not null)
            {
                shapes[set.HistoryTable] = TableCheck.Shape(set, facts);
            }
        }

        if (problems.Count > 0)
        {
            throw new TableMismatchException(problems);
        }

        foreach (var set in training.Joins.Select(join => join.Set).Distinct().Where(RowCheckPlanner.Checks))
        {
            var facts = await session.FactsAsync(set.HistoryTable, cancellationToken).ConfigureAwait(false);
            if (await RowCheck.ProblemAsync(session, set, facts!, cancellationToken).ConfigureAwait(false) is { } problem)
            {
                throw new TableMismatchException([problem]);
            }
        }

        var spine = training.Spine;
        if (spine.InMemory is { } rows)
        {
            return (training, context with { Shapes = shapes, SpineRows = rows.Count });
        }

        var columns = await session.ColumnsAsync(Source(spine), Alias, "describe the spine", null, cancellationToken).ConfigureAwait(false);
        CheckKind(spine, columns);
        await CheckValuesAsync(spine, context, cancellationToken).ConfigureAwait(false);
        await MeasureKeysAsync(training, columns, shapes, context, cancellationToken).ConfigureAwait(false);
        var known = spine.ColumnNames.Count > 0 ? Declared(spine, columns) : spine.Columns([.. columns.Select(column => column.Name)]);
        var estimate = spine.Table is { } table ? (await session.FactsAsync(table, cancellationToken).ConfigureAwait(false))?.Rows : null;
        var described = training.WithSpine(known);
        OutputNames.Of(described, known.ColumnNames);
        return (described, context with { Shapes = shapes, SpineRows = estimate });
    }

    private static Spine Declared(Spine spine, IReadOnlyList<(string Name, string Type)> columns)
    {
        var missing = spine.ColumnNames.FirstOrDefault(name => !columns.Any(column => Names.Comparer.Equals(column.Name, name)));
        return missing is null
            ? spine
            : throw new TableMismatchException([$"The spine has no column '{missing}', which Columns(...) declares; it has {string.Join(", ", columns.Select(column => column.Name))}."]);
    }

    private void CheckKind(Spine spine, IReadOnlyList<(string Name, string Type)> columns)
    {
        var instant = spine.InstantColumn;
        var column = columns.FirstOrDefault(column => column.Name == instant.Name);
        if (column.Name is null)
        {
            throw new TableMismatchException([$"The spine has no column '{instant.Name}' for its instant; name it with At(...). It has {string.Join(", ", columns.Select(known => known.Name))}."]);
        }

        var counts = instant.Kind is TimeKind.Ordinal or TimeKind.EpochSeconds or TimeKind.EpochMilliseconds or TimeKind.EpochMicroseconds;
        var actual = session.Dialect.KindOf(column.Type);
        var isInteger = session.Dialect.IsInteger(column.Type);
        if ((actual is { } kind && kind != instant.Kind) || (isInteger && !counts))
        {
            var declare = actual is { } found ? $"TimeKind.{found}" : "TimeKind.EpochSeconds, EpochMilliseconds, EpochMicroseconds or Ordinal";
            throw new TableMismatchException([$"The spine's instant '{instant.Name}' is {column.Type}, declared as {instant.Kind}; declare At(\"{instant.Name}\", {declare})."]);
        }
    }

    /// <summary>Looks whether the 64-bit keys of large histories fit into half, where that pays: one pass over the keys, which saves more of the sort than it costs.</summary>
    private async Task MeasureKeysAsync(TrainingSet training, IReadOnlyList<(string Name, string Type)> columns, Dictionary<TableName, TableShape> shapes, PlanScope context, CancellationToken cancellationToken)
    {
        if (!session.Dialect.NarrowsKeys)
        {
            return;
        }

        foreach (var joins in training.Joins.GroupBy(join => join.Set.HistoryTable))
        {
            var keys = joins.SelectMany(join => join.Set.Entity.Keys.Zip(join.SpineKeys)).Where(pair => pair.First.Type.Kind == FeatureKind.Int64).ToList();
            if (keys.Count == 0 || !(shapes[joins.Key].Rows >= session.LargeHistory) || !keys.All(pair => columns.Any(column => Names.Comparer.Equals(column.Name, pair.Second) && session.Dialect.IsInteger(column.Type))))
            {
                continue;
            }

            var step = StatementWriter.Step(context, "look how many bytes its keys need", new QueryStatement(new()
            {
                Columns = ValueList<Output>.Of(keys.Select(pair => pair.First.Name).Distinct(Names.Comparer).SelectMany((name, i) => new Output[]
                {
                    new(new Aggregate(AggregateOp.Min, new ColumnRef("history", name)), $"least_{i + 1}"),
                    new(new Aggregate(AggregateOp.Max, new ColumnRef("history", name)), $"greatest_{i + 1}"),
                })),
                From = new TableRef(joins.Key, "history"),
            }));
            var bounds = await session.RowAsync(step, cancellationToken).ConfigureAwait(false);
            shapes[joins.Key] = shapes[joins.Key] with { HasSmallKeys = bounds!.Values.All(bound => bound is long and >= -SmallKey and <= SmallKey) };
        }
    }

    /// <summary>Where columns hold anything, the instants themselves are looked at, and the first in another form is shown.</summary>
    private async Task CheckValuesAsync(Spine spine, PlanScope context, CancellationToken cancellationToken)
    {
        var type = StoredType.Of(spine.InstantColumn.Kind);
        if (!session.Dialect.ChecksFit(type))
        {
            return;
        }

        var value = new ColumnRef(Alias, spine.InstantColumn.Name);
        var step = StatementWriter.Step(context, "look for an instant in another form", new QueryStatement(new()
        {
            Columns = ValueList<Output>.Of([new(value, "instant")]),
            From = Source(spine),
            Where = new Misfit(type, value, InOneForm: false),
            Limit = 1,
        }));
        if (await session.RowAsync(step, cancellationToken).ConfigureAwait(false) is { } row)
        {
            throw new TableMismatchException(
            [
                $"The spine's instant '{spine.InstantColumn.Name}' is declared as {spine.InstantColumn.Kind}, but holds '{Names.Printable(System.Convert.ToString(row["instant"], System.Globalization.CultureInfo.InvariantCulture) ?? "")}'; declare its kind with At(\"{spine.InstantColumn.Name}\", TimeKind...), or convert it in a query.",
            ]);
        }
    }

    private static Relation Source(Spine spine) => spine.Table is { } table ? new TableRef(table, Alias) : new TextRef(spine.QueryText!, Alias);
}
