namespace Distiller;

/// <summary>
/// Values as text, as event tables keep them (F2): <c>true</c> and <c>false</c>, whole numbers without leading zeros, decimals, floats in their shortest exact form, dates <c>yyyy-MM-dd</c>,
/// instants <c>yyyy-MM-dd HH:mm:ss[.ffffff]</c> in UTC, bytes as hexadecimal digits. What a dialect writes it reads back as the same value.
/// </summary>
internal abstract class TextValues
{
    /// <summary>A value of the type as text; NULL stays NULL.</summary>
    public abstract void WriteTo(SqlWriter writer, FeatureType type, Scalar operand);

    /// <summary>Text that fits as a value of the type; NULL stays NULL.</summary>
    public abstract void WriteFrom(SqlWriter writer, FeatureType type, Scalar operand);

    /// <summary>Whether a query can tell text that is no value of the type; where not, there is none, or the engine's own parser refuses it.</summary>
    public virtual bool Checks(FeatureType type) => type.Kind != FeatureKind.String;

    /// <summary>Whether text that is not NULL is no value of the type.</summary>
    public abstract void WriteMisfit(SqlWriter writer, FeatureType type, Scalar operand);

    /// <summary>The grammar of a type's text; null where any text is a value, or the engine's own parser tells.</summary>
    protected static string? Pattern(FeatureType type)
    {
        const string number = "-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,3})?";
        const string floating = "(" + number + "|-?[iI][nN][fF]([iI][nN][iI][tT][yY])?|-?[nN][aA][nN])";
        const string date = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
        return type.Kind switch
        {
            FeatureKind.Bool => "(true|false)",
            FeatureKind.Int32 or FeatureKind.Int64 => "(0|-?[1-9][0-9]{0,18})",
            FeatureKind.Float32 or FeatureKind.Float64 => floating,
            FeatureKind.Decimal => $"-?{Whole(type.Precision - type.Scale)}{(type.Scale > 0 ? FormattableString.Invariant($"([.][0-9]{{1,{type.Scale}}})?") : "")}",
            FeatureKind.Bytes => "([0-9a-fA-F]{2})*",
            FeatureKind.Date => date,
            FeatureKind.Timestamp => date + " ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?",
            FeatureKind.Guid => "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
            FeatureKind.FloatVector when type.Length > 0 => FormattableString.Invariant($"\\[ *{floating}( *, *{floating}){{{type.Length - 1}}} *\\]"),
            FeatureKind.FloatVector => $"\\[ *({floating}( *, *{floating})*)? *\\]",
            _ => null,
        };

        static string Whole(int digits) => digits switch
        {
            0 => "0",
            1 => "[0-9]",
            _ => FormattableString.Invariant($"(0|[1-9][0-9]{{0,{digits - 1}}})"),
        };
    }

    /// <summary>Words around an operand.</summary>
    protected static void Write(SqlWriter writer, string before, Scalar operand, string after)
    {
        writer.Text.Add(before);
        writer.Write(operand);
        writer.Text.Add(after);
    }
}
