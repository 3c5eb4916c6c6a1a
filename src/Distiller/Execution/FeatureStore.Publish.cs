using System.Data.Common;

namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>Publishes rows in memory to a feature set (B1 to B12).</summary>
    /// <typeparam name="T">A type whose readable properties match the set's columns without regard to case and underscores (<c>[Column]</c> wins), or a dictionary by column name.</typeparam>
    /// <exception cref="RowRefusedException">A row cannot be published; nothing was written.</exception>
    public async Task<PublishResult> PublishAsync<T>(FeatureSet set, IEnumerable<T> rows, PublishOptions? options = null, CancellationToken cancellationToken = default) =>
        (await PublishAsync([set], rows, options, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Publishes a stream of rows to a feature set.</summary>
    public async Task<PublishResult> PublishAsync<T>(FeatureSet set, IAsyncEnumerable<T> rows, PublishOptions? options = null, CancellationToken cancellationToken = default) =>
        (await PublishAsync([set], rows, options, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Publishes a reader's rows to a feature set. The reader must come from another connection, except on SQLite.</summary>
    public async Task<PublishResult> PublishAsync(FeatureSet set, DbDataReader rows, PublishOptions? options = null, CancellationToken cancellationToken = default) =>
        (await PublishAsync([set], rows, options, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Publishes one source to several feature sets in one transaction (B11).</summary>
    public Task<IReadOnlyList<PublishResult>> PublishAsync<T>(IReadOnlyList<FeatureSet> sets, IEnumerable<T> rows, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return PublishRowsAsync(sets, (columns, owner) => StageReader.Over(rows, columns, owner, Dialect), options ?? new(), cancellationToken);
    }

    /// <summary>Publishes one stream to several feature sets in one transaction (B11).</summary>
    public Task<IReadOnlyList<PublishResult>> PublishAsync<T>(IReadOnlyList<FeatureSet> sets, IAsyncEnumerable<T> rows, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return PublishRowsAsync(sets, (columns, owner) => StageReader.Over(rows, columns, owner, Dialect, cancellationToken), options ?? new(), cancellationToken);
    }

    /// <summary>Publishes one reader to several feature sets in one transaction (B11).</summary>
    public Task<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<FeatureSet> sets, DbDataReader rows, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return PublishRowsAsync(sets, (columns, owner) => StageReader.Over(rows, columns, owner, Dialect), options ?? new(), cancellationToken);
    }

    /// <summary>Publishes the rows of a table or view of the same database, set-based.</summary>
    public Task<PublishResult> PublishFromAsync(FeatureSet set, TableName table, PublishOptions? options = null, CancellationToken cancellationToken = default) =>
        PublishAsync(With(Publish.From(set, table), options), options?.Progress, cancellationToken);

    /// <summary>Publishes the rows of a query of the same database, set-based. Its text is the caller's own SQL.</summary>
    public Task<PublishResult> PublishFromQueryAsync(FeatureSet set, string sql, PublishOptions? options = null, CancellationToken cancellationToken = default) =>
        PublishAsync(With(Publish.FromQuery(set, sql), options), options?.Progress, cancellationToken);

    /// <summary>Publishes one table or view to several feature sets in one transaction (B11).</summary>
    public Task<IReadOnlyList<PublishResult>> PublishFromAsync(IReadOnlyList<FeatureSet> sets, TableName table, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return PublishAsync([.. sets.Select(set => With(Publish.From(set, table), options))], options?.Progress, cancellationToken);
    }

    /// <summary>Runs a publish statement over a table or query.</summary>
    public async Task<PublishResult> PublishAsync(Publish statement, IProgress<StoreProgress>? progress = null, CancellationToken cancellationToken = default) =>
        (await PublishAsync([statement], progress, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Runs publish statements over tables or queries in one transaction.</summary>
    public async Task<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<Publish> statements, IProgress<StoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statements);
        if (statements.FirstOrDefault(statement => statement.IsFromMemory) is { } memory)
        {
            throw new ArgumentException($"The publish of '{memory.Set.Name}' takes rows in memory; pass them to PublishAsync(set, rows).", nameof(statements));
        }

        var session = Begin();
        var described = new List<Publish>();
        foreach (var statement in statements)
        {
            described.Add(await PublishSource.DescribeAsync(session, statement, cancellationToken).ConfigureAwait(false));
        }

        return await RunAsync(session, described, progress, (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
    }

    private static Publish With(Publish statement, PublishOptions? options)
    {
        var created = options?.CreatedAt is { } instant && statement.Set.CreatedTimeColumn is not null ? statement.CreatedAt(instant) : statement;
        return options?.OnlyChanged == true ? created.OnlyChanged() : created;
    }

    private async Task<IReadOnlyList<PublishResult>> PublishRowsAsync(
        IReadOnlyList<FeatureSet> sets, Func<IReadOnlyList<StageColumn>, RowOwner, DbDataReader> open, PublishOptions how, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var session = Begin();
        if (sets.Count == 1)
        {
            var set = sets[0];
            return await RunAsync(session, [With(Publish.Rows(set), how)], how.Progress, LoadAsync, cancellationToken).ConfigureAwait(false);

            Task LoadAsync(CompiledStep step, CancellationToken token) => this.LoadAsync(session, step, PublishSource.Columns(set, step.Load!, how.CreatedAt?.UtcDateTime ?? session.Clock), new(set.Name, set.HistoryTable.ToString()), open, how.Progress, token);
        }

        // One source is read once: all its columns wait in one table, from which each set is published.
        var stage = TableName.Of("distiller_source" + Context().StageSuffix);
        var shared = PublishSource.Shared(sets);
        var steps = StageSteps.CreateAndLoad(new(Dialect, SqlStyle.Parameters), stage, shared, "the source", null).ToList();
        var drop = StatementWriter.Step(new(Dialect, SqlStyle.Parameters), "drop the source's temporary table", new DropTable(stage, IsTemporary: true));
        await session.ExecuteAsync(steps[0], cancellationToken).ConfigureAwait(false);
        try
        {
            var owner = new RowOwner(string.Join(", ", sets.Select(set => set.Name)), string.Join(", ", sets.Select(set => set.HistoryTable)));
            await LoadAsync(session, steps[1], PublishSource.Columns(sets, steps[1].Load!, how.CreatedAt?.UtcDateTime ?? session.Clock), owner, open, how.Progress, cancellationToken).ConfigureAwait(false);
            var from = PublishSource.Temporary(Dialect, stage, shared);
            return await RunAsync(session, [.. sets.Select(set => With(Publish.FromQuery(set, from), how))], how.Progress, (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await session.ExecuteAsync(drop, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task LoadAsync(
        Session session,
        CompiledStep step,
        IReadOnlyList<StageColumn> columns,
        RowOwner owner,
        Func<IReadOnlyList<StageColumn>, RowOwner, DbDataReader> open,
        IProgress<StoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        var rows = open(columns, owner);
        if (progress is not null && rows is ICountsRows counting)
        {
            counting.Counted = count => progress.Report(new(owner.FeatureSet, "load", count));
        }

        await using (rows.ConfigureAwait(false))
        {
            var loaded = await session.LoadAsync(step, rows, cancellationToken).ConfigureAwait(false);
            progress?.Report(new(owner.FeatureSet, "load", loaded));
        }
    }

    private async Task<IReadOnlyList<PublishResult>> RunAsync(
        Session session, IReadOnlyList<Publish> statements, IProgress<StoreProgress>? progress, Func<CompiledStep, CancellationToken, Task> load, CancellationToken cancellationToken)
    {
        using var measured = Telemetry.Start("publish", Dialect, string.Join(", ", statements.Select(statement => statement.Set.Name)));
        foreach (var set in statements.Select(statement => statement.Set))
        {
            await PublishSource.CheckAsync(session, set, cancellationToken).ConfigureAwait(false);
        }

        var script = PublishPlanner.Build(statements, Context());
        var results = await new Publisher(session, options, script, progress).RunAsync([.. statements.Select(statement => statement.Set)], load, cancellationToken).ConfigureAwait(false);
        foreach (var result in results)
        {
            Telemetry.Published(result);
        }

        measured.Done();
        return results;
    }
}
