namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>Ends keys at an instant: history gets a tombstone for each, and latest no longer answers them until a newer row (W4). The set needs <see cref="FeatureSet.Tombstones"/>.</summary>
    /// <typeparam name="T">A type whose properties are named as the entity's keys.</typeparam>
    /// <param name="set">The feature set.</param>
    /// <param name="keys">The keys; one that history does not know ends too.</param>
    /// <param name="at">The instant from which they have no value.</param>
    /// <param name="createdAt">The created time of the tombstones; null = the clock. With it, the same retraction again changes nothing (B4).</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    /// <returns>What was appended, and what latest gained or changed: of tombstones, as of a publish's rows.</returns>
    /// <exception cref="InvalidOperationException">The set has no tombstones.</exception>
    /// <exception cref="RowRefusedException">A key is NULL, or history holds a row for the key and both times; nothing was written.</exception>
    public Task<PublishResult> RetractAsync<T>(FeatureSet set, IEnumerable<T> keys, DateTimeOffset at, DateTimeOffset? createdAt = null, CancellationToken cancellationToken = default)
    {
        var retract = Retract.Of(set, Spine.Rows(keys), at);
        return RetractAsync(createdAt is { } instant ? retract.CreatedAt(instant) : retract, cancellationToken: cancellationToken);
    }

    /// <summary>Runs a retract statement.</summary>
    public async Task<PublishResult> RetractAsync(Retract statement, IProgress<StoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var session = Begin();
        return (await RunAsync(session, [statement.ToPublish()], progress, (step, token) => LoadKeysAsync(session, step, statement.Keys, token), cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>Removes entities from every table Distiller writes for these feature sets, in one transaction; what is not reached is named. To end a key and keep its past, retract it.</summary>
    /// <typeparam name="T">A type whose properties are named as the entity's keys.</typeparam>
    /// <param name="sets">Feature sets of one entity.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    /// <returns>The rows erased per table, the keys no table had, and what was not reached.</returns>
    public Task<EraseResult> EraseAsync<T>(IEnumerable<FeatureSet> sets, IEnumerable<T> keys, CancellationToken cancellationToken = default) =>
        EraseAsync(Erase.Of(sets, Spine.Rows(keys)), cancellationToken);

    /// <summary>Runs an erase statement.</summary>
    public async Task<EraseResult> EraseAsync(Erase statement, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var session = Begin();
        var entity = statement.Sets[0].Entity;
        using var measured = Telemetry.Start("erase", Dialect, string.Join(", ", statement.Sets.Select(set => set.Name)));
        var script = ErasePlanner.Build(statement, Context());
        var runner = new Publisher(session, options, script, null);
        await runner.RunAsync([], (step, token) => LoadKeysAsync(session, step, statement.Keys, token), cancellationToken).ConfigureAwait(false);
        measured.Done();
        return new()
        {
            Entity = entity.Name,
            Keys = runner.Count(entity.Name, ErasePlanner.Asked),
            Tables = [.. statement.Sets.SelectMany(ErasePlanner.Targets).Select(target => new ErasedTable(target.Set.Name, target.Table, runner.Count(target.Set.Name, ErasePlanner.CountOf(target.Table))))],
            MissingKeys = runner.Count(entity.Name, ErasePlanner.Missing),
            SomeMissingKeys = [.. runner.Told.Select(ValueList<object?>.Of)],
            NotReached = [.. script.Notes],
        };
    }

    private static async Task LoadKeysAsync(Session session, CompiledStep step, Spine keys, CancellationToken cancellationToken)
    {
        using var rows = keys.InMemory!.Open(session.Dialect);
        await session.LoadAsync(step, rows, cancellationToken).ConfigureAwait(false);
    }
}
