using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Distiller;

/// <summary>SQLite: no instant type (text of fixed width), no LATERAL, dynamic column types.</summary>
internal sealed class SqliteDialect() : SqlDialect("SQLite")
{
    internal override IReadOnlyList<AsOfStrategy> AsOfStrategies { get; } =
        ValueList<AsOfStrategy>.Of([new LookupStrategy(NeedsIndex: true), new UnionStrategy(), new LookupStrategy(NeedsIndex: false)]);

    internal override IReadOnlyList<NewestStrategy> NewestStrategies { get; } = ValueList<NewestStrategy>.Of([new RankedNumbers(), new LastThenRanked()]);

    internal override Catalog Catalog { get; } = new SqliteCatalog();

    internal override TextValues TextValues { get; } = new SqliteTextValues();

    internal override bool HasCatalogs => false;

    internal override bool HasComments => false;

    internal override string? ReservedTablePrefix => "sqlite_";

    internal override bool EnforcesHistoryKey => true;

    internal override bool HasSavepoints => true;

    internal override bool FiltersAggregates => true;

    internal override string Fence => "LIMIT -1";

    internal override string Begin => "BEGIN IMMEDIATE";

    internal override string TemporarySchema => "temp.";

    internal override string ClockExpression => "(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')";

    internal override string ExplainPrefix => "EXPLAIN QUERY PLAN ";

    /// <summary>A declared type tells nothing here; the values are looked at instead.</summary>
    internal override TimeKind? KindOf(string resultType) => null;

    internal override bool IsInteger(string resultType) => false;

    internal override string TypeName(StoredType type) => type switch
    {
        { Time: TimeKind.Instant or TimeKind.Timestamp or TimeKind.Date or TimeKind.Text } => "TEXT",
        { Time: not null } => "INTEGER",
        { Feature.Kind: FeatureKind.Bool or FeatureKind.Int32 or FeatureKind.Int64 } => "INTEGER",
        { Feature.Kind: FeatureKind.Float32 or FeatureKind.Float64 } => "REAL",
        { Feature.Kind: FeatureKind.Bytes or FeatureKind.FloatVector } => "BLOB",
        _ => "TEXT",
    };

    /// <summary>By the words of a declared type, as SQLite takes them; they bind no value, so that a check looks at the values.</summary>
    internal override FeatureType? TypeOf(string columnType) => columnType.ToUpperInvariant() switch
    {
        "" => null,
        var words when words.Contains("BOOL", StringComparison.Ordinal) => FeatureType.Bool,
        var words when words.Contains("INT", StringComparison.Ordinal) => FeatureType.Int64,
        var words when words.Contains("JSON", StringComparison.Ordinal) => FeatureType.Json,
        var words when words.Contains("CHAR", StringComparison.Ordinal) || words.Contains("CLOB", StringComparison.Ordinal) || words.Contains("TEXT", StringComparison.Ordinal) => FeatureType.String,
        var words when words.Contains("BLOB", StringComparison.Ordinal) => FeatureType.Bytes,
        var words when words.Contains("REAL", StringComparison.Ordinal) || words.Contains("FLOA", StringComparison.Ordinal) || words.Contains("DOUB", StringComparison.Ordinal) => FeatureType.Float64,
        "DATE" => FeatureType.Date,
        "DATETIME" or "TIMESTAMP" => FeatureType.Timestamp,
        "UUID" or "GUID" => FeatureType.Guid,
        var words => TypeGuess.Decimal(words),
    };

    internal override void WriteMarker(SqlText text, string parameter) => text.Add('@').Add(parameter);

    internal override void Bind(DbParameter parameter, StoredType type, object? value)
    {
        var stored = value is null or DBNull ? DBNull.Value : Stored(type, value);
        parameter.Value = stored;
        parameter.DbType = stored switch
        {
            long => DbType.Int64,
            double => DbType.Double,
            byte[] => DbType.Binary,
            _ => DbType.String,
        };
    }

    internal override void WriteLiteral(SqlText text, StoredType type, object value)
    {
        switch (Stored(type, value))
        {
            case long number:
                text.Add(number);
                break;
            case double number:
                text.Add(double.IsInfinity(number) ? (number > 0 ? "9e999" : "-9e999") : LiteralText.Floating(number));
                break;
            case byte[] bytes:
                text.Add("X'").Add(LiteralText.Hex(bytes)).Add('\'');
                break;
            case string words:
                text.AddQuoted(words, '\'');
                break;
        }
    }

    internal override string? NameRefusal(string name) =>
        name.Equals("true", StringComparison.OrdinalIgnoreCase) || name.Equals("false", StringComparison.OrdinalIgnoreCase) ? "SQLite renames a subquery's column called so" : null;

    internal override string? Refusal(StoredType type, object value) => value switch
    {
        double.NaN or float.NaN => "SQLite keeps NaN as NULL",
        string words when words.Contains('\0', StringComparison.Ordinal) => "SQLite's text functions end at a NUL character",
        _ => null,
    };

    internal override bool ChecksFit(StoredType type) => true;

    internal override bool ChecksForm(StoredType type) => true;

    internal override bool Fits(StoredType type, string columnType) => true;

    internal override void WriteGreatest(SqlWriter writer, Scalar left, Scalar right)
    {
        writer.Text.Add("MAX(");
        writer.Write(left);
        writer.Text.Add(", ");
        writer.Write(right);
        writer.Text.Add(')');
    }

    internal override void WriteToMicroseconds(SqlWriter writer, TimeKind kind, Scalar operand)
    {
        switch (kind)
        {
            case TimeKind.Instant or TimeKind.Timestamp:
                Call("(unixepoch(substr(", ", 1, 19)) * 1000000 + CAST(substr(", ", 21, 6) AS INTEGER))");
                break;
            case TimeKind.Text:
                Call("(unixepoch(substr(", ", 1, 19)) * 1000000 + CAST(substr(substr(", ", 21) || '000000', 1, 6) AS INTEGER))");
                break;
            case TimeKind.Date:
                writer.Text.Add("(unixepoch(");
                writer.Write(operand);
                writer.Text.Add(") * 1000000)");
                break;
            default:
                writer.Text.Add('(');
                writer.Write(operand);
                writer.Text.Add(kind == TimeKind.EpochSeconds ? " * 1000000)" : " * 1000)");
                break;
        }

        void Call(string before, string between, string after)
        {
            writer.Text.Add(before);
            writer.Write(operand);
            writer.Text.Add(between);
            writer.Write(operand);
            writer.Text.Add(after);
        }
    }

    internal override void WriteFromMicroseconds(SqlWriter writer, TimeKind kind, Scalar operand)
    {
        var text = writer.Text;
        if (kind == TimeKind.Date)
        {
            text.Add("date((");
            writer.Write(operand);
            text.Add(") / 1000000, 'unixepoch')");
            return;
        }

        // Whole seconds are floored, so that the fraction is never negative before 1970.
        var second = new Number(1_000_000);
        var fraction = new Arithmetic(ArithmeticOp.Remainder, new Arithmetic(ArithmeticOp.Add, new Arithmetic(ArithmeticOp.Remainder, operand, second), second), second);
        text.Add("(strftime('%Y-%m-%d %H:%M:%S', (");
        writer.Write(new Arithmetic(ArithmeticOp.Subtract, operand, fraction));
        text.Add(") / 1000000, 'unixepoch') || '.' || substr('00000' || (");
        writer.Write(fraction);
        text.Add("), -6))");
    }

    internal override void WriteMonth(SqlWriter writer, MonthOf month)
    {
        var isText = month.Kind is TimeKind.Instant or TimeKind.Timestamp or TimeKind.Date or TimeKind.Text;
        var text = isText ? month.Operand : new FromMicroseconds(TimeKind.Instant, TimeMath.Microseconds(month.Kind, month.Operand));
        writer.Text.Add("CAST(substr(");
        writer.Write(text);
        writer.Text.Add(", 1, 4) || substr(");
        writer.Write(text);
        writer.Text.Add(", 6, 2) AS INTEGER)");
    }

    internal override void WriteTrimmedInstantText(SqlWriter writer, Scalar operand)
    {
        writer.Text.Add("rtrim(rtrim(");
        writer.Write(operand);
        writer.Text.Add(", '0'), '.')");
    }

    internal override void WriteMisfit(SqlWriter writer, Misfit misfit) => SqliteForms.WriteMisfit(writer, misfit);

    internal override void WriteInForm(SqlWriter writer, InForm value) => SqliteForms.Write(writer, value);

    internal override string? RowIdName(IEnumerable<string> columns)
    {
        var taken = columns.ToHashSet(Names.Comparer);
        return new[] { "rowid", "_rowid_", "oid" }.FirstOrDefault(name => !taken.Contains(name));
    }

    /// <summary>BEGIN IMMEDIATE lets one writer in at a time; inside a caller's transaction the first write takes the same lock.</summary>
    internal override IEnumerable<SqlStatement> PublishLocks(IReadOnlyList<FeatureSet> sets) =>
        sets.Take(1).Select(set => new Delete(set.LatestTable!, "nothing", new Compare(CompareOp.Equal, new Number(0), new Number(1))));

    internal override bool IsTransient(DbException failure) => failure.ErrorCode is 5 or 6 || failure.Message.Contains("SQLite Error 5", StringComparison.Ordinal) || failure.Message.Contains("SQLite Error 6", StringComparison.Ordinal);

    private static object Stored(StoredType type, object value) => type.Time switch
    {
        TimeKind.Date => LiteralText.Of(DateOnly.FromDateTime((DateTime)value)),
        TimeKind.Instant or TimeKind.Timestamp or TimeKind.Text => Instants.Text(Instants.Microseconds((DateTime)value)),
        { } kind => LiteralText.Count(kind, value),
        null => value switch
        {
            bool flag => flag ? 1L : 0L,
            int number => (long)number,
            float number => (double)number,
            long or double or string or byte[] => value,
            decimal number => LiteralText.Decimal(number, type.Feature!.Scale),
            Guid id => id.ToString("D", CultureInfo.InvariantCulture).ToUpperInvariant(),
            float[] vector => MemoryMarshal.AsBytes(vector.AsSpan()).ToArray(),
            _ => LiteralText.Of(value),
        },
    };
}
