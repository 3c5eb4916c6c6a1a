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
        var features = set.Features.Select(feature => new Output(Served(feature), feature.Name));
        var terms = Present(set).Concat(Standing(set, atClock: statement.Instant is null)).Concat(statement.KeySpine is { } keys ? [Match(set, keys, context, before, after)] : []).ToList();
        var query = new Select
        {
            Columns = ValueList<Output>.Of(KeysAndTimes(set).Select(name => new Output(new ColumnRef(LatestAlias, name))).Concat(features)),
            From = Source(set, []),
            Where = terms.Count > 0 ? Scalar.And(terms) : null,
            Limit = context.Limit,
        };
        var at = statement.Instant is not { } judged ? ""
            : Judge(context.Dialect, set, set.EventTimeColumn.Name, judged) is null ? ", which has no max age to judge"
            : $", {(set.ValidToColumn is null ? "max age" : "validity")} judged at {Instants.Text(Instants.Microseconds(judged))} UTC";
        return new(
            context.Dialect,
            before.Append(StatementWriter.Step(context, $"the latest of {set.Name}", new QueryStatement(query), StepRole.Answer)).Concat(after),
            [$"Latest of {set.Name}{at}.", .. How(set)],
            []);

        Scalar Served(Feature feature)
        {
            var value = new ColumnRef(LatestAlias, feature.Name);
            var since = set.IsSparse ? FeatureSet.TimeOf(feature.Name) : set.EventTimeColumn.Name;
            return statement.Instant is { } instant && Judge(context.Dialect, set, since, instant) is { } judge ? new Case(judge, value) : value;
        }
    }

    public static CompiledScript Build(Unload statement, PlanScope context)
    {
        var set = context.Checked(statement.Set);
        var carries = set.LatestTable is not null && !set.IsExisting;
        var ties = TiesBeside(set).Select(tie => tie.Name).ToList();
        var terms = Present(set).ToList();
        if (carries && statement.Since is { } since)
        {
            terms.Add(new Compare(CompareOp.GreaterOrEqual, new ColumnRef(LatestAlias, Names.PublishedTimestamp), new Value(StoredType.Instant, Earlier(since, statement.Overlap))));
        }

        var query = new Select
        {
            Columns = ValueList<Output>.Of(UnloadColumns(set).Select(column => column.Name).Concat(ties).Select(name => new Output(new ColumnRef(LatestAlias, name)))),
            From = Source(set, ties),
            Where = terms.Count > 0 ? Scalar.And(terms) : null,
            Limit = context.Limit,
        };
        IEnumerable<string> notes = !carries && statement.Since is not null
            ? [$"the latest of '{set.Name}' carries no {Names.PublishedTimestamp}, so it is unloaded whole."]
            : [];
        return new(context.Dialect, [StatementWriter.Step(context, $"unload the latest of {set.Name}", new QueryStatement(query), StepRole.Answer)], [$"Unload of {set.Name}.", .. How(set)], notes);
    }

    /// <summary>What an unload hands out: keys, times, features, whether the row is a tombstone, sparse features' event times, the store's clock; as far as the set has them.</summary>
    public static ValueList<ColumnDefinition> UnloadColumns(FeatureSet set) => set.IsExisting
        ? ValueList<ColumnDefinition>.Of(TablesPlanner.ReadColumns(set).Concat(TablesPlanner.FeatureTimes(set)))
        : TablesPlanner.LatestColumns(set);

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

    /// <summary>The tie-breakers that are no features: an unload brings them too, because an online store orders versions by them.</summary>
    public static IEnumerable<TieBreaker> TiesBeside(FeatureSet set) => set.IsSparse ? [] : set.TieBreakers.Where(tie => !set.IsFeature(tie.Name));

    /// <summary>The same rows, the oldest of each key first.</summary>
    public static IEnumerable<SortKey> OldestFirst(FeatureSet set, string table) =>
        NewestFirst(set, table).Select(key => key with { Descending = false, NullsLast = false, NullsFirst = key.NullsLast });

    /// <summary>Whether a latest row still counts at an instant: what holds since an event time is young enough, and the row has not ended; null = always.</summary>
    private static Scalar? Judge(SqlDialect dialect, FeatureSet set, string since, DateTimeOffset instant)
    {
        if (set.IsStatic)
        {
            return null;
        }

        var at = new Value(StoredType.Instant, instant.UtcDateTime);
        var young = TimeMath.YoungEnough(dialect, set.EventTimeColumn, new ColumnRef(LatestAlias, since), set.MaximumAge, TimeKind.Instant, at);
        var open = set.ValidToColumn is { } end ? Open(end, at) : null;
        return young is not null && open is not null ? Scalar.And(young, open) : young ?? open;
    }

    /// <summary>A NULL is no key: a static table is read as it is, and may hold some.</summary>
    private static IEnumerable<Scalar> Present(FeatureSet set) => set.IsStatic ? set.Entity.Keys.Select(key => new IsNull(new ColumnRef(LatestAlias, key.Name), Negated: true)) : [];

    /// <summary>A key whose newest row is a tombstone, or whose newest interval has ended by the clock, has no latest.</summary>
    private static IEnumerable<Scalar> Standing(FeatureSet set, bool atClock)
    {
        if (set.HasTombstones)
        {
            yield return new Not(new ColumnRef(LatestAlias, Names.Deleted));
        }

        if (atClock && set.ValidToColumn is { } end)
        {
            yield return Open(end, new Clock());
        }
    }

    /// <summary>An ordinal meets no instant: there, only what has no end is open.</summary>
    private static Scalar Open(TimeColumn end, Scalar instant) => end.Kind == TimeKind.Ordinal
        ? new IsNull(new ColumnRef(LatestAlias, end.Name))
        : TimeMath.NotEnded(end, new ColumnRef(LatestAlias, end.Name), TimeKind.Instant, instant, strictly: false);

    private static DateTime Earlier(DateTimeOffset since, TimeSpan overlap) => since.UtcDateTime.Ticks > overlap.Ticks ? since.UtcDateTime - overlap : DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);

    private static IEnumerable<string> How(FeatureSet set) =>
        set.IsStatic ? ["The table itself, because the set is static."]
        : set.LatestTable is not null ? []
        : set.IsSparse ? ["A query over history, because the set has no latest table: the newest value of each feature of each key."]
        : ["A query over history, because the set has no latest table: the newest row of each key."];

    private static Relation Source(FeatureSet set, IEnumerable<string> beside)
    {
        if (set.LatestTable is { } latest)
        {
            return new TableRef(latest, LatestAlias);
        }

        if (set.IsStatic)
        {
            return new TableRef(set.HistoryTable, LatestAlias);
        }

        if (set.IsSparse)
        {
            return new SelectRef(SparseLatest.Query(set, null), LatestAlias);
        }

        var rank = new FreeNames(set.ReadNames()).Take("newest_first");
        var partition = set.Entity.Keys.Select(key => (Scalar)new ColumnRef(HistoryAlias, key.Name)).ToList();
        var names = set.ColumnNames().Concat(beside).ToList();
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
