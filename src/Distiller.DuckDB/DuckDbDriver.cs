using System.Data.Common;
using DuckDB.NET.Data;
using DuckDBErrorType = DuckDB.NET.Native.DuckDBErrorType;

namespace Distiller;

/// <summary>DuckDB through DuckDB.NET: rows go in by its appender, results are streamed.</summary>
public sealed class DuckDbDriver : IDatabaseDriver
{
    private const int RowsBetweenChecks = 1024;

    /// <inheritdoc/>
    public SqlDialect Dialect => SqlDialect.DuckDb;

    /// <inheritdoc/>
    public bool Serves(DbConnection connection) => connection is DuckDBConnection;

    /// <inheritdoc/>
    public async Task<long> LoadAsync(DbConnection connection, DbTransaction? transaction, LoadTarget target, DbDataReader rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(rows);
        var columns = target.Columns.Select(column => Append(column.Stored)).ToArray();
        var appender = ((DuckDBConnection)connection).CreateAppender("temp", "main", target.Table.Name);
        var count = 0L;
        try
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (count++ % RowsBetweenChecks == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                AppendRow(appender.CreateRow(), rows, columns);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        catch
        {
            Abandon(appender);
            throw;
        }

        appender.Close();
        return count;
    }

    /// <inheritdoc/>
    public void Stream(DbCommand command)
    {
        if (command is DuckDBCommand duck)
        {
            duck.UseStreamingMode = true;
        }
    }

    /// <inheritdoc/>
    public bool IsTransient(DbException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.IsTransient || failure is DuckDBException { ErrorType: DuckDBErrorType.Transaction } || Dialect.IsTransient(failure);
    }

    private static void AppendRow(IDuckDBAppenderRow row, DbDataReader rows, Action<IDuckDBAppenderRow, DbDataReader, int>[] columns)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (rows.IsDBNull(i))
            {
                row.AppendNullValue();
            }
            else
            {
                columns[i](row, rows, i);
            }
        }

        row.EndRow();
    }

    /// <summary>Closing writes what is there, a half row with whatever its memory holds included; so the rows are thrown away first. What that says is no news beside the failure at hand.</summary>
    private static void Abandon(DuckDBAppender appender)
    {
        try
        {
            appender.Clear();
        }
        catch (Exception ignored) when (ignored is DbException or InvalidOperationException)
        {
        }

        try
        {
            appender.Dispose();
        }
        catch (Exception ignored) when (ignored is DbException or InvalidOperationException)
        {
        }
    }

    /// <summary>The appender writes a value's bytes whatever the column is: each must have exactly the column's type.</summary>
    private static Action<IDuckDBAppenderRow, DbDataReader, int> Append(StoredType type) => type switch
    {
        { Time: TimeKind.Instant } => static (row, rows, i) => row.AppendValue(new DateTimeOffset(Instants.Floor(rows.GetDateTime(i)))),
        { Time: TimeKind.Timestamp } => static (row, rows, i) => row.AppendValue(Instants.Floor(rows.GetDateTime(i))),
        { Time: TimeKind.Date } => static (row, rows, i) => row.AppendValue(DateOnly.FromDateTime(Instants.Floor(rows.GetDateTime(i)))),
        { Time: TimeKind.Ordinal } => static (row, rows, i) => row.AppendValue(rows.GetInt64(i)),
        { Time: { } kind } => (row, rows, i) => row.AppendValue(LiteralText.Count(kind, rows.GetDateTime(i))),
        _ => type.Feature!.Kind switch
        {
            FeatureKind.Bool => static (row, rows, i) => row.AppendValue(rows.GetBoolean(i)),
            FeatureKind.Int32 => static (row, rows, i) => row.AppendValue(rows.GetInt32(i)),
            FeatureKind.Int64 => static (row, rows, i) => row.AppendValue(rows.GetInt64(i)),
            FeatureKind.Float32 => static (row, rows, i) => row.AppendValue(rows.GetFloat(i)),
            FeatureKind.Float64 => static (row, rows, i) => row.AppendValue(rows.GetDouble(i)),
            FeatureKind.Decimal => AppendDecimal(type.Feature),
            FeatureKind.Bytes => static (row, rows, i) => row.AppendValue(rows.GetFieldValue<byte[]>(i)),
            FeatureKind.Date => static (row, rows, i) => row.AppendValue(rows.GetFieldValue<DateOnly>(i)),
            FeatureKind.Guid => static (row, rows, i) => row.AppendValue(rows.GetGuid(i)),
            FeatureKind.FloatVector => static (row, rows, i) => row.AppendValue<float>(rows.GetFieldValue<float[]>(i)),
            _ => static (row, rows, i) => row.AppendValue(rows.GetString(i)),
        },
    };

    /// <summary>The appender cuts digits after the scale and overflows the precision without a word.</summary>
    private static Action<IDuckDBAppenderRow, DbDataReader, int> AppendDecimal(FeatureType type)
    {
        var bound = 1m;
        for (var i = type.Scale; i < type.Precision; i++)
        {
            bound *= 10;
        }

        return (row, rows, i) =>
        {
            var value = rows.GetDecimal(i);
            if (Math.Abs(value) >= bound || (value.Scale > type.Scale && decimal.Round(value, type.Scale) != value))
            {
                throw new OverflowException(FormattableString.Invariant($"{value} is no {type}."));
            }

            row.AppendValue(value);
        };
    }
}
