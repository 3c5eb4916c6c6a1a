using System.Data.Common;
using System.Globalization;

namespace Distiller;

/// <summary>Any ADO.NET provider: rows go in by prepared INSERT statements, a few rows each.</summary>
internal sealed class AnyDriver(SqlDialect dialect) : IDatabaseDriver
{
    private const string Savepoint = "distiller_load";

    // What providers are known to take in one statement; SQLite's own bound.
    private const int MostParameters = 32_766;

    public SqlDialect Dialect => dialect;

    private bool IsSqlite => dialect == SqlDialect.Sqlite;

    /// <summary>The dialect a provider's connection speaks, by the provider's names; null where it is not one of those known.</summary>
    internal static SqlDialect? ForConnection(DbConnection connection)
    {
        for (var type = connection.GetType(); type is not null; type = type.BaseType)
        {
            switch (type.FullName)
            {
                case "Microsoft.Data.Sqlite.SqliteConnection":
                    return SqlDialect.Sqlite;
                case "DuckDB.NET.Data.DuckDBConnection":
                    return SqlDialect.DuckDb;
                case "Npgsql.NpgsqlConnection":
                    return SqlDialect.PostgreSql;
            }
        }

        return null;
    }

    public bool Serves(DbConnection connection) => ForConnection(connection) == dialect;

    public async Task<long> LoadAsync(DbConnection connection, DbTransaction? transaction, LoadTarget target, DbDataReader rows, CancellationToken cancellationToken)
    {
        // SQLite commits each statement alone unless told otherwise. A savepoint is a deferred transaction where none is open, and harmless where one is that nobody passed in.
        if (!IsSqlite || transaction is not null)
        {
            return await InsertAsync(connection, transaction, target, rows, cancellationToken).ConfigureAwait(false);
        }

        Execute(connection, $"SAVEPOINT {Savepoint}");
        try
        {
            var count = await InsertAsync(connection, null, target, rows, cancellationToken).ConfigureAwait(false);
            Execute(connection, $"RELEASE {Savepoint}");
            return count;
        }
        catch
        {
            try
            {
                Execute(connection, $"ROLLBACK TO {Savepoint}");
                Execute(connection, $"RELEASE {Savepoint}");
            }
            catch (Exception gone) when (gone is DbException or InvalidOperationException)
            {
                // The failure took the transaction or the connection with it; it is the failure that matters.
            }

            throw;
        }
    }

    public void Stream(DbCommand command)
    {
    }

    public bool IsTransient(DbException failure) => failure.IsTransient || dialect.IsTransient(failure);

    private static void Execute(DbConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private async Task<long> InsertAsync(DbConnection connection, DbTransaction? transaction, LoadTarget target, DbDataReader rows, CancellationToken cancellationToken)
    {
        var columns = target.Columns.Select(column => column.Stored).ToArray();
        var getters = columns.Select(Getter).ToArray();
        var rowsPerInsert = Math.Clamp(MostParameters / columns.Length, 1, dialect.RowsPerInsert);
        var command = connection.CreateCommand();
        await using var disposing = command.ConfigureAwait(false);
        command.Transaction = transaction;
        command.CommandText = Insert(target, rowsPerInsert);
        var parameters = AddParameters(command, columns.Length * rowsPerInsert);
        var isPrepared = false;
        var count = 0L;
        var next = 0;
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            for (var i = 0; i < columns.Length; i++)
            {
                dialect.Bind(parameters[next++], columns[i], rows.IsDBNull(i) ? null : getters[i](rows, i));
            }

            count++;
            if (next < parameters.Length)
            {
                continue;
            }

            // Providers want every parameter's type before they prepare.
            if (!isPrepared)
            {
                isPrepared = true;
                await PrepareAsync(command, cancellationToken).ConfigureAwait(false);
            }

            next = 0;
            if (IsSqlite)
            {
                command.ExecuteNonQuery();
            }
            else
            {
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        if (next > 0)
        {
            while (command.Parameters.Count > next)
            {
                command.Parameters.RemoveAt(command.Parameters.Count - 1);
            }

            command.CommandText = Insert(target, next / columns.Length);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    private async Task PrepareAsync(DbCommand command, CancellationToken cancellationToken)
    {
        if (IsSqlite)
        {
            command.Prepare();
        }
        else
        {
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private string Insert(LoadTarget target, int rows)
    {
        var text = new SqlText(SqlStyle.Parameters);
        var writer = new SqlWriter(dialect, text);
        text.Add("INSERT INTO ");
        writer.WriteTable(target.Table, isTemporary: true);
        for (var i = 0; i < target.Columns.Count; i++)
        {
            text.Add(i == 0 ? " (" : ", ");
            dialect.WriteName(text, target.Columns[i].Name);
        }

        text.Add(") VALUES");
        for (var row = 0; row < rows; row++)
        {
            text.Add(row == 0 ? "" : ",").Line();
            for (var i = 0; i < target.Columns.Count; i++)
            {
                text.Add(i == 0 ? "(" : ", ");
                WriteParameter(text, target.Columns[i].Stored, (row * target.Columns.Count) + i);
            }

            text.Add(')');
        }

        return text.ToString();
    }

    /// <summary>A parameter, cast where its provider's type is not the column's: text for JSON, decimals as narrow as each value. Elsewhere a cast only costs time.</summary>
    private void WriteParameter(SqlText text, StoredType type, int index)
    {
        if (IsSqlite || type.Feature?.Kind is not (FeatureKind.Decimal or FeatureKind.Json or FeatureKind.FloatVector))
        {
            dialect.WriteMarker(text, Name(index));
            return;
        }

        text.Add("CAST(");
        dialect.WriteMarker(text, Name(index));
        text.Add(" AS ").Add(dialect.TypeName(type)).Add(')');
    }

    private DbParameter[] AddParameters(DbCommand command, int count)
    {
        var parameters = new DbParameter[count];
        for (var i = 0; i < count; i++)
        {
            parameters[i] = command.CreateParameter();
            parameters[i].ParameterName = IsSqlite ? Marker(i) : dialect.ParameterName(Name(i));
            command.Parameters.Add(parameters[i]);
        }

        return parameters;
    }

    /// <summary>SQLite's provider looks a name up as it is, then with each marker in front, for every value of every row.</summary>
    private string Marker(int index)
    {
        var text = new SqlText(SqlStyle.Parameters);
        dialect.WriteMarker(text, Name(index));
        return text.ToString();
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"p{index + 1}");

    private static Func<DbDataReader, int, object> Getter(StoredType type) => type switch
    {
        { Time: TimeKind.Ordinal } => static (rows, i) => rows.GetInt64(i),
        { Time: not null } => static (rows, i) => rows.GetDateTime(i),
        _ => type.Feature!.Kind switch
        {
            FeatureKind.Bool => static (rows, i) => rows.GetBoolean(i),
            FeatureKind.Int32 => static (rows, i) => rows.GetInt32(i),
            FeatureKind.Int64 => static (rows, i) => rows.GetInt64(i),
            FeatureKind.Float32 => static (rows, i) => rows.GetFloat(i),
            FeatureKind.Float64 => static (rows, i) => rows.GetDouble(i),
            FeatureKind.Decimal => static (rows, i) => rows.GetDecimal(i),
            FeatureKind.Bytes => static (rows, i) => rows.GetFieldValue<byte[]>(i),
            FeatureKind.Date => static (rows, i) => rows.GetFieldValue<DateOnly>(i),
            FeatureKind.Guid => static (rows, i) => rows.GetGuid(i),
            FeatureKind.FloatVector => static (rows, i) => rows.GetFieldValue<float[]>(i),
            _ => static (rows, i) => rows.GetString(i),
        },
    };
}
