using System.ComponentModel.DataAnnotations.Schema;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Distiller;

/// <summary>A member a column is read into.</summary>
/// <param name="Name">The name Dapper knows the member by.</param>
/// <param name="Type">The member's type.</param>
/// <param name="ColumnName">The column a <c>[Column]</c> names; null = the one that is named as the member is.</param>
internal sealed record RowMember(string Name, Type Type, string? ColumnName);

/// <summary>Which column is read into which member of a row's type: by <c>[Column]</c>, or by name without regard to case and underscores.</summary>
internal static class MemberMatch
{
    private const BindingFlags Visible = BindingFlags.Public | BindingFlags.Instance;

    /// <summary>The columns (by position) and their members, in the order Dapper's parser wants them.</summary>
    public static IReadOnlyList<(int Column, RowMember Member)> Of(Type type, IReadOnlyList<string> columns)
    {
        var settable = Settable(type);
        if (type.IsAbstract || Nullable.GetUnderlyingType(type) is not null)
        {
            throw new InvalidOperationException($"Rows cannot be read as {type}: it cannot be constructed. Use a class, a record or a struct that can.");
        }

        if (type.IsValueType || HasPlainConstructor(type))
        {
            var pairs = Pair(type, columns, settable);
            var parameters = type.IsValueType && type.GetConstructors(Visible) is [var only] ? Parameters(only) : [];
            RefuseUnfilled(type, columns, parameters.Where(parameter => !pairs.Any(pair => SameName(pair.Member.Name, parameter.Name))));
            return pairs.Count > 0 ? pairs : throw Unmatched(type, columns, settable);
        }

        return ThroughConstructor(type, columns, settable);
    }

    private static bool HasPlainConstructor(Type type) =>
        type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Any(constructor => constructor.IsDefined(typeof(Dapper.ExplicitConstructorAttribute)))
        || type.GetConstructor(Visible, []) is not null
        || (type.GetConstructors(Visible).Length == 0 && type.GetConstructor(Visible | BindingFlags.NonPublic, []) is not null);

    /// <summary>The constructor with the most parameters that all have a column: Dapper takes the one its columns spell.</summary>
    private static List<(int Column, RowMember Member)> ThroughConstructor(Type type, IReadOnlyList<string> columns, IReadOnlyList<RowMember> settable)
    {
        var constructors = type.GetConstructors(Visible).Select(Parameters).OrderByDescending(parameters => parameters.Count).ToList();
        if (constructors.Count == 0)
        {
            throw new InvalidOperationException($"Rows cannot be read as {type}: it has no public constructor.");
        }

        var chosen = constructors.FirstOrDefault(parameters => Pair(type, columns, parameters).Count == parameters.Count) ?? constructors[0];
        var pairs = Pair(type, columns, chosen);
        if (pairs.Count == 0)
        {
            throw Unmatched(type, columns, chosen);
        }

        RefuseUnfilled(type, columns, chosen.Except(pairs.Select(pair => pair.Member)));

        var beside = Pair(type, columns, [.. settable.Where(member => !chosen.Any(parameter => SameName(parameter.Name, member.Name)))]);
        if (beside.Count > 0)
        {
            throw new InvalidOperationException(
                $"{Words(type)} is built by its constructor, which has no parameter for {Quoted(beside.Select(pair => pair.Member.Name))} (column {Quoted(beside.Select(pair => columns[pair.Column]))}). Make it a parameter, or give {Words(type)} a constructor without parameters.");
        }

        return [.. chosen.Select(parameter => pairs.Find(pair => pair.Member == parameter))];
    }

    /// <summary>Every column with its member, in the columns' order; an ambiguity throws.</summary>
    private static List<(int Column, RowMember Member)> Pair(Type type, IReadOnlyList<string> columns, IReadOnlyList<RowMember> members)
    {
        var pairs = new List<(int Column, RowMember Member)>();
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            var attributed = members.Where(member => member.ColumnName == column).ToList();
            attributed = attributed.Count > 0 ? attributed : [.. members.Where(member => string.Equals(member.ColumnName, column, StringComparison.OrdinalIgnoreCase) && !columns.Contains(member.ColumnName))];
            var found = attributed.Count > 0 ? attributed : [.. members.Where(member => member.ColumnName is null && SameName(member.Name, column))];
            if (found.Count > 1)
            {
                throw new InvalidOperationException(
                    $"Column '{column}' matches the members {Quoted(found.Select(member => member.Name))} of {Words(type)}. Put [Column(\"{column}\")] on the one meant, or [NotMapped] on the others.");
            }

            if (found.Count == 1)
            {
                pairs.Add((i, found[0]));
            }
        }

        foreach (var rivals in pairs.GroupBy(pair => pair.Member).Where(group => group.Count() > 1))
        {
            throw new InvalidOperationException(
                $"The columns {Quoted(rivals.Select(pair => columns[pair.Column]))} all match the member '{rivals.Key.Name}' of {Words(type)}. Put [Column(\"...\")] with the column's exact name on the member, or give the join a prefix.");
        }

        return pairs;
    }

    private static List<RowMember> Settable(Type type)
    {
        // A struct's get-only property is written through its field, as Dapper does where a constructor cannot be called.
        var properties = type.GetProperties(Visible)
            .Where(property => property.GetIndexParameters().Length == 0 && Setter(property) is not null || type.IsValueType && Backing(property) is not null)
            .Where(property => !property.IsDefined(typeof(NotMappedAttribute)))
            .Select(property => new RowMember(property.Name, property.PropertyType, property.GetCustomAttribute<ColumnAttribute>()?.Name));
        var fields = type.GetFields(Visible)
            .Where(field => (!field.IsInitOnly || type.IsValueType) && !field.IsDefined(typeof(NotMappedAttribute)))
            .Select(field => new RowMember(field.Name, field.FieldType, field.GetCustomAttribute<ColumnAttribute>()?.Name));
        return [.. properties, .. fields];
    }

    private static MethodInfo? Setter(PropertyInfo property) =>
        (property.DeclaringType == property.ReflectedType ? property : property.DeclaringType!.GetProperty(property.Name, Visible | BindingFlags.DeclaredOnly, null, property.PropertyType, [], null))?.GetSetMethod(nonPublic: true);

    private static FieldInfo? Backing(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is { } field && field.IsDefined(typeof(CompilerGeneratedAttribute)) ? field : null;

    // A [Column] cannot stand on a parameter: it is taken from the property the parameter fills.
    private static List<RowMember> Parameters(ConstructorInfo constructor) =>
    [
        .. constructor.GetParameters().Select(parameter => new RowMember(
            parameter.Name ?? "",
            parameter.ParameterType,
            constructor.DeclaringType!.GetProperties(Visible).FirstOrDefault(property => string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase))?.GetCustomAttribute<ColumnAttribute>()?.Name)),
    ];

    private static void RefuseUnfilled(Type type, IReadOnlyList<string> columns, IEnumerable<RowMember> parameters)
    {
        if (parameters.ToList() is { Count: > 0 } unfilled)
        {
            throw new InvalidOperationException(
                $"The constructor of {Words(type)} wants {Quoted(unfilled.Select(parameter => parameter.ColumnName ?? parameter.Name))}, and no column has that name; the result has {Quoted(columns)}. Add the column, or drop the parameter.");
        }
    }

    private static InvalidOperationException Unmatched(Type type, IReadOnlyList<string> columns, IReadOnlyList<RowMember> members) =>
        new($"No column of the result matches a member of {Words(type)}: the columns are {Quoted(columns)}, the members {(members.Count == 0 ? "none" : Quoted(members.Select(member => member.ColumnName ?? member.Name)))}. Names match without regard to case and underscores; [Column(\"...\")] names another.");

    private static bool SameName(string left, string right) =>
        string.Equals(left.Replace("_", "", StringComparison.Ordinal), right.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private static string Words(Type type) => type.Name;
}
