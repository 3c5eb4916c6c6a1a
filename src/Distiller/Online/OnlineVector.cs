namespace Distiller;

/// <summary>Features as the floats a model takes.</summary>
internal static class OnlineVector
{
    public static int Length(ServingSet serving) => serving.Joins.Sum(join => join.Features.Sum(feature => Width(serving, join, feature)));

    public static void Fill(ServingSet serving, object?[] values, Span<float> vector)
    {
        var column = 0;
        var at = 0;
        foreach (var join in serving.Joins)
        {
            foreach (var feature in join.Features)
            {
                var value = values[column++];
                var width = Width(serving, join, feature);
                if (value is float[] elements)
                {
                    elements.CopyTo(vector[at..]);
                }
                else
                {
                    vector.Slice(at, width).Fill(value is null ? float.NaN : Number(serving, feature, value));
                }

                at += width;
            }
        }
    }

    private static int Width(ServingSet serving, TrainingJoin join, Feature feature) => feature.Type switch
    {
        { Kind: FeatureKind.FloatVector, Length: > 0 and var length } => length,
        { Kind: FeatureKind.Bool or FeatureKind.Int32 or FeatureKind.Int64 or FeatureKind.Float32 or FeatureKind.Float64 or FeatureKind.Decimal } => 1,
        _ => throw new InvalidOperationException(
            $"Feature '{feature.Name}' of the join '{join.Prefix}' in the serving set '{serving.Name}' is a {feature.Type}, which is no number (or no vector of a declared length); choose the features of the join with features: [...]."),
    };

    private static float Number(ServingSet serving, Feature feature, object value)
    {
        var number = value switch
        {
            bool flag => flag ? 1f : 0f,
            int whole => whole,
            long whole => whole,
            float single => single,
            decimal exact => (float)exact,
            double wide => (float)wide,
            _ => throw new InvalidOperationException($"Feature '{feature.Name}' in the serving set '{serving.Name}' holds a {Problem.TypeName(value.GetType())}, which is no number."),
        };
        return float.IsInfinity(number) && value is double finite && double.IsFinite(finite)
            ? throw new InvalidOperationException($"Feature '{feature.Name}' in the serving set '{serving.Name}' is {Problem.Of(value, "which is too great for a float")}; scale the feature.")
            : number;
    }
}
