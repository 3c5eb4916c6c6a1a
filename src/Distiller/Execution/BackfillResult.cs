using System.Globalization;

namespace Distiller;

/// <summary>How far a backfill is.</summary>
/// <param name="FeatureSet">The feature set.</param>
/// <param name="Slice">The slice that is done, from 1.</param>
/// <param name="Slices">How many there are.</param>
/// <param name="Result">What the slice did.</param>
public sealed record BackfillProgress(string FeatureSet, int Slice, int Slices, BackfillSlice Result);

/// <summary>What one slice of a backfill did.</summary>
/// <param name="From">The first event time, inclusive, in UTC.</param>
/// <param name="To">The last event time, exclusive, in UTC.</param>
/// <param name="Published">What was published.</param>
public sealed record BackfillSlice(DateTimeOffset From, DateTimeOffset To, PublishResult Published);

/// <summary>What a backfill did, slice by slice.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record BackfillResult
{
    /// <summary>The feature set.</summary>
    public required string FeatureSet { get; init; }

    /// <summary>The slices, oldest first; none where the source is empty.</summary>
    public IReadOnlyList<BackfillSlice> Slices { get; init; } = [];

    /// <summary>The rows offered.</summary>
    public long Offered => Slices.Sum(slice => slice.Published.Offered);

    /// <summary>The rows appended to history.</summary>
    public long Appended => Slices.Sum(slice => slice.Published.Appended);

    /// <summary>The rows that were there already: of an earlier run, for example.</summary>
    public long AlreadyPresent => Slices.Sum(slice => slice.Published.AlreadyPresent);

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{FeatureSet}: {Slices.Count} slices, {Offered} rows offered, {Appended} appended, {AlreadyPresent} already present");
}
