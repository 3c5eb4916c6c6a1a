namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>Tells why a join of a training set has the value it has for a key at an instant: the history rows around the winner, newest first, each with its verdict.</summary>
    /// <param name="training">The training set.</param>
    /// <param name="join">The join's prefix: the feature set's name unless the join was given another.</param>
    /// <param name="key">The key's values, in the entity's key order.</param>
    /// <param name="at">The instant; null = none.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    /// <exception cref="ArgumentException">There is no such join, or the key does not fit.</exception>
    /// <exception cref="TableMismatchException">The history is not as declared.</exception>
    public Task<WhyAnswer> WhyAsync(TrainingSet training, string join, IReadOnlyList<object?> key, DateTimeOffset? at, CancellationToken cancellationToken = default) =>
        WhyAsync(Why.Of(training, join, key, at), cancellationToken);

    /// <summary>Tells why a join of a training set has the value it has in a row of the spine, or of the training set itself.</summary>
    /// <param name="training">The training set.</param>
    /// <param name="join">The join's prefix.</param>
    /// <param name="row">The row by column name: a dictionary, or a row read as <c>dynamic</c>.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    public Task<WhyAnswer> WhyAsync(TrainingSet training, string join, IEnumerable<KeyValuePair<string, object?>> row, CancellationToken cancellationToken = default) =>
        WhyAsync(Why.OfRow(training, join, row), cancellationToken);

    /// <summary>Answers a question why.</summary>
    public async Task<WhyAnswer> WhyAsync(Why why, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(why);
        using var measured = Telemetry.Start("why", Dialect, why.Join.Prefix);
        var reader = await OpenAsync(why, System.Data.CommandBehavior.Default, cancellationToken).ConfigureAwait(false);
        var rows = new List<WhyRow>();
        await using (reader.ConfigureAwait(false))
        {
            var hasCreated = why.Join.Set.CreatedTimeColumn is not null;
            var set = why.Join.Set;
            var features = why.Join.Features.Select(feature => reader.GetOrdinal(feature.Name)).ToArray();
            var judged = set.IsSparse ? features.Length : 1;
            var deleted = reader.FieldCount - 2 - judged;
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var verdicts = ValueList<Verdict>.Of(Enumerable.Range(reader.FieldCount - 1 - judged, judged).Select(ordinal => WhyWords.Read(reader.GetString(ordinal))));
                rows.Add(new()
                {
                    Position = reader.GetInt64(reader.FieldCount - 1),
                    Verdict = WhyWords.Overall(verdicts),
                    Verdicts = set.IsSparse ? verdicts : ValueList<Verdict>.Empty,
                    IsTombstone = set.HasTombstones && Cell(deleted) is true,
                    EventTime = Cell(0),
                    CreatedTime = hasCreated ? Cell(1) : null,
                    Values = ValueList<object?>.Of(features.Select(Cell)),
                });
            }

            object? Cell(int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetValue(ordinal);
        }

        measured.Done();
        return new(why, rows);
    }

    /// <summary>Checks the history of one join against its declaration, and tells its plan the table's shape.</summary>
    private static async Task<PlanScope> PrepareAsync(Session session, TrainingJoin join, PlanScope context, CancellationToken cancellationToken)
    {
        var set = join.Set;
        var facts = await session.FactsAsync(set.HistoryTable, cancellationToken).ConfigureAwait(false);
        var problems = TableCheck.Problems(session.Dialect, set, set.HistoryTable, facts, TablesPlanner.NeededColumns(join)).ToList();
        return problems.Count > 0
            ? throw new TableMismatchException(problems)
            : context with { Shapes = new Dictionary<TableName, TableShape> { [set.HistoryTable] = TableCheck.Shape(set, facts!) } };
    }
}
