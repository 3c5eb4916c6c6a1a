namespace Distiller.Tests.Rows;

/// <summary>One value through a reader of one column, as a property of its own type or from a dictionary.</summary>
internal static class OneValue
{
    public static readonly RowOwner Owner = new("orders", "orders_history");

    public static object? Read<T>(FeatureType type, T value, SqlDialect? dialect = null) => Read(StoredType.Of(type), value, dialect);

    public static object? Read<T>(TimeKind kind, T value) => Read(StoredType.Of(kind), value);

    public static object? Read<T>(StoredType type, T value, SqlDialect? dialect = null) =>
        Only(StageReader.Over([new Row<T>(value)], [new StageColumn("amount", type, NotNull: false)], Owner, dialect ?? SqlDialect.DuckDb));

    public static object? ReadLoosely(StoredType type, object? value) =>
        Only(StageReader.Over([new Dictionary<string, object?> { ["amount"] = value }], [new StageColumn("amount", type, NotNull: false)], Owner, SqlDialect.Sqlite));

    /// <summary>The refusal of a value, which names everything it should.</summary>
    public static string Refused<T>(StoredType type, T value, SqlDialect? dialect = null)
    {
        var rows = new List<Row<T>> { new(default!), new(value) };
        using var reader = StageReader.Over(typeof(T).IsValueType && Nullable.GetUnderlyingType(typeof(T)) is null ? rows.Skip(1) : rows, [new StageColumn("amount", type, NotNull: false)], Owner, dialect ?? SqlDialect.DuckDb);
        return Message(reader);
    }

    public static string Refused<T>(FeatureType type, T value, SqlDialect? dialect = null) => Refused(StoredType.Of(type), value, dialect);

    public static string RefusedLoosely(StoredType type, object? value)
    {
        using var reader = StageReader.Over([new Dictionary<string, object?> { ["amount"] = value }], [new StageColumn("amount", type, NotNull: false)], Owner, SqlDialect.Sqlite);
        return Message(reader);
    }

    public static DateTime Utc(string text) => DateTime.SpecifyKind(DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture), DateTimeKind.Utc);

    private static string Message(System.Data.Common.DbDataReader reader)
    {
        var refusal = Assert.Throws<RowRefusedException>(() =>
        {
            while (reader.Read())
            {
            }
        });
        Assert.Equal("orders", refusal.FeatureSet);
        Assert.Equal("amount", refusal.Column);
        Assert.StartsWith($"Feature set 'orders', table 'orders_history', row {refusal.Row}, column 'amount': the value", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was written.", refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }

    private static object? Only(System.Data.Common.DbDataReader reader)
    {
        using (reader)
        {
            Assert.True(reader.Read());
            var value = reader.IsDBNull(0) ? null : reader.GetValue(0);
            Assert.False(reader.Read());
            return value;
        }
    }

    internal sealed record Row<T>(T Amount);
}
