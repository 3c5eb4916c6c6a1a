namespace Distiller;

/// <summary>SQLite, which keeps flags as numbers, decimals and instants as text of fixed form, and vectors as bytes; its JSON parser tells a number.</summary>
internal sealed class SqliteTextValues : TextValues
{
    private const string GuidForm = "[0-9A-F][0-9A-F][0-9A-F][0-9A-F]";

    public override void WriteTo(SqlWriter writer, FeatureType type, Scalar operand)
    {
        switch (type.Kind)
        {
            case FeatureKind.Bool:
                Write(writer, "CASE ", operand, " WHEN 1 THEN 'true' WHEN 0 THEN 'false' END");
                break;
            case FeatureKind.Float32 or FeatureKind.Float64:
                // quote() writes as many digits as tell the number apart, and NULL as a word.
                Write(writer, "CASE WHEN ", operand, " IS NOT NULL THEN quote(CAST(");
                Write(writer, "", operand, " AS REAL)) END");
                break;
            case FeatureKind.Bytes or FeatureKind.FloatVector:
                Write(writer, "CASE WHEN ", operand, " IS NOT NULL THEN lower(hex(");
                Write(writer, "", operand, ")) END");
                break;
            case FeatureKind.Guid:
                Write(writer, "lower(", operand, ")");
                break;
            case FeatureKind.Int32 or FeatureKind.Int64 or FeatureKind.Decimal:
                Write(writer, "CAST(", operand, " AS TEXT)");
                break;
            default:
                writer.Write(operand);
                break;
        }
    }

    public override void WriteFrom(SqlWriter writer, FeatureType type, Scalar operand)
    {
        switch (type.Kind)
        {
            case FeatureKind.Bool:
                Write(writer, "CASE ", operand, " WHEN 'true' THEN 1 WHEN 'false' THEN 0 END");
                break;
            case FeatureKind.Int32 or FeatureKind.Int64:
                Write(writer, "CAST(", operand, " AS INTEGER)");
                break;
            case FeatureKind.Float32 or FeatureKind.Float64:
                Write(writer, "CASE ", operand, " COLLATE NOCASE WHEN 'inf' THEN 9e999 WHEN 'infinity' THEN 9e999 WHEN '-inf' THEN -9e999 WHEN '-infinity' THEN -9e999 ELSE CAST(");
                Write(writer, "", operand, " AS REAL) END");
                break;
            case FeatureKind.Decimal when type.Scale > 0:
                var zeros = new string('0', type.Scale);
                Write(writer, "CASE instr(", operand, ", '.') WHEN 0 THEN ");
                Write(writer, "", operand, $" || '.{zeros}' ELSE ");
                Write(writer, "", operand, $" || substr('{zeros}', length(");
                Write(writer, "", operand, ") - instr(");
                Write(writer, "", operand, ", '.') + 1) END");
                break;
            case FeatureKind.Bytes or FeatureKind.FloatVector:
                Write(writer, "unhex(", operand, ")");
                break;
            case FeatureKind.Timestamp:
                Write(writer, "CASE length(", operand, ") WHEN 19 THEN ");
                Write(writer, "", operand, " || '.000000' ELSE substr(");
                Write(writer, "", operand, " || '000000', 1, 26) END");
                break;
            case FeatureKind.Guid:
                Write(writer, "upper(", operand, ")");
                break;
            default:
                writer.Write(operand);
                break;
        }
    }

    public override void WriteMisfit(SqlWriter writer, FeatureType type, Scalar operand)
    {
        switch (type.Kind)
        {
            case FeatureKind.Bool:
                Write(writer, "", operand, " NOT IN ('true', 'false')");
                break;
            case FeatureKind.Int32 or FeatureKind.Int64:
                Write(writer, "(CAST(CAST(", operand, " AS INTEGER) AS TEXT) <> ");
                writer.Write(operand);
                if (type.Kind == FeatureKind.Int32)
                {
                    Write(writer, " OR CAST(", operand, " AS INTEGER) NOT BETWEEN -2147483648 AND 2147483647");
                }

                writer.Text.Add(')');
                break;
            case FeatureKind.Float32 or FeatureKind.Float64:
                var greatest = type.Kind == FeatureKind.Float32 ? "3.4028235677973366e38" : "1.7976931348623157e308";
                Write(writer, "CASE WHEN lower(", operand, ") IN ('inf', '-inf', 'infinity', '-infinity', '9.0e+999', '-9.0e+999') THEN FALSE WHEN ");
                Write(writer, "", operand, " = '' OR ");
                Write(writer, "", operand, " GLOB '*[^-+.0-9eE]*' OR NOT json_valid(");
                Write(writer, "", operand, ") THEN TRUE ELSE json_type(");
                Write(writer, "", operand, ") NOT IN ('integer', 'real') OR abs(CAST(");
                Write(writer, "", operand, $" AS REAL)) > {greatest} END");
                break;
            case FeatureKind.Decimal:
                WriteDecimalMisfit(writer, type, operand);
                break;
            case FeatureKind.Bytes:
                Write(writer, "unhex(", operand, ") IS NULL");
                break;
            case FeatureKind.FloatVector:
                Write(writer, "(unhex(", operand, ") IS NULL OR length(");
                Write(writer, "", operand, type.Length > 0 ? FormattableString.Invariant($") <> {type.Length * 8})") : ") % 8 <> 0)");
                break;
            case FeatureKind.Date:
                Write(writer, "date(", operand, ") IS NOT ");
                writer.Write(operand);
                break;
            case FeatureKind.Timestamp:
                Write(writer, "(strftime('%Y-%m-%d %H:%M:%S', substr(", operand, ", 1, 19)) IS NOT substr(");
                Write(writer, "", operand, ", 1, 19) OR substr(");
                Write(writer, "", operand, ", 12, 2) > '23' OR length(");
                Write(writer, "", operand, ") = 20 OR length(");
                Write(writer, "", operand, ") > 26 OR substr(");
                Write(writer, "", operand, ", 20) GLOB '[^.]*' OR substr(");
                Write(writer, "", operand, ", 21) GLOB '*[^0-9]*')");
                break;
            case FeatureKind.Guid:
                Write(writer, "upper(", operand, $") NOT GLOB '{GuidForm}{GuidForm}-{GuidForm}-{GuidForm}-{GuidForm}-{GuidForm}{GuidForm}{GuidForm}'");
                break;
            default:
                Write(writer, "NOT json_valid(", operand, ")");
                break;
        }
    }

    private static void WriteDecimalMisfit(SqlWriter writer, FeatureType type, Scalar operand)
    {
        var whole = FormattableString.Invariant($"{Math.Max(type.Precision - type.Scale, 1)}");
        var unsigned = "ltrim(";
        Write(writer, "CASE WHEN ", operand, " = '' OR NOT json_valid(");
        Write(writer, "", operand, ") THEN TRUE WHEN ");
        Write(writer, "", operand, " GLOB '*[^-.0-9]*' THEN TRUE ELSE instr(");
        Write(writer, unsigned, operand, FormattableString.Invariant($", '-') || '.', '.') - 1 > {whole} OR length("));
        Write(writer, "", operand, ") - instr(");
        Write(writer, "", operand, FormattableString.Invariant($" || '.', '.') > {type.Scale}"));
        if (type.Precision == type.Scale)
        {
            Write(writer, " OR ltrim(", operand, ", '-') NOT GLOB '0*'");
        }

        writer.Text.Add(" END");
    }
}
