using System.ComponentModel.DataAnnotations.Schema;
using System.Data.Common;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Distiller;

/// <summary>Reads one row's values into the stage's cells.</summary>
internal delegate void RowFetch<in TRow>(TRow row, StageCell[] cells);

/// <summary>How rows of a type fill the stage's columns.</summary>
internal static class RowFetches
{
    /// <summary>Rows of a type known now: its readable properties, matched without regard to case and underscores, [Column] first.</summary>
    public static RowFetch<TRow> Of<TRow>(IReadOnlyList<StageColumn> columns, RowOwner owner)
    {
        if (typeof(TRow) == typeof(object) || typeof(TRow).IsInterface && !IsDictionary(typeof(TRow)))
        {
            return ByRuntimeType<TRow>(columns, owner);
        }

        if (IsDictionary(typeof(TRow)))
        {
            return Dictionary<TRow>(columns, owner);
        }

        var fetches = Match(typeof(TRow), columns, owner).Select(property => property is null ? null : Fetch<TRow>(property)).ToArray();
        return (row, cells) =>
        {
            for (var i = 0; i < fetches.Length; i++)
            {
                if (fetches[i] is { } fetch)
                {
                    fetch(row, cells[i]);
                }
                else if (!cells[i].Column.IsRowNumber)
                {
                    cells[i].SetAbsent();
                }
            }
        };
    }

    public static RowFetch<DbDataReader> Of(DbDataReader reader, IReadOnlyList<StageColumn> columns, RowOwner owner)
    {
        var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var ordinals = columns.Select(column => column.IsRowNumber ? -1 : Find(names, name => name, column, owner, "the reader")).ToArray();
        return (row, cells) =>
        {
            for (var i = 0; i < ordinals.Length; i++)
            {
                if (ordinals[i] >= 0)
                {
                    cells[i].SetAny(row.GetValue(ordinals[i]));
                }
                else if (!cells[i].Column.IsRowNumber)
                {
                    cells[i].SetAbsent();
                }
            }
        };
    }

    /// <summary>The readable properties of a row's type, in declared order, with their column names.</summary>
    public static IReadOnlyList<(PropertyInfo Property, string Column)> Properties(Type type)
    {
        if (type.IsAssignableTo(typeof(ITuple)))
        {
            throw new ArgumentException($"Rows of {type.Name} have no names to match columns by; use a record, a class, an anonymous type or a dictionary.");
        }

        return
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0 && !property.IsDefined(typeof(NotMappedAttribute)))
                .Select(property => (property, property.GetCustomAttribute<ColumnAttribute>()?.Name ?? property.Name)),
        ];
    }

    private static bool IsDictionary(Type type) => type.IsAssignableTo(typeof(IReadOnlyDictionary<string, object?>)) || type.IsAssignableTo(typeof(IDictionary<string, object?>));

    private static PropertyInfo?[] Match(Type type, IReadOnlyList<StageColumn> columns, RowOwner owner)
    {
        var properties = Properties(type);
        return [.. columns.Select(column => column.IsRowNumber ? null : Find(properties.Select(property => property.Column).ToList(), name => name, column, owner, $"the type {type.Name}", i => $"'{properties[i].Property.Name}'") is >= 0 and var found ? properties[found].Property : null)];
    }

    /// <summary>The position of the name that means a column; -1 where none does and none need.</summary>
    private static int Find(IReadOnlyList<string> names, Func<string, string> shown, StageColumn column, RowOwner owner, string source, Func<int, string>? member = null)
    {
        for (var rule = 0; rule < 3; rule++)
        {
            var found = Enumerable.Range(0, names.Count).Where(i => Means(names[i], column.Name, rule)).ToList();
            if (found.Count > 1)
            {
                throw new ArgumentException(
                    $"Feature set '{owner.FeatureSet}': the column '{column.Name}' is matched by {string.Join(" and ", found.Select(i => member?.Invoke(i) ?? $"'{shown(names[i])}'"))} of {source}; put [Column(\"{column.Name}\")] on the one meant, or rename the other.");
            }

            if (found.Count == 1)
            {
                return found[0];
            }
        }

        return column.MayBeAbsent
            ? -1
            : throw new ArgumentException($"Feature set '{owner.FeatureSet}', table '{owner.Table}': {source} has nothing for the column '{column.Name}' ({column.Type}); it has {string.Join(", ", names)}. Names match without regard to case and underscores; [Column(\"{column.Name}\")] names another.");
    }

    private static bool Means(string name, string column, int rule) => rule switch
    {
        0 => name == column,
        1 => string.Equals(name, column, StringComparison.OrdinalIgnoreCase),
        _ => string.Equals(name.Replace("_", "", StringComparison.Ordinal), column.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase),
    };

    private static RowFetch<TRow> ByRuntimeType<TRow>(IReadOnlyList<StageColumn> columns, RowOwner owner)
    {
        Type? known = null;
        RowFetch<TRow>? fetch = null;
        return (row, cells) =>
        {
            if (row!.GetType() is var type && type != known)
            {
                known = type;
                fetch = IsDictionary(type) ? Dictionary<TRow>(columns, owner) : Reflected<TRow>(type, columns, owner);
            }

            fetch!(row, cells);
        };
    }

    private static RowFetch<TRow> Reflected<TRow>(Type type, IReadOnlyList<StageColumn> columns, RowOwner owner)
    {
        var properties = Match(type, columns, owner);
        return (row, cells) =>
        {
            for (var i = 0; i < properties.Length; i++)
            {
                if (properties[i] is { } property)
                {
                    cells[i].SetAny(property.GetValue(row));
                }
                else if (!cells[i].Column.IsRowNumber)
                {
                    cells[i].SetAbsent();
                }
            }
        };
    }

    private static RowFetch<TRow> Dictionary<TRow>(IReadOnlyList<StageColumn> columns, RowOwner owner)
    {
        string?[]? keys = null;
        return (row, cells) =>
        {
            var pairs = row as IEnumerable<KeyValuePair<string, object?>>;
            if (keys is null)
            {
                var names = pairs!.Select(pair => pair.Key).ToList();
                keys = [.. columns.Select(column => column.IsRowNumber ? null : Find(names, name => name, column, owner, "the first row") is >= 0 and var found ? names[found] : column.Name)];
            }

            for (var i = 0; i < cells.Length; i++)
            {
                if (cells[i].Column.IsRowNumber)
                {
                    continue;
                }

                if (row is IReadOnlyDictionary<string, object?> readable ? readable.TryGetValue(keys[i]!, out var value) : ((IDictionary<string, object?>)row!).TryGetValue(keys[i]!, out value))
                {
                    cells[i].SetAny(value);
                }
                else
                {
                    cells[i].SetAbsent();
                }
            }
        };
    }

    private static Action<TRow, StageCell> Fetch<TRow>(PropertyInfo property)
    {
        if (typeof(TRow).IsValueType)
        {
            return (row, cell) => cell.SetAny(property.GetValue(row));
        }

        var make = typeof(RowFetches).GetMethod(nameof(Typed), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(typeof(TRow), property.PropertyType);
        return (Action<TRow, StageCell>)make.Invoke(null, [property])!;
    }

    private static Action<TRow, StageCell> Typed<TRow, TValue>(PropertyInfo property)
    {
        var get = property.GetMethod!.CreateDelegate<Func<TRow, TValue>>();
        return get switch
        {
            Func<TRow, long> value => (row, cell) => cell.Set(value(row)),
            Func<TRow, int> value => (row, cell) => cell.Set(value(row)),
            Func<TRow, double> value => (row, cell) => cell.Set(value(row)),
            Func<TRow, float> value => (row, cell) => cell.Set((double)value(row)),
            Func<TRow, decimal> value => (row, cell) => cell.Set(value(row)),
            Func<TRow, bool> value => (row, cell) => cell.Set(value(row)),
            Func<TRow, DateTime> value => (row, cell) => cell.Set(value(row)),
            Func<TRow, DateTimeOffset> value => (row, cell) => cell.Set(value(row)),
            Func<TRow, DateOnly> value => (row, cell) => cell.Set(value(row)),
            Func<TRow, Guid> value => (row, cell) => cell.Set(value(row)),
            Func<TRow, long?> value => (row, cell) => SetOrNull(cell, value(row), static (c, v) => c.Set(v)),
            Func<TRow, int?> value => (row, cell) => SetOrNull(cell, value(row), static (c, v) => c.Set(v)),
            Func<TRow, double?> value => (row, cell) => SetOrNull(cell, value(row), static (c, v) => c.Set(v)),
            Func<TRow, float?> value => (row, cell) => SetOrNull(cell, value(row), static (c, v) => c.Set((double)v)),
            Func<TRow, decimal?> value => (row, cell) => SetOrNull(cell, value(row), static (c, v) => c.Set(v)),
            Func<TRow, bool?> value => (row, cell) => SetOrNull(cell, value(row), static (c, v) => c.Set(v)),
            Func<TRow, DateTime?> value => (row, cell) => SetOrNull(cell, value(row), static (c, v) => c.Set(v)),
            Func<TRow, DateTimeOffset?> value => (row, cell) => SetOrNull(cell, value(row), static (c, v) => c.Set(v)),
            Func<TRow, DateOnly?> value => (row, cell) => SetOrNull(cell, value(row), static (c, v) => c.Set(v)),
            Func<TRow, Guid?> value => (row, cell) => SetOrNull(cell, value(row), static (c, v) => c.Set(v)),
            _ => (row, cell) => cell.SetAny(get(row)),
        };
    }

    private static void SetOrNull<TValue>(StageCell cell, TValue? value, Action<StageCell, TValue> set)
        where TValue : struct
    {
        if (value is { } given)
        {
            set(cell, given);
        }
        else
        {
            cell.SetNull();
        }
    }
}
