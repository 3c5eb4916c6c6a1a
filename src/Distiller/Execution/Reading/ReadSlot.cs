namespace Distiller;

/// <summary>How a <see cref="TypedReader"/> hands out one column.</summary>
internal sealed class ReadSlot
{
    /// <summary>The column's ordinal in the provider's reader.</summary>
    public required int Source { get; init; }

    /// <summary>The name handed out: the column's, or the member's a row parser asks for.</summary>
    public required string Name { get; init; }

    /// <summary>The column's own name, for errors.</summary>
    public required string Column { get; init; }

    /// <summary>The type handed out; null = the provider's.</summary>
    public required Type? Type { get; init; }

    /// <summary>The type in words, and the way out where it does not fit, for errors.</summary>
    public required string Wanted { get; init; }

    /// <summary>Makes the value handed out from the provider's; null where it does not fit.</summary>
    public required Func<object, object?> Convert { get; init; }

    /// <summary>Whether a provider's value of exactly <see cref="Type"/> always fits; what a column counts or cuts off has to be converted.</summary>
    public bool IsDirect { get; init; }

    /// <summary>What a NULL breaks, and the way out; null where a NULL may pass.</summary>
    public string? NullRefusal { get; init; }

    public static ReadSlot Of(int source, ResultColumn column, string? wanted = null) => new()
    {
        Source = source,
        Name = column.Name,
        Column = column.Name,
        Type = column.Type?.ClrType,
        Wanted = wanted ?? (column.Type is { } declared ? $"{declared}; correct the stored value, or declare the column as a type that holds it" : "the provider's type"),
        IsDirect = column.Type is { } direct && (!direct.IsTime || direct.Time is TimeKind.Instant or TimeKind.Timestamp or TimeKind.Ordinal),
        Convert = column.Type is { } type ? ValueReading.Of(type) : ValueReading.Undeclared,
    };
}
