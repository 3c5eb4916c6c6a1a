using System.Data.Common;
using System.Globalization;

namespace Distiller;

/// <summary>Runs the steps of a publish, or of another write: stage and judge the batch, then the transaction, tried again where another publisher was in the way (B7, B10).</summary>
internal sealed class Publisher(Session session, FeatureStoreOptions options, CompiledScript script, IProgress<StoreProgress>? progress)
{
    private const string Savepoint = "distiller_publish";

    // A sum of 64-bit numbers comes back as a wider one: DuckDB's as a BigInteger, PostgreSQL's as a decimal.
    private static readonly Func<object, object?> ToLong = ValueReading.Of(typeof(long))!;

    private readonly Dictionary<(string Set, string Count), long> counts = [];
    private readonly List<IReadOnlyList<object?>> told = [];

    /// <summary>The rows of the step that tells, once the transaction is done.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Told => told;

    /// <summary>Stages through <paramref name="load"/>, publishes, and tells what was done per set.</summary>
    public async Task<IReadOnlyList<PublishResult>> RunAsync(IReadOnlyList<FeatureSet> sets, Func<CompiledStep, CancellationToken, Task> load, CancellationToken cancellationToken)
    {
        await RunAsync(load, cancellationToken).ConfigureAwait(false);
        return [.. sets.Select(Result)];
    }

    /// <summary>Runs the steps; what they counted is told by <see cref="Count"/>.</summary>
    public async Task RunAsync(Func<CompiledStep, CancellationToken, Task> load, CancellationToken cancellationToken)
    {
        var guarded = session.InCallersTransaction && session.Dialect.HasSavepoints;
        if (guarded)
        {
            await session.Transaction!.SaveAsync(Savepoint, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            foreach (var step in script.Steps.Where(step => step.Role is StepRole.Prepare or StepRole.CountBefore or StepRole.RefuseBefore))
            {
                if (step.Load is not null)
                {
                    await load(step, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await RetriedAsync(() => RunAsync(step, cancellationToken), cancellationToken).ConfigureAwait(false);
                }
            }

            if (session.InCallersTransaction)
            {
                await RunAsync(StepRole.Run, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await RetriedAsync(() => InTransactionAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            if (guarded)
            {
                await QuietlyAsync(() => session.Transaction!.RollbackAsync(Savepoint, CancellationToken.None)).ConfigureAwait(false);
            }
            else
            {
                await QuietlyAsync(CleanAsync).ConfigureAwait(false);
            }

            if (session.InCallersTransaction && !guarded && failure is StatementFailedException)
            {
                throw new StatementFailedException(failure.Message + $" {session.Dialect.Name} has no savepoints: roll the transaction back.", failure);
            }

            throw;
        }

        await CleanAsync().ConfigureAwait(false);
        if (guarded)
        {
            await session.Transaction!.ReleaseAsync(Savepoint, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What a step has counted; 0 where none has.</summary>
    public long Count(string set, string name) => counts.GetValueOrDefault((set, name));

    private static async Task QuietlyAsync(Func<Task> cleanUp)
    {
        try
        {
            await cleanUp().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is DbException or StatementFailedException or InvalidOperationException or ObjectDisposedException)
        {
            // What failed first is what the caller hears of; a lost connection takes its temporary tables with it.
        }
    }

    private async Task InTransactionAsync(CancellationToken cancellationToken)
    {
        var transaction = await BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            session.Transaction = transaction;
            try
            {
                await RunAsync(StepRole.Run, cancellationToken).ConfigureAwait(false);
                await CommitAsync(transaction, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await QuietlyAsync(() => transaction.RollbackAsync(CancellationToken.None)).ConfigureAwait(false);
                throw;
            }
            finally
            {
                session.Transaction = null;
            }
        }
    }

    private async Task CommitAsync(DbTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbException failure)
        {
            throw new StatementFailedException($"Feature set '{script.Steps[^1].FeatureSet}': the commit failed: {failure.Message}", failure) { Purpose = "commit", Sql = "COMMIT" };
        }
    }

    private async Task<DbTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await session.Connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RunAsync(StepRole run, CancellationToken cancellationToken)
    {
        foreach (var step in script.Steps.Where(step => step.Role == run || step.Role is StepRole.Count or StepRole.Refuse or StepRole.Tell))
        {
            await RunAsync(step, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(CompiledStep step, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (step.OnlyIf is { } needed && Count(step.FeatureSet!, needed) == 0)
        {
            return;
        }

        progress?.Report(new(step.FeatureSet ?? "", step.Purpose, 0));
        switch (step.Role)
        {
            case StepRole.Count or StepRole.CountBefore:
                foreach (var (name, value) in await session.RowAsync(step, cancellationToken).ConfigureAwait(false) ?? new Dictionary<string, object?>())
                {
                    counts[(step.FeatureSet!, step.CountName ?? name)] = value is null ? 0 : (long)ToLong(value)!;
                }

                break;
            case StepRole.Refuse or StepRole.RefuseBefore:
                if (await session.RowAsync(step, cancellationToken).ConfigureAwait(false) is { } offending)
                {
                    throw Refused(step, offending);
                }

                break;
            case StepRole.Tell:
                told.Clear();
                told.AddRange(await session.RowsAsync(step, cancellationToken).ConfigureAwait(false));
                break;
            default:
                await session.ExecuteAsync(step, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private async Task RetriedAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await work().ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (attempt < options.MaxAttempts && !session.InCallersTransaction && IsTransient(failure))
            {
                Telemetry.Retried();
                var ceiling = Math.Min(1 << Math.Min(attempt, 9), 500);
                await Task.Delay(TimeSpan.FromMilliseconds(1 + Random.Shared.Next(ceiling)), options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private bool IsTransient(Exception failure) => (failure as DbException ?? failure.InnerException as DbException) is { } cause && (session.Driver.IsTransient(cause) || session.Dialect.IsTransient(cause));

    private async Task CleanAsync()
    {
        foreach (var step in script.Steps.Where(step => step.Role == StepRole.Clean))
        {
            await session.ExecuteAsync(step, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private PublishResult Result(FeatureSet set)
    {
        var offered = Count(set.Name, PublishBatch.Offered);
        var present = Count(set.Name, PublishBatch.Repeated) + Count(set.Name, PublishBatch.Present);
        var appended = Count(set.Name, PublishBatch.Appended);
        return new()
        {
            FeatureSet = set.Name,
            Offered = offered,
            AlreadyPresent = present,
            Appended = appended,
            Unchanged = offered - present - appended,
            Late = Count(set.Name, PublishBatch.Late),
            LatestInserted = Count(set.Name, PublishBatch.Inserted),
            LatestUpdated = Count(set.Name, PublishBatch.Updated),
        };
    }

    private static RowRefusedException Refused(CompiledStep step, IReadOnlyDictionary<string, object?> offending)
    {
        // By position: the row, the problem, and what identifies the fact, whose columns may have any name.
        var row = offending.Values.FirstOrDefault();
        var problem = offending.Values.ElementAtOrDefault(1);
        var fact = offending.Skip(2).Select(pair => $"{pair.Key} = {(pair.Value is null ? "NULL" : Names.Printable(Convert.ToString(pair.Value, CultureInfo.InvariantCulture)!))}").ToList();
        var what = fact.Count == 0
            ? $"row {row}: {problem}"
            : $"row {row} ({string.Join(", ", fact)}) differs in {problem} from the row {(step.Role == StepRole.Refuse ? "history holds" : "before it in the batch")} for the same fact; give a correction its own created time";
        return new($"Feature set '{step.FeatureSet}': {what}. Nothing was written.", null)
        {
            FeatureSet = step.FeatureSet,
            Row = row is null ? null : Convert.ToInt64(row, CultureInfo.InvariantCulture),
        };
    }
}
