using System.Globalization;

namespace Distiller;

/// <summary>How a key of latest differs from its history.</summary>
public enum LatestDifference
{
    /// <summary>History knows the key, latest does not.</summary>
    Missing,

    /// <summary>Latest has the key, history no row of it that may win.</summary>
    Extra,

    /// <summary>Latest has another row than the newest of history (of a sparse set: other times or values).</summary>
    Differing,
}

/// <summary>One key whose latest differs from its history.</summary>
public sealed record ReconciledKey
{
    /// <summary>How it differs.</summary>
    public required LatestDifference Difference { get; init; }

    /// <summary>The key, in the entity's key order.</summary>
    public required IReadOnlyList<object?> Key { get; init; }

    /// <summary>What latest must be by its history, in the order of <see cref="ReconcileResult.Columns"/>; instants in UTC, null = NULL. Null where the key is extra.</summary>
    public IReadOnlyList<object?>? MustBe { get; init; }

    /// <summary>What latest is (or was, where it is repaired), likewise. Null where the key is missing.</summary>
    public IReadOnlyList<object?>? Is { get; init; }

    /// <summary>The columns that differ; empty where the key is missing or extra.</summary>
    public IReadOnlyList<string> DifferingColumns { get; init; } = [];
}

/// <summary>How latest differs from its history (F3). Counts come from a query, in one snapshot with the keys.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record ReconcileResult
{
    /// <summary>The feature set.</summary>
    public required string FeatureSet { get; init; }

    /// <summary>The keys that latest lacks.</summary>
    public long Missing { get; init; }

    /// <summary>The keys of latest that history does not know.</summary>
    public long Extra { get; init; }

    /// <summary>The keys whose latest is not what history says.</summary>
    public long Differing { get; init; }

    /// <summary>Whether the differences were repaired; then they are as they were before.</summary>
    public bool IsRepaired { get; init; }

    /// <summary>The key columns.</summary>
    public required IReadOnlyList<string> KeyColumns { get; init; }

    /// <summary>The columns that were compared: times, features, tie-breakers, whether a key ended, sparse features' event times.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The first keys of each kind, in the order of their keys.</summary>
    public IReadOnlyList<ReconciledKey> Keys { get; init; } = [];

    /// <summary>Whether latest is what history says (and was, before any repair).</summary>
    public bool IsConsistent => Missing + Extra + Differing == 0;

    /// <summary>The counts in one line, and the first keys as a table of aligned text.</summary>
    public override string ToString() => Grid.Of(this).ToText();

    internal string Summary => IsConsistent
        ? "latest is what history says"
        : string.Create(CultureInfo.InvariantCulture, $"{Missing} keys missing, {Extra} extra, {Differing} differing{(IsRepaired ? ": repaired" : "")}");
}
