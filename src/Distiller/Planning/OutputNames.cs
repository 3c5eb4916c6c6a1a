namespace Distiller;

/// <summary>The output columns of a training set (P2): the spine's, then each join's features, no name twice without regard to case.</summary>
internal static class OutputNames
{
    public static string Of(TrainingSet training, TrainingJoin join, Feature feature) => Of(training.HasShortNames, join, feature);

    public static string Of(bool hasShortNames, TrainingJoin join, Feature feature) => hasShortNames ? feature.Name : $"{join.Prefix}__{feature.Name}";

    /// <summary>The column that tells whether a join matched (P6); it keeps the prefix where names are short.</summary>
    public static string Status(TrainingJoin join) => $"{join.Prefix}__status";

    /// <summary>The column that tells since when a join's match holds (P6).</summary>
    public static string FeatureTimestamp(TrainingJoin join) => $"{join.Prefix}__feature_timestamp";

    public static IReadOnlyList<string> Of(TrainingSet training, IReadOnlyList<string> spineColumns)
    {
        var owners = new Dictionary<string, string>(Names.Comparer);
        var names = new List<string>();
        foreach (var column in spineColumns)
        {
            Take(column, $"the spine's column '{column}'");
        }

        foreach (var join in training.Joins)
        {
            foreach (var feature in join.Features)
            {
                Take(Of(training, join, feature), $"feature '{feature.Name}' of the join '{join.Prefix}' (feature set '{join.Set.Name}')");
            }

            if (training.HasMatch)
            {
                Take(Status(join), $"the status of the join '{join.Prefix}'");
                Take(FeatureTimestamp(join), $"the feature timestamp of the join '{join.Prefix}'");
            }
        }

        return names;

        void Take(string name, string owner)
        {
            if (!owners.TryAdd(name, owner))
            {
                throw new ArgumentException($"The output column '{name}' would belong both to {owners[name]} and to {owner}; give one join another name with prefix: \"...\".");
            }

            names.Add(name);
        }
    }
}
