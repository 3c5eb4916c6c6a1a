namespace Distiller;

/// <summary>Validates a training set, names its outputs, and lets one as-of strategy per join answer.</summary>
internal static class TrainingSetPlanner
{
    public static CompiledScript Build(TrainingSet training, PlanScope context)
    {
        var plan = Plan(training, context);
        return new(context.Dialect, plan.Before.Append(StatementWriter.Step(context, "the training set", new QueryStatement(plan.Query with { Limit = context.Limit }), StepRole.Answer)).Concat(plan.After), plan.Comments, plan.Notes);
    }

    public static CompiledScript BuildTable(TrainingTable statement, PlanScope context)
    {
        var plan = Plan(statement.Training, context);
        IEnumerable<CompiledStep> write = statement.IfExists switch
        {
            IfExists.Append => [StatementWriter.Step(context, $"append the training set to {statement.Table}", new Insert(statement.Table, OutputColumns(statement.Training, context), plan.Query))],
            IfExists.Replace =>
            [
                StatementWriter.Mark(context.Dialect.Begin, "the old table or the new one, never none"),
                StatementWriter.Step(context, $"drop {statement.Table} where it exists", new DropTable(statement.Table)),
                StatementWriter.Step(context, $"write the training set as {statement.Table}", new CreateTableAs(statement.Table, plan.Query)),
                StatementWriter.Mark("COMMIT", "the new table takes its place"),
            ],
            _ => [StatementWriter.Step(context, $"write the training set as {statement.Table}", new CreateTableAs(statement.Table, plan.Query))],
        };
        return new(context.Dialect, plan.Before.Concat(write).Concat(plan.After), plan.Comments, plan.Notes);
    }

    /// <summary>The strategy that answers a join, and why.</summary>
    public static (AsOfStrategy Strategy, string Reason) Choose(AsOfLookup lookup, AsOf? pinned)
    {
        if (lookup.Set.IsStatic)
        {
            var join = new KeyJoin();
            return (join, join.Reason(lookup));
        }

        var offered = lookup.Dialect.AsOfStrategies.Where(strategy => strategy.Finds(lookup.Set) && (pinned is null || strategy.Kind == pinned)).ToList();
        var chosen = offered.FirstOrDefault(strategy => strategy.CanAnswer(lookup));
        if (chosen is not null)
        {
            return (chosen, pinned is null ? chosen.Reason(lookup) : chosen.Reason(lookup) + " (pinned)");
        }

        if (pinned is not { } kind)
        {
            throw lookup.Dialect.Unsupported($"a point-in-time join of feature set '{lookup.Set.Name}' onto a spine whose columns are not known", "Declare the spine's columns with Columns(...).");
        }

        var able = lookup.Dialect.AsOfStrategies.Where(strategy => strategy.Finds(lookup.Set) && strategy.CanAnswer(lookup)).Select(strategy => strategy.Kind).Distinct().ToList();
        throw lookup.Dialect.Unsupported(
            $"the strategy {kind} for feature set '{lookup.Set.Name}'",
            $"Leave Using(...) out{(able.Count > 0 ? $", or pin {string.Join(" or ", able)}" : ", and declare the spine's columns with Columns(...)")}."
            + (offered.Count > 0 && lookup.Set.IsExisting ? " It needs to know more of the table: declare its index and row id with Shaped(...), or let a FeatureStore read the catalog." : ""));
    }

    public static string ReasonLine(AsOfLookup lookup, string reason) => $"{lookup.Join.Prefix}: {reason}.";

    /// <summary>The query of a training set, and what is to be done before and after it.</summary>
    public static TrainingPlan Plan(TrainingSet training, PlanScope context)
    {
        Check(training);
        context.Dialect.TypeName(StoredType.Of(training.Spine.InstantColumn.Kind));
        var alias = SpineAlias(training);
        var lookups = Lookups(training, context, alias);
        var before = new List<CompiledStep>();
        var after = new List<CompiledStep>();
        var source = Source(training.Spine, alias, context, before, after);
        var query = new AsOfQuery(training, source, alias, training.Spine.ColumnNames.Concat(lookups.Select(lookup => lookup.Alias)).Concat(Tables(training)));
        var comments = new List<string> { Describe(training) };
        foreach (var lookup in lookups)
        {
            var (strategy, reason) = Choose(lookup, training.Strategy);
            comments.Add(ReasonLine(lookup, reason));
            strategy.Add(query, lookup);
        }

        return new(query.Build(), ValueList<CompiledStep>.Of(before), ValueList<CompiledStep>.Of(after), ValueList<string>.Of(comments), ValueList<string>.Of(Notes(training)));
    }

    /// <summary>Output names are each given once (P2), and what the joins and the order name is there, as far as the spine's columns are known.</summary>
    public static void Check(TrainingSet training)
    {
        var outputs = OutputNames.Of(training, training.Spine.ColumnNames);
        if (training.Spine.ColumnNames.Count == 0)
        {
            return;
        }

        if (training.OrderColumns.FirstOrDefault(column => !outputs.Contains(column, Names.Comparer)) is { } unknown)
        {
            throw new ArgumentException($"The training set is ordered by '{unknown}', which is none of its columns: {string.Join(", ", outputs)}.");
        }

        var declared = training.Spine.ColumnNames.ToHashSet(StringComparer.Ordinal);
        Need(training.Spine.InstantColumn.Name, "its instant (name another with At(...))");
        foreach (var join in training.Joins)
        {
            for (var i = 0; i < join.SpineKeys.Count; i++)
            {
                Need(join.SpineKeys[i], $"key '{join.Set.Entity.Keys[i].Name}' of the join '{join.Prefix}' (map it with keys: ...)");
            }
        }

        void Need(string column, string role)
        {
            if (!declared.Contains(column))
            {
                throw new ArgumentException($"The spine has no column '{column}', which is {role}; it has {string.Join(", ", training.Spine.ColumnNames)}.");
            }
        }
    }

    private static IReadOnlyList<AsOfLookup> Lookups(TrainingSet training, PlanScope context, string spine)
    {
        var taken = new FreeNames([spine]);
        return [.. training.Joins.Select((join, i) => new AsOfLookup(training, join, context.ShapeOf(context.Checked(join.Set)), context.Dialect)
        {
            Alias = Alias(join, i),
            SpineIsKnown = training.Spine.ColumnNames.Count > 0,
            SpineRows = context.SpineRows,
        })];

        // An alias is the user's own name where it fits and is free.
        string Alias(TrainingJoin join, int index)
        {
            var fits = context.Dialect.MaxNameBytes is not { } max || System.Text.Encoding.UTF8.GetByteCount(join.Prefix) <= max - 16;
            return taken.Take(fits ? join.Prefix : $"join_{index + 1}");
        }
    }

    /// <summary>The spine's alias. Within a lookup of history, DuckDB takes a column of that name for the alias.</summary>
    private static string SpineAlias(TrainingSet training) => new FreeNames(SetColumns(training)).Take("spine");

    /// <summary>The columns of every joined history.</summary>
    public static IEnumerable<string> SetColumns(TrainingSet training) => training.Joins.SelectMany(join => join.Set.ReadNames());

    private static Relation Source(Spine spine, string alias, PlanScope context, List<CompiledStep> before, List<CompiledStep> after)
    {
        if (spine.Table is { } table)
        {
            return new TableRef(table, alias);
        }

        if (spine.QueryText is { } sql)
        {
            return new TextRef(sql, alias);
        }

        var stage = context.Stage("distiller_spine");
        before.AddRange(StageSteps.CreateAndLoad(context, stage, spine.InMemory!.StageColumns(spine), "the spine", spine.InMemory));
        after.Add(StatementWriter.Step(context, "drop the spine's temporary table", new DropTable(stage, IsTemporary: true)));
        return new TableRef(stage, alias, IsTemporary: true);
    }

    /// <summary>Tables the query reads: a common table of the same name would hide them.</summary>
    /// <summary>The tables a training set reads, by their last names: within a common table of that name they could not be read.</summary>
    public static IEnumerable<string> Tables(TrainingSet training) =>
        training.Joins.Select(join => join.Set.HistoryTable).Append(training.Spine.Table).OfType<TableName>().Select(table => table.Name);

    private static ValueList<string> OutputColumns(TrainingSet training, PlanScope context) =>
        training.Spine.ColumnNames.Count > 0
            ? ValueList<string>.Of(OutputNames.Of(training, training.Spine.ColumnNames))
            : throw context.Dialect.Unsupported("appending a training set whose spine columns are not known", "Declare them with Columns(...), or run it through a FeatureStore, which asks the database.");

    public static string Describe(TrainingSet training)
    {
        var spine = training.Spine.Table is { } table ? table.ToString() : training.Spine.QueryText is not null ? "a query" : "rows in memory";
        var knowledge = training.Knowledge switch
        {
            Knowledge.AtInstant => $", known at {Instants.Text(Instants.Microseconds(training.KnowledgeInstant!.Value))} UTC",
            Knowledge.AtEvent => ", known at each row's instant",
            _ => "",
        };
        var kind = training.Spine.InstantColumn.Kind == TimeKind.Instant ? "" : $" ({training.Spine.InstantColumn.Kind})";
        return $"Training set: {spine} as of {training.Spine.InstantColumn.Name}{kind}{(training.IsStrict ? ", strictly before" : "")}{knowledge}, with {string.Join(", ", training.Joins.Select(join => join.Prefix))}.";
    }

    private static IEnumerable<string> Notes(TrainingSet training)
    {
        if (training.Knowledge != Knowledge.Today)
        {
            foreach (var join in training.Joins.Where(join => join.Set.CreatedTimeColumn is null))
            {
                yield return $"feature set '{join.Set.Name}' has no created time and cannot be cut: its rows count as known all along.";
            }
        }

        foreach (var set in training.Joins.Select(join => join.Set).Distinct().Where(RowCheckPlanner.Checks))
        {
            yield return set.IsStatic
                ? $"feature set '{set.Name}' is taken to have one row per key; a store checks that first, by CheckRows.Of(set)."
                : $"the intervals of feature set '{set.Name}' are taken not to overlap; a store checks that first, by CheckRows.Of(set).";
        }

        if (training.Spine.ColumnNames.Count == 0)
        {
            yield return "the spine's columns are not declared, so they pass through as they are; no check was made that an output has the name of one.";
        }
    }
}

/// <summary>A training set's query, what is to be done before and after it, and what is worth knowing of it.</summary>
internal sealed record TrainingPlan(Select Query, ValueList<CompiledStep> Before, ValueList<CompiledStep> After, ValueList<string> Comments, ValueList<string> Notes);
