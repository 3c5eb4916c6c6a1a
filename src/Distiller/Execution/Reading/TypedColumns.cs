namespace Distiller;

/// <summary>
/// A reader whose every column has a type. A spine's instant is read as the spine declares it, its other columns as the caller says or as the provider hands them out.
/// </summary>
internal sealed class TypedColumns : IAsyncDisposable
{
    // A decimal of the provider's says nothing of its digits: as many as .NET keeps for sure, with room for both sides of the point.
    private static readonly FeatureType AnyDecimal = FeatureType.Decimal(28, 10);

    private readonly TypedReader _owner;

    public TypedColumns(TypedReader owner)
    {
        _owner = owner;
        Columns = [.. owner.Columns.Select((column, i) => column.Type is null ? column with { Type = TypeOf(column.Name, owner.GetFieldType(i)) } : column)];
        Reader = owner.As(Columns.Select((column, i) => Slot(owner, i, column)));
    }

    /// <summary>The columns, each with its type.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>The rows.</summary>
    public TypedReader Reader { get; }

    /// <summary>The types a caller gives to columns that were never declared.</summary>
    public static IReadOnlyList<ResultColumn> Declare(IReadOnlyList<ResultColumn> columns, TimeColumn? instant, IReadOnlyDictionary<string, FeatureType>? types)
    {
        var typed = columns.Select(column => column.Type is null && column.Name == instant?.Name ? column with { Type = StoredType.Of(instant.Kind) } : column).ToList();
        foreach (var (name, type) in types ?? new Dictionary<string, FeatureType>())
        {
            var at = typed.FindIndex(column => column.Name == name);
            at = at < 0 ? typed.FindIndex(column => Names.Comparer.Equals(column.Name, name)) : at;
            if (at < 0)
            {
                throw new ArgumentException($"A type is given for the column '{name}', which the result does not have; it has {string.Join(", ", columns.Select(column => column.Name))}.", nameof(types));
            }

            typed[at] = columns[at].Type is { } declared
                ? throw new ArgumentException($"A type is given for the column '{name}', which is declared as {declared} already; types are for the spine's own columns.", nameof(types))
                : typed[at] with { Type = StoredType.Of(type) };
        }

        return typed;
    }

    public ValueTask DisposeAsync() => _owner.DisposeAsync();

    private static ReadSlot Slot(TypedReader owner, int source, ResultColumn column) => owner.Columns[source].Type is null
        ? ReadSlot.Of(source, column, $"{column.Type}, the type its first row told; give it another by its name ({HowTo(column.Name)})")
        : ReadSlot.Of(source, column);

    private static StoredType TypeOf(string column, Type type) => StoredType.Of(Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => FeatureType.Bool,
        TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 => FeatureType.Int32,
        TypeCode.UInt32 or TypeCode.Int64 => FeatureType.Int64,
        TypeCode.Single => FeatureType.Float32,
        TypeCode.Double => FeatureType.Float64,
        TypeCode.Decimal => AnyDecimal,
        TypeCode.String => FeatureType.String,
        TypeCode.DateTime => FeatureType.Timestamp,
        _ when type == typeof(DateTimeOffset) => FeatureType.Timestamp,
        _ when type == typeof(DateOnly) => FeatureType.Date,
        _ when type == typeof(Guid) => FeatureType.Guid,
        _ when type == typeof(byte[]) => FeatureType.Bytes,
        _ when type == typeof(float[]) || type == typeof(List<float>) => FeatureType.FloatVector,
        _ => throw new ArgumentException($"Column '{column}' of the spine comes as {type.Name}, which is no type of Distiller's; give it one by its name ({HowTo(column)}), or cast it in the spine's query."),
    });

    private static string HowTo(string column) => $"types: new() {{ [\"{column}\"] = FeatureType.Int64 }}, for instance";
}
