using System.Data.Common;

namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>
    /// Publishes events (keys, attribute, value, times) of a table or query of the same database to a feature set (F2): they are staged, judged, pivoted and published; no row leaves the database.
    /// Publishing them again changes nothing, so a job may take everything each time, or what came since.
    /// </summary>
    /// <param name="events">The events as the set's wide rows: <c>Pivot.From(set, table)</c>.</param>
    /// <param name="options">The created time of events that bring none, whether only changes are kept, and progress.</param>
    /// <param name="cancellationToken">Watched before each statement; a cancelled publish leaves both tables as they were.</param>
    /// <exception cref="TableMismatchException">The table or query lacks a column of the events.</exception>
    /// <exception cref="RowRefusedException">An event names no feature, has a value that does not fit, contradicts another, or is missing; nothing was written.</exception>
    public async Task<PublishResult> PublishEventsAsync(Pivot events, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        PublishEvents.Of(events);
        var session = Begin();
        var context = Context();
        await EventCheck.ColumnsAsync(session, events, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(EavtPlanner.Stage(events, context), cancellationToken).ConfigureAwait(false);
        var drop = EavtPlanner.DropStage(events, context);
        try
        {
            await EventCheck.RunAsync(session, events, context, EavtPlanner.FromStage(events, context), EavtPlanner.Row(events), cancellationToken).ConfigureAwait(false);
            var result = await PublishAsync(With(EavtPlanner.Publishing(events, context, options?.CreatedAt), options), options?.Progress, cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync(drop, CancellationToken.None).ConfigureAwait(false);
            return result;
        }
        catch
        {
            try
            {
                await session.ExecuteAsync(drop, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception gone) when (gone is DbException or StatementFailedException or InvalidOperationException)
            {
                // The failure took the transaction or the connection with it, and the stage with them; it is the failure that matters.
            }

            throw;
        }
    }
}
