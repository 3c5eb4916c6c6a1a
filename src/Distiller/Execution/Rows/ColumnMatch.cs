using System.ComponentModel.DataAnnotations.Schema;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Distiller;

/// <summary>Which property, key or source column fills a column: by <c>[Column]</c>, else by name without regard to case and underscores.</summary>
internal static class ColumnMatch
{
    /// <summary>The readable public properties that can be columns: a base type's first, then in declared order.</summary>
    /// <exception cref="ArgumentException">The type has no columns with names.</exception>
    public static IReadOnlyList<PropertyInfo> Properties(Type type)
    {
        if (typeof(ITuple).IsAssignableFrom(type))
        {
            throw new ArgumentException($"Rows of {Problem.TypeName(type)} have no column names (a tuple's are gone when it runs); use a record or an anonymous type.");
        }

        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type.Namespace == nameof(System))
        {
            throw new ArgumentException($"Rows of {Problem.TypeName(type)} have no column names; use a record or an anonymous type.");
        }

        var declared = type.IsInterface ? type.GetInterfaces().Append(type).SelectMany(one => one.GetProperties()) : type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        var readable = declared
            .Where(property => property.GetGetMethod() is not null && property.GetIndexParameters().Length == 0)
            .Where(property => !property.PropertyType.IsByRef && !property.PropertyType.IsByRefLike && !property.PropertyType.IsPointer && !property.IsDefined(typeof(NotMappedAttribute)))
            .OrderBy(property => Depth(property.DeclaringType!))
            .ThenBy(property => property.MetadataToken)
            .ToList();

        // A property declared anew hides its base's.
        return [.. readable.Where((property, i) => !readable.Skip(i + 1).Any(other => other.Name == property.Name))];
    }

    /// <summary>The column a <c>[Column]</c> names; null = the one named as the property is.</summary>
    public static string? Named(PropertyInfo property) => property.GetCustomAttribute<ColumnAttribute>()?.Name;

    /// <summary>The property of each column; null where there is none.</summary>
    /// <exception cref="ArgumentException">Two properties match one column, or two columns one property.</exception>
    public static PropertyInfo?[] Find(Type type, IReadOnlyList<PropertyInfo> properties, IReadOnlyList<string> columns)
    {
        var found = columns.Select(column => Find(type, properties, column)).ToArray();
        for (var i = 0; i < found.Length; i++)
        {
            var first = Array.IndexOf(found, found[i]);
            if (found[i] is { } shared && first < i)
            {
                throw new ArgumentException(
                    $"The columns '{columns[first]}' and '{columns[i]}' both match the property '{shared.Name}' of {Problem.TypeName(type)}. Put [Column(\"...\")] with the column's own name on the property of each.");
            }
        }

        return found;
    }

    /// <summary>The position of a column among a source's names: as it is written, else without regard to case, else to underscores as well; -1 where there is none.</summary>
    /// <exception cref="ArgumentException">Two names match as well as one another.</exception>
    public static int Position(IReadOnlyList<string> names, string column)
    {
        foreach (var isSame in new Func<string, string, bool>[] { string.Equals, Names.Comparer.Equals, SameName })
        {
            var found = -1;
            for (var i = 0; i < names.Count; i++)
            {
                if (!isSame(names[i], column))
                {
                    continue;
                }

                if (found >= 0)
                {
                    throw new ArgumentException($"The source's columns '{names[found]}' and '{names[i]}' both match the column '{column}'; rename or leave out the one that is not meant.");
                }

                found = i;
            }

            if (found >= 0)
            {
                return found;
            }
        }

        return -1;
    }

    private static PropertyInfo? Find(Type type, IReadOnlyList<PropertyInfo> properties, string column)
    {
        var found = properties.Where(property => Names.Comparer.Equals(Named(property), column)).ToList();
        found = found.Count > 0 ? found : [.. properties.Where(property => Named(property) is null && SameName(property.Name, column))];
        return found.Count <= 1
            ? found.FirstOrDefault()
            : throw new ArgumentException(
                $"Column '{column}' matches the properties '{found[0].Name}' and '{found[1].Name}' of {Problem.TypeName(type)}. Put [Column(\"{column}\")] on the one meant, or [NotMapped] on the other.");
    }

    private static bool SameName(string left, string right) =>
        string.Equals(left.Replace("_", "", StringComparison.Ordinal), right.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    private static int Depth(Type type) => type.BaseType is { } parent ? Depth(parent) + 1 : 0;
}
