using System.Diagnostics.CodeAnalysis;

namespace Distiller;

/// <summary>What an online store answered for one feature set (one join of a serving set).</summary>
/// <param name="Prefix">The join's prefix; the feature set's name unless the join says otherwise.</param>
/// <param name="Set">The feature set.</param>
/// <param name="Status">Whether there was a value, and young enough.</param>
/// <param name="EventTime">The value's event time in UTC (a long where it is an ordinal), in a sparse set the newest row's; null where it is missing.</param>
/// <param name="CreatedTime">The value's created time in UTC; null where it is missing, has none, or is of a sparse set.</param>
public sealed record OnlineFeatureSet(string Prefix, FeatureSet Set, OnlineStatus Status, object? EventTime, object? CreatedTime);

/// <summary>The features of one entity as an online store answered them (O6): the columns of the training set, in its order, and a status per feature set. A miss is no error: its features are null.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed class OnlineFeatures
{
    private readonly object?[] values;

    internal OnlineFeatures(ServingSet serving, object?[] values, OnlineFeatureSet[] sets)
    {
        Serving = serving;
        this.values = values;
        Sets = sets;
    }

    /// <summary>What was asked for.</summary>
    public ServingSet Serving { get; }

    /// <summary>What was answered for each feature set, in the joins' order.</summary>
    public IReadOnlyList<OnlineFeatureSet> Sets { get; }

    /// <summary>The columns, named and ordered as in the training set.</summary>
    public IReadOnlyList<string> Columns => Serving.Columns;

    /// <summary>The values of the columns, with their declared .NET types; null = NULL, expired or missing.</summary>
    public IReadOnlyList<object?> Values => values;

    /// <summary>Whether every feature set has a value young enough.</summary>
    public bool IsComplete => Sets.All(set => set.Status == OnlineStatus.Hit);

    /// <summary>The value of a column, by its name without regard to case.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public object? this[string column]
    {
        get
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (Names.Comparer.Equals(Columns[i], column))
                {
                    return values[i];
                }
            }

            throw new KeyNotFoundException($"There is no column '{column}'; there are {string.Join(", ", Columns)}.");
        }
    }

    /// <summary>The status of a feature set, by the join's prefix.</summary>
    /// <exception cref="KeyNotFoundException">No join has that prefix.</exception>
    public OnlineStatus StatusOf(string prefix) =>
        Sets.FirstOrDefault(set => set.Prefix == prefix)?.Status
        ?? throw new KeyNotFoundException($"There is no feature set '{prefix}'; there are {string.Join(", ", Sets.Select(set => set.Prefix))}.");

    /// <summary>The columns and their values.</summary>
    public Dictionary<string, object?> ToDictionary()
    {
        var dictionary = new Dictionary<string, object?>(values.Length, StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            dictionary.Add(Columns[i], values[i]);
        }

        return dictionary;
    }

    /// <summary>
    /// The features as floats in the declared order, as a model takes them: numbers rounded to the nearest float, true as 1, false as 0, null as NaN, the elements of vectors of a declared length one after another.
    /// </summary>
    /// <exception cref="InvalidOperationException">A feature is no number; choose the features of the join.</exception>
    public float[] ToVector()
    {
        var vector = new float[OnlineVector.Length(Serving)];
        OnlineVector.Fill(Serving, values, vector);
        return vector;
    }

    /// <summary>Writes what <see cref="ToVector"/> returns to the first elements of a span: into a model's input, without an array in between.</summary>
    /// <returns>How many elements were written.</returns>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public int CopyTo(Span<float> vector)
    {
        var length = OnlineVector.Length(Serving);
        if (vector.Length < length)
        {
            throw new ArgumentException(FormattableString.Invariant($"The features of serving set '{Serving.Name}' make {length} floats, and the span has room for {vector.Length}."), nameof(vector));
        }

        OnlineVector.Fill(Serving, values, vector);
        return length;
    }

    /// <summary>The columns with their values and statuses, as a table of aligned text.</summary>
    public override string ToString() => Grid.Of(this).ToText();

    /// <summary>The values as an object whose members match the columns without regard to case and underscores (<c>[Column]</c> wins). Columns without a member are left out.</summary>
    /// <typeparam name="T">A class, record or struct, as for <see cref="FeatureStore.QueryAsync"/>.</typeparam>
    /// <exception cref="InvalidOperationException">The type cannot be filled from these columns, or a null meets a member that holds none.</exception>
    public T To<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields)] T>() => OnlineRow<T>.Read(Serving, values);
}
