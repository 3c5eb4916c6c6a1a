using System.Data;

namespace Distiller;

public sealed partial class FeatureStore
{
    private const int PreviewRows = 20;

    /// <summary>Reads the first rows of a training set, latest or unload, to look at: a flat table in a notebook, aligned text elsewhere. The database is asked for no more than is shown.</summary>
    /// <param name="statement">A training set, latest or unload.</param>
    /// <param name="rows">How many rows, at least 1.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    public async Task<Preview> PreviewAsync(Statement statement, int rows = PreviewRows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        using var measured = Telemetry.Start("preview", Dialect, statement.GetType().Name);
        var reader = await OpenAsync(statement, CommandBehavior.Default, cancellationToken, limit: rows + 1L).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var shown = new List<IReadOnlyList<object?>>();
            var hasMore = false;
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) && !(hasMore = shown.Count == rows))
            {
                shown.Add(ValueList<object?>.Of(Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))));
            }

            var title = statement switch
            {
                TrainingSet training => TrainingSetPlanner.Describe(training),
                Latest latest => $"Latest of {latest.Set.Name}.",
                Unload unload => $"Unload of {unload.Set.Name}.",
                Why why => WhyWords.Question(why),
                _ => statement.GetType().Name,
            };
            measured.Done();
            return new(title, Enumerable.Range(0, reader.FieldCount).Select(reader.GetName), shown, hasMore);
        }
    }
}
