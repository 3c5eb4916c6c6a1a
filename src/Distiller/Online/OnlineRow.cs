using System.Reflection;

namespace Distiller;

/// <summary>Builds an object from online values by its members: through its constructor, or through its setters and fields. Nothing is emitted, so that it also works where no code can be generated.</summary>
/// <typeparam name="T">The object's type.</typeparam>
internal static class OnlineRow<T>
{
    private const BindingFlags Visible = BindingFlags.Public | BindingFlags.Instance;

    public static T Read(ServingSet serving, object?[] values)
    {
        var type = typeof(T);
        var pairs = MemberMatch.Of(type, serving.Columns);
        if (!type.IsValueType && type.GetConstructor(Visible, []) is null)
        {
            var chosen = type.GetConstructors(Visible).First(constructor => Spells(constructor, pairs));
            return (T)chosen.Invoke([.. pairs.Select(pair => Fitted(serving, pair, values))]);
        }

        if (type.IsValueType && type.GetConstructors(Visible) is [var only] && Spells(only, pairs))
        {
            return (T)only.Invoke([.. only.GetParameters().Select(parameter => Fitted(serving, pairs.First(pair => string.Equals(pair.Member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)), values))]);
        }

        object row = Activator.CreateInstance<T>()!;
        foreach (var pair in pairs)
        {
            var value = Fitted(serving, pair, values);
            if (type.GetProperty(pair.Member.Name, Visible) is { } property)
            {
                property.SetValue(row, value);
            }
            else
            {
                type.GetField(pair.Member.Name, Visible)!.SetValue(row, value);
            }
        }

        return (T)row;
    }

    private static bool Spells(ConstructorInfo constructor, IReadOnlyList<(int Column, RowMember Member)> pairs)
    {
        var parameters = constructor.GetParameters();
        return parameters.Length == pairs.Count && parameters.All(parameter => pairs.Any(pair => string.Equals(pair.Member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)));
    }

    private static object? Fitted(ServingSet serving, (int Column, RowMember Member) pair, object?[] values)
    {
        var (column, member) = pair;
        var target = Nullable.GetUnderlyingType(member.Type) ?? member.Type;
        if (values[column] is not { } value)
        {
            return !member.Type.IsValueType || target != member.Type
                ? null
                : throw new InvalidOperationException($"Column '{serving.Columns[column]}' is null (NULL, expired or missing), and '{member.Name}' of {typeof(T).Name} ({target.Name}) holds none. Make it {target.Name}?.");
        }

        if (target.IsInstanceOfType(value))
        {
            return value;
        }

        var fitted = ValueReading.Converts(value.GetType(), target) && ValueReading.Of(target) is { } convert ? convert(value) : null;
        return fitted is null
            ? throw new InvalidOperationException($"Column '{serving.Columns[column]}' is a {value.GetType().Name}, and {Problem.Of(value, $"does not fit '{member.Name}' of {typeof(T).Name} ({target.Name})")}. Give it the type {value.GetType().Name}.")
            : target.IsEnum ? Enum.ToObject(target, fitted) : fitted;
    }
}
