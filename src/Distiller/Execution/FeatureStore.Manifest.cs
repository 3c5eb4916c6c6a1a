using System.Data;
using System.Globalization;

namespace Distiller;

public sealed partial class FeatureStore
{
    /// <summary>
    /// Makes the manifest of a training set: what it is made of and a checksum of its rows. The checksum is computed in the engine; where that has no hash (SQLite), the rows are read and hashed here.
    /// </summary>
    /// <param name="training">The training set.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    /// <exception cref="TableMismatchException">Spine or tables are not as declared.</exception>
    public async Task<Manifest> ManifestAsync(TrainingSet training, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        var session = Begin();
        using var measured = Telemetry.Start("manifest", Dialect, nameof(Manifest));
        var (described, context) = await new SpineDescription(session).PrepareAsync(training, Context(), cancellationToken).ConfigureAwait(false);
        var (rows, checksum, algorithm) = Dialect.RowHash is null
            ? await ReadChecksumAsync(described, cancellationToken).ConfigureAwait(false)
            : await ChecksumAsync(session, described, context, cancellationToken).ConfigureAwait(false);
        var sets = new List<ManifestSet>();
        foreach (var set in described.Joins.Select(join => join.Set).Distinct())
        {
            sets.Add(await CountAsync(session, described, set, cancellationToken).ConfigureAwait(false));
        }

        // Without the suffix that makes stages unique, the text is the same for every call.
        var query = described.Build(context with { StageSuffix = "" }).Steps.Single(step => step.Role == StepRole.Answer);
        var now = new DateTimeOffset(session.Clock);
        measured.Done();
        return new()
        {
            CreatedAt = now,
            Dialect = Dialect.Name,
            Training = TrainingSetPlanner.Describe(described),
            Sql = query.Text,
            Parameters = ValueList<ManifestParameter>.Of(query.Parameters.Select(parameter => new ManifestParameter(parameter.Name, parameter.Type, parameter.Value is null ? null : WhyWords.Show(parameter.Value)))),
            Knowledge = described.Knowledge,
            KnownAt = described.Knowledge switch { Knowledge.AtEvent => null, Knowledge.AtInstant => described.KnowledgeInstant, _ => now },
            Columns = ValueList<string>.Of(OutputNames.Of(described, described.Spine.ColumnNames)),
            Rows = rows,
            Checksum = checksum,
            ChecksumAlgorithm = algorithm,
            Sets = ValueList<ManifestSet>.Of(sets),
        };
    }

    /// <summary>Tells which rows of a training set would differ if it were rebuilt: as it was known at an instant, and as it is known now.</summary>
    /// <param name="training">The training set.</param>
    /// <param name="then">The earlier knowledge, such as <see cref="Manifest.KnownAt"/>.</param>
    /// <param name="now">The later knowledge; null = today's.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    /// <exception cref="InvalidOperationException">The training set is KnownAtEvent.</exception>
    /// <exception cref="TableMismatchException">Spine or tables are not as declared.</exception>
    public Task<RestatementResult> RestateAsync(TrainingSet training, DateTimeOffset then, DateTimeOffset? now = null, CancellationToken cancellationToken = default) =>
        RestateAsync(Restatement.Of(training, then, now), cancellationToken);

    /// <summary>Runs a restatement.</summary>
    public async Task<RestatementResult> RestateAsync(Restatement statement, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statement);
        var session = Begin();
        using var measured = Telemetry.Start("restate", Dialect, nameof(Restatement));
        var (described, context) = await new SpineDescription(session).PrepareAsync(statement.Training, Context(), cancellationToken).ConfigureAwait(false);
        var restatement = statement.WithTraining(described);
        var answers = await AnswersAsync(session, restatement.Build(context), described.Spine.InMemory, cancellationToken).ConfigureAwait(false);
        measured.Done();
        return RestatementResult.Of(restatement, answers[0]);
    }

    private async Task<(long Rows, string Checksum, string Algorithm)> ChecksumAsync(Session session, TrainingSet training, PlanScope context, CancellationToken cancellationToken)
    {
        var statement = Checksum.Of(training) with { SpineTimes = await SpineTimesAsync(session, training.Spine, cancellationToken).ConfigureAwait(false) };
        var row = (await AnswersAsync(session, statement.Build(context), training.Spine.InMemory, cancellationToken).ConfigureAwait(false))[0][0];
        return (RawValues.Count(row[0]), Convert.ToString(row[1], CultureInfo.InvariantCulture)!, "md5-60-sum-1 of " + Dialect.Name);
    }

    private async Task<(long Rows, string Checksum, string Algorithm)> ReadChecksumAsync(TrainingSet training, CancellationToken cancellationToken)
    {
        var sum = new RowSum();
        var reader = await OpenAsync(training, CommandBehavior.Default, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                sum.Add(Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i)));
            }
        }

        return (sum.Rows, sum.ToString(), $"{RowSum.Algorithm} of {Dialect.Name}");
    }

    /// <summary>How the spine's columns keep instants, so that no session's zone changes their text.</summary>
    private async Task<ValueList<TimeColumn>> SpineTimesAsync(Session session, Spine spine, CancellationToken cancellationToken)
    {
        const string alias = "spine";
        if (spine.InMemory is not null)
        {
            return ValueList<TimeColumn>.Empty;
        }

        var step = StatementWriter.Step(new(Dialect, SqlStyle.Parameters), "describe the spine", new QueryStatement(new()
        {
            AllOf = alias,
            From = spine.Table is { } table ? new TableRef(table, alias) : new TextRef(spine.QueryText!, alias),
            Where = new Compare(CompareOp.Equal, new Number(0), new Number(1)),
        }));
        var reader = await session.ReadAsync(step, CommandBehavior.Default, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return ValueList<TimeColumn>.Of(Enumerable.Range(0, reader.FieldCount).Where(i => Dialect.KindOf(reader.GetDataTypeName(i)) is not null).Select(i => new TimeColumn(reader.GetName(i), Dialect.KindOf(reader.GetDataTypeName(i))!.Value)));
        }
    }

    private async Task<ManifestSet> CountAsync(Session session, TrainingSet training, FeatureSet set, CancellationToken cancellationToken)
    {
        const string history = "history";
        var created = set.CreatedTimeColumn is { Kind: not TimeKind.Ordinal } column ? column : null;
        var value = created is null ? null : new ColumnRef(history, created.Name);
        var step = StatementWriter.Step(new(Dialect, SqlStyle.Parameters), $"count the history of {set.Name}", new QueryStatement(new()
        {
            Columns = ValueList<Output>.Of([new(new Aggregate(AggregateOp.Count), "rows"), .. value is null ? Array.Empty<Output>() : [new(new Aggregate(AggregateOp.Max, value), "newest")]]),
            From = new TableRef(set.HistoryTable, history),
            Where = value is not null && training.KnowledgeInstant is { } cut ? Scalar.Or(new IsNull(value), TimeMath.AtOrBefore(created!, value, cut.UtcDateTime)) : null,
        })) with { FeatureSet = set.Name };
        var row = (await session.RowsAsync(step, cancellationToken).ConfigureAwait(false))[0];
        return new(set.Name, set.HistoryTable.ToString(), RawValues.Count(row[0]), value is not null && RawValues.Typed(row[1], StoredType.Of(created!.Kind)) is DateTime newest ? new DateTimeOffset(newest) : null);
    }
}
