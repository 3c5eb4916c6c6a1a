namespace Distiller;

/// <summary>The type of a stored column: a feature's (or key's), or a time column's kind.</summary>
internal readonly record struct StoredType(FeatureType? Feature, TimeKind? Time, bool IsKey = false)
{
    public static readonly StoredType RowNumber = Of(FeatureType.Int64);

    public static readonly StoredType Instant = Of(TimeKind.Instant);

    public static StoredType Of(FeatureType type) => type.Kind == FeatureKind.Timestamp ? new(null, TimeKind.Instant) : new(type, null);

    public static StoredType Of(TimeKind kind) => new(null, kind);

    public static StoredType Key(FeatureType type) => Of(type) with { IsKey = true };

    public bool IsTime => Time is not null;

    /// <summary>What a reader hands out for it: DateTime (UTC) for an instant of any kind, long for an ordinal.</summary>
    public Type ClrType => Time switch
    {
        null => Feature!.ClrType,
        TimeKind.Ordinal => typeof(long),
        _ => typeof(DateTime),
    };

    public override string ToString() => Time is { } kind ? (kind == TimeKind.Instant ? "timestamp" : $"time ({kind})") : Feature!.ToString();
}
