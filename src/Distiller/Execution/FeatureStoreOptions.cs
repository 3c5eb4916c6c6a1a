using System.Data.Common;

namespace Distiller;

/// <summary>How a <see cref="FeatureStore"/> works with its connection.</summary>
public sealed record FeatureStoreOptions
{
    /// <summary>The dialect; null = told by the connection's type.</summary>
    public SqlDialect? Dialect { get; init; }

    /// <summary>The provider's fast paths, from a package such as Distiller.DuckDB; null = any provider's own commands.</summary>
    public IDatabaseDriver? Driver { get; init; }

    /// <summary>The clock of created and published timestamps.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How often a publish is tried where another publisher is in its way and Distiller opened the transaction (B7).</summary>
    public int MaxAttempts { get; init; } = 50;

    /// <summary>The time a statement may take; null = the provider's default.</summary>
    public TimeSpan? CommandTimeout { get; init; }

    /// <summary>The caller's transaction, in which everything then runs; null = Distiller opens one where it needs one.</summary>
    public DbTransaction? Transaction { get; init; }

    /// <summary>From this many history rows on, shorter keys save more of an ASOF JOIN's sort than the look at them costs.</summary>
    internal long LargeHistory { get; init; } = 100_000;
}

/// <summary>How a publish takes its rows.</summary>
public sealed record PublishOptions
{
    /// <summary>The created time of rows that bring none; null = the clock, once per call (B4).</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Leaves out rows equal to the one before them (B11); the source must arrive in event order.</summary>
    public bool OnlyChanged { get; init; }

    /// <summary>Hears of the publish as it goes.</summary>
    public IProgress<StoreProgress>? Progress { get; init; }
}

/// <summary>How far a publish or an unload is.</summary>
/// <param name="FeatureSet">The feature set.</param>
/// <param name="Step">What is being done.</param>
/// <param name="Rows">The rows handled so far in this step.</param>
public readonly record struct StoreProgress(string FeatureSet, string Step, long Rows);

/// <summary>What a publish did (B9). Every count comes from a query.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record PublishResult
{
    /// <summary>The feature set.</summary>
    public required string FeatureSet { get; init; }

    /// <summary>The rows offered.</summary>
    public long Offered { get; init; }

    /// <summary>The rows appended to history.</summary>
    public long Appended { get; init; }

    /// <summary>The rows left out because history or the batch itself held them already.</summary>
    public long AlreadyPresent { get; init; }

    /// <summary>The rows left out because they changed nothing (<see cref="PublishOptions.OnlyChanged"/>).</summary>
    public long Unchanged { get; init; }

    /// <summary>The keys latest gained.</summary>
    public long LatestInserted { get; init; }

    /// <summary>The keys whose latest row was replaced by a newer one.</summary>
    public long LatestUpdated { get; init; }

    /// <summary>The rows appended below their key's latest as it stood before the call.</summary>
    public long Late { get; init; }

    /// <summary>The result in one line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{FeatureSet}: {Offered} offered, {Appended} appended, {AlreadyPresent} already present, {Unchanged} unchanged, {Late} late; latest {LatestInserted} inserted, {LatestUpdated} updated");
}

/// <summary>One row of latest as an unload hands it out.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record LatestRow
{
    /// <summary>The feature set.</summary>
    public required FeatureSet FeatureSet { get; init; }

    /// <summary>The entity key, in the entity's key order.</summary>
    public required IReadOnlyList<object> Key { get; init; }

    /// <summary>The event time in UTC; a long where it is an ordinal; null where the set is static.</summary>
    public required object? EventTime { get; init; }

    /// <summary>The created time in UTC; null where the set has none, or the row's is NULL; a long where it is an ordinal.</summary>
    public object? CreatedTime { get; init; }

    /// <summary>Where a row of an interval table ends, exclusive, as <see cref="EventTime"/>; null where it is open, or the set is not of intervals. Rows that have ended are handed out too.</summary>
    public object? ValidTo { get; init; }

    /// <summary>The features, in declared order; null = NULL.</summary>
    public required IReadOnlyList<object?> Values { get; init; }

    /// <summary>The tie-breakers that stand in the created time's place, in declared order; empty where there are none.</summary>
    public IReadOnlyList<object?> TieBreakers { get; init; } = [];

    /// <summary>Whether the key has ended: its newest row is a tombstone, the features are null, and an online store answers the key no longer.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>
    /// The event time of each feature, in the features' order, null where the feature is null: in a sparse set features come from different rows, each with its own age (W3, W4). Null for a dense set, whose features
    /// all hold since <see cref="EventTime"/>. Each is as <see cref="EventTime"/>.
    /// </summary>
    public IReadOnlyList<object?>? FeatureTimes { get; init; }

    /// <summary>The store's clock when the row was last written; null where latest does not carry it.</summary>
    public DateTime? PublishedTimestamp { get; init; }
}
