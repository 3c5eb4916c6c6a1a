using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Distiller.Benchmarks;

/// <summary>SQLite in a temporary file, write-ahead log, synchronous=normal.</summary>
internal sealed class SqliteDatabase : BenchmarkDatabase
{
    private readonly SqliteConnection connection;
    private readonly string file = Path.Combine(Path.GetTempPath(), $"distiller-benchmarks-{Environment.ProcessId}-{Guid.NewGuid():N}.db");

    public SqliteDatabase()
    {
        connection = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        Execute("PRAGMA journal_mode = wal");
        Execute("PRAGMA synchronous = normal");
        Execute("PRAGMA cache_size = -262144");
    }

    public override string Name => "SQLite";

    public override DbConnection Connection => connection;

    public override IDatabaseDriver? Driver => null;

    public override TimeKind DropInKind => TimeKind.EpochMicroseconds;

    public override bool UsesIndex => true;

    /// <summary>V4st of the measurements: the winner's row id looked up beside a sorted spine, its row fetched afterwards.</summary>
    public override string HandWritten(string spine, string history) => $"""
        SELECT s.label, s.entity_id, s.event_timestamp, {Features("x")}
        FROM (
          SELECT p.label, p.entity_id, p.event_timestamp,
            (SELECT h.rowid FROM {history} h
             WHERE h.entity_id = p.entity_id AND h.feature_timestamp <= p.event_timestamp
             ORDER BY h.feature_timestamp DESC, h.created_timestamp DESC LIMIT 1) AS m
          FROM (SELECT * FROM {spine} ORDER BY entity_id, event_timestamp LIMIT -1) p LIMIT -1) s
        LEFT JOIN {history} x ON x.rowid = s.m
        """;

    public override void Load(string table, RowSource rows, TimeKind times)
    {
        Insert(table, rows.Columns.Count, rows.Count, (row, values) =>
        {
            for (var column = 0; column < values.Length; column++)
            {
                values[column].Value = rows.Columns[column].Cell switch
                {
                    Cell.Number => rows.Number(row, column),
                    Cell.Time when times == TimeKind.Instant => Instants.Text(rows.Integer(row, column)),
                    _ => rows.Integer(row, column),
                };
            }
        });
    }

    public override void LoadRaw(string table, IReadOnlyList<PublishedRow> rows) => Insert(table, 12, rows.Count, (i, values) =>
    {
        var row = rows[i];
        values[0].Value = row.EntityId;
        values[1].Value = Instants.Text(Instants.Microseconds(row.FeatureTimestamp));
        values[2].Value = Instants.Text(Instants.Microseconds(row.CreatedTimestamp));
        values[3].Value = row.F1;
        values[4].Value = row.F2;
        values[5].Value = row.F3;
        values[6].Value = row.F4;
        values[7].Value = row.F5;
        values[8].Value = row.F6;
        values[9].Value = row.F7;
        values[10].Value = row.F8;
        values[11].Value = row.F9;
    });

    public override void Settle(string table) => Execute("PRAGMA wal_checkpoint(TRUNCATE)");

    public override ValueTask DisposeAsync()
    {
        connection.Dispose();
        foreach (var left in new[] { file, file + "-wal", file + "-shm" })
        {
            File.Delete(left);
        }

        return ValueTask.CompletedTask;
    }

    private void Insert(string table, int columns, int rows, Action<int, SqliteParameter[]> fill)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        var names = Enumerable.Range(1, columns).Select(i => FormattableString.Invariant($"@p{i}")).ToList();
        command.CommandText = $"INSERT INTO {table} VALUES ({string.Join(", ", names)})";
        var values = names.Select(name => command.Parameters.Add(new SqliteParameter(name, DBNull.Value))).ToArray();
        command.Prepare();
        for (var row = 0; row < rows; row++)
        {
            fill(row, values);
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
