using System.Data.Common;
using System.Reflection;

namespace Distiller;

/// <summary>A spine's rows in memory: a column for each readable property, in declared order.</summary>
internal sealed class SpineRows<T> : SpineRows
{
    // A decimal property says nothing of its digits: as many as .NET keeps for sure, with room for both sides of the point.
    private static readonly FeatureType AnyDecimal = FeatureType.Decimal(28, 10);

    private readonly IEnumerable<T> rows;
    private readonly IReadOnlyList<PropertyInfo> properties;

    public SpineRows(IEnumerable<T> rows)
    {
        this.rows = rows;
        properties = PropertiesOf();
        Columns = ColumnsOf(properties);
    }

    public override IReadOnlyList<MemoryColumn> Columns { get; }

    public override long? Count => rows.TryGetNonEnumeratedCount(out var count) ? count : null;

    public override DbDataReader Open(SqlDialect dialect) =>
        StageReader.Over(rows, [.. Columns.Select(column => new StageColumn(column.Name, column.Type, NotNull: false))], properties, RowOwner.Spine, dialect);

    private static string TypeName => Problem.TypeName(typeof(T));

    private static IReadOnlyList<PropertyInfo> PropertiesOf()
    {
        if (KeyFetch<T>.Takes(typeof(T)))
        {
            throw new ArgumentException($"A spine's rows need properties, whose types say what the columns are; {TypeName} has none. Use a record or an anonymous type.");
        }

        return ColumnMatch.Properties(typeof(T)) is { Count: > 0 } properties
            ? properties
            : throw new ArgumentException($"The spine's rows ({TypeName}) have no readable public property (fields do not count); use a record or an anonymous type.");
    }

    private static ValueList<MemoryColumn> ColumnsOf(IReadOnlyList<PropertyInfo> properties)
    {
        var columns = new List<MemoryColumn>();
        foreach (var property in properties)
        {
            var name = Names.Check(ColumnMatch.Named(property) ?? property.Name, $"The column of {TypeName}.{property.Name}, a property of the spine's rows,");
            if (columns.Any(column => Names.Comparer.Equals(column.Name, name)))
            {
                throw new ArgumentException($"The spine's rows ({TypeName}) have two properties for the column '{name}' (names are compared without case); put [Column(\"...\")] or [NotMapped] on '{property.Name}'.");
            }

            columns.Add(new(name, TypeOf(property.PropertyType, $"{TypeName}.{property.Name}")));
        }

        return ValueList<MemoryColumn>.Of(columns);
    }

    private static StoredType TypeOf(Type type, string property)
    {
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(decimal))
        {
            return StoredType.Of(AnyDecimal);
        }

        try
        {
            return StoredType.Of(FeatureType.Of(type));
        }
        catch (ArgumentException none)
        {
            throw new ArgumentException($"The property {property} of the spine's rows is a {Problem.TypeName(Nullable.GetUnderlyingType(type) ?? type)}: {none.Message} Or leave it out with [NotMapped].", none);
        }
    }
}
