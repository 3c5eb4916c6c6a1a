namespace Distiller;

/// <summary>A publish for each slice of event time; before them all, the rows that no slice would have, or that running it again would append again, are refused.</summary>
internal static class BackfillPlanner
{
    private const string Alias = "source";

    public static CompiledScript Build(Backfill statement, PlanScope context)
    {
        var set = context.Checked(statement.Source.Set);
        var steps = new List<CompiledStep> { Refusal(statement, context) };
        CompiledScript? slice = null;
        for (var i = 0; i < statement.Slices; i++)
        {
            slice = PublishPlanner.Build([SliceOf(statement, i, context.Dialect)], context);
            var which = FormattableString.Invariant($"slice {i + 1} of {statement.Slices}, {Words(statement, i)}: ");
            steps.AddRange(slice.Steps.Select(step => step with { Purpose = which + step.Purpose }));
        }

        var what = statement.Source.Table is { } table ? table.ToString() : "a query";
        return new(context.Dialect, steps, [$"Backfill {set.HistoryTable} and {set.LatestTable} from {what}, {statement.Slices} slices of event time, each whole or not at all. Run it again to finish what failed."], slice!.Notes);
    }

    /// <summary>A slice's range in words.</summary>
    public static string Words(Backfill statement, int number)
    {
        var (from, to) = statement.Range(number);
        return $"{Instants.Text(Instants.Microseconds(from))} to before {Instants.Text(Instants.Microseconds(to))} UTC";
    }

    /// <summary>The publish of one slice: the source's query with the slice's range.</summary>
    public static Publish SliceOf(Backfill statement, int number, SqlDialect dialect)
    {
        var source = statement.Source;
        var (from, to) = statement.Range(number);
        var column = new TimeColumn(source.Set.EventTimeColumn.Name, source.EventKind);
        var value = new ColumnRef(Alias, column.Name);
        var names = PublishBatch.SourceColumns(source.Set).Select(one => one.Name).Where(name => source.SourceHasCreatedTime || name != source.Set.CreatedTimeColumn?.Name);
        var text = StatementWriter.Step(new(dialect, SqlStyle.Literals), "slice", new QueryStatement(new()
        {
            Columns = ValueList<Output>.Of(names.Select(name => new Output(new ColumnRef(Alias, name)))),
            From = From(source),
            Where = Scalar.And(FixedInstants.AtOrAfter(column, value, from.UtcDateTime), FixedInstants.Before(column, value, to.UtcDateTime)),
        })).Text;
        var slice = Publish.FromQuery(source.Set, text).Times(source.EventKind, source.CreatedKind);
        slice = source.SourceHasCreatedTime ? slice : slice.WithoutCreatedTime();
        slice = source.CreatedInstant is { } created ? slice.CreatedAt(created) : slice;
        return source.LeavesOutUnchanged ? slice.OnlyChanged() : slice;
    }

    /// <summary>One row that no slice would have, or that has no created time to be known again by.</summary>
    public static CompiledStep Refusal(Backfill statement, PlanScope context)
    {
        var source = statement.Source;
        var set = source.Set;
        var problems = new List<Branch> { Missing(set.EventTimeColumn.Name, "so no slice has it") };
        if (set is { IsExisting: false, CreatedTimeColumn: { } created } && source is { SourceHasCreatedTime: true, CreatedInstant: null })
        {
            problems.Add(Missing(created.Name, "so that running it again would append it again; give one with CreatedAt(...)"));
        }

        return StatementWriter.Step(context, $"refuse rows of {set.Name} without {(problems.Count > 1 ? "event or created time" : "event time")}", new QueryStatement(new()
        {
            Columns = ValueList<Output>.Of(set.Entity.Keys.Select(key => new Output(new TextOf(new ColumnRef(Alias, key.Name)), key.Name)).Prepend(new(new Case(ValueList<Branch>.Of(problems)), new FreeNames(set.Entity.Keys.Select(key => key.Name)).Take("problem")))),
            From = From(source),
            Where = Scalar.Or(problems.Select(problem => problem.When)),
            Limit = 1,
        }), StepRole.RefuseBefore) with { FeatureSet = set.Name };

        static Branch Missing(string column, string why) => new(new IsNull(new ColumnRef(Alias, column)), new Text($"has no '{column}', {why}"));
    }

    /// <summary>The least and the greatest event time of the source.</summary>
    public static CompiledStep Bounds(Publish source, PlanScope context)
    {
        var value = new ColumnRef(Alias, source.Set.EventTimeColumn.Name);
        return StatementWriter.Step(context, $"find the first and last event time of {source.Set.Name}'s source", new QueryStatement(new()
        {
            Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Min, value), "first"), new(new Aggregate(AggregateOp.Max, value), "last")]),
            From = From(source),
        })) with { FeatureSet = source.Set.Name };
    }

    private static Relation From(Publish source) => source.Table is { } table ? new TableRef(table, Alias) : new TextRef(source.QueryText!, Alias);
}
