using System.Globalization;

namespace Distiller;

/// <summary>A parameter of a manifest's SQL.</summary>
/// <param name="Name">Its name, without the dialect's marker.</param>
/// <param name="Type">The declared type, in words.</param>
/// <param name="Value">The value as text: instants as <c>yyyy-MM-dd HH:mm:ss.ffffff</c> in UTC; null = NULL.</param>
public sealed record ManifestParameter(string Name, string Type, string? Value);

/// <summary>What the history of a feature set was when a manifest was made.</summary>
/// <param name="FeatureSet">The feature set.</param>
/// <param name="History">Its history table.</param>
/// <param name="Rows">Its rows, of those known at <see cref="Manifest.KnownAt"/> where the set has a created time.</param>
/// <param name="NewestCreated">Their greatest created time in UTC; null where there is none, or it is an ordinal.</param>
public sealed record ManifestSet(string FeatureSet, string History, long Rows, DateTimeOffset? NewestCreated);

/// <summary>
/// What a training set was made of, to keep beside a model: SQL and parameters, dialect, what was known, how many rows came out of how much history, and a checksum of them. Serialised by <see cref="ToJson"/>.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record Manifest
{
    /// <summary>The store's clock when it was made, in UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The dialect's name.</summary>
    public required string Dialect { get; init; }

    /// <summary>The training set, in words.</summary>
    public required string Training { get; init; }

    /// <summary>The query, as it was compiled for the dialect.</summary>
    public required string Sql { get; init; }

    /// <summary>The query's parameters.</summary>
    public IReadOnlyList<ManifestParameter> Parameters { get; init; } = [];

    /// <summary>What the training set was to know.</summary>
    public Knowledge Knowledge { get; init; }

    /// <summary>The instant whose knowledge rebuilds it (<c>KnownAt(manifest.KnownAt)</c>): its own knowledge instant, or for today's knowledge <see cref="CreatedAt"/>. Null where each row has its own. In UTC.</summary>
    public DateTimeOffset? KnownAt { get; init; }

    /// <summary>The output columns, in order.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The rows.</summary>
    public long Rows { get; init; }

    /// <summary>A sum of hashes of the rows, which is the same in whatever order they come. Compare it only with one of the same <see cref="ChecksumAlgorithm"/>.</summary>
    public required string Checksum { get; init; }

    /// <summary>How the checksum was computed and by what: checksums of one algorithm are comparable across servers, versions and sessions, those of two are not.</summary>
    public required string ChecksumAlgorithm { get; init; }

    /// <summary>The histories it was joined from.</summary>
    public IReadOnlyList<ManifestSet> Sets { get; init; } = [];

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="ArgumentException">It is no manifest, or one of a later Distiller.</exception>
    public static Manifest FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ManifestJson.Read(json);
    }

    /// <summary>The manifest as JSON text.</summary>
    public string ToJson() => ManifestJson.Text(this);

    /// <summary>What differs between this manifest and an earlier one of the same training set, in words; empty = the rows are the same, as far as the checksums tell.</summary>
    public IReadOnlyList<string> DifferencesFrom(Manifest earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return ValueList<string>.Of(Differences(earlier));
    }

    /// <summary>The manifest as a table of aligned text; the SQL is left out.</summary>
    public override string ToString() => Grid.Of(this).ToText();

    private IEnumerable<string> Differences(Manifest earlier)
    {
        if (!Columns.SequenceEqual(earlier.Columns))
        {
            yield return $"The columns are {string.Join(", ", Columns)}, not {string.Join(", ", earlier.Columns)}.";
        }

        if (Rows != earlier.Rows)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"There are {Rows} rows, not {earlier.Rows}.");
        }

        if (ChecksumAlgorithm != earlier.ChecksumAlgorithm)
        {
            yield return $"The checksums cannot be compared: one is {ChecksumAlgorithm}, the other {earlier.ChecksumAlgorithm}.";
        }
        else if (Checksum != earlier.Checksum)
        {
            yield return "The checksums differ, so some row does: a restatement shows which later knowledge changed; what it does not show was deleted, or overwritten in place.";
        }
    }
}
