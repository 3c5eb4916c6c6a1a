using System.Data.Common;
using DuckDB.NET.Data;

namespace Distiller.Benchmarks;

/// <summary>DuckDB in memory, or in a file.</summary>
internal sealed class DuckDbDatabase : BenchmarkDatabase
{
    private readonly DuckDBConnection connection;
    private readonly string? file;

    public DuckDbDatabase(string? file = null)
    {
        this.file = file;
        connection = new($"Data Source={file ?? ":memory:"}");
        connection.Open();
        Execute("SET memory_limit = '10GB'");
    }

    public static DuckDbDatabase InTemporaryFile() => new(Path.Combine(Path.GetTempPath(), $"distiller-benchmarks-{Environment.ProcessId}-{Guid.NewGuid():N}.duckdb"));

    public override string Name => "DuckDB";

    public override DbConnection Connection => connection;

    public override IDatabaseDriver Driver { get; } = new DuckDbDriver();

    public override TimeKind DropInKind => TimeKind.Timestamp;

    public override bool UsesIndex => false;

    /// <summary>The engine's own ASOF JOIN without a thought for ties: not always right, and therefore faster than what is.</summary>
    public override string HandWritten(string spine, string history) => $"""
        SELECT s.label, s.entity_id, s.event_timestamp, {Features("h")}
        FROM {spine} s
        ASOF LEFT JOIN {history} h ON s.entity_id = h.entity_id AND s.event_timestamp >= h.feature_timestamp
        """;

    public override void Load(string table, RowSource rows, TimeKind times)
    {
        using var appender = connection.CreateAppender(table);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = appender.CreateRow();
            for (var column = 0; column < rows.Columns.Count; column++)
            {
                switch (rows.Columns[column].Cell)
                {
                    case Cell.Number:
                        row.AppendValue(rows.Number(i, column));
                        break;
                    case Cell.Time:
                        row.AppendValue(Instants.ToDateTime(rows.Integer(i, column)));
                        break;
                    default:
                        row.AppendValue(rows.Integer(i, column));
                        break;
                }
            }

            row.EndRow();
        }
    }

    public override void LoadRaw(string table, IReadOnlyList<PublishedRow> rows)
    {
        using var appender = connection.CreateAppender(table);
        foreach (var row in rows)
        {
            appender.CreateRow()
                .AppendValue(row.EntityId).AppendValue(row.FeatureTimestamp).AppendValue(row.CreatedTimestamp)
                .AppendValue(row.F1).AppendValue(row.F2).AppendValue(row.F3).AppendValue(row.F4).AppendValue(row.F5).AppendValue(row.F6).AppendValue(row.F7).AppendValue(row.F8).AppendValue(row.F9)
                .EndRow();
        }
    }

    public override void Settle(string table)
    {
        if (file is not null)
        {
            Execute("CHECKPOINT");
        }
    }

    public override ValueTask DisposeAsync()
    {
        connection.Dispose();
        if (file is not null)
        {
            File.Delete(file);
            File.Delete(file + ".wal");
        }

        return ValueTask.CompletedTask;
    }
}
