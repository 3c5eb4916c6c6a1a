using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Quickstart;

/// <summary>The tables that are there before Distiller comes, made with plain SQL: the flights to enrich, and the aircraft register.</summary>
internal sealed class AdopterTables(Engine engine, DbConnection connection)
{
    // Enough for few round trips, few enough parameters for every engine (SQLite takes 32,766).
    private const int RowsPerInsert = 200;

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            $"""
            CREATE TABLE flights (
                flight_id BIGINT NOT NULL PRIMARY KEY,
                event_timestamp {engine.InstantType} NOT NULL,
                carrier TEXT, origin TEXT, dest TEXT, tailnum TEXT, distance INTEGER, arr_delay INTEGER)
            """,
            cancellationToken);
        await ExecuteAsync(
            $"""
            CREATE TABLE planes (
                tailnum TEXT NOT NULL,
                in_service_from {engine.DateType} NOT NULL,
                manufacturer TEXT, model TEXT, engines INTEGER, seats INTEGER, engine TEXT,
                PRIMARY KEY (tailnum, in_service_from))
            """,
            cancellationToken);
    }

    public Task<long> AddAsync(IEnumerable<Flight> flights, Action<long> added, CancellationToken cancellationToken) => AddAsync(
        "flights",
        flights.Select(flight => new object?[] { flight.FlightId, flight.EventTimestamp, flight.Carrier, flight.Origin, flight.Dest, flight.Tailnum, flight.Distance, flight.ArrDelay }),
        added,
        cancellationToken);

    public Task<long> AddAsync(IEnumerable<Plane> planes, Action<long> added, CancellationToken cancellationToken) => AddAsync(
        "planes",
        planes.Select(plane => new object?[] { plane.Tailnum, plane.InServiceFrom, plane.Manufacturer, plane.Model, plane.Engines, plane.Seats, plane.Engine }),
        added,
        cancellationToken);

    private async Task<long> AddAsync(string table, IEnumerable<object?[]> rows, Action<long> added, CancellationToken cancellationToken)
    {
        long count = 0;
        DbCommand? command = null;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            foreach (var chunk in rows.Chunk(RowsPerInsert))
            {
                var values = chunk.SelectMany(row => row).ToList();
                if (command?.Parameters.Count != values.Count)
                {
                    command?.Dispose();
                    command = Insert(table, chunk.Length, chunk[0].Length);
                    command.Transaction = transaction;
                }

                for (var i = 0; i < values.Count; i++)
                {
                    command.Parameters[i].Value = engine.Parameter(values[i]);
                }

                await command.ExecuteNonQueryAsync(cancellationToken);
                count += chunk.Length;
                added(chunk.Length);
            }
        }
        catch (DbException failure)
        {
            throw new UserMistakeException($"The table {table} does not take its rows: {failure.Message}", failure);
        }
        finally
        {
            command?.Dispose();
        }

        await transaction.CommitAsync(cancellationToken);
        return count;
    }

    private DbCommand Insert(string table, int rows, int columns)
    {
        var command = connection.CreateCommand();
        var text = new StringBuilder($"INSERT INTO {table} VALUES ");
        for (var i = 0; i < rows * columns; i++)
        {
            text.Append(i % columns > 0 ? ", " : i == 0 ? "(" : "), (").Append(CultureInfo.InvariantCulture, $"${i + 1}");
            var parameter = command.CreateParameter();
            parameter.ParameterName = engine.ParameterName(i + 1);
            command.Parameters.Add(parameter);
        }

        command.CommandText = text.Append(')').ToString();
        return command;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
