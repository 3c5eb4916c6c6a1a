using System.Globalization;

namespace Distiller;

/// <summary>From a catalog's type to a feature type: the narrowest whose columns the dialect takes it for.</summary>
internal static class TypeGuess
{
    private static readonly ValueList<FeatureType> Narrowest = ValueList<FeatureType>.Of(
    [
        FeatureType.Bool, FeatureType.Int32, FeatureType.Int64, FeatureType.Float32, FeatureType.Float64, FeatureType.String, FeatureType.Bytes, FeatureType.Date, FeatureType.Timestamp, FeatureType.Guid, FeatureType.Json, FeatureType.FloatVector,
    ]);

    public static FeatureType? Of(SqlDialect dialect, string columnType) => Decimal(columnType) ?? Narrowest.FirstOrDefault(type => dialect.Fits(StoredType.Of(type), columnType));

    /// <summary>A decimal by its precision and scale, where a <see cref="decimal"/> holds as many digits.</summary>
    public static FeatureType? Decimal(string columnType)
    {
        var open = columnType.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || columnType[..open].ToUpperInvariant().Trim() is not ("DECIMAL" or "NUMERIC"))
        {
            return null;
        }

        var digits = columnType[(open + 1)..].TrimEnd(')').Split(',');
        return int.TryParse(digits[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out var precision) && precision is >= 1 and <= 28
            && int.TryParse(digits.Length > 1 ? digits[1] : "0", NumberStyles.Integer, CultureInfo.InvariantCulture, out var scale) && scale >= 0 && scale <= precision
            ? FeatureType.Decimal(precision, scale)
            : null;
    }
}
