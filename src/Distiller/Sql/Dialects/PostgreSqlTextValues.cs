namespace Distiller;

/// <summary>PostgreSQL's casts, behind patterns: a cast that fails would end the check instead of telling the row.</summary>
internal sealed class PostgreSqlTextValues : TextValues
{
    /// <summary>PostgreSQL 15 has no test of a JSON document.</summary>
    public override bool Checks(FeatureType type) => type.Kind is not (FeatureKind.String or FeatureKind.Json);

    public override void WriteTo(SqlWriter writer, FeatureType type, Scalar operand)
    {
        var (before, after) = type.Kind switch
        {
            FeatureKind.String => ("", ""),
            FeatureKind.Bytes => ("encode(", ", 'hex')"),
            FeatureKind.Date => ("to_char(", ", 'YYYY-MM-DD')"),
            FeatureKind.Timestamp => ("to_char(", " AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"),
            FeatureKind.FloatVector => ("translate(CAST(", " AS text), '{}', '[]')"),
            _ => ("CAST(", " AS text)"),
        };
        Write(writer, before, operand, after);
    }

    public override void WriteFrom(SqlWriter writer, FeatureType type, Scalar operand)
    {
        var (before, after) = type.Kind switch
        {
            FeatureKind.String => ("", ""),
            FeatureKind.Bytes => ("decode(", ", 'hex')"),
            FeatureKind.Timestamp => ("(CAST(", " AS timestamp) AT TIME ZONE 'UTC')"),
            FeatureKind.FloatVector => ("CAST(translate(", ", '[]', '{}') AS real[])"),
            _ => ("CAST(", $" AS {SqlDialect.PostgreSql.TypeName(StoredType.Of(type))})"),
        };
        Write(writer, before, operand, after);
    }

    public override void WriteMisfit(SqlWriter writer, FeatureType type, Scalar operand)
    {
        // Numbers and dates have a range besides.
        var isRanged = type.Kind is FeatureKind.Int32 or FeatureKind.Int64 or FeatureKind.Float32 or FeatureKind.Float64 or FeatureKind.Date or FeatureKind.Timestamp;
        Write(writer, isRanged ? "CASE WHEN " : "", operand, " !~ ");
        writer.Text.AddQuoted($"^{Pattern(type)}$", '\'');
        if (!isRanged)
        {
            return;
        }

        writer.Text.Add(" THEN TRUE");
        switch (type.Kind)
        {
            case FeatureKind.Int32:
                Write(writer, " ELSE CAST(", operand, " AS numeric) NOT BETWEEN -2147483648 AND 2147483647");
                break;
            case FeatureKind.Int64:
                Write(writer, " ELSE CAST(", operand, " AS numeric) NOT BETWEEN -9223372036854775808 AND 9223372036854775807");
                break;
            case FeatureKind.Float32 or FeatureKind.Float64:
                var (least, greatest) = type.Kind == FeatureKind.Float32 ? ("1.4e-45", "3.4028235e38") : ("5e-324", "1.7976931348623157e308");
                Write(writer, " WHEN ", operand, " ~ '[a-zA-DF-Z]{2}' THEN FALSE");
                Write(writer, " ELSE abs(CAST(", operand, $" AS numeric)) > {greatest}");
                Write(writer, " OR (abs(CAST(", operand, $" AS numeric)) < {least}");
                Write(writer, " AND CAST(", operand, " AS numeric) <> 0)");
                break;
            default:
                Write(writer, " WHEN ", operand, " LIKE '0000%' THEN TRUE");
                Write(writer, " ELSE CAST(substr(", operand, ", 9, 2) AS integer) > EXTRACT(DAY FROM CAST(substr(");
                Write(writer, "", operand, ", 1, 7) || '-01' AS date) + INTERVAL '1 month' - INTERVAL '1 day')");
                break;
        }

        writer.Text.Add(" END");
    }
}
