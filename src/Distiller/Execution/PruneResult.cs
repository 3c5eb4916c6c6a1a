using System.Globalization;

namespace Distiller;

/// <summary>What a retention deleted of history, or would. Every count comes from a query, within its transaction.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record PruneResult
{
    /// <summary>The feature set.</summary>
    public required string FeatureSet { get; init; }

    /// <summary>The instant before which history was pruned, in UTC.</summary>
    public required DateTimeOffset Before { get; init; }

    /// <summary>The rows history had.</summary>
    public long Rows { get; init; }

    /// <summary>Those before the instant.</summary>
    public long RowsBefore { get; init; }

    /// <summary>Those that were deleted, or would be.</summary>
    public long Pruned { get; init; }

    /// <summary>Whether rows were only counted.</summary>
    public bool IsReport { get; init; }

    /// <summary>The rows before the instant that stay, because something from it on needs them.</summary>
    public long Kept => RowsBefore - Pruned;

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{FeatureSet}: {Pruned} of {Rows} history rows {(IsReport ? "would be deleted" : "deleted")}, {Kept} of {RowsBefore} before {Instants.Text(Instants.Microseconds(Before))} UTC kept");
}
