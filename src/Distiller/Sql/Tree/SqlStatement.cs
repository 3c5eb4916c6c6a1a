namespace Distiller;

/// <summary>One statement of a script.</summary>
internal abstract record SqlStatement;

internal sealed record QueryStatement(Select Query) : SqlStatement;

internal sealed record ColumnDefinition(string Name, StoredType Type, bool NotNull, string? Description = null);

internal sealed record CreateTable(TableName Name, ValueList<ColumnDefinition> Columns) : SqlStatement
{
    public bool IfNotExists { get; init; }

    public bool IsTemporary { get; init; }

    public ValueList<string> PrimaryKey { get; init; } = ValueList<string>.Empty;
}

internal sealed record CreateTableAs(TableName Name, Select Query) : SqlStatement
{
    public bool IsTemporary { get; init; }
}

/// <summary>A new column, NULL in the rows there are, or what the default says.</summary>
internal sealed record AddColumn(TableName Table, ColumnDefinition Column, Scalar? Default = null) : SqlStatement;

internal sealed record CreateView(TableName Name, Select Query) : SqlStatement;

internal sealed record DropView(TableName Name) : SqlStatement;

internal sealed record CreateIndex(string Name, TableName Table, ValueList<string> Columns) : SqlStatement;

internal sealed record DropTable(TableName Name, bool IfExists = true, bool IsTemporary = false) : SqlStatement;

/// <summary>Insert the rows of a query; with a conflict rule, update the row that is there already where the guard holds.</summary>
internal sealed record Insert(TableName Table, ValueList<string> Columns, Select Query) : SqlStatement
{
    public bool IsTemporary { get; init; }

    public OnConflict? Conflict { get; init; }
}

/// <summary>What to do where the key is there: set <see cref="Columns"/> to the incoming values where <see cref="Guard"/> holds; no columns = leave the row.</summary>
/// <remarks>In the guard the incoming row is <see cref="Incoming"/> and the stored row goes by <see cref="Stored"/>.</remarks>
internal sealed record OnConflict(ValueList<string> Key, ValueList<string> Columns, Scalar? Guard)
{
    public const string Incoming = "excluded";

    public const string Stored = "stored";
}

/// <summary>Join rows with a table's: where they meet and the guard holds, update; where nothing meets, insert.</summary>
internal sealed record Merge(TableName Table, string Stored, Relation Rows, string Incoming) : SqlStatement
{
    public required Scalar On { get; init; }

    public required Scalar Guard { get; init; }

    public required ValueList<string> Updated { get; init; }

    public required ValueList<string> Inserted { get; init; }
}

internal sealed record Delete(TableName Table, string Alias, Scalar? Where, bool IsTemporary = false) : SqlStatement
{
    /// <summary>Another table that the condition reads, where the dialect can (<see cref="SqlDialect.DeletesUsing"/>).</summary>
    public TableRef? Using { get; init; }
}

internal sealed record Update(TableName Table, ValueList<(string Column, Scalar Content)> Set, Scalar? Where) : SqlStatement;

/// <summary>A dialect's own words around a table's name.</summary>
internal sealed record RawStatementOn(string Before, TableName Table, string After) : SqlStatement;

/// <summary>What a table, or a column of it, is, for people.</summary>
internal sealed record CommentOn(TableName Table, string? Column, string Words) : SqlStatement;
