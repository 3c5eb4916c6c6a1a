namespace Distiller;

/// <summary>A column of a result by its ordinal: its name and declared type; null = a column of the spine that was never declared, read as the provider hands it out.</summary>
internal sealed record ResultColumn(string Name, StoredType? Type, bool IsFeature = false);
