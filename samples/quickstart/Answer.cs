using System.Globalization;
using Distiller;

namespace Quickstart;

/// <summary>What came of reading one case: how many rows, how many features are filled per set, and the first rows as text.</summary>
internal sealed record Answer(Case Case, long Rows, IReadOnlyList<long> Filled, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> FirstRows)
{
    /// <summary>Reads a case from beginning to end, row by row, and writes it to its file where a folder is given.</summary>
    public static async Task<Answer> ReadAsync(FeatureStore store, Case one, DirectoryInfo? folder, int rowsKept, CancellationToken cancellationToken)
    {
        await using var reader = await store.ReadAsync(one.Training, cancellationToken);
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var flight = reader.GetOrdinal("flight_id");
        var features = one.Training.Joins
            .SelectMany((join, set) => join.Features.Select(feature => (Set: set, Ordinal: reader.GetOrdinal($"{join.Prefix}__{feature.Name}"), feature.Type)))
            .ToList();
        using var file = CsvOut.Open(folder, one.Name, [columns[flight], .. features.Select(feature => columns[feature.Ordinal])]);
        long rows = 0;
        var filled = new long[one.Training.Joins.Count];
        var firstRows = new List<IReadOnlyList<string>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows++;
            foreach (var (set, ordinal, _) in features)
            {
                filled[set] += reader.IsDBNull(ordinal) ? 0 : 1;
            }

            if (firstRows.Count < rowsKept)
            {
                firstRows.Add([.. columns.Select((_, i) => Shown(reader.GetValue(i)))]);
            }

            file?.Write(features.Select(feature => CsvOut.Text(reader.GetValue(feature.Ordinal), feature.Type)).Prepend(CsvOut.Text(reader.GetValue(flight))));
        }

        return new(one, rows, filled, columns, firstRows);
    }

    private static string Shown(object value) => value switch
    {
        DBNull => "NULL",
        DateTime instant => instant.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        _ => CsvOut.Text(value),
    };
}
