namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>Publishes a table or view in slices of event time, oldest first, each in a transaction of its own. Run again after a failure, it finishes what is left.</summary>
    /// <param name="set">The feature set.</param>
    /// <param name="table">The source.</param>
    /// <param name="slice">How much event time one slice takes.</param>
    /// <param name="createdAt">The created time of rows where the source has none; needed then, so that a second run knows the rows of the first.</param>
    /// <param name="progress">Hears of each slice that is done.</param>
    /// <param name="cancellationToken">Watched before each statement; slices that are done stay.</param>
    /// <exception cref="InvalidOperationException">The source has no created time and none is given.</exception>
    /// <exception cref="RowRefusedException">A row cannot be published; the message names the slice, and earlier slices stay.</exception>
    public Task<BackfillResult> BackfillAsync(
        FeatureSet set, TableName table, TimeSpan slice, DateTimeOffset? createdAt = null, IProgress<BackfillProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var source = Publish.From(set, table);
        return BackfillAsync(createdAt is { } created ? source.CreatedAt(created) : source, slice, progress, cancellationToken);
    }

    /// <summary>Publishes the source of a publish statement in slices of event time, from its first to its last.</summary>
    public async Task<BackfillResult> BackfillAsync(Publish source, TimeSpan slice, IProgress<BackfillProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);

        // What is wrong with the statement is said before anything runs.
        _ = Backfill.Of(source, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(TimeSpan.TicksPerMicrosecond), slice);
        var session = Begin();
        var described = await PublishSource.DescribeAsync(session, source, cancellationToken).ConfigureAwait(false);
        var bounds = (await session.RowsAsync(BackfillPlanner.Bounds(described, Context()), cancellationToken).ConfigureAwait(false))[0];
        if (RawValues.Typed(bounds[0], StoredType.Of(described.EventKind)) is not DateTime first || RawValues.Typed(bounds[1], StoredType.Of(described.EventKind)) is not DateTime last)
        {
            // Without an event time there is nothing to slice; rows that all lack one are refused.
            await RefuseAsync(session, Backfill.Of(described, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(TimeSpan.TicksPerMicrosecond), slice), cancellationToken).ConfigureAwait(false);
            return new() { FeatureSet = described.Set.Name };
        }

        return await RunAsync(session, Backfill.Of(described, new(first), new(last.AddTicks(TimeSpan.TicksPerMicrosecond)), slice), progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a backfill of a range.</summary>
    public async Task<BackfillResult> BackfillAsync(Backfill statement, IProgress<BackfillProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var session = Begin();
        return await RunAsync(session, statement.WithSource(await PublishSource.DescribeAsync(session, statement.Source, cancellationToken).ConfigureAwait(false)), progress, cancellationToken).ConfigureAwait(false);
    }

    private async Task<BackfillResult> RunAsync(Session session, Backfill statement, IProgress<BackfillProgress>? progress, CancellationToken cancellationToken)
    {
        var set = statement.Source.Set;
        using var measured = Telemetry.Start("backfill", Dialect, set.Name);
        await RefuseAsync(session, statement, cancellationToken).ConfigureAwait(false);
        var slices = new List<BackfillSlice>();
        for (var i = 0; i < statement.Slices; i++)
        {
            var (from, to) = statement.Range(i);
            try
            {
                var published = await RunAsync(session, [BackfillPlanner.SliceOf(statement, i, Dialect)], null, (_, _) => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
                slices.Add(new(from, to, published[0]));
            }
            catch (RowRefusedException refused)
            {
                throw new RowRefusedException($"{Where(i)} {refused.Message}", refused) { FeatureSet = refused.FeatureSet, Row = refused.Row, Column = refused.Column };
            }
            catch (StatementFailedException failed)
            {
                throw new StatementFailedException($"{Where(i)} {failed.Message}", failed.InnerException) { Purpose = failed.Purpose, Sql = failed.Sql };
            }

            progress?.Report(new(set.Name, i + 1, statement.Slices, slices[^1]));
        }

        measured.Done();
        return new() { FeatureSet = set.Name, Slices = ValueList<BackfillSlice>.Of(slices) };

        string Where(int slice) => FormattableString.Invariant(
            $"The backfill stopped at slice {slice + 1} of {statement.Slices} ({BackfillPlanner.Words(statement, slice)}){(session.InCallersTransaction ? "" : slice == 0 ? "" : "; the slices before it are published, and running it again goes on here")}.");
    }

    private static async Task RefuseAsync(Session session, Backfill statement, CancellationToken cancellationToken)
    {
        if (await session.RowAsync(BackfillPlanner.Refusal(statement, new(session.Dialect, SqlStyle.Parameters)), cancellationToken).ConfigureAwait(false) is { } row)
        {
            var key = string.Join(", ", row.Skip(1).Select(cell => $"{cell.Key} = {WhyWords.Show(cell.Value)}"));
            throw new RowRefusedException($"Feature set '{statement.Source.Set.Name}': a row of the source ({key}) {row.Values.First()}. Nothing was written.", null) { FeatureSet = statement.Source.Set.Name };
        }
    }
}
