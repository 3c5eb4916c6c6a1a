namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>Tells how well a training set is covered: per join, feature and month of the spine, how many rows have a value and why the others have none, and how old the values are.</summary>
    /// <param name="training">The training set.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    /// <exception cref="ArgumentException">The training set joins nothing.</exception>
    /// <exception cref="TableMismatchException">Spine or tables are not as declared.</exception>
    public async Task<CoverageResult> CoverageAsync(TrainingSet training, CancellationToken cancellationToken = default)
    {
        var coverage = Coverage.Of(training);
        var session = Begin();
        using var measured = Telemetry.Start("coverage", Dialect, nameof(Coverage));
        var (described, context) = await new SpineDescription(session).PrepareAsync(training, Context(), cancellationToken).ConfigureAwait(false);
        coverage = Coverage.Of(described);
        var answers = await AnswersAsync(session, coverage.Build(context), described.Spine.InMemory, cancellationToken).ConfigureAwait(false);
        measured.Done();
        return CoverageResult.Of(coverage, answers);
    }

    /// <summary>Runs a script and returns the rows of each step that answers; temporary tables are dropped on every path.</summary>
    private static async Task<IReadOnlyList<IReadOnlyList<IReadOnlyList<object?>>>> AnswersAsync(Session session, CompiledScript script, SpineRows? memory, CancellationToken cancellationToken)
    {
        var answers = new List<IReadOnlyList<IReadOnlyList<object?>>>();
        var clean = script.Steps.Where(step => step.Role == StepRole.Clean).ToList();
        try
        {
            foreach (var step in script.Steps.Where(step => step.Role != StepRole.Clean))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (step.Role == StepRole.Answer)
                {
                    answers.Add(await session.RowsAsync(step, cancellationToken).ConfigureAwait(false));
                }
                else
                {
                    await RunAsync(session, [step], memory, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch when (!session.InCallersTransaction)
        {
            await RunAsync(session, clean, null, CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        await RunAsync(session, clean, null, CancellationToken.None).ConfigureAwait(false);
        return answers;
    }
}
