namespace Distiller;

/// <summary>How the winner per key is read: the latest table, or a query over history.</summary>
internal static class LatestPlanner
{
    private const string LatestAlias = "latest";
    private const string HistoryAlias = "history";
    private const string KeysAlias = "keys";

    public static CompiledScript Build(Latest statement, PlanScope context)
    {
        var set = context.Checked(statement.Set);
        var before = new List<CompiledStep>();
        var after = new List<CompiledStep>();
        var judge = statement.Instant is { } instant ? Judge(set, context, new Value(StoredType.Instant, instant.UtcDateTime)) : null;
        var features = set.Features.Select(feature => new ColumnRef(LatestAlias, feature.Name)).Select(value => new Output(judge is null ? value : new Case(judge, value), value.Name));
        var query = new Select
        {
            Columns = ValueList<Output>.Of(KeysAndTimes(set).Select(name => new Output(new ColumnRef(LatestAlias, name))).Concat(features)),
            From = Source(set),
            Where = Both(statement.KeySpine is { } keys ? Match(set, keys, context, before, after) : null, Counts(set, atClock: statement.Instant is null)),
        };
        var at = statement.Instant is not { } judged ? ""
            : judge is null ? ", which has no max age to judge"
            : $", {(set.ValidToColumn is null ? "max age" : "validity")} judged at {Instants.Text(Instants.Microseconds(judged))} UTC";
        return new(
            context.Dialect,
            before.Append(StatementWriter.Step(context, $"the latest of {set.Name}", new QueryStatement(query), StepRole.Answer)).Concat(after),
            [$"Latest of {set.Name}{at}.", .. How(set)],
            []);
    }

    public static CompiledScript Build(Unload statement, PlanScope context)
    {
        var set = context.Checked(statement.Set);
        var carries = set.LatestTable is not null && !set.IsExisting;
        var columns = set.ColumnNames().Concat(carries ? [Names.PublishedTimestamp] : []);
        var query = new Select
        {
            Columns = ValueList<Output>.Of(columns.Select(name => new Output(new ColumnRef(LatestAlias, name)))),
            From = Source(set),
            Where = carries && statement.Since is { } since
                ? new Compare(CompareOp.GreaterOrEqual, new ColumnRef(LatestAlias, Names.PublishedTimestamp), new Value(StoredType.Instant, Earlier(since, statement.Overlap)))
                : Counts(set, atClock: true),
        };
        IEnumerable<string> notes = !carries && statement.Since is not null
            ? [$"the latest of '{set.Name}' carries no {Names.PublishedTimestamp}, so it is unloaded whole."]
            : [];
        return new(context.Dialect, [StatementWriter.Step(context, $"unload the latest of {set.Name}", new QueryStatement(query), StepRole.Answer)], [$"Unload of {set.Name}.", .. How(set)], notes);
    }

    /// <summary>What identifies a row: keys, event time and created time.</summary>
    public static IEnumerable<string> Identity(FeatureSet set) =>
        set.Entity.Keys.Select(key => key.Name).Concat(set.TimeColumns().Where(time => !ReferenceEquals(time, set.ValidToColumn)).Select(time => time.Name));

    /// <summary>The columns before the features: keys and times.</summary>
    private static IEnumerable<string> KeysAndTimes(FeatureSet set) => set.Entity.Keys.Select(key => key.Name).Concat(set.TimeColumns().Select(time => time.Name));

    /// <summary>Rows of a table, the newest of each key first (W2).</summary>
    public static IEnumerable<SortKey> NewestFirst(FeatureSet set, string table)
    {
        if (set.IsStatic)
        {
            yield break;
        }

        yield return new(new ColumnRef(table, set.EventTimeColumn.Name), Descending: true);
        if (set.CreatedTimeColumn is { } created)
        {
            yield return new(new ColumnRef(table, created.Name), Descending: true, NullsLast: set.IsExisting);
        }

        foreach (var tie in set.TieBreakers)
        {
            yield return new(new ColumnRef(table, tie.Name), Descending: true, NullsLast: true);
        }
    }

    /// <summary>Whether a latest row still counts at an instant: young enough, and not ended; null = always.</summary>
    private static Scalar? Judge(FeatureSet set, PlanScope context, Value instant) => set.IsStatic ? null : Both(
        TimeMath.YoungEnough(context.Dialect, set.EventTimeColumn, new ColumnRef(LatestAlias, set.EventTimeColumn.Name), set.MaximumAge, TimeKind.Instant, instant),
        set.ValidToColumn is { } end ? Open(end, instant) : null);

    /// <summary>A key whose newest interval has ended has no latest, and a NULL is no key of a static set; null = every row counts.</summary>
    private static Scalar? Counts(FeatureSet set, bool atClock) => set.IsStatic ? Scalar.And(set.Entity.Keys.Select(key => new IsNull(new ColumnRef(LatestAlias, key.Name), Negated: true)))
        : atClock && set.ValidToColumn is { } end ? Open(end, new Clock())
        : null;

    /// <summary>An ordinal meets no instant: there, only what has no end is open.</summary>
    private static Scalar Open(TimeColumn end, Scalar instant) => end.Kind == TimeKind.Ordinal
        ? new IsNull(new ColumnRef(LatestAlias, end.Name))
        : TimeMath.NotEnded(end, new ColumnRef(LatestAlias, end.Name), TimeKind.Instant, instant, strictly: false);

    private static Scalar? Both(Scalar? left, Scalar? right) => left is not null && right is not null ? Scalar.And(left, right) : left ?? right;

    private static DateTime Earlier(DateTimeOffset since, TimeSpan overlap) => since.UtcDateTime.Ticks > overlap.Ticks ? since.UtcDateTime - overlap : DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);

    private static IEnumerable<string> How(FeatureSet set) =>
        set.IsStatic ? ["The table itself, because the set is static."]
        : set.LatestTable is null ? ["A query over history, because the set has no latest table: the newest row of each key."] : [];

    private static Relation Source(FeatureSet set)
    {
        if (set.LatestTable is { } latest)
        {
            return new TableRef(latest, LatestAlias);
        }

        if (set.IsStatic)
        {
            return new TableRef(set.HistoryTable, LatestAlias);
        }

        var rank = "newest_first";
        while (set.ColumnNames().Contains(rank, Names.Comparer))
        {
            rank += "_";
        }

        var partition = set.Entity.Keys.Select(key => (Scalar)new ColumnRef(HistoryAlias, key.Name)).ToList();
        var names = set.ColumnNames().ToList();
        var ranked = new Select
        {
            Columns = ValueList<Output>.Of(names.Select(name => new Output(new ColumnRef(HistoryAlias, name)))
                .Append(new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Of(partition), ValueList<SortKey>.Of(NewestFirst(set, HistoryAlias))), rank))),
            From = new TableRef(set.HistoryTable, HistoryAlias),
            Where = Scalar.And(partition.Append(new ColumnRef(HistoryAlias, set.EventTimeColumn.Name)).Select(column => new IsNull(column, Negated: true))),
        };
        return new SelectRef(
            new()
            {
                Columns = ValueList<Output>.Of(names.Select(name => new Output(new ColumnRef(HistoryAlias, name)))),
                From = new SelectRef(ranked, HistoryAlias),
                Where = new Compare(CompareOp.Equal, new ColumnRef(HistoryAlias, rank), new Number(1)),
            },
            LatestAlias);
    }

    private static Exists Match(FeatureSet set, Spine keys, PlanScope context, List<CompiledStep> before, List<CompiledStep> after)
    {
        Relation source;
        if (keys.InMemory is { } rows)
        {
            var stage = context.Stage("distiller_keys");
            before.AddRange(StageSteps.CreateAndLoad(context, stage, [.. rows.Columns.Select(column => new ColumnDefinition(column.Name, column.Type, NotNull: false))], "the keys", rows));
            after.Add(StatementWriter.Step(context, "drop the keys' temporary table", new DropTable(stage, IsTemporary: true)));
            source = new TableRef(stage, KeysAlias, IsTemporary: true);
        }
        else
        {
            source = keys.Table is { } table ? new TableRef(table, KeysAlias) : new TextRef(keys.QueryText!, KeysAlias);
        }

        return new(new()
        {
            Columns = ValueList<Output>.Of([new(new Number(1))]),
            From = source,
            Where = Scalar.And(set.Entity.Keys.Select(key => new Compare(CompareOp.Equal, new ColumnRef(KeysAlias, key.Name), new ColumnRef(LatestAlias, key.Name)))),
        });
    }
}
