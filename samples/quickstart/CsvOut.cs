using System.Globalization;
using Distiller;
using nietras.SeparatedValues;

namespace Quickstart;

/// <summary>Writes results as CSV, values as the inputs have them: floats in the shortest text that reads back the same, instants in UTC, NULL as an empty field.</summary>
internal sealed class CsvOut : IDisposable
{
    public const string InstantFormat = "yyyy-MM-dd HH:mm:ss.ffffff";

    public const string DateFormat = "yyyy-MM-dd";

    private readonly string[] _columns;
    private readonly SepWriter _csv;

    private CsvOut(string path, string[] columns)
    {
        _columns = columns;
        _csv = Sep.New(',').Writer(options => options with { CultureInfo = CultureInfo.InvariantCulture, Escape = true }).ToFile(path);
        _csv.Header.Add(columns);
    }

    /// <summary>Makes the folder where it is missing.</summary>
    public static void Prepare(DirectoryInfo folder) => Trying(() =>
    {
        folder.Create();
        return folder;
    });

    /// <summary>A file in the folder; null where nothing is to be written.</summary>
    public static CsvOut? Open(DirectoryInfo? folder, string name, IEnumerable<string> columns) =>
        folder is null ? null : Trying(() => new CsvOut(Path.Combine(folder.FullName, name + ".csv"), [.. columns]));

    /// <summary>Writes a row: a field for each column.</summary>
    public void Write(IEnumerable<string> fields)
    {
        using var row = _csv.NewRow();
        row[_columns].Set([.. fields]);
    }

    public void Dispose() => _csv.Dispose();

    private static T Trying<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserMistakeException($"--out: {failure.Message}", failure);
        }
    }

    /// <summary>A feature's value.</summary>
    public static string Text(object? value, FeatureType type) => value switch
    {
        decimal number => number.ToString("F" + type.Scale.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        _ => Text(value),
    };

    /// <summary>An event or created time.</summary>
    public static string Text(object? value, TimeColumn column) => value switch
    {
        DateTime instant when column.Kind == TimeKind.Date => instant.ToString(DateFormat, CultureInfo.InvariantCulture),
        _ => Text(value),
    };

    public static string Text(object? value) => value switch
    {
        null or DBNull => "",
        bool yes => yes ? "True" : "False",
        double number => number.ToString(double.IsInteger(number) && Math.Abs(number) < 1e15 ? "0.0" : "R", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString(InstantFormat, CultureInfo.InvariantCulture),
        DateOnly date => date.ToString(DateFormat, CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
