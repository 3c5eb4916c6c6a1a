using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Distiller;

/// <summary>
/// The joins of a training set as a named value: feature sets, chosen features, order, prefixes, key mappings, max ages (P12). A training set is built from it, and an online store answers the same columns in the same order.
/// It says what a model was trained on: keep <see cref="Fingerprint"/> or <see cref="ToJson"/> beside the model, and check it where the model serves.
/// </summary>
public sealed record ServingSet
{
    private static readonly ConditionalWeakTable<IReadOnlyList<FeatureSet>, ServingSet> Lists = [];

    internal ServingSet(string name, IEnumerable<TrainingJoin> joins, bool hasShortNames)
    {
        Name = Names.Check(name, "A serving set's name");
        Joins = ValueList<TrainingJoin>.Of(joins);
        HasShortNames = hasShortNames;
        if (Joins.Count == 0)
        {
            throw new ArgumentException($"The serving set '{name}' joins no feature set; join one first.", nameof(joins));
        }

        Plan = new(this);
    }

    /// <summary>The name. It is no part of the fingerprint.</summary>
    public string Name { get; }

    /// <summary>The joined feature sets, in output order.</summary>
    public IReadOnlyList<TrainingJoin> Joins { get; }

    /// <summary>Whether columns are the features' own names, without a prefix.</summary>
    public bool HasShortNames { get; }

    /// <summary>The columns: each join's features, in declared order, named as in the training set (P2).</summary>
    public IReadOnlyList<string> Columns => Plan.Columns;

    /// <summary>
    /// 64 hexadecimal digits that change when anything changes that a model sees: feature sets, entity keys and their mapping, features and their types, order, names, max ages. Descriptions, tables and the name are left out.
    /// The same on every machine.
    /// </summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ServingJson.Content(this))));

    internal ServingPlan Plan { get; }

    /// <summary>Whole feature sets, each under its own name and keys.</summary>
    /// <param name="name">The serving set's name.</param>
    /// <param name="sets">The feature sets, in output order.</param>
    public static ServingSet Of(string name, params IReadOnlyList<FeatureSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return new(name, sets.Select(set => TrainingJoin.Of(set)), hasShortNames: false);
    }

    /// <summary>The serving set of a list that is asked for again and again: worked out once, and anew where the list has changed since.</summary>
    internal static ServingSet OfList(IReadOnlyList<FeatureSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (!Lists.TryGetValue(sets, out var serving) || !serving.Joins.Select(join => join.Set).SequenceEqual(sets, ReferenceEqualityComparer.Instance))
        {
            serving = Of("features", sets);
            Lists.AddOrUpdate(sets, serving);
        }

        return serving;
    }

    /// <summary>The serving set as JSON text, with its fingerprint: to be kept beside a model. Byte-identical on every machine.</summary>
    public string ToJson() => ServingJson.Text(this);

    /// <summary>Checks that this serving set answers what a model was trained on.</summary>
    /// <param name="kept">What was kept beside the model: a fingerprint, or the text of <see cref="ToJson"/>, which tells the differences too.</param>
    /// <exception cref="InvalidOperationException">It does not; the message lists the differences where it knows them.</exception>
    /// <exception cref="ArgumentException">The text is neither.</exception>
    public void Check(string kept)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kept);
        var text = kept.Trim();
        if (text.StartsWith('{'))
        {
            ServingJson.Check(this, text);
        }
        else if (text.Length != 64 || !text.All(char.IsAsciiHexDigit))
        {
            throw new ArgumentException("What was kept is neither a fingerprint of 64 hexadecimal digits nor the JSON text of a serving set.", nameof(kept));
        }
        else if (!text.Equals(Fingerprint, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"The serving set '{Name}' has the fingerprint {Fingerprint}, and the model was trained on {text}; serve it with the declaration it was trained on, or train it anew. (Keep ToJson() beside the model to be told the differences.)");
        }
    }

    /// <summary>Equal where names, joins and short names are.</summary>
    public bool Equals(ServingSet? other) => other is not null && Name == other.Name && HasShortNames == other.HasShortNames && Joins.Equals(other.Joins);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, HasShortNames, Joins);
}
