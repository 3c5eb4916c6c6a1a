using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;

namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>Reads a training set, latest or unload into a list.</summary>
    /// <typeparam name="T">
    /// A class, record or struct whose members match columns without regard to case and underscores (<c>[Column]</c> wins, ambiguity is an error), a single value, or <c>dynamic</c>.
    /// Columns without a member are left out.
    /// </typeparam>
    public async Task<List<T>> QueryAsync<T>(Statement statement, CancellationToken cancellationToken = default)
    {
        var rows = new List<T>();
        await foreach (var row in StreamAsync<T>(statement, cancellationToken).ConfigureAwait(false))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Streams a training set, latest or unload in constant memory (where the driver streams).</summary>
    /// <typeparam name="T">As for <see cref="QueryAsync"/>.</typeparam>
    public async IAsyncEnumerable<T> StreamAsync<T>(Statement statement, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var measured = Telemetry.Start("query", Dialect, statement?.GetType().Name ?? "");
        var reader = await OpenAsync(statement!, CommandBehavior.Default, cancellationToken).ConfigureAwait(false);
        long count = 0;
        await using (reader.ConfigureAwait(false))
        {
            var read = RowMapper.For<T>(reader);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                count++;
                yield return read(reader);
            }
        }

        Telemetry.Read("query", count);
        measured.Done();
    }

    /// <summary>Opens a reader with the declared types over a training set, latest or unload. Dispose it before the connection is used again.</summary>
    public async Task<DbDataReader> ReadAsync(Statement statement, CancellationToken cancellationToken = default) =>
        await OpenAsync(statement, CommandBehavior.Default, cancellationToken).ConfigureAwait(false);

    /// <summary>Writes a training set as a table: nothing passes through the client, and it is written whole or not at all where the engine's DDL allows (P11).</summary>
    /// <returns>The rows written.</returns>
    public async Task<long> IntoAsync(TrainingSet training, TableName table, IfExists ifExists = IfExists.Fail, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(table);
        var session = Begin();
        using var measured = Telemetry.Start("into", Dialect, table.ToString());
        var exists = await session.FactsAsync(table, cancellationToken).ConfigureAwait(false);
        if (exists is not null && ifExists == IfExists.Fail)
        {
            throw new InvalidOperationException($"The table '{table}' exists; write the training set to another, or pass IfExists.Replace or IfExists.Append.");
        }

        if (exists is { IsView: true })
        {
            throw new InvalidOperationException($"'{table}' is a view; a training set is written as a table.");
        }

        var (described, context) = await new SpineDescription(session).PrepareAsync(training, Context(), cancellationToken).ConfigureAwait(false);
        var script = described.Into(table, exists is null && ifExists == IfExists.Append ? IfExists.Fail : ifExists).Build(context);
        var own = session.InCallersTransaction ? null : await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        session.Transaction ??= own;
        try
        {
            var before = exists is not null && ifExists == IfExists.Append ? await CountAsync(session, table, cancellationToken).ConfigureAwait(false) : 0;
            await RunAsync(session, script.Steps, described.Spine.InMemory, cancellationToken).ConfigureAwait(false);
            var written = await CountAsync(session, table, cancellationToken).ConfigureAwait(false) - before;
            if (own is not null)
            {
                await own.CommitAsync(cancellationToken).ConfigureAwait(false);
            }

            measured.Done();
            return written;
        }
        finally
        {
            if (own is not null)
            {
                await own.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads the latest row of every key.</summary>
    public Task<List<T>> LatestAsync<T>(FeatureSet set, CancellationToken cancellationToken = default) => QueryAsync<T>(Latest.Of(set), cancellationToken);

    /// <summary>Reads the latest row of given keys, its max age judged at an instant where one is given: batch scoring.</summary>
    /// <param name="set">The feature set.</param>
    /// <param name="keys">The keys: a table, a query or <see cref="Spine.Rows"/>, with columns named as the entity's keys.</param>
    /// <param name="at">The instant at which features that are too old become NULL; null = rows as they are.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    public Task<List<T>> LatestAsync<T>(FeatureSet set, Spine keys, DateTimeOffset? at = null, CancellationToken cancellationToken = default)
    {
        var latest = Latest.Of(set).Keys(keys);
        return QueryAsync<T>(at is { } instant ? latest.At(instant) : latest, cancellationToken);
    }

    /// <summary>Streams latest for an online store in constant memory (O1): whole, or what was published since a watermark.</summary>
    /// <param name="set">The feature set.</param>
    /// <param name="since">The greatest published timestamp of the last complete unload; null = everything.</param>
    /// <param name="progress">Hears of the rows handed out, every few thousand.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    public IAsyncEnumerable<LatestRow> UnloadAsync(FeatureSet set, DateTimeOffset? since = null, IProgress<StoreProgress>? progress = null, CancellationToken cancellationToken = default) =>
        UnloadAsync(Unload.Of(set, since), progress, cancellationToken);

    /// <summary>Streams an unload statement in constant memory (O1).</summary>
    public async IAsyncEnumerable<LatestRow> UnloadAsync(Unload unload, IProgress<StoreProgress>? progress = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(unload);
        const int reportEvery = 4096;
        var set = unload.Set;
        using var measured = Telemetry.Start("unload", Dialect, set.Name);
        var reader = await OpenAsync(unload, CommandBehavior.SequentialAccess, cancellationToken).ConfigureAwait(false);
        long count = 0;
        await using (reader.ConfigureAwait(false))
        {
            var keys = set.Entity.Keys.Count;
            var hasCreated = set.CreatedTimeColumn is not null;
            var first = keys + set.TimeColumns().Count();
            var features = set.Features.Count;
            var times = first + features + (set.HasTombstones ? 1 : 0);
            var ties = TiePositions(set, first, times + (set.IsSparse ? features : 0));
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var cells = new object?[reader.FieldCount];
                for (var i = 0; i < cells.Length; i++)
                {
                    cells[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
                }

                yield return new()
                {
                    FeatureSet = set,
                    Key = cells[..keys]!,
                    EventTime = set.IsStatic ? null : cells[keys],
                    CreatedTime = hasCreated ? cells[keys + 1] : null,
                    ValidTo = set.ValidToColumn is null ? null : cells[first - 1],
                    Values = cells[first..(first + features)],
                    TieBreakers = ties.Length == 0 ? [] : [.. ties.Select(tie => cells[tie])],
                    IsDeleted = set.HasTombstones && (bool)cells[first + features]!,
                    FeatureTimes = set.IsSparse ? cells[times..(times + features)] : null,
                    PublishedTimestamp = set.IsExisting ? null : (DateTime?)cells[^1],
                };
                if (++count % reportEvery == 0)
                {
                    progress?.Report(new(set.Name, "unload", count));
                }
            }
        }

        progress?.Report(new(set.Name, "unload", count));
        Telemetry.Read("unload", count);
        measured.Done();
    }

    /// <summary>Where an unload's tie-breakers stand: among the features, or after them.</summary>
    private static int[] TiePositions(FeatureSet set, int features, int beside) => set.IsSparse ? [] :
    [
        .. set.TieBreakers.Select(tie => set.Features.ToList().FindIndex(feature => Names.Comparer.Equals(feature.Name, tie.Name)) is >= 0 and var position ? features + position : beside++),
    ];

    private static async Task RunAsync(Session session, IReadOnlyList<CompiledStep> steps, SpineRows? rows, CancellationToken cancellationToken)
    {
        foreach (var step in steps.Where(step => step.Role != StepRole.Transaction))
        {
            if (step.Load is not null)
            {
                using var source = rows!.Open(session.Dialect);
                await session.LoadAsync(step, source, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await session.ExecuteAsync(step, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<long> CountAsync(Session session, TableName table, CancellationToken cancellationToken)
    {
        var step = StatementWriter.Step(new(session.Dialect, SqlStyle.Parameters), $"count the rows of {table}", new QueryStatement(new()
        {
            Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), "rows")]),
            From = new TableRef(table),
        }));
        return Convert.ToInt64((await session.RowAsync(step, cancellationToken).ConfigureAwait(false))!["rows"], System.Globalization.CultureInfo.InvariantCulture);
    }

    private PlanScope Context() => new(Dialect, SqlStyle.Parameters) { StageSuffix = "_" + Guid.NewGuid().ToString("N")[..12] };

    private async Task<TypedReader> OpenAsync(
        Statement statement, CommandBehavior behavior, CancellationToken cancellationToken, Func<IReadOnlyList<ResultColumn>, TimeColumn?, IReadOnlyList<ResultColumn>>? retype = null, long? limit = null)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var session = Begin();
        var context = Context() with { Limit = limit };
        SpineRows? memory;
        IReadOnlyList<ResultColumn> columns;
        TimeColumn? instant = null;
        switch (statement)
        {
            case TrainingSet training:
                (training, context) = await new SpineDescription(session).PrepareAsync(training, context, cancellationToken).ConfigureAwait(false);
                statement = training;
                memory = training.Spine.InMemory;
                columns = ResultColumns.Of(training);
                instant = training.Spine.InstantColumn;
                break;
            case Latest latest:
                memory = latest.KeySpine?.InMemory;
                columns = ResultColumns.Of(latest);
                break;
            case Unload unload:
                memory = null;
                columns = ResultColumns.Of(unload);
                break;
            case Why why:
                context = await PrepareAsync(session, why.Join, context, cancellationToken).ConfigureAwait(false);
                memory = null;
                columns = ResultColumns.Of(why);
                break;
            default:
                memory = null;
                if (statement is Pivot pivot)
                {
                    await EventCheck.RunAsync(session, pivot, context, EavtPlanner.Source(pivot), null, cancellationToken).ConfigureAwait(false);
                }

                columns = statement.Answer ?? throw new ArgumentException($"A {statement.GetType().Name} answers no rows; read a TrainingSet, Latest, Unload, Scd2, Eavt, Pivot or Why.", nameof(statement));
                break;
        }

        columns = retype?.Invoke(columns, instant) ?? columns;
        var script = statement.Build(context);
        var before = script.Steps.TakeWhile(step => step.Role != StepRole.Answer).ToList();
        var after = script.Steps.Skip(before.Count + 1).ToList();
        try
        {
            await RunAsync(session, before, memory, cancellationToken).ConfigureAwait(false);
            return await session.ReadAsync(
                script.Steps[before.Count], behavior, cancellationToken, columns, after.Count == 0 ? null : () => RunAsync(session, after, null, CancellationToken.None)).ConfigureAwait(false);
        }
        catch when (after.Count > 0 && !session.InCallersTransaction)
        {
            await RunAsync(session, after, null, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }
}
