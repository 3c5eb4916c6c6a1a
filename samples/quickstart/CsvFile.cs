using System.Globalization;
using System.IO.Compression;
using nietras.SeparatedValues;

namespace Quickstart;

/// <summary>Makes a row of a line.</summary>
internal delegate T ReadLine<T>(CsvLine line);

/// <summary>A CSV file, gzipped or not, with a header. It is read as a stream; an empty field is null. What is wrong with it is told with file, line and column.</summary>
internal sealed class CsvFile<T>(string path, ReadLine<T> readLine)
{
    private string Name => Path.GetFileName(path);

    /// <summary>The rows, from the first.</summary>
    public IEnumerable<T> Rows()
    {
        using var csv = Trying(Open, null);
        if (csv.IsEmpty)
        {
            throw new UserMistakeException($"{Name} is empty: its first line names the columns.");
        }

        while (Trying(csv.MoveNext, csv))
        {
            yield return readLine(new(Name, csv.Header, csv.Current));
        }
    }

    private SepReader Open()
    {
        Stream file = File.OpenRead(path);
        try
        {
            var text = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
            return Sep.New(',').Reader(options => options with { CultureInfo = CultureInfo.InvariantCulture, Unescape = true, DisableColCountCheck = true }).From(text);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private TResult Trying<TResult>(Func<TResult> read, SepReader? csv)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            var place = csv is null ? Name : $"{Name}, after line {csv.Current.LineNumberToExcl - 1}";
            throw new UserMistakeException($"{place}: the file cannot be read: {failure.Message}", failure);
        }
    }
}

/// <summary>A line of a CSV file, its fields by column and type.</summary>
internal readonly ref struct CsvLine(string file, SepReaderHeader header, SepReader.Row row)
{
    private readonly SepReader.Row _row = row;

    /// <summary>Text that may be missing.</summary>
    public string? Text(string column) => Field(column) is { Length: > 0 } field ? field.ToString() : null;

    /// <summary>Text that may not be missing.</summary>
    public string Key(string column) => Text(column) ?? throw Empty(column);

    public DateTime Instant(string column) =>
        DateTime.TryParseExact(Field(column), "yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : throw Misfit(column, "an instant such as 2013-01-19 11:14:24.000000");

    public DateOnly Date(string column) =>
        DateOnly.TryParseExact(Field(column), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw Misfit(column, "a date such as 2013-01-19");

    public long Int64(string column) =>
        long.TryParse(Field(column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Misfit(column, "a whole number");

    public int? Int32(string column) =>
        Field(column) is not { Length: > 0 } field ? null
        : int.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw Misfit(column, "a whole number of 32 bits");

    public double? Double(string column) =>
        Field(column) is not { Length: > 0 } field ? null
        : double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw Misfit(column, "a number");

    public decimal? Decimal(string column) =>
        Field(column) is not { Length: > 0 } field ? null
        : decimal.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number
        : throw Misfit(column, "a decimal number");

    public bool? Bool(string column) =>
        Field(column) is not { Length: > 0 } field ? null
        : bool.TryParse(field, out var yes) ? yes
        : throw Misfit(column, "True or False");

    private ReadOnlySpan<char> Field(string column)
    {
        if (!header.TryIndexOf(column, out var index))
        {
            throw new UserMistakeException($"{file}, line 1: there is no column {column}; there are {string.Join(", ", header.ColNames)}.");
        }

        return _row.ColCount == header.ColNames.Count
            ? _row[index].Span
            : throw new UserMistakeException($"{file}, line {_row.LineNumberFrom}: {_row.ColCount} fields where the header has {header.ColNames.Count}.");
    }

    private UserMistakeException Misfit(string column, string wanted) =>
        Field(column) is { Length: > 0 } field
            ? new($"{file}, line {_row.LineNumberFrom}, column {column}: '{field}' is not {wanted}.")
            : Empty(column);

    private UserMistakeException Empty(string column) => new($"{file}, line {_row.LineNumberFrom}, column {column}: the field is empty.");
}
