namespace Distiller;

/// <summary>
/// The steps of publishing: stage the batch, judge it by itself, then in one transaction judge it against history, append, and bring latest up to date.
/// Whatever is counted is counted by queries (B9), before the writes.
/// </summary>
internal static class PublishPlanner
{
    /// <summary>One transaction for one source or several sets of it.</summary>
    public static CompiledScript Build(IReadOnlyList<Publish> statements, PlanScope context)
    {
        var batches = statements.Select(statement => new PublishBatch(statement, context)).ToList();
        var sets = batches.Select(batch => batch.Set).ToList();
        var steps = context.Dialect.PublishLockTables(sets).Select(lockTable => StatementWriter.Step(context, "the row every publisher of a set updates", lockTable, StepRole.Prepare))
            .Concat(batches.SelectMany(batch => batch.Stage()))
            .Append(StatementWriter.Mark(context.Dialect.Begin, "one transaction for history and latest"))
            .Concat(context.Dialect.PublishLocks(sets).Select(take => StatementWriter.Step(context, "one publisher at a time", take)))
            .Concat(batches.SelectMany(batch => batch.Judge()))
            .Concat(batches.SelectMany(batch => batch.Write()))
            .Concat(batches.SelectMany(batch => batch.Note()))
            .Append(StatementWriter.Mark("COMMIT", "both tables, or none"))
            .Concat(batches.SelectMany(batch => batch.Drop()));
        return new(context.Dialect, steps, statements.Select(Describe), Notes(statements));
    }

    private static string Describe(Publish statement)
    {
        if (statement.Ended is { } ended)
        {
            var keys = ended.Keys.Table is { } named ? named.ToString() : ended.Keys.InMemory is not null ? "rows in memory" : "a query";
            return $"Retract the keys of {keys} from {statement.Set.HistoryTable} and {statement.Set.LatestTable} as of {Instants.Text(Instants.Microseconds(ended.At))} UTC.";
        }

        var source = statement.Table is { } table ? table.ToString() : statement.IsFromMemory ? "rows in memory" : "a query";
        return $"Publish {source} to {statement.Set.HistoryTable} and {statement.Set.LatestTable}{(statement.LeavesOutUnchanged ? ", only rows that change something" : "")}.";
    }

    private static IEnumerable<string> Notes(IReadOnlyList<Publish> statements)
    {
        yield return "a step that refuses must return no row; where it returns one, ROLLBACK and drop the temporary tables.";
        foreach (var statement in statements.Where(statement => !statement.IsFromMemory && statement.Ended is null))
        {
            yield return $"the source of '{statement.Set.Name}' is taken to keep {statement.Set.EventTimeColumn.Name} as {statement.EventKind}"
                + (statement.Set.CreatedTimeColumn is { } created ? (statement.SourceHasCreatedTime ? $" and {created.Name} as {statement.CreatedKind}." : $" and to have no {created.Name}.") : ".");
        }
    }
}
