using System.Data.Common;

namespace Distiller;

/// <summary>
/// Runs statements on the caller's connection (and transaction) through Dapper. It owns no connection, keeps nothing between calls, and is as thread-safe as its connection: not at all.
/// </summary>
/// <remarks>
/// Cancellation is watched before each statement, between rows, and inside a statement where the provider can interrupt one (Npgsql and DuckDB.NET can; Microsoft.Data.Sqlite cannot).
/// Failures: <see cref="TableMismatchException"/> before anything runs, <see cref="RowRefusedException"/> for rows that cannot be published, <see cref="StatementFailedException"/> around the provider's exception (I5).
/// </remarks>
public sealed partial class FeatureStore
{
    private readonly DbConnection connection;
    private readonly FeatureStoreOptions options;
    private readonly IDatabaseDriver driver;

    /// <summary>A store on an open connection.</summary>
    /// <param name="connection">The caller's connection: open, and used by nothing else while a call runs.</param>
    /// <param name="options">Dialect, driver, clock, transaction; null = told by the connection.</param>
    /// <exception cref="ArgumentException">The connection's type tells no dialect and none is given, or the driver serves other connections.</exception>
    public FeatureStore(DbConnection connection, FeatureStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        this.connection = connection;
        this.options = options ?? new();
        Dialect = this.options.Dialect ?? this.options.Driver?.Dialect ?? AnyDriver.ForConnection(connection)
            ?? throw new ArgumentException($"No dialect is known for a {connection.GetType().FullName}; name one with FeatureStoreOptions.Dialect.", nameof(options));
        driver = this.options.Driver ?? new AnyDriver(Dialect);
        if (this.options.Driver is { } given && !given.Serves(connection))
        {
            throw new ArgumentException($"{given.GetType().Name} serves other connections than a {connection.GetType().FullName}.", nameof(options));
        }
    }

    /// <summary>The dialect statements are compiled for.</summary>
    public SqlDialect Dialect { get; }

    /// <summary>Creates the tables of feature sets that own theirs; tables that exist are left as they are.</summary>
    public async Task CreateTablesAsync(IEnumerable<FeatureSet> sets, CancellationToken cancellationToken = default) =>
        await ExecuteAsync("create", CreateTables.For(sets), cancellationToken).ConfigureAwait(false);

    /// <summary>Drops the tables of feature sets that own theirs.</summary>
    public async Task DropTablesAsync(IEnumerable<FeatureSet> sets, CancellationToken cancellationToken = default) =>
        await ExecuteAsync("drop", DropTables.For(sets), cancellationToken).ConfigureAwait(false);

    /// <summary>Checks that tables and columns are there with the declared types, and (where columns hold anything, as on SQLite) that every value has the declared form (T4).</summary>
    /// <exception cref="TableMismatchException">Something is not as declared; the message lists everything.</exception>
    public async Task CheckAsync(IEnumerable<FeatureSet> sets, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var session = Begin();
        var problems = new List<string>();
        foreach (var set in sets)
        {
            await CheckAsync(session, set, set.HistoryTable, TablesPlanner.HistoryColumns(set), problems, cancellationToken).ConfigureAwait(false);
            if (set.LatestTable is { } latest)
            {
                await CheckAsync(session, set, latest, set.IsExisting ? PublishBatch.Columns(set) : TablesPlanner.LatestColumns(set), problems, cancellationToken).ConfigureAwait(false);
            }

            problems.AddRange(await Scd2ProblemsAsync(session, set, cancellationToken).ConfigureAwait(false));
        }

        if (problems.Count > 0)
        {
            throw new TableMismatchException(problems);
        }
    }

    /// <summary>Tells how a training set would be answered: the strategy of each join and why, a missing index with its DDL, notes, the SQL and the engine's plan.</summary>
    public async Task<Explanation> ExplainAsync(TrainingSet training, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        var session = Begin();
        var (described, context) = await new SpineDescription(session).PrepareAsync(training, new(Dialect, SqlStyle.Literals), cancellationToken).ConfigureAwait(false);
        var script = described.Build(context);
        var text = new SqlText(SqlStyle.Literals);
        text.Add(script.ToSql());
        foreach (var set in described.Joins.Select(join => join.Set).Distinct().Where(set => Dialect.EnforcesHistoryKey && !context.ShapeOf(set).HasIndex))
        {
            var index = new CreateIndex(StageSteps.NameFor("", set.HistoryTable.Name + "_as_of"), set.HistoryTable, TablesPlanner.Key(set));
            text.Add("\n").AddComment($"Missing index of '{set.HistoryTable}', which would let each spine row find its winner in one probe:").Add(StatementWriter.Step(context, "index", index).Text).Add(";\n");
        }

        text.Add("\n").AddComment("The engine's plan:");
        foreach (var step in script.Steps)
        {
            if (step.Load is not null)
            {
                using var rows = described.Spine.InMemory!.Open(Dialect);
                await session.LoadAsync(step, rows, cancellationToken).ConfigureAwait(false);
            }
            else if (step.Role == StepRole.Answer)
            {
                await ExplainAsync(session, step, text, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await session.ExecuteAsync(step, cancellationToken).ConfigureAwait(false);
            }
        }

        return new(Dialect, text.ToString());
    }

    private async Task ExplainAsync(Session session, CompiledStep step, SqlText text, CancellationToken cancellationToken)
    {
        var reader = await session.ReadAsync(new("explain", Dialect.ExplainPrefix + step.Text, step.Parameters), System.Data.CommandBehavior.Default, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                foreach (var line in Convert.ToString(reader.GetValue(reader.FieldCount - 1), System.Globalization.CultureInfo.InvariantCulture)!.Split('\n'))
                {
                    text.AddComment(line.TrimEnd());
                }
            }
        }
    }

    private static async Task CheckAsync(Session session, FeatureSet set, TableName table, IReadOnlyList<ColumnDefinition> columns, List<string> problems, CancellationToken cancellationToken)
    {
        var facts = await session.FactsAsync(table, cancellationToken).ConfigureAwait(false);
        var found = TableCheck.Problems(session.Dialect, set, table, facts, columns).Concat(TableCheck.Unspoken(set, table, facts)).ToList();
        problems.AddRange(found);
        if (found.Count == 0 && table == set.HistoryTable && RowCheckPlanner.Checks(set)
            && await RowCheck.ProblemAsync(session, set, (await session.FactsAsync(table, cancellationToken).ConfigureAwait(false))!, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            problems.Add(problem);
        }

        if (found.Count == 0 && columns.Any(column => session.Dialect.ChecksForm(column.Type)))
        {
            var step = ValueCheck.Step(session.Dialect, set, table, columns);
            if (await session.RowAsync(step, cancellationToken).ConfigureAwait(false) is { } row)
            {
                problems.Add($"Feature set '{set.Name}': the table '{table}' holds a value in another form than declared: {row["problem"]}; declare what the column holds, or convert it in a view.");
            }
        }
    }

    private Session Begin() => new(connection, options, Dialect, driver);

    private async Task ExecuteAsync(string operation, Statement statement, CancellationToken cancellationToken)
    {
        var session = Begin();
        using var measured = Telemetry.Start(operation, Dialect, operation);
        foreach (var step in statement.Compile(Dialect).Steps)
        {
            await session.ExecuteAsync(step, cancellationToken).ConfigureAwait(false);
        }

        measured.Done();
    }
}
