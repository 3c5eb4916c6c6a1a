using System.Data;
using System.Data.Common;
using System.Globalization;

namespace Distiller;

/// <summary>DuckDB: columnar, ASOF JOIN, no index worth having on history.</summary>
internal sealed class DuckDbDialect() : SqlDialect("DuckDB")
{
    /// <summary>The table whose row every publisher of a set updates, so that two at once conflict and one retries (B7).</summary>
    public const string LockTable = "distiller_publishers";

    private const string LockedTable = "history_table";

    internal override IReadOnlyList<AsOfStrategy> AsOfStrategies { get; } =
        ValueList<AsOfStrategy>.Of([new AsofJoinStrategy(), new FilledAsofStrategy(), new UnionStrategy(), new LateralStrategy(NeedsIndex: false)]);

    internal override IReadOnlyList<NewestStrategy> NewestStrategies { get; } = ValueList<NewestStrategy>.Of([new ArgMaxNewest(), new LastThenRanked()]);

    internal override UpsertStrategy Upsert { get; } = new MergeUpsert();

    internal override Catalog Catalog { get; } = new DuckDbCatalog();

    internal override TextValues TextValues { get; } = new DuckDbTextValues();

    internal override bool EnforcesHistoryKey => false;

    /// <summary>Its sort takes a third longer once keys, event and created time exceed 24 bytes; a 64-bit key with a NULL byte is 9 of the 26.</summary>
    internal override bool NarrowsKeys => true;

    internal override bool HasSavepoints => false;

    internal override bool DeletesUsing => true;

    internal override int RowsPerInsert => 100;

    internal override bool AddsNotNull => false;

    internal override string Fence => "";

    internal override string Begin => "BEGIN TRANSACTION";

    internal override string TemporarySchema => "temp.main.";

    internal override string ClockExpression => "now()";

    internal override bool AddsIntervals => false;

    internal override TimeKind? KindOf(string resultType) => resultType.ToUpperInvariant() switch
    {
        "TIMESTAMPTZ" or "TIMESTAMP WITH TIME ZONE" => TimeKind.Instant,
        "TIMESTAMP" or "TIMESTAMPNS" or "TIMESTAMPMS" or "TIMESTAMPS" => TimeKind.Timestamp,
        "DATE" => TimeKind.Date,
        _ => null,
    };

    internal override bool IsInteger(string resultType) => resultType.ToUpperInvariant() is "BIGINT" or "INTEGER" or "SMALLINT" or "TINYINT" or "UINTEGER" or "USMALLINT" or "UTINYINT";

    internal override string TypeName(StoredType type) => type switch
    {
        { Time: TimeKind.Instant } => "TIMESTAMPTZ",
        { Time: TimeKind.Timestamp } => "TIMESTAMP",
        { Time: TimeKind.Date } => "DATE",
        { Time: TimeKind.Text } => throw NoText(),
        { Time: not null } => "BIGINT",
        { Feature.Kind: FeatureKind.Bool } => "BOOLEAN",
        { Feature.Kind: FeatureKind.Int32 } => "INTEGER",
        { Feature.Kind: FeatureKind.Int64 } => "BIGINT",
        { Feature.Kind: FeatureKind.Float32 } => "FLOAT",
        { Feature.Kind: FeatureKind.Float64 } => "DOUBLE",
        { Feature: { Kind: FeatureKind.Decimal } number } => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({number.Precision},{number.Scale})"),
        { Feature.Kind: FeatureKind.Bytes } => "BLOB",
        { Feature.Kind: FeatureKind.Date } => "DATE",
        { Feature.Kind: FeatureKind.Guid } => "UUID",
        { Feature.Kind: FeatureKind.Json } => "JSON",
        { Feature.Kind: FeatureKind.FloatVector } => "FLOAT[]",
        _ => "VARCHAR",
    };

    internal override void WriteMarker(SqlText text, string parameter) => text.Add('$').Add(parameter);

    internal override void Bind(DbParameter parameter, StoredType type, object? value)
    {
        parameter.Value = value switch
        {
            null or DBNull => DBNull.Value,
            float[] vector => vector.ToList(),
            _ => type.Time switch
            {
                TimeKind.Instant => new DateTimeOffset((DateTime)value),
                TimeKind.Timestamp => DateTime.SpecifyKind((DateTime)value, DateTimeKind.Unspecified),
                TimeKind.Date => DateOnly.FromDateTime((DateTime)value),
                { } kind => LiteralText.Count(kind, value),
                null => value,
            },
        };
    }

    internal override void WriteLiteral(SqlText text, StoredType type, object value)
    {
        switch (type.Time)
        {
            case TimeKind.Instant:
                text.Add("TIMESTAMPTZ '").Add(Instants.Text(Instants.Microseconds((DateTime)value))).Add("+00'");
                return;
            case TimeKind.Timestamp:
                text.Add("TIMESTAMP '").Add(Instants.Text(Instants.Microseconds((DateTime)value))).Add('\'');
                return;
            case TimeKind.Date:
                text.Add("DATE '").Add(LiteralText.Of(DateOnly.FromDateTime((DateTime)value))).Add('\'');
                return;
            case { } kind:
                text.Add(LiteralText.Count(kind, value));
                return;
        }

        switch (value)
        {
            case bool flag:
                text.Add(flag ? "TRUE" : "FALSE");
                break;
            case int or long:
                text.Add(LiteralText.Of(value));
                break;
            case float or double or decimal:
                text.Add("CAST('").Add(LiteralText.Of(value)).Add("' AS ").Add(TypeName(type)).Add(')');
                break;
            case byte[] bytes:
                text.Add("from_hex('").Add(LiteralText.Hex(bytes)).Add("')");
                break;
            case float[] vector:
                text.Add("CAST([").Add(string.Join(", ", vector.Select(item => $"'{LiteralText.Of(item)}'"))).Add("] AS FLOAT[])");
                break;
            case DateOnly or Guid:
                text.Add(TypeName(type)).Add(" '").Add(LiteralText.Of(value)).Add('\'');
                break;
            default:
                text.AddQuoted((string)value, '\'');
                break;
        }
    }

    internal override string? Refusal(StoredType type, object value) =>
        value is string words && words.Contains('\0', StringComparison.Ordinal) ? "DuckDB's text ends at a NUL character on some paths" : null;

    internal override bool ChecksFit(StoredType type) => type.Feature?.Kind is FeatureKind.Int32 or FeatureKind.Int64 or FeatureKind.Float32 or FeatureKind.Decimal;

    internal override bool Fits(StoredType type, string columnType)
    {
        var plain = columnType.ToUpperInvariant();
        return type switch
        {
            { Time: TimeKind.Instant } => plain is "TIMESTAMP WITH TIME ZONE" or "TIMESTAMPTZ",
            { Time: TimeKind.Timestamp } => plain is "TIMESTAMP" or "TIMESTAMP_NS" or "TIMESTAMP_MS" or "TIMESTAMP_S",
            { Time: TimeKind.Date } => plain is "DATE",
            { Time: TimeKind.Text } => false,
            { Time: not null } => plain is "BIGINT" or "INTEGER",
            { Feature.Kind: FeatureKind.Int32 } => plain is "INTEGER" or "SMALLINT" or "TINYINT" or "USMALLINT" or "UTINYINT",
            { Feature.Kind: FeatureKind.Int64 } => plain is "BIGINT" or "INTEGER" or "SMALLINT" or "TINYINT" or "UINTEGER" or "USMALLINT" or "UTINYINT",
            { Feature.Kind: FeatureKind.Float64 } => plain is "DOUBLE" or "FLOAT",
            { Feature.Kind: FeatureKind.Decimal } => plain.StartsWith("DECIMAL", StringComparison.Ordinal),
            { Feature.Kind: FeatureKind.Json } => plain is "JSON" or "VARCHAR",
            { Feature.Kind: FeatureKind.String } => plain is "VARCHAR" || plain.StartsWith("ENUM", StringComparison.Ordinal),
            { Feature.Kind: FeatureKind.FloatVector } => plain.StartsWith("FLOAT[", StringComparison.Ordinal),
            _ => plain == TypeName(type),
        };
    }

    /// <summary>TRY_CAST, because a cast that overflows would end the check instead of telling the row.</summary>
    internal override void WriteMisfit(SqlWriter writer, Misfit misfit)
    {
        var (type, operand) = (misfit.Type, misfit.Operand);
        writer.Text.Add('(');
        writer.WriteOperand(operand);
        writer.Text.Add(" IS NOT NULL AND TRY_CAST(");
        writer.Write(operand);
        writer.Text.Add(" AS ").Add(TypeName(type)).Add(") IS DISTINCT FROM ");
        writer.WriteOperand(operand);
        writer.Text.Add(')');
    }

    internal override void WriteTextOf(SqlWriter writer, Scalar operand)
    {
        writer.Text.Add("CAST(");
        writer.Write(operand);
        writer.Text.Add(" AS VARCHAR)");
    }

    internal override void WriteDivide(SqlWriter writer, Scalar left, Scalar right)
    {
        writer.WriteOperand(left);
        writer.Text.Add(" // ");
        writer.WriteOperand(right);
    }

    internal override void WriteToMicroseconds(SqlWriter writer, TimeKind kind, Scalar operand)
    {
        var (before, after) = kind switch
        {
            TimeKind.Instant or TimeKind.Timestamp => ("epoch_us(", ")"),
            TimeKind.Date => ("epoch_us(CAST(", " AS TIMESTAMP))"),
            TimeKind.EpochSeconds => ("(", " * 1000000)"),
            TimeKind.EpochMilliseconds => ("(", " * 1000)"),
            _ => throw NoText(),
        };
        writer.Text.Add(before);
        writer.Write(operand);
        writer.Text.Add(after);
    }

    internal override void WriteFromMicroseconds(SqlWriter writer, TimeKind kind, Scalar operand)
    {
        var (before, after) = kind switch
        {
            TimeKind.Instant => ("make_timestamptz(", ")"),
            TimeKind.Timestamp => ("make_timestamp(", ")"),
            TimeKind.Date => ("CAST(make_timestamp(", ") AS DATE)"),
            _ => throw NoText(),
        };
        writer.Text.Add(before);
        writer.Write(operand);
        writer.Text.Add(after);
    }

    internal override void WritePackedTimes(SqlWriter writer, PackedTimes packed)
    {
        var text = writer.Text;
        text.Add("CAST(");
        writer.Write(TimeMath.Microseconds(packed.EventKind, packed.Event));
        text.Add(" AS HUGEINT) * 18446744073709551616 + ");
        var unknown = new Number(long.MinValue);
        var created = packed.Created is null ? unknown : TimeMath.Microseconds(packed.CreatedKind, packed.Created);
        writer.Write(packed.CreatedMayBeNull && created is not Number ? new Coalesce(created, unknown) : created);
    }

    internal override void WriteOrBeforeAll(SqlWriter writer, OrBeforeAll bound)
    {
        writer.Text.Add("COALESCE(");
        writer.Write(bound.Operand);
        writer.Text.Add(bound.IsPacked ? ", -170141183460469231731687303715884105727)" : ", -9223372036854775808)");
    }

    internal override void WriteArgMax(SqlWriter writer, Scalar operand, Scalar by)
    {
        writer.Text.Add("arg_max(");
        writer.Write(operand);
        writer.Text.Add(", ");
        writer.Write(by);
        writer.Text.Add(')');
    }

    internal override (string Before, string After)? RowHash => ("CAST('0x' || substr(md5(", "), 1, 15) AS BIGINT)");

    internal override string? RowIdName(IEnumerable<string> columns) => columns.Contains("rowid", Names.Comparer) ? null : "rowid";

    internal override IEnumerable<SqlStatement> PublishLockTables(IReadOnlyList<FeatureSet> sets) => CreateLockTables(sets).Concat(sets.Select(set =>
        new Insert(LockTableOf(set), ValueList<string>.Of([LockedTable, "publishes"]), new()
        {
            Columns = ValueList<Output>.Of([new(new Text(set.HistoryTable.Name)), new(new Number(0))]),
        }) { Conflict = new(ValueList<string>.Of([LockedTable]), ValueList<string>.Empty, null) }));

    internal override IEnumerable<SqlStatement> PublishLocks(IReadOnlyList<FeatureSet> sets) => sets.Select(set => new Update(
        LockTableOf(set),
        ValueList<(string, Scalar)>.Of([("publishes", new Arithmetic(ArithmeticOp.Add, new ColumnRef(null, "publishes"), new Number(1)))]),
        new Compare(CompareOp.Equal, new ColumnRef(null, LockedTable), new Text(set.HistoryTable.Name))));

    /// <summary>Two that make the locked row at once: of them one fails, ON CONFLICT or not, and finds it the next time.</summary>
    internal override bool IsTransient(DbException failure) =>
        failure.Message.Contains("TransactionContext Error", StringComparison.Ordinal)
        || failure.Message.Contains("Conflict on", StringComparison.Ordinal)
        || failure.Message.Contains($"Duplicate key \"{LockedTable}: ", StringComparison.Ordinal);

    private IEnumerable<SqlStatement> CreateLockTables(IReadOnlyList<FeatureSet> sets) => sets.Select(LockTableOf).Distinct().Select(table => new CreateTable(table, ValueList<ColumnDefinition>.Of(
        [
            new(LockedTable, StoredType.Key(FeatureType.String), NotNull: true),
            new("publishes", StoredType.Of(FeatureType.Int64), NotNull: true),
        ])) { IfNotExists = true, PrimaryKey = ValueList<string>.Of([LockedTable]) });

    private TableName LockTableOf(FeatureSet set) =>
        Names.Comparer.Equals(set.HistoryTable.Name, LockTable) || Names.Comparer.Equals(set.LatestTable?.Name, LockTable)
            ? throw Unsupported($"a table of feature set '{set.Name}' named '{LockTable}', where publishers keep what makes them wait for each other", "Choose another name with History(table) or Latest(table).")
            : set.HistoryTable.WithName(LockTable);

    private UnsupportedByDialectException NoText() => Unsupported("event or created times kept as text", "Cast the column to a timestamp in a view, and declare TimeKind.Timestamp.");
}
