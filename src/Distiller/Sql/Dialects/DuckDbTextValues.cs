namespace Distiller;

/// <summary>DuckDB's casts, behind patterns that they do not keep: they round.</summary>
internal sealed class DuckDbTextValues : TextValues
{
    public override void WriteTo(SqlWriter writer, FeatureType type, Scalar operand)
    {
        var (before, after) = type.Kind switch
        {
            FeatureKind.String => ("", ""),
            FeatureKind.Bytes => ("lower(hex(", "))"),
            // Without a digit before it, the point of a fraction stands first.
            FeatureKind.Decimal when type.Precision == type.Scale => ("regexp_replace(CAST(", " AS VARCHAR), '^(-?)[.]', '\\10.')"),
            FeatureKind.Timestamp => ("strftime(make_timestamp(epoch_us(", ")), '%Y-%m-%d %H:%M:%S.%f')"),
            _ => ("CAST(", " AS VARCHAR)"),
        };
        Write(writer, before, operand, after);
    }

    public override void WriteFrom(SqlWriter writer, FeatureType type, Scalar operand)
    {
        var (before, after) = type.Kind switch
        {
            FeatureKind.String => ("", ""),
            FeatureKind.Bytes => ("from_hex(", ")"),
            FeatureKind.Timestamp => ("make_timestamptz(epoch_us(CAST(", " AS TIMESTAMP)))"),
            _ => ("CAST(", $" AS {SqlDialect.DuckDb.TypeName(StoredType.Of(type))})"),
        };
        Write(writer, before, operand, after);
    }

    public override void WriteMisfit(SqlWriter writer, FeatureType type, Scalar operand)
    {
        writer.Text.Add('(');
        if (Pattern(type) is { } pattern)
        {
            Write(writer, "NOT regexp_full_match(", operand, ", ");
            writer.Text.AddQuoted(pattern, '\'').Add(") OR ");
        }

        var asType = type.Kind switch
        {
            FeatureKind.Timestamp => "TIMESTAMP",
            FeatureKind.Bytes => "VARCHAR",
            _ => SqlDialect.DuckDb.TypeName(StoredType.Of(type)),
        };
        Write(writer, "TRY_CAST(", operand, $" AS {asType}) IS NULL");
        if (type.Kind is FeatureKind.Float32 or FeatureKind.Float64)
        {
            // A number too great becomes an infinity.
            Write(writer, " OR (isinf(TRY_CAST(", operand, $" AS {asType})) AND NOT contains(lower(");
            Write(writer, "", operand, "), 'inf'))");
        }

        writer.Text.Add(')');
    }
}
