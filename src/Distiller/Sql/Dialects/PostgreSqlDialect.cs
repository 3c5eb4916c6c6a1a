using System.Data;
using System.Data.Common;
using System.Globalization;

namespace Distiller;

/// <summary>PostgreSQL: LATERAL, COPY, concurrency.</summary>
internal sealed class PostgreSqlDialect() : SqlDialect("PostgreSQL")
{
    internal override IReadOnlyList<AsOfStrategy> AsOfStrategies { get; } =
        ValueList<AsOfStrategy>.Of([new LateralStrategy(NeedsIndex: true), new UnionStrategy(), new LateralStrategy(NeedsIndex: false)]);

    internal override IReadOnlyList<NewestStrategy> NewestStrategies { get; } = ValueList<NewestStrategy>.Of([new FirstInOrder(), new LastThenRanked()]);

    internal override Catalog Catalog { get; } = new PostgreSqlCatalog();

    internal override TextValues TextValues { get; } = new PostgreSqlTextValues();

    internal override int? MaxNameBytes => 63;

    internal override bool NamesHaveCase => true;

    internal override IReadOnlyList<string> SystemColumns { get; } = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

    internal override bool EnforcesHistoryKey => true;

    internal override bool HasSavepoints => true;

    internal override bool NarrowsJoins => true;

    internal override bool FiltersAggregates => true;

    internal override bool DeletesUsing => true;

    internal override int RowsPerInsert => 100;

    internal override string Fence => "OFFSET 0";

    internal override string Begin => "BEGIN";

    internal override string TemporarySchema => "pg_temp.";

    internal override string ClockExpression => "now()";

    internal override bool AddsIntervals => true;

    internal override TimeKind? KindOf(string resultType) => resultType switch
    {
        "timestamp with time zone" => TimeKind.Instant,
        "timestamp without time zone" or "timestamp" => TimeKind.Timestamp,
        "date" => TimeKind.Date,
        _ => null,
    };

    internal override bool IsInteger(string resultType) => resultType is "bigint" or "integer" or "smallint";

    internal override string TypeName(StoredType type) => type switch
    {
        { Time: TimeKind.Instant } => "timestamptz",
        { Time: TimeKind.Timestamp } => "timestamp",
        { Time: TimeKind.Date } => "date",
        { Time: TimeKind.Text } => throw NoText(),
        { Time: not null } => "bigint",
        { Feature.Kind: FeatureKind.Bool } => "boolean",
        { Feature.Kind: FeatureKind.Int32 } => "integer",
        { Feature.Kind: FeatureKind.Int64 } => "bigint",
        { Feature.Kind: FeatureKind.Float32 } => "real",
        { Feature.Kind: FeatureKind.Float64 } => "double precision",
        { Feature: { Kind: FeatureKind.Decimal } number } => string.Create(CultureInfo.InvariantCulture, $"numeric({number.Precision},{number.Scale})"),
        { Feature.Kind: FeatureKind.Bytes } => "bytea",
        { Feature.Kind: FeatureKind.Date } => "date",
        { Feature.Kind: FeatureKind.Guid } => "uuid",
        { Feature.Kind: FeatureKind.Json } => "jsonb",
        { Feature.Kind: FeatureKind.FloatVector } => "real[]",
        { IsKey: true } => "text COLLATE \"C\"",
        _ => "text",
    };

    internal override void WriteMarker(SqlText text, string parameter) => text.Add('@').Add(parameter);

    internal override void Bind(DbParameter parameter, StoredType type, object? value)
    {
        (parameter.DbType, parameter.Value) = type.Time switch
        {
            TimeKind.Instant => (DbType.DateTime, value is null ? null : ServerTime(value)),
            TimeKind.Timestamp => (DbType.DateTime2, value is null ? null : ServerTime(value)),
            TimeKind.Date => (DbType.Date, value is null ? null : ServerDay(DateOnly.FromDateTime((DateTime)value))),
            { } kind => (DbType.Int64, value is null ? null : LiteralText.Count(kind, value)),
            null => type.Feature!.Kind switch
            {
                FeatureKind.Bool => (DbType.Boolean, value),
                FeatureKind.Int32 => (DbType.Int32, value),
                FeatureKind.Int64 => (DbType.Int64, value),
                FeatureKind.Float32 => (DbType.Single, value),
                FeatureKind.Float64 => (DbType.Double, value),
                FeatureKind.Decimal => (DbType.Decimal, value),
                FeatureKind.Bytes => (DbType.Binary, value),
                FeatureKind.Date => (DbType.Date, value is null ? null : ServerDay((DateOnly)value)),
                FeatureKind.Guid => (DbType.Guid, value),
                FeatureKind.FloatVector => (DbType.Object, value),
                _ => (DbType.String, value),
            },
        };
        parameter.Value ??= DBNull.Value;
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
                text.Add("CAST('").Add(LiteralText.Count(kind, value)).Add("' AS bigint)");
                return;
        }

        switch (value)
        {
            case bool flag:
                text.Add(flag ? "TRUE" : "FALSE");
                break;
            case string words when type.Feature!.Kind == FeatureKind.String:
                WriteString(text, words);
                break;
            case byte[] bytes:
                text.Add("CAST(E'\\\\x").Add(LiteralText.Hex(bytes)).Add("' AS bytea)");
                break;
            case float[] vector:
                text.Add("CAST('{").Add(string.Join(",", vector.Select(item => LiteralText.Of(item)))).Add("}' AS real[])");
                break;
            default:
                text.Add("CAST(");
                WriteString(text, LiteralText.Of(value));
                text.Add(" AS ").Add(TypeName(type with { IsKey = false })).Add(')');
                break;
        }
    }

    internal override string? Refusal(StoredType type, object value) =>
        value is string words && words.Contains('\0', StringComparison.Ordinal) ? "PostgreSQL's text cannot hold a NUL character" : null;

    internal override bool ChecksFit(StoredType type) => type.Feature?.Kind is FeatureKind.Int32 or FeatureKind.Int64 or FeatureKind.Float32 or FeatureKind.Decimal;

    internal override bool Fits(StoredType type, string columnType) => type switch
    {
        { Time: TimeKind.Instant } => columnType.EndsWith("with time zone", StringComparison.Ordinal),
        { Time: TimeKind.Timestamp } => columnType.StartsWith("timestamp", StringComparison.Ordinal) && columnType.EndsWith("without time zone", StringComparison.Ordinal),
        { Time: TimeKind.Date } => columnType is "date",
        { Time: TimeKind.Text } => false,
        { Time: not null } => columnType is "bigint" or "integer",
        { Feature.Kind: FeatureKind.Int32 } => columnType is "integer" or "smallint",
        { Feature.Kind: FeatureKind.Int64 } => columnType is "bigint" or "integer" or "smallint",
        { Feature.Kind: FeatureKind.Float64 } => columnType is "double precision" or "real",
        { Feature.Kind: FeatureKind.Decimal } => columnType.StartsWith("numeric", StringComparison.Ordinal),
        { Feature.Kind: FeatureKind.Json } => columnType is "jsonb" or "json" or "text",
        { Feature.Kind: FeatureKind.String } => columnType is "text" or "name" || columnType.StartsWith("character", StringComparison.Ordinal),
        { Feature.Kind: FeatureKind.FloatVector } => columnType is "real[]",
        _ => columnType == TypeName(type),
    };

    /// <summary>The range first, because a cast that overflows would end the check instead of telling the row.</summary>
    internal override void WriteMisfit(SqlWriter writer, Misfit misfit)
    {
        var (type, operand) = (misfit.Type, misfit.Operand);
        var (least, greatest) = type.Feature switch
        {
            { Kind: FeatureKind.Int32 } => ("-2147483648", "2147483647"),
            { Kind: FeatureKind.Int64 } => ("-9223372036854775808", "9223372036854775807"),
            { Kind: FeatureKind.Decimal } number => ("-" + Greatest(number), Greatest(number)),
            _ => ("-3.4028234663852886e38", "3.4028234663852886e38"),
        };
        writer.Text.Add("CASE WHEN ");
        writer.WriteOperand(operand);
        writer.Text.Add(" NOT BETWEEN ").Add(least).Add(" AND ").Add(greatest);
        if (type.Feature?.Kind == FeatureKind.Float32)
        {
            writer.Text.Add(" THEN CAST(");
            writer.Write(operand);
            writer.Text.Add(" AS text) NOT IN ('Infinity', '-Infinity', 'NaN')");
        }
        else
        {
            writer.Text.Add(" THEN TRUE");
        }

        writer.Text.Add(" ELSE CAST(");
        writer.Write(operand);
        writer.Text.Add(" AS ").Add(TypeName(type)).Add(") <> ");
        writer.WriteOperand(operand);
        writer.Text.Add(" END");

        static string Greatest(FeatureType number) => new string('9', number.Precision - number.Scale).PadLeft(1, '0') + (number.Scale > 0 ? "." + new string('9', number.Scale) : "");
    }

    internal override void WriteToMicroseconds(SqlWriter writer, TimeKind kind, Scalar operand)
    {
        var (before, after) = kind switch
        {
            TimeKind.Instant or TimeKind.Timestamp => ("CAST(EXTRACT(EPOCH FROM ", ") * 1000000 AS bigint)"),
            TimeKind.Date => ("((", " - DATE '1970-01-01') * CAST(86400000000 AS bigint))"),
            TimeKind.EpochSeconds => ("(CAST(", " AS bigint) * 1000000)"),
            TimeKind.EpochMilliseconds => ("(CAST(", " AS bigint) * 1000)"),
            _ => throw NoText(),
        };
        writer.Text.Add(before);
        writer.Write(operand);
        writer.Text.Add(after);
    }

    internal override void WriteFromMicroseconds(SqlWriter writer, TimeKind kind, Scalar operand)
    {
        if (kind == TimeKind.Date)
        {
            writer.Text.Add("(DATE '1970-01-01' + CAST((");
            writer.Write(operand);
            writer.Text.Add(") / 86400000000 AS integer))");
            return;
        }

        // Seconds and the rest apart: an interval times a number goes through a double, which holds neither years of microseconds nor a rounding.
        writer.Text.Add(kind == TimeKind.Instant ? "(TIMESTAMPTZ '1970-01-01 00:00:00+00' + ((" : kind == TimeKind.Timestamp ? "(TIMESTAMP '1970-01-01 00:00:00' + ((" : throw NoText());
        writer.Write(operand);
        writer.Text.Add(") / 1000000) * INTERVAL '1 second' + ((");
        writer.Write(operand);
        writer.Text.Add(") % 1000000) * INTERVAL '1 microsecond')");
    }

    internal override (string Before, string After)? RowHash => ("CAST(CAST('x' || substr(md5(", "), 1, 15) AS bit(60)) AS bigint)");

    internal override void WriteHexOf(SqlWriter writer, Scalar operand)
    {
        writer.Text.Add("encode(");
        writer.Write(operand);
        writer.Text.Add(", 'hex')");
    }

    internal override void WriteAddMicroseconds(SqlWriter writer, AddMicroseconds add)
    {
        writer.Write(add.Operand);
        var seconds = (decimal)add.Microseconds / 1_000_000;
        writer.Text.Add(" + INTERVAL '").Add(seconds.ToString(CultureInfo.InvariantCulture)).Add(" seconds'");
    }

    internal override string? RowIdName(IEnumerable<string> columns) => "ctid";

    /// <summary>One publisher of a set at a time; readers go on. Taken in name order, so that two publishers of several sets do not wait for each other.</summary>
    internal override IEnumerable<SqlStatement> PublishLocks(IReadOnlyList<FeatureSet> sets) => sets
        .OrderBy(set => set.LatestTable!.ToString(), StringComparer.Ordinal)
        .Select(set => new RawStatementOn("LOCK TABLE ", set.LatestTable!, " IN SHARE ROW EXCLUSIVE MODE"));

    internal override bool IsTransient(DbException failure) =>
        failure.SqlState is "40001" or "40P01" or "55P03" or "57P01" || failure.SqlState?.StartsWith("08", StringComparison.Ordinal) == true;

    private static object ServerTime(object value) => Instants.Microseconds((DateTime)value) - 946684800000000;

    private static object ServerDay(DateOnly value) => value.DayNumber - 730119;

    private static void WriteString(SqlText text, string words)
    {
        if (words.Contains('\\', StringComparison.Ordinal))
        {
            text.Add('E').AddQuoted(words.Replace("\\", "\\\\", StringComparison.Ordinal), '\'');
        }
        else
        {
            text.AddQuoted(words, '\'');
        }
    }

    private UnsupportedByDialectException NoText() => Unsupported("event or created times kept as text", "Cast the column to a timestamp in a view, and declare TimeKind.Timestamp.");
}
