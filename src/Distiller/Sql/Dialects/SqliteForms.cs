using System.Globalization;

namespace Distiller;

/// <summary>
/// What a value looks like in SQLite, whose columns hold anything: of each type one storage class, and of a type kept as text one form, so that equal values are equal texts.
/// Tables of the user's may also keep decimals as numbers.
/// </summary>
internal static class SqliteForms
{
    private const string Hex = "[0-9A-F]";
    private const string Digit = "[0-9]";

    /// <summary>Whether a value is of another storage class or form than its type's.</summary>
    public static void WriteMisfit(SqlWriter writer, Misfit misfit)
    {
        var text = writer.Text;
        text.Add("(typeof(");
        writer.Write(misfit.Operand);
        text.Add(") NOT IN ('null', ").Add(Classes(misfit)).Add(')');
        switch (misfit.Type)
        {
            case { Time: TimeKind.Instant or TimeKind.Timestamp }:
                Or($" NOT GLOB '{Date()} {Time()}.{Repeat(Digit, 6)}'");
                break;
            case { Time: TimeKind.Date } or { Feature.Kind: FeatureKind.Date }:
                Or($" NOT GLOB '{Date()}'");
                break;
            case { Time: TimeKind.Text }:
                OrCall("length(", ") IN (20, 28)");
                OrCall("length(", ") > 28");
                OrCall("substr(", ", 20) GLOB '.*[^0-9]*'");
                OrCall("substr(", ", 20) GLOB '[^.]*'");
                Or($" NOT GLOB '{Date()} {Time()}*'");
                break;
            case { Feature.Kind: FeatureKind.Int32 }:
                Or(" NOT BETWEEN -2147483648 AND 2147483647");
                break;
            case { Feature.Kind: FeatureKind.Bool }:
                Or(" NOT IN (0, 1)");
                break;
            case { Feature.Kind: FeatureKind.Float32 }:
                OrCall("abs(", ") > 3.4028234663852886e38 AND abs(");
                writer.Write(misfit.Operand);
                text.Add(") < 9e999");
                break;
            case { Feature.Kind: FeatureKind.Guid } when misfit.InOneForm:
                Or($" NOT GLOB '{Repeat(Hex, 8)}-{Repeat(Hex, 4)}-{Repeat(Hex, 4)}-{Repeat(Hex, 4)}-{Repeat(Hex, 12)}'");
                break;
            case { Feature: { Kind: FeatureKind.Decimal } number } when misfit.InOneForm:
                OrDecimal(number);
                break;
            case { Feature.Kind: FeatureKind.Decimal }:
                OrCall("ltrim(", ", '-') GLOB '*[^.0-9]*'");
                OrCall("ltrim(", ", '-') NOT GLOB '*[0-9]*'");
                break;
        }

        text.Add(')');

        void Or(string after)
        {
            text.Add(" OR ");
            writer.Write(misfit.Operand);
            text.Add(after);
        }

        void OrCall(string before, string after)
        {
            text.Add(" OR ").Add(before);
            writer.Write(misfit.Operand);
            text.Add(after);
        }

        // Digits, one point before the last of them as the scale says, no zero before other whole digits, no sign but a minus before a number that is not zero.
        void OrDecimal(FeatureType number)
        {
            var whole = Math.Max(1, number.Precision - number.Scale);
            OrCall("replace(ltrim(", ", '-'), '.', '') GLOB '*[^0-9]*'");
            OrCall("ltrim(", ", '-') GLOB '0[0-9]*'");
            OrCall("instr(substr(", ", 2), '-') > 0");
            OrCall("(", " GLOB '-*' AND ");
            writer.Write(misfit.Operand);
            text.Add(" NOT GLOB '*[1-9]*')");
            if (number.Scale == 0)
            {
                Or(" GLOB '*.*'");
                OrCall("length(ltrim(", Invariant($", '-')) NOT BETWEEN 1 AND {whole}"));
                return;
            }

            OrCall("ltrim(", Invariant($", '-') NOT GLOB '{Digit}*.{Repeat(Digit, number.Scale)}'"));
            OrCall("instr(ltrim(", Invariant($", '-'), '.') NOT BETWEEN 2 AND {whole + 1}"));
            OrCall("length(ltrim(", ", '-')) - instr(ltrim(");
            writer.Write(misfit.Operand);
            text.Add(Invariant($", '-'), '.') <> {number.Scale}"));
            if (number.Precision == number.Scale)
            {
                OrCall("ltrim(", ", '-') NOT GLOB '0.*'");
            }
        }
    }

    /// <summary>A value in the form of its type where nothing is lost by it, else as it is: what the check then refuses is shown as it came.</summary>
    public static void Write(SqlWriter writer, InForm value)
    {
        switch (value.Type.Feature)
        {
            case { Kind: FeatureKind.Guid }:
                Around("upper(", ")");
                break;
            case { Kind: FeatureKind.Decimal } number:
                WriteDecimal(number.Scale);
                break;
            default:
                writer.Write(value.Operand);
                break;
        }

        void WriteDecimal(int scale)
        {
            var text = writer.Text;
            var tail = scale == 0 ? "''" : $"'.{new string('0', scale)}'";
            var print = Invariant($"printf('%.{scale}f', ");
            Line("CASE WHEN typeof(", ") = 'real' AND ");
            Line("", Invariant($" = 0 THEN '0'{(scale == 0 ? "" : " || " + tail)}"));
            Line(" WHEN typeof(", ") = 'real' AND CAST(" + print);
            Line("", ") AS REAL) = ");
            Line("", " THEN " + print);
            Line("", ")");
            Line(" WHEN typeof(", ") IN ('real', 'blob', 'null') OR ");
            Line("", " = '' OR ");
            Line("", " GLOB '*[^-.0-9]*' THEN ");
            Line("", "");
            Line(" WHEN instr(", ", '.') = 0 THEN ");
            Line("", " || " + tail);
            Line(" WHEN length(rtrim(", ", '0')) - instr(");
            Line("", Invariant($", '.') > {scale} THEN "));
            Line("", "");
            Line(" ELSE substr(rtrim(", Invariant($", '0') || '{new string('0', scale)}', 1, instr("));
            Line("", Invariant($", '.') + {(scale == 0 ? -1 : scale)}) END"));

            void Line(string before, string after)
            {
                text.Add(before);
                writer.WriteOperand(value.Operand);
                text.Add(after);
            }
        }

        void Around(string before, string after)
        {
            writer.Text.Add(before);
            writer.Write(value.Operand);
            writer.Text.Add(after);
        }
    }

    private static string Classes(Misfit misfit) => misfit.Type switch
    {
        { Time: TimeKind.Instant or TimeKind.Timestamp or TimeKind.Date or TimeKind.Text } => "'text'",
        { Time: not null } => "'integer'",
        { Feature.Kind: FeatureKind.Bool or FeatureKind.Int32 or FeatureKind.Int64 } => "'integer'",
        { Feature.Kind: FeatureKind.Float32 or FeatureKind.Float64 } => "'real', 'integer'",
        { Feature.Kind: FeatureKind.Bytes or FeatureKind.FloatVector } => "'blob'",
        { Feature.Kind: FeatureKind.Decimal } when !misfit.InOneForm => "'text', 'integer', 'real'",
        _ => "'text'",
    };

    private static string Date() => $"{Repeat(Digit, 4)}-{Repeat(Digit, 2)}-{Repeat(Digit, 2)}";

    private static string Time() => $"{Repeat(Digit, 2)}:{Repeat(Digit, 2)}:{Repeat(Digit, 2)}";

    private static string Repeat(string pattern, int times) => string.Concat(Enumerable.Repeat(pattern, times));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
