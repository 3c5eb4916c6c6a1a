using System.Data.Common;
using System.Text;
using Microsoft.ML;

namespace Distiller.Benchmarks;

/// <summary>Arrow batches and a data view of ten columns, against loops written by hand that fill the same arrays from the provider's own reader.</summary>
internal static class ShapesBenchmark
{
    private const int Rows = 1_000_000;
    private const int BatchRows = 65_536;
    private const double Bound = 1.5;
    private const string Columns = "entity_id, feature_timestamp, i1, i2, d1, d2, f1, d3, s, b";

    private static readonly FeatureSet Wide = Entity.Create("entity").Key<long>("entity_id").FeatureSet("wide").Existing("wide_history").WithoutCreatedTime().Latest("wide")
        .Feature<int>("i1").Feature<int>("i2").Feature<double>("d1").Feature<double>("d2").Feature<float>("f1").Feature<double>("d3").Feature<string>("s").Feature<bool>("b");

    public static Task RunAsync(RunOptions options, Report report) => EachEngine.RunAsync(options, report, database => CompareAsync(database, options, report));

    private static async Task CompareAsync(BenchmarkDatabase database, RunOptions options, Report report)
    {
        var rows = options.Scaled(Rows, Rows);
        Fill(database, rows);
        var latest = Latest.Of(Wide);
        var arrow = await Race.RunAsync(options.Runs, new(ArrowAsync), new(BatchesByHandAsync));
        report.Add(ReportLine.Of($"shapes, {database.Name}, Arrow batches of {rows} rows x 10 columns", arrow).AtMost(Bound).With(FormattableString.Invariant($"CPU ratio {arrow.CpuRatio:0.00}")));
        var view = await Race.RunAsync(options.Runs, new(ViewAsync), new(ColumnsByHandAsync));
        report.Add(ReportLine.Of($"shapes, {database.Name}, data view of {rows} rows x 10 columns", view).AtMost(Bound).With(FormattableString.Invariant($"CPU ratio {view.CpuRatio:0.00}")));

        async Task ArrowAsync()
        {
            var count = 0;
            await foreach (var batch in database.Store.ReadArrowAsync(latest, new() { BatchRows = BatchRows }))
            {
                count += batch.Length;
                batch.Dispose();
            }

            Check(count, rows);
        }

        async Task ViewAsync()
        {
            IDataView view = await database.Store.ReadDataViewAsync(latest);
            Check((int)view.GetRowCount()!, rows);
        }

        Task BatchesByHandAsync() => ByHandAsync(database, reader =>
        {
            var count = 0;
            for (var batch = new HandBatch(BatchRows); batch.Fill(reader) is > 0 and var filled; batch = new(BatchRows))
            {
                count += filled;
            }

            Check(count, rows);
        });

        Task ColumnsByHandAsync() => ByHandAsync(database, reader =>
        {
            var columns = new HandColumns();
            columns.Fill(reader);
            Check(columns.Count, rows);
        });
    }

    private static async Task ByHandAsync(BenchmarkDatabase database, Action<DbDataReader> read)
    {
        await using var command = database.Connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM wide";
        database.Driver?.Stream(command);
        await using var reader = await command.ExecuteReaderAsync();
        read(reader);
    }

    private static void Check(int count, int rows)
    {
        if (count != rows)
        {
            throw new InvalidOperationException($"{count} rows came of {rows}.");
        }
    }

    private static void Fill(BenchmarkDatabase database, int rows)
    {
        database.Execute("DROP TABLE IF EXISTS wide");
        var (numbers, instant, number, real, text) = database.Name switch
        {
            "DuckDB" => ($"range({rows}) AS n(i)", "TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(i)", "DOUBLE", "FLOAT", "VARCHAR"),
            "PostgreSQL" => ($"generate_series(0, {rows - 1}) AS n(i)", "TIMESTAMPTZ '2026-01-01 00:00:00+00' + i * INTERVAL '1 second'", "DOUBLE PRECISION", "REAL", "TEXT"),
            _ => ($"(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows - 1}) SELECT i FROM n) AS n", "strftime('%Y-%m-%d %H:%M:%S.000000', 1767225600 + i, 'unixepoch')", "REAL", "REAL", "TEXT"),
        };
        database.Execute($"CREATE TABLE wide (entity_id BIGINT, feature_timestamp {database.Dialect.TypeName(StoredType.Instant)}, i1 INTEGER, i2 INTEGER, d1 {number}, d2 {number}, f1 {real}, d3 {number}, s {text}, b {database.Dialect.TypeName(StoredType.Of(FeatureType.Bool))})");
        database.Execute($"INSERT INTO wide SELECT i, {instant}, i % 1000, i % 7, i * 0.5, i * 0.25, i * 0.125, CASE WHEN i % 10 > 0 THEN i * 1.5 END, 'carrier ' || (i % 100), {(database.Name == "SQLite" ? "i % 3 = 0" : "(i % 3 = 0)")} FROM {numbers}");
    }

    /// <summary>The arrays of one Arrow batch.</summary>
    private sealed class HandBatch(int size)
    {
        private readonly byte[][] valid = [.. Enumerable.Range(0, 10).Select(_ => new byte[size / 8])];
        private readonly long[] key = new long[size];
        private readonly long[] instant = new long[size];
        private readonly int[] i1 = new int[size];
        private readonly int[] i2 = new int[size];
        private readonly double[] d1 = new double[size];
        private readonly double[] d2 = new double[size];
        private readonly float[] f1 = new float[size];
        private readonly double[] d3 = new double[size];
        private readonly int[] ends = new int[size + 1];
        private readonly byte[] flags = new byte[size / 8];
        private byte[] text = new byte[1024];

        public int Fill(DbDataReader reader)
        {
            var row = 0;
            for (; row < size && reader.Read(); row++)
            {
                if (Has(reader, 0, row))
                {
                    key[row] = reader.GetInt64(0);
                }

                if (Has(reader, 1, row))
                {
                    instant[row] = (reader.GetDateTime(1).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
                }

                if (Has(reader, 2, row))
                {
                    i1[row] = reader.GetInt32(2);
                }

                if (Has(reader, 3, row))
                {
                    i2[row] = reader.GetInt32(3);
                }

                if (Has(reader, 4, row))
                {
                    d1[row] = reader.GetDouble(4);
                }

                if (Has(reader, 5, row))
                {
                    d2[row] = reader.GetDouble(5);
                }

                if (Has(reader, 6, row))
                {
                    f1[row] = reader.GetFloat(6);
                }

                if (Has(reader, 7, row))
                {
                    d3[row] = reader.GetDouble(7);
                }

                ends[row + 1] = ends[row];
                if (Has(reader, 8, row))
                {
                    var value = reader.GetString(8);
                    if (text.Length - ends[row] < value.Length * 3)
                    {
                        Array.Resize(ref text, Math.Max(text.Length * 2, ends[row] + (value.Length * 3)));
                    }

                    ends[row + 1] += Encoding.UTF8.GetBytes(value, text.AsSpan(ends[row]));
                }

                if (Has(reader, 9, row) && reader.GetBoolean(9))
                {
                    flags[row >> 3] |= (byte)(1 << (row & 7));
                }
            }

            return row;
        }

        private bool Has(DbDataReader reader, int column, int row)
        {
            if (reader.IsDBNull(column))
            {
                return false;
            }

            valid[column][row >> 3] |= (byte)(1 << (row & 7));
            return true;
        }
    }

    /// <summary>The columns of a data view, in lists that grow.</summary>
    private sealed class HandColumns
    {
        private readonly List<float>[] numbers = [.. Enumerable.Range(0, 10).Select(_ => new List<float>())];
        private readonly List<DateTime> instants = [];
        private readonly List<string?> texts = [];

        public int Count => texts.Count;

        public void Fill(DbDataReader reader)
        {
            while (reader.Read())
            {
                numbers[0].Add(reader.IsDBNull(0) ? float.NaN : reader.GetInt64(0));
                instants.Add(reader.GetDateTime(1));
                numbers[2].Add(reader.IsDBNull(2) ? float.NaN : reader.GetInt32(2));
                numbers[3].Add(reader.IsDBNull(3) ? float.NaN : reader.GetInt32(3));
                numbers[4].Add(reader.IsDBNull(4) ? float.NaN : (float)reader.GetDouble(4));
                numbers[5].Add(reader.IsDBNull(5) ? float.NaN : (float)reader.GetDouble(5));
                numbers[6].Add(reader.IsDBNull(6) ? float.NaN : reader.GetFloat(6));
                numbers[7].Add(reader.IsDBNull(7) ? float.NaN : (float)reader.GetDouble(7));
                texts.Add(reader.IsDBNull(8) ? null : reader.GetString(8));
                numbers[9].Add(reader.IsDBNull(9) ? float.NaN : reader.GetBoolean(9) ? 1 : 0);
            }
        }
    }
}
