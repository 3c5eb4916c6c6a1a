using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Distiller;

/// <summary>PostgreSQL through Npgsql: rows go in by binary COPY.</summary>
public sealed class PostgreSqlDriver : IDatabaseDriver
{
    private const int RowsBetweenChecks = 1024;

    // The server counts from 2000-01-01.
    private static readonly long EpochMicroseconds = Instants.Microseconds(new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    private static readonly int EpochDay = new DateOnly(2000, 1, 1).DayNumber;

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.PostgreSql;

    /// <inheritdoc/>
    public bool Serves(DbConnection connection) => connection is NpgsqlConnection;

    /// <inheritdoc/>
    public async Task<long> LoadAsync(DbConnection connection, DbTransaction? transaction, LoadTarget target, DbDataReader rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(rows);
        var columns = target.Columns.Select(column => Write(column.Stored)).ToArray();
        var import = await ((NpgsqlConnection)connection).BeginBinaryImportAsync(CopyText(target), cancellationToken).ConfigureAwait(false);
        var count = 0L;
        try
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (count++ % RowsBetweenChecks == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                WriteRow(import, rows, columns);
            }

            cancellationToken.ThrowIfCancellationRequested();
            await import.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await AbandonAsync(import).ConfigureAwait(false);
            throw;
        }

        await import.DisposeAsync().ConfigureAwait(false);
        return count;
    }

    /// <inheritdoc/>
    public void Stream(DbCommand command)
    {
    }

    /// <inheritdoc/>
    public bool IsTransient(DbException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.IsTransient || Dialect.IsTransient(failure);
    }

    private static void WriteRow(NpgsqlBinaryImporter import, DbDataReader rows, Action<NpgsqlBinaryImporter, DbDataReader, int>[] columns)
    {
        import.StartRow();
        for (var i = 0; i < columns.Length; i++)
        {
            if (rows.IsDBNull(i))
            {
                import.WriteNull();
            }
            else
            {
                columns[i](import, rows, i);
            }
        }
    }

    /// <summary>Disposing what is not complete tells the server to forget the rows. What that says is no news beside the failure at hand.</summary>
    private static async Task AbandonAsync(NpgsqlBinaryImporter import)
    {
        try
        {
            await import.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception ignored) when (ignored is DbException or InvalidOperationException or IOException)
        {
        }
    }

    private static string CopyText(LoadTarget target)
    {
        var text = new SqlText(SqlStyle.Parameters);
        var writer = new SqlWriter(SqlDialect.PostgreSql, text);
        text.Add("COPY ");
        writer.WriteTable(target.Table, isTemporary: true);
        for (var i = 0; i < target.Columns.Count; i++)
        {
            text.Add(i == 0 ? " (" : ", ");
            writer.Name(target.Columns[i].Name);
        }

        return text.Add(") FROM STDIN (FORMAT BINARY)").ToString();
    }

    /// <summary>Binary COPY converts nothing: each value goes in the column's own type. Instants and dates go as the server's counts, because the provider makes infinities of the first and last .NET knows.</summary>
    private static Action<NpgsqlBinaryImporter, DbDataReader, int> Write(StoredType type) => type switch
    {
        { Time: TimeKind.Instant } => static (import, rows, i) => import.Write(Instants.Microseconds(rows.GetDateTime(i)) - EpochMicroseconds, NpgsqlDbType.TimestampTz),
        { Time: TimeKind.Timestamp } => static (import, rows, i) => import.Write(Instants.Microseconds(rows.GetDateTime(i)) - EpochMicroseconds, NpgsqlDbType.Timestamp),
        { Time: TimeKind.Date } => static (import, rows, i) => import.Write(DateOnly.FromDateTime(Instants.Floor(rows.GetDateTime(i))).DayNumber - EpochDay, NpgsqlDbType.Date),
        { Time: TimeKind.Ordinal } => static (import, rows, i) => import.Write(rows.GetInt64(i), NpgsqlDbType.Bigint),
        { Time: { } kind } => (import, rows, i) => import.Write(LiteralText.Count(kind, rows.GetDateTime(i)), NpgsqlDbType.Bigint),
        _ => type.Feature!.Kind switch
        {
            FeatureKind.Bool => static (import, rows, i) => import.Write(rows.GetBoolean(i), NpgsqlDbType.Boolean),
            FeatureKind.Int32 => static (import, rows, i) => import.Write(rows.GetInt32(i), NpgsqlDbType.Integer),
            FeatureKind.Int64 => static (import, rows, i) => import.Write(rows.GetInt64(i), NpgsqlDbType.Bigint),
            FeatureKind.Float32 => static (import, rows, i) => import.Write(rows.GetFloat(i), NpgsqlDbType.Real),
            FeatureKind.Float64 => static (import, rows, i) => import.Write(rows.GetDouble(i), NpgsqlDbType.Double),
            FeatureKind.Decimal => static (import, rows, i) => import.Write(rows.GetDecimal(i), NpgsqlDbType.Numeric),
            FeatureKind.Bytes => static (import, rows, i) => import.Write(rows.GetFieldValue<byte[]>(i), NpgsqlDbType.Bytea),
            FeatureKind.Date => static (import, rows, i) => import.Write(rows.GetFieldValue<DateOnly>(i).DayNumber - EpochDay, NpgsqlDbType.Date),
            FeatureKind.Guid => static (import, rows, i) => import.Write(rows.GetGuid(i), NpgsqlDbType.Uuid),
            FeatureKind.FloatVector => static (import, rows, i) => import.Write(rows.GetFieldValue<float[]>(i), NpgsqlDbType.Array | NpgsqlDbType.Real),
            FeatureKind.Json => static (import, rows, i) => import.Write(rows.GetString(i), NpgsqlDbType.Jsonb),
            _ => static (import, rows, i) => import.Write(rows.GetString(i), NpgsqlDbType.Text),
        },
    };
}
