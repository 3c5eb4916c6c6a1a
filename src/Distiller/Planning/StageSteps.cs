using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Distiller;

/// <summary>Temporary tables where rows wait.</summary>
internal static class StageSteps
{
    private const int PrintedRows = 100;
    private const int StageNameLength = 40;

    /// <summary>A stage's name: the set's own where it is short, else cut with a stable hash (I1).</summary>
    public static string NameFor(string prefix, string name)
    {
        var whole = prefix + name;
        return Encoding.UTF8.GetByteCount(whole) <= StageNameLength
            ? whole
            : string.Create(CultureInfo.InvariantCulture, $"{prefix}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8))}");
    }

    /// <summary>Creates a stage and loads rows in memory into it.</summary>
    public static IEnumerable<CompiledStep> CreateAndLoad(PlanScope context, TableName stage, IReadOnlyList<ColumnDefinition> columns, string what, SpineRows? rows)
    {
        yield return StatementWriter.Step(context, $"a temporary table for {what}", new CreateTable(stage, ValueList<ColumnDefinition>.Of(columns.Select(column => column with { NotNull = false }))) { IsTemporary = true });
        yield return new($"load {what}", "", [])
        {
            Load = new(stage, ValueList<LoadColumn>.Of(columns.Select(column => new LoadColumn(column.Name, column.Type.ToString()) { Stored = column.Type, NotNull = column.NotNull }))),
            Literals = rows is not null && context.Style == SqlStyle.Literals ? Literals(context, stage, columns, rows) : null,
        };
    }

    public static IReadOnlyList<ColumnDefinition> StageColumns(this SpineRows rows, Spine spine) =>
    [
        .. rows.Columns.Select(column => column.Name == spine.InstantColumn.Name && Mismatch(column, spine.InstantColumn.Kind)
            ? throw new ArgumentException($"The spine's instant '{column.Name}' is declared as {spine.InstantColumn.Kind}, but its rows hold a {column.Type}; change At(...) or the property's type.")
            : new ColumnDefinition(column.Name, column.Type, NotNull: false)),
    ];

    private static bool Mismatch(MemoryColumn column, TimeKind kind) => kind switch
    {
        TimeKind.Instant => column.Type.Time != TimeKind.Instant,
        TimeKind.Date => column.Type.Feature?.Kind != FeatureKind.Date,
        TimeKind.EpochSeconds or TimeKind.EpochMilliseconds or TimeKind.EpochMicroseconds or TimeKind.Ordinal => column.Type.Feature?.Kind is not (FeatureKind.Int64 or FeatureKind.Int32),
        _ => true,
    };

    private static string? Literals(PlanScope context, TableName stage, IReadOnlyList<ColumnDefinition> columns, SpineRows rows)
    {
        if (rows.Count is null or 0 or > PrintedRows)
        {
            return null;
        }

        var text = new SqlText(SqlStyle.Literals);
        var writer = new SqlWriter(context.Dialect, text);
        text.Add("INSERT INTO ");
        writer.WriteTable(stage, isTemporary: true);
        text.Add(" VALUES");
        text.In();
        using var reader = rows.Open(context.Dialect);
        for (var first = true; reader.Read(); first = false)
        {
            text.Add(first ? "" : ",").Line().Add('(');
            for (var i = 0; i < columns.Count; i++)
            {
                text.Add(i > 0 ? ", " : "");
                writer.Write(new Value(columns[i].Type, reader.IsDBNull(i) ? null : reader.GetValue(i)));
            }

            text.Add(')');
        }

        text.Out();
        return text.ToString();
    }
}
