using System.Data;
using System.Data.Common;
using Dapper;

namespace Distiller;

/// <summary>One call's work on the caller's connection: steps as Dapper commands, failures told with their statement (I5), the clock read once (I3).</summary>
internal sealed class Session
{
    private readonly FeatureStoreOptions options;

    public Session(DbConnection connection, FeatureStoreOptions options, SqlDialect dialect, IDatabaseDriver driver)
    {
        if (connection.State != ConnectionState.Open)
        {
            throw new InvalidOperationException($"The connection is {connection.State}; open it before the feature store uses it (the store works with temporary tables and transactions of this one connection).");
        }

        this.options = options;
        Connection = connection;
        Dialect = dialect;
        Driver = driver;
        Transaction = options.Transaction;
        Clock = Instants.Floor(options.TimeProvider.GetUtcNow().UtcDateTime);
    }

    public DbConnection Connection { get; }

    public SqlDialect Dialect { get; }

    public IDatabaseDriver Driver { get; }

    /// <summary>The transaction steps run in: the caller's, or the store's while it has one open.</summary>
    public DbTransaction? Transaction { get; set; }

    public bool InCallersTransaction => options.Transaction is not null;

    public DateTime Clock { get; }

    public long LargeHistory => options.LargeHistory;

    public async Task ExecuteAsync(CompiledStep step, CancellationToken cancellationToken)
    {
        try
        {
            if (PastDapper(step))
            {
                var command = Plain(step);
                await using (command.ConfigureAwait(false))
                {
                    await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                }
            }
            else
            {
                await Connection.ExecuteAsync(Command(step, cancellationToken)).ConfigureAwait(false);
            }
        }
        catch (DbException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(step, failure);
        }
    }

    /// <summary>The step's only row by column name; null where it returns none.</summary>
    public async Task<IReadOnlyDictionary<string, object?>?> RowAsync(CompiledStep step, CancellationToken cancellationToken)
    {
        try
        {
            if (PastDapper(step))
            {
                var command = Plain(step);
                await using (command.ConfigureAwait(false))
                {
                    var reader = await command.ExecuteReaderAsync(CommandBehavior.Default, cancellationToken).ConfigureAwait(false);
                    await using (reader.ConfigureAwait(false))
                    {
                        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
                            ? Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i), StringComparer.OrdinalIgnoreCase)
                            : null;
                    }
                }
            }

            return (IDictionary<string, object?>?)await Connection.QueryFirstOrDefaultAsync(Command(step, cancellationToken)).ConfigureAwait(false) is { } row
                ? new Dictionary<string, object?>(row, StringComparer.OrdinalIgnoreCase)
                : null;
        }
        catch (DbException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(step, failure);
        }
    }

    /// <summary>All rows of a step, as the provider hands the values out.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<object?>>> RowsAsync(CompiledStep step, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyList<object?>>();
        var reader = await ReadAsync(step, CommandBehavior.Default, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
            }
        }

        return rows;
    }

    /// <summary>A reader with the declared types that hands out rows as the database finds them, where the driver can. Once it is disposed of, <paramref name="closed"/> does what is left to do on the connection.</summary>
    public async Task<TypedReader> ReadAsync(CompiledStep step, CommandBehavior behavior, CancellationToken cancellationToken, IReadOnlyList<ResultColumn>? columns = null, Func<Task>? closed = null)
    {
        var command = Plain(step);
        try
        {
            Driver.Stream(command);
            var reader = await command.ExecuteReaderAsync(behavior, cancellationToken).ConfigureAwait(false);
            return new(reader, columns ?? [.. Enumerable.Range(0, reader.FieldCount).Select(i => new ResultColumn(reader.GetName(i), null))], CloseAsync, !Dialect.ChecksForm(StoredType.Instant));
        }
        catch (DbException failure) when (!cancellationToken.IsCancellationRequested)
        {
            await command.DisposeAsync().ConfigureAwait(false);
            throw Failed(step, failure);
        }
        catch
        {
            await command.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        async Task CloseAsync()
        {
            await command.DisposeAsync().ConfigureAwait(false);
            await (closed?.Invoke() ?? Task.CompletedTask).ConfigureAwait(false);
        }
    }

    /// <summary>The columns of a table or query, with the provider's names of their types; no row is read.</summary>
    public async Task<IReadOnlyList<(string Name, string Type)>> ColumnsAsync(Relation from, string alias, string purpose, FeatureSet? set, CancellationToken cancellationToken)
    {
        var step = StatementWriter.Step(new(Dialect, SqlStyle.Parameters), purpose, new QueryStatement(new()
        {
            AllOf = alias,
            From = from,
            Where = new Compare(CompareOp.Equal, new Number(0), new Number(1)),
        })) with { FeatureSet = set?.Name };
        var reader = await ReadAsync(step, CommandBehavior.Default, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return [.. Enumerable.Range(0, reader.FieldCount).Select(i => (reader.GetName(i), reader.GetDataTypeName(i)))];
        }
    }

    public async Task<long> LoadAsync(CompiledStep step, DbDataReader rows, CancellationToken cancellationToken)
    {
        try
        {
            return await Driver.LoadAsync(Connection, Transaction, step.Load!, rows, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(step, failure);
        }
    }

    public Task<TableFacts?> FactsAsync(TableName table, CancellationToken cancellationToken) => Dialect.Catalog.ReadAsync(Connection, Transaction, table, cancellationToken);

    private static int Seconds(TimeSpan timeout) => (int)Math.Ceiling(timeout.TotalSeconds);

    private static StatementFailedException Failed(CompiledStep step, DbException failure) => new(
        $"{(step.FeatureSet is { } set ? $"Feature set '{set}': the" : "The")} statement to {step.Purpose} failed: {failure.Message}", failure)
    {
        Purpose = step.Purpose,
        Sql = step.Text,
    };

    /// <summary>Dapper takes <c>?name?</c> for a parameter by position, also where it is part of a quoted name: such a text does not go through it.</summary>
    private static bool PastDapper(CompiledStep step) => step.Text.Contains('?', StringComparison.Ordinal);

    private DbCommand Plain(CompiledStep step)
    {
        var command = Connection.CreateCommand();
        command.CommandText = step.Text;
        command.Transaction = Transaction;
        if (options.CommandTimeout is { } timeout)
        {
            command.CommandTimeout = Seconds(timeout);
        }

        new StepParameters(Dialect, step.Parameters, Clock).AddParameters(command, null!);
        return command;
    }

    private CommandDefinition Command(CompiledStep step, CancellationToken cancellationToken) => new(
        step.Text,
        new StepParameters(Dialect, step.Parameters, Clock),
        Transaction,
        options.CommandTimeout is { } timeout ? Seconds(timeout) : null,
        CommandType.Text,
        CommandFlags.NoCache,
        cancellationToken);
}
