namespace Distiller;

/// <summary>The output columns of a training set (P2): the spine's, then each join's features, no name twice without regard to case.</summary>
internal static class OutputNames
{
    public static string Of(TrainingSet training, TrainingJoin join, Feature feature) => Of(training.HasShortNames, join, feature);

    public static string Of(bool hasShortNames, TrainingJoin join, Feature feature) => hasShortNames ? feature.Name : $"{join.Prefix}__{feature.Name}";

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
