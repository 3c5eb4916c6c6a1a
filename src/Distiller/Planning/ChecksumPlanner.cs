namespace Distiller;

/// <summary>The count of a training set's rows, and the sum of their hashes.</summary>
internal static class ChecksumPlanner
{
    private const string Hashed = "hashed";

    public static CompiledScript Build(Checksum statement, PlanScope context)
    {
        var training = statement.Training;
        if (context.Dialect.RowHash is null)
        {
            throw context.Dialect.Unsupported("a checksum in the engine, which has no hash", "ManifestAsync of a FeatureStore reads the rows and computes it.");
        }

        if (training.Spine.ColumnNames.Count == 0)
        {
            throw context.Dialect.Unsupported("the checksum of a training set whose spine columns are not known", "Declare them with Columns(...), or run ManifestAsync, which asks the database.");
        }

        var plan = TrainingSetPlanner.Plan(training, context);
        var text = Columns(statement).Select(column => (Scalar)Apart(column.Type, new ColumnRef(Hashed, column.Name))).Aggregate((left, right) => new Concatenation(left, right));
        var query = new Select
        {
            Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), "rows"), new(new Coalesce(new Aggregate(AggregateOp.Sum, new RowHash(text)), new Number(0)), "checksum")]),
            From = new SelectRef(plan.Query with { OrderBy = ValueList<SortKey>.Empty }, Hashed),
        };
        return new(
            context.Dialect,
            plan.Before.Append(StatementWriter.Step(context, "count and hash the rows", new QueryStatement(query), StepRole.Answer)).Concat(plan.After.Select(step => step with { Role = StepRole.Clean })),
            plan.Comments.Skip(1).Prepend("Checksum. " + TrainingSetPlanner.Describe(training)),
            plan.Notes);
    }

    /// <summary>The columns, and what is known of their types: the spine's by its instant, its keys and what the database said.</summary>
    public static IEnumerable<(string Name, StoredType? Type)> Columns(Checksum statement)
    {
        var training = statement.Training;
        var known = new Dictionary<string, StoredType>(Names.Comparer);
        foreach (var column in statement.SpineTimes)
        {
            known[column.Name] = StoredType.Of(column.Kind);
        }

        foreach (var join in training.Joins)
        {
            for (var i = 0; i < join.SpineKeys.Count; i++)
            {
                known.TryAdd(join.SpineKeys[i], StoredType.Of(join.Set.Entity.Keys[i].Type));
            }
        }

        known[training.Spine.InstantColumn.Name] = StoredType.Of(training.Spine.InstantColumn.Kind);
        return ResultColumns.Of(training).Select((column, i) => (column.Name, i >= training.Spine.ColumnNames.Count ? column.Type : column.Type ?? (known.TryGetValue(column.Name, out var type) ? type : null)));
    }

    /// <summary>A value as text whose end is known by its length; NULL as a sign of its own.</summary>
    private static Coalesce Apart(StoredType? type, Scalar value)
    {
        var text = new ValueText(type, value);
        return new(new Concatenation(new TextOf(new TextLength(text)), new Concatenation(new Text(":"), text)), new Text("-"));
    }
}
