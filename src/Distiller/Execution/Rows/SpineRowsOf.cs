using System.Data.Common;

namespace Distiller;

/// <summary>A spine's rows of one type: its columns are the type's readable properties, in declared order.</summary>
internal sealed class SpineRows<T> : SpineRows
{
    private readonly IEnumerable<T> rows;

    public SpineRows(IEnumerable<T> rows)
    {
        this.rows = rows;
        Columns =
        [
            .. RowFetches.Properties(typeof(T)).Select(property =>
            {
                try
                {
                    var type = Nullable.GetUnderlyingType(property.Property.PropertyType) ?? property.Property.PropertyType;
                    return new MemoryColumn(property.Column, StoredType.Of(type == typeof(decimal) ? FeatureType.Decimal(28, 10) : FeatureType.Of(type)));
                }
                catch (ArgumentException failure)
                {
                    throw new ArgumentException($"The spine's rows have a property '{property.Property.Name}' that no column holds: {failure.Message} Or leave it out with [NotMapped].", nameof(rows), failure);
                }
            }),
        ];
        if (Columns.Count == 0)
        {
            throw new ArgumentException($"The spine's rows of type {typeof(T).Name} have no readable property; use a record, a class or an anonymous type.", nameof(rows));
        }
    }

    public override IReadOnlyList<MemoryColumn> Columns { get; }

    public override long? Count => rows.TryGetNonEnumeratedCount(out var count) ? count : null;

    public override DbDataReader Open(SqlDialect dialect) =>
        StageReader.Over(rows, [.. Columns.Select(column => new StageColumn(column.Name, column.Type, NotNull: false))], new("the spine", "its temporary table"), dialect);
}
