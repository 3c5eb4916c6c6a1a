using System.Globalization;

namespace Distiller;

/// <summary>What is wrong with a value, in words.</summary>
internal static class Problem
{
    public const string Null = "the value is NULL, which the column refuses; give it a value, or leave the row out";

    /// <summary>A value and the reason it is refused.</summary>
    public static string Of(object value, string reason) => $"the value '{Names.Printable(Shown(value))}' {reason}";

    public static RowRefusedException Refused(RowOwner owner, long row, string? column, string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{owner}, row {row}{(column is null ? "" : $", column '{column}'")}: {problem}. Nothing was written."))
        {
            FeatureSet = owner.FeatureSet,
            Row = row,
            Column = column,
        };

    /// <summary>The reason where nothing converts a value of this .NET type.</summary>
    public static string WrongType(object value, StoredType type) =>
        $"is a {TypeName(value.GetType())}, which does not fill a column of type {type}; convert it in the source";

    /// <summary>A type as people write it.</summary>
    public static string TypeName(Type type) =>
        type.Name.Contains("AnonymousType", StringComparison.Ordinal) ? "the anonymous type"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>"
        : type.Name;

    private static string Shown(object value) => value switch
    {
        string text => text,
        DateTime instant => instant.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Array array => string.Create(CultureInfo.InvariantCulture, $"{TypeName(array.GetType().GetElementType()!)}[{array.Length}]"),
        System.Collections.ICollection list => string.Create(CultureInfo.InvariantCulture, $"{TypeName(list.GetType())} of {list.Count}"),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
