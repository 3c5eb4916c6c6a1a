namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>
    /// Retention: deletes history before an instant, but for what training sets from that instant on need (see <see cref="Prune"/>), in one transaction with no publisher meanwhile. No key loses its last row.
    /// </summary>
    /// <param name="set">The feature set.</param>
    /// <param name="before">The instant from which on nothing changes; not after the store's clock.</param>
    /// <param name="report">Whether rows are only counted.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    /// <exception cref="InvalidOperationException">The set is only read, or its event time is an ordinal.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The instant is after the store's clock: training sets of today would change.</exception>
    public Task<PruneResult> PruneAsync(FeatureSet set, DateTimeOffset before, bool report = false, CancellationToken cancellationToken = default)
    {
        var prune = Prune.Of(set, before);
        return PruneAsync(report ? prune.Report() : prune, cancellationToken);
    }

    /// <summary>Runs a retention.</summary>
    public async Task<PruneResult> PruneAsync(Prune statement, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var session = Begin();
        var set = statement.Set;
        if (statement.Before.UtcDateTime > session.Clock)
        {
            throw new ArgumentOutOfRangeException(
                nameof(statement), statement.Before, $"Feature set '{set.Name}' would be pruned before an instant after now ({Instants.Text(Instants.Microseconds(session.Clock))} UTC), and training sets of today would change; name an instant that has passed.");
        }

        using var measured = Telemetry.Start("prune", Dialect, set.Name);
        await PublishSource.CheckAsync(session, set, cancellationToken).ConfigureAwait(false);
        var runner = new Publisher(session, options, statement.Build(Context()), null);
        await runner.RunAsync([], (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        measured.Done();
        return new()
        {
            FeatureSet = set.Name,
            Before = statement.Before,
            Rows = runner.Count(set.Name, PrunePlanner.Rows),
            RowsBefore = runner.Count(set.Name, PrunePlanner.Before),
            Pruned = runner.Count(set.Name, PrunePlanner.Pruned),
            IsReport = statement.IsReport,
        };
    }
}
