using Microsoft.ML;

namespace Distiller;

/// <summary>Results of a <see cref="FeatureStore"/> for ML.NET.</summary>
public static class DataViewReading
{
    /// <summary>Reads a training set, latest or unload once into columns, over which ML.NET passes as often as it likes.</summary>
    /// <param name="store">The store.</param>
    /// <param name="statement">A training set, latest or unload.</param>
    /// <param name="options">The columns to take, types of spine columns; null = all columns.</param>
    /// <param name="cancellationToken">Watched before each statement and between rows.</param>
    /// <remarks>
    /// Numbers are Single, NULL is NaN: int32, int64, float32, float64 and decimal, and a bool that is a feature (0 or 1). A bool of the spine is Boolean, as ML.NET wants a label. string, json and guid are Text, NULL is the empty text.
    /// timestamp and date are DateTime (UTC). A float vector is a vector of Single, of its declared length where it has one; NULL is all NaN, or of no length where none is declared.
    /// Boolean and DateTime know no missing value: a NULL there is refused, naming row and column. So is a whole number of the spine (an id, a label) that a Single cannot hold exactly, and any number beyond a Single's range. Features take the nearest Single.
    /// </remarks>
    /// <exception cref="ArgumentException">A column is not there, or is of a type ML.NET cannot hold (bytes): the message names it and the way out.</exception>
    /// <exception cref="InvalidCastException">A value does not fit; the message names row and column.</exception>
    public static async Task<IDataView> ReadDataViewAsync(this FeatureStore store, Statement statement, DataViewOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(statement);
        var source = await store.ReadColumnsAsync(statement, options?.Types, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var columns = Chosen(source, options?.Columns).Select(i => ViewColumn.Of(source.Columns[i], i)).ToArray();
            var rows = 0L;
            int filled;
            do
            {
                filled = await source.FillAsync(columns, ViewColumn.PartRows, cancellationToken).ConfigureAwait(false);
                rows += filled;
            }
            while (filled == ViewColumn.PartRows);

            return new ColumnDataView(columns, rows);
        }
    }

    private static IEnumerable<int> Chosen(TypedColumns source, IReadOnlyList<string>? names)
    {
        var known = source.Columns.Select(column => column.Name).ToList();
        if (names is null)
        {
            return Enumerable.Range(0, known.Count);
        }

        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The column '{twice.Key}' is asked for twice; name it once.", nameof(names));
        }

        return [.. names.Select(name => known.IndexOf(name) is >= 0 and var at
            ? at
            : throw new ArgumentException($"The result has no column '{name}'; it has {string.Join(", ", known)}.", nameof(names)))];
    }
}
