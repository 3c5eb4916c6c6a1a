using System.Data.Common;
using System.Reflection;

namespace Distiller;

/// <summary>Reads rows in memory as the typed, checked columns a loader takes (B6).</summary>
internal static class StageReader
{
    /// <summary>Over rows by their properties, or by key where they are dictionaries.</summary>
    /// <exception cref="ArgumentException">A column has no property, or more than one.</exception>
    public static DbDataReader Over<T>(IEnumerable<T> rows, IReadOnlyList<StageColumn> columns, RowOwner owner, SqlDialect dialect) =>
        Over(new EnumerableSource<T>(rows), columns, owner, dialect);

    /// <summary>Over rows whose columns are known to be these properties, one each.</summary>
    public static DbDataReader Over<T>(IEnumerable<T> rows, IReadOnlyList<StageColumn> columns, IReadOnlyList<PropertyInfo> properties, RowOwner owner, SqlDialect dialect)
    {
        var cells = Cells(columns, dialect, loose: false);
        return new StageRows<T>(new EnumerableSource<T>(rows), cells, [.. cells.Select((cell, i) => PropertyFetch.Of<T>(properties[i], cell))], owner);
    }

    /// <summary>Over rows as they arrive. To be read with ReadAsync.</summary>
    /// <exception cref="ArgumentException">A column has no property, or more than one.</exception>
    public static DbDataReader Over<T>(IAsyncEnumerable<T> rows, IReadOnlyList<StageColumn> columns, RowOwner owner, SqlDialect dialect, CancellationToken cancellationToken = default) =>
        Over(new AsyncSource<T>(rows, cancellationToken), columns, owner, dialect);

    /// <summary>Over another reader's rows, by column name. The reader stays open.</summary>
    /// <exception cref="ArgumentException">The reader lacks a column, or has two for it.</exception>
    public static DbDataReader Over(DbDataReader source, IReadOnlyList<StageColumn> columns, RowOwner owner, SqlDialect dialect)
    {
        var names = Enumerable.Range(0, source.FieldCount).Select(source.GetName).ToList();
        var cells = Cells(columns, dialect, loose: true);
        var fetches = Fetched(cells).Select(Fetch<DbDataReader> (cell) => ColumnMatch.Position(names, cell.Column.Name) switch
        {
            >= 0 and var position => new ColumnFetch(cell, position),
            _ when cell.Column.MayBeAbsent => new AbsentFetch<DbDataReader>(cell),
            _ => throw new ArgumentException($"{owner}: the source has no column '{cell.Column.Name}'; it has {string.Join(", ", names)}. Add it to the query."),
        });
        return new StageRows<DbDataReader>(new ReaderSource(source), cells, [.. fetches], owner);
    }

    private static StageRows<T> Over<T>(RowSource<T> source, IReadOnlyList<StageColumn> columns, RowOwner owner, SqlDialect dialect)
    {
        var byKey = KeyFetch<T>.Takes(typeof(T));
        var cells = Cells(columns, dialect, loose: byKey);
        var fetched = Fetched(cells).ToList();
        return new(source, cells, byKey ? [.. fetched.Select(cell => new KeyFetch<T>(cell))] : ByProperty<T>(fetched, owner), owner);
    }

    private static Fetch<T>[] ByProperty<T>(IReadOnlyList<Cell> cells, RowOwner owner)
    {
        var properties = ColumnMatch.Properties(typeof(T));
        var found = ColumnMatch.Find(typeof(T), properties, [.. cells.Select(cell => cell.Column.Name)]);
        return [.. cells.Select((cell, i) =>
            found[i] is { } property ? PropertyFetch.Of<T>(property, cell)
            : cell.Column.MayBeAbsent ? new AbsentFetch<T>(cell)
            : throw Unmatched(typeof(T), properties.Select(other => other.Name), cell.Column.Name, owner))];
    }

    private static Cell[] Cells(IReadOnlyList<StageColumn> columns, SqlDialect dialect, bool loose) => [.. columns.Select(column => Placed(Cell.Of(column, dialect, loose)))];

    private static Cell Placed(Cell cell)
    {
        if (cell.Column.FixedValue is { } value)
        {
            cell.Put(value);
        }

        return cell;
    }

    private static IEnumerable<Cell> Fetched(IEnumerable<Cell> cells) => cells.Where(cell => !cell.Column.IsRowNumber && cell.Column.FixedValue is null);

    private static ArgumentException Unmatched(Type type, IEnumerable<string> properties, string column, RowOwner owner)
    {
        var names = string.Join(", ", properties);
        return new(
            $"{owner}: no property of {Problem.TypeName(type)} fills the column '{column}'; {(names.Length == 0 ? "it has no readable public property (fields do not count)" : $"it has {names}")}. Names match without regard to case and underscores; [Column(\"{column}\")] on a property says which one is meant.");
    }
}
