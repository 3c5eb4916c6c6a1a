namespace Distiller;

/// <summary>The name of a table or view: one to three parts (catalog, schema, name), each one identifier as the user wrote it.</summary>
public sealed record TableName
{
    private TableName(string? catalog, string? schema, string name)
    {
        Catalog = catalog is null ? null : Names.Check(catalog, "A catalog name");
        Schema = schema is null ? null : Names.Check(schema, "A schema name");
        Name = Names.Check(name, "A table name");
    }

    /// <summary>The catalog (database), where given.</summary>
    public string? Catalog { get; }

    /// <summary>The schema, where given.</summary>
    public string? Schema { get; }

    /// <summary>The table's own name.</summary>
    public string Name { get; }

    /// <summary>A table by its own name: the whole string is one identifier, dots included.</summary>
    public static TableName Of(string name) => new(null, null, name);

    /// <summary>A table in a schema.</summary>
    public static TableName Of(string schema, string name) => new(null, schema, name);

    /// <summary>A table in a schema of a catalog.</summary>
    public static TableName Of(string catalog, string schema, string name) => new(catalog, schema, name);

    /// <summary>A plain string is one identifier: <c>"a.b"</c> names a table called <c>a.b</c>.</summary>
    public static implicit operator TableName(string name) => Of(name);

    internal TableName WithName(string name) => new(Catalog, Schema, name);

    /// <summary>The parts joined by dots, for people; not SQL.</summary>
    public override string ToString() => string.Join('.', new[] { Catalog, Schema, Name }.Where(part => part is not null));
}
