using System.Reflection;
using System.Xml.Linq;

namespace Distiller.Tests.Conventions;

/// <summary>The public surface, by the names documentation files give its members.</summary>
internal static class PublicMembers
{
    private const BindingFlags Visible = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) => assembly.GetExportedTypes().SelectMany(type => Of(type).Prepend("T:" + Name(type)));

    /// <summary>Whether a property is a record's parameter, which the record's own comment describes.</summary>
    public static bool IsParameterOfRecord(string member, IReadOnlyDictionary<string, XElement> documented)
    {
        var dot = member.LastIndexOf('.');
        return member.StartsWith("P:", StringComparison.Ordinal)
            && documented.TryGetValue("T:" + member[2..dot], out var type)
            && type.Elements("param").Any(parameter => parameter.Attribute("name")!.Value == member[(dot + 1)..] && !string.IsNullOrWhiteSpace(parameter.Value));
    }

    private static IEnumerable<string> Of(Type type)
    {
        foreach (var property in type.GetProperties(Visible))
        {
            yield return $"P:{Name(type)}.{property.Name}{(property.GetIndexParameters() is { Length: > 0 } ? Parameters(property.GetMethod!) : "")}";
        }

        foreach (var field in type.GetFields(Visible).Where(field => !field.IsSpecialName))
        {
            yield return $"F:{Name(type)}.{field.Name}";
        }

        var records = new HashSet<string> { "Equals", "GetHashCode", "ToString", "Deconstruct", "PrintMembers", "<Clone>$", "op_Equality", "op_Inequality" };
        foreach (var method in type.GetMethods(Visible).Where(method => !method.IsSpecialName || method.Name == "op_Implicit"))
        {
            if (records.Contains(method.Name) && Library.IsGenerated(method) || typeof(Delegate).IsAssignableFrom(type))
            {
                continue;
            }

            var generic = method.IsGenericMethod ? "``" + method.GetGenericArguments().Length : "";
            yield return $"M:{Name(type)}.{method.Name}{generic}{Parameters(method)}{(method.Name == "op_Implicit" ? "~" + Reference(method.ReturnType) : "")}";
        }

        foreach (var constructor in type.GetConstructors(Visible).Where(constructor => constructor.GetParameters().Length > 0 && type.GetMethod("<Clone>$") is null))
        {
            yield return $"M:{Name(type)}.#ctor{Parameters(constructor)}";
        }
    }

    private static string Parameters(MethodBase method) =>
        method.GetParameters() is { Length: > 0 } parameters ? $"({string.Join(',', parameters.Select(parameter => Reference(parameter.ParameterType)))})" : "";

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static string Reference(Type type)
    {
        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        }

        if (type.IsArray)
        {
            return Reference(type.GetElementType()!) + "[]";
        }

        return type.IsGenericType
            ? $"{type.GetGenericTypeDefinition().FullName!.Split('`')[0].Replace('+', '.')}{{{string.Join(',', type.GetGenericArguments().Select(Reference))}}}"
            : Name(type);
    }
}
