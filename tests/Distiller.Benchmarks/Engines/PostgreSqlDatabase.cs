using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Distiller.Benchmarks;

/// <summary>PostgreSQL at the address an environment variable gives, in a schema of this process, dropped at the end.</summary>
internal sealed class PostgreSqlDatabase : BenchmarkDatabase
{
    public const string Variable = "DISTILLER_POSTGRES";

    private readonly NpgsqlConnection connection;
    private readonly bool isLocal;
    private readonly string schema = FormattableString.Invariant($"distiller_benchmarks_{Environment.ProcessId}");

    private PostgreSqlDatabase(string connectionString)
    {
        connection = new(connectionString);
        connection.Open();
        isLocal = connection.Host is "localhost" or "127.0.0.1" or "::1";
        Execute($"CREATE SCHEMA {schema}");

        // One process per query and no compilation, so that two runs of one query are alike on a small machine; memory enough for the rival's sorts.
        Execute($"SET search_path = {schema}; SET jit = off; SET max_parallel_workers_per_gather = 0; SET work_mem = '256MB'; SET temp_buffers = '256MB'");
    }

    public override string Name => "PostgreSQL";

    public override DbConnection Connection => connection;

    public override IDatabaseDriver Driver { get; } = new PostgreSqlDriver();

    public override TimeKind DropInKind => TimeKind.Timestamp;

    public override TimeSpan ServerCpu
    {
        get
        {
            // Clock ticks of user and system time, hundredths of a second, after the name in parentheses.
            var file = FormattableString.Invariant($"/proc/{connection.ProcessID}/stat");
            if (!isLocal || !File.Exists(file) || !File.ReadAllText(file).Contains("(postgres)", StringComparison.Ordinal))
            {
                return TimeSpan.Zero;
            }

            var status = File.ReadAllText(file);
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
        }
    }

    public override bool UsesIndex => true;

    /// <summary>The database, or null (and a word about it) where no address is given.</summary>
    public static PostgreSqlDatabase? Open(Report report) => IsConfigured(report) ? new(Environment.GetEnvironmentVariable(Variable)!) : null;

    public static bool IsConfigured(Report report)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
        {
            return true;
        }

        report.Say($"SKIPPED: PostgreSQL, because {Variable} is not set. Start one, for instance with");
        report.Say("  docker run -d -p 5432:5432 -e POSTGRES_PASSWORD=distiller postgres:15");
        report.Say($"  export {Variable}='Host=127.0.0.1;Username=postgres;Password=distiller;Database=postgres'");
        return false;
    }

    /// <summary>V4o of the measurements: LATERAL with LIMIT 1 over a sorted spine.</summary>
    public override string HandWritten(string spine, string history) => $"""
        SELECT s.label, s.entity_id, s.event_timestamp, {Features("x")}
        FROM (SELECT * FROM {spine} ORDER BY entity_id, event_timestamp OFFSET 0) s
        LEFT JOIN LATERAL (
          SELECT {string.Join(", ", Enumerable.Range(1, World.Features).Select(i => FormattableString.Invariant($"h.f{i}")))}
          FROM {history} h
          WHERE h.entity_id = s.entity_id AND h.feature_timestamp <= s.event_timestamp
          ORDER BY h.feature_timestamp DESC, h.created_timestamp DESC LIMIT 1) x ON true
        """;

    public override void Load(string table, RowSource rows, TimeKind times)
    {
        var type = times == TimeKind.Instant ? NpgsqlDbType.TimestampTz : NpgsqlDbType.Timestamp;
        var kind = times == TimeKind.Instant ? DateTimeKind.Utc : DateTimeKind.Unspecified;
        using var import = connection.BeginBinaryImport($"COPY {table} FROM STDIN (FORMAT BINARY)");
        for (var i = 0; i < rows.Count; i++)
        {
            import.StartRow();
            for (var column = 0; column < rows.Columns.Count; column++)
            {
                switch (rows.Columns[column].Cell)
                {
                    case Cell.Number:
                        import.Write(rows.Number(i, column), NpgsqlDbType.Double);
                        break;
                    case Cell.Time:
                        import.Write(DateTime.SpecifyKind(Instants.ToDateTime(rows.Integer(i, column)), kind), type);
                        break;
                    default:
                        import.Write(rows.Integer(i, column), NpgsqlDbType.Bigint);
                        break;
                }
            }
        }

        import.Complete();
    }

    public override void LoadRaw(string table, IReadOnlyList<PublishedRow> rows)
    {
        using var import = connection.BeginBinaryImport($"COPY {table} FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            import.StartRow();
            import.Write(row.EntityId, NpgsqlDbType.Bigint);
            import.Write(row.FeatureTimestamp, NpgsqlDbType.TimestampTz);
            import.Write(row.CreatedTimestamp, NpgsqlDbType.TimestampTz);
            import.Write(row.F1, NpgsqlDbType.Double);
            import.Write(row.F2, NpgsqlDbType.Double);
            import.Write(row.F3, NpgsqlDbType.Double);
            import.Write(row.F4, NpgsqlDbType.Double);
            import.Write(row.F5, NpgsqlDbType.Double);
            import.Write(row.F6, NpgsqlDbType.Double);
            import.Write(row.F7, NpgsqlDbType.Double);
            import.Write(row.F8, NpgsqlDbType.Double);
            import.Write(row.F9, NpgsqlDbType.Double);
        }

        import.Complete();
    }

    public override void Settle(string table) => Execute($"VACUUM ANALYZE {table}");

    public override async ValueTask DisposeAsync()
    {
        Execute($"DROP SCHEMA {schema} CASCADE");
        await connection.DisposeAsync();
    }
}
