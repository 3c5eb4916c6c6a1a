using System.Data;
using System.Data.Common;
using System.Runtime.ExceptionServices;
using Dapper;

namespace Distiller;

/// <summary>
/// Rows through Dapper's own parser: the parser is shown the reader as the row's type wants it (its members' names, types and order), so that it needs no map of its own and no setting is touched.
/// A column without a member is left out; a member without a column keeps its default.
/// </summary>
internal static class RowMapper
{
    /// <summary>A function that reads the current row of this reader (and of no other).</summary>
    /// <exception cref="InvalidOperationException">The row's type cannot be filled from these columns; later, when it runs: a NULL meets a member that holds none.</exception>
    public static Func<DbDataReader, T> For<T>(TypedReader reader)
    {
        if (reader.FieldCount == 0)
        {
            throw new InvalidOperationException("The result has no columns to read a row from.");
        }

        return typeof(T) switch
        {
            var type when type == typeof(object) || type == typeof(IDictionary<string, object?>) || type == typeof(IReadOnlyDictionary<string, object?>) => Dynamic<T>(reader),
            var type when type == typeof(Dictionary<string, object?>) => Dictionary<T>(reader),
            var type when IsSingle(type) => Parse<T>(reader, [Single(reader, type)]),
            { IsGenericType: true } type when type.IsAssignableTo(typeof(System.Runtime.CompilerServices.ITuple)) && type.IsValueType => Parse<T>(reader, Tuple(reader, type)),
            var type when SqlMapper.GetTypeMap(type) is not DefaultTypeMap and var map => Parse<T>(reader, ByCallersMap(reader, map)),
            var type => Parse<T>(reader, Members(reader, type)),
        };
    }

    private static Func<DbDataReader, T> Parse<T>(TypedReader reader, IEnumerable<ReadSlot> slots)
    {
        var view = reader.As(slots);
        var parse = view.GetRowParser(typeof(T));
        return row =>
        {
            RefuseOther(row, reader);
            try
            {
                return (T)parse(view);
            }
            catch (DataException wrapped) when (wrapped.InnerException is { } cause && cause == view.LastRefusal)
            {
                // Dapper wraps what a reader throws; the reader's own words say more.
                ExceptionDispatchInfo.Throw(cause);
                throw;
            }
        };
    }

    private static Func<DbDataReader, T> Dynamic<T>(TypedReader reader)
    {
        RefuseTwins(reader);
        var parse = reader.GetRowParser<object>();
        return row =>
        {
            RefuseOther(row, reader);
            return (T)parse(reader);
        };
    }

    private static Func<DbDataReader, T> Dictionary<T>(TypedReader reader)
    {
        RefuseTwins(reader);
        return row =>
        {
            RefuseOther(row, reader);
            var values = new Dictionary<string, object?>(reader.FieldCount, StringComparer.Ordinal);
            for (var i = 0; i < reader.FieldCount; i++)
            {
                values.Add(reader.GetName(i), reader.GetValue(i) is var value and not DBNull ? value : null);
            }

            return (T)(object)values;
        };
    }

    private static bool IsSingle(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var plain
        && (plain.IsPrimitive || plain.IsEnum || plain.IsArray || plain == typeof(TimeSpan) || plain == typeof(TimeOnly) || ValueReading.Of(plain) is not null || SqlMapper.HasTypeHandler(type));

    private static ReadSlot Single(TypedReader reader, Type type) =>
        reader.FieldCount == 1
            ? Slot(reader, 0, reader.GetName(0), type, $"a row read as {Words(type)}", $"Read rows as {Words(type)}?.")
            : throw new InvalidOperationException($"A row is read as one {Words(type)}, and the result has {reader.FieldCount} columns ({Names(reader)}). Select one column, or read rows as a type with a member for each.");

    private static List<ReadSlot> Members(TypedReader reader, Type type) =>
    [
        .. MemberMatch.Of(type, [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)])
            .Select(pair => Slot(reader, pair.Column, pair.Member.Name, pair.Member.Type, $"'{pair.Member.Name}' of {type.Name}", $"Make it {Words(pair.Member.Type)}?.")),
    ];

    /// <summary>A tuple's names are gone when the program runs: its elements are filled by position, all of them.</summary>
    private static List<ReadSlot> Tuple(TypedReader reader, Type type)
    {
        var elements = Elements(type).ToList();
        return elements.Count == reader.FieldCount
            ? [.. elements.Select((element, i) => Slot(reader, i, reader.GetName(i), element, $"element {i + 1} of the tuple", $"Make it {Words(element)}?."))]
            : throw new InvalidOperationException($"A row is read as a tuple of {elements.Count}, by position, and the result has {reader.FieldCount} columns ({Names(reader)}). Use as many elements, or a record, which is filled by name.");

        static IEnumerable<Type> Elements(Type type) =>
            type.GetGenericArguments() is { Length: 8 } many ? [.. many[..7], .. Elements(many[7])] : type.GetGenericArguments();
    }

    /// <summary>A map the caller gave Dapper for this type is the caller's wish: it sees the columns as they are.</summary>
    private static List<ReadSlot> ByCallersMap(TypedReader reader, SqlMapper.ITypeMap map)
    {
        var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        var constructor = map.FindExplicitConstructor() is null ? map.FindConstructor(names, [.. Enumerable.Range(0, names.Length).Select(reader.GetFieldType)]) : null;
        return
        [
            .. names.Select((name, i) => (constructor?.GetParameters().Length > 0 ? map.GetConstructorParameter(constructor, name) : map.GetMember(name)) is { } member
                ? Refusing(ReadSlot.Of(i, reader.Columns[i]), member.MemberType, $"the member Dapper's map gives it", $"Make it {Words(member.MemberType)}?.")
                : ReadSlot.Of(i, reader.Columns[i])),
        ];
    }

    private static ReadSlot Slot(TypedReader reader, int source, string name, Type member, string what, string wayOut)
    {
        var column = reader.Columns[source];
        var plain = ReadSlot.Of(source, column);
        var target = Nullable.GetUnderlyingType(member) ?? member;

        // A type handler the caller gave Dapper wants the column's value.
        if (SqlMapper.HasTypeHandler(member) || SqlMapper.HasTypeHandler(target))
        {
            return Refusing(new ReadSlot { Source = source, Name = name, Column = column.Name, Type = plain.Type, Wanted = plain.Wanted, Convert = plain.Convert }, member, what, wayOut);
        }

        if (plain.Type is { } declared && !ValueReading.Converts(declared, target))
        {
            throw new InvalidOperationException($"Column '{column.Name}' is {column.Type} and is read as {Words(declared)}, which {what} ({Words(member)}) cannot hold. Give it the type {Words(declared)}, or register a Dapper type handler for {Words(target)}.");
        }

        var convert = ValueReading.Of(target) ?? (value => target.IsInstanceOfType(value) ? value : null);
        return Refusing(
            new ReadSlot
            {
                Source = source,
                Name = name,
                Column = column.Name,
                Type = target.IsEnum ? Enum.GetUnderlyingType(target) : target,
                Wanted = plain.Type == target ? plain.Wanted : $"{what} ({Words(target)})",
                IsDirect = plain.IsDirect && plain.Type == target,
                Convert = Compose(plain, target, convert),
            },
            member,
            what,
            wayOut);
    }

    private static Func<object, object?> Compose(ReadSlot plain, Type target, Func<object, object?> convert) =>
        plain.Type == target || target.IsAssignableFrom(plain.Type) || target == typeof(object) ? plain.Convert
        : plain.Type is null && target == typeof(DateTime) ? convert
        : value => plain.Convert(value) is { } read ? convert(read) : null;

    private static ReadSlot Refusing(ReadSlot slot, Type member, string what, string wayOut) =>
        !member.IsValueType || Nullable.GetUnderlyingType(member) is not null
            ? slot
            : new ReadSlot
            {
                Source = slot.Source,
                Name = slot.Name,
                Column = slot.Column,
                Type = slot.Type,
                Wanted = slot.Wanted,
                IsDirect = slot.IsDirect,
                Convert = slot.Convert,
                NullRefusal = $"Column '{slot.Column}' is NULL, which {what} ({Words(member)}) cannot hold. {wayOut}",
            };

    private static void RefuseOther(DbDataReader row, TypedReader reader)
    {
        if (row != reader)
        {
            throw new ArgumentException("The rows of another reader need a parser of their own.", nameof(row));
        }
    }

    private static void RefuseTwins(TypedReader reader)
    {
        var twins = reader.Columns.GroupBy(column => column.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => $"'{group.Key}'").ToList();
        if (twins.Count > 0)
        {
            throw new InvalidOperationException($"More than one column is named {string.Join(", ", twins)}, and a row is read by name. Name them apart.");
        }
    }

    private static string Names(TypedReader reader) => string.Join(", ", reader.Columns.Select(column => column.Name));

    private static string Words(Type type) => Nullable.GetUnderlyingType(type) is { } plain ? Words(plain) + "?" : type.Name;
}
