using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Distiller.Samples.Training;

/// <summary>What the model is given: its inputs as one vector, in the order of <see cref="DelayModel.Inputs"/>.</summary>
internal sealed class Flight
{
    public float[] Features { get; set; } = [];
}

/// <summary>What it tells.</summary>
internal sealed class Forecast
{
    public float Probability { get; set; }
}

/// <summary>Boosted trees over the inputs; a missing value (NaN) takes the mean that was learnt.</summary>
internal sealed class Learner
{
    private const string Features = nameof(Flight.Features);

    private const string Label = "is_late";

    private readonly MLContext ml = new(seed: 2013);

    /// <summary>The rows of a training set, read once, with the inputs as one vector.</summary>
    public async Task<IDataView> ReadAsync(FeatureStore store, TrainingSet training)
    {
        var view = await store.ReadDataViewAsync(training, new() { Columns = [.. DelayModel.Inputs, Label] });
        return ml.Transforms.Concatenate(Features, [.. DelayModel.Inputs]).Fit(view).Transform(view);
    }

    public ITransformer Train(IDataView rows) => ml.Transforms.ReplaceMissingValues(Features, replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean)
        .Append(ml.BinaryClassification.Trainers.FastTree(Label, Features, numberOfLeaves: 24, numberOfTrees: 80, minimumExampleCountPerLeaf: 40))
        .Fit(rows);

    public CalibratedBinaryClassificationMetrics Measure(ITransformer model, IDataView rows) => ml.BinaryClassification.Evaluate(model.Transform(rows), Label);

    /// <summary>The model, and beside it what it was trained on.</summary>
    public void Save(ITransformer model, IDataView rows, ServingSet trainedOn, string path)
    {
        ml.Model.Save(model, rows.Schema, path);
        File.WriteAllText(Beside(path), trainedOn.ToJson());
    }

    /// <summary>The model, if it was trained on what it will be served.</summary>
    /// <exception cref="InvalidOperationException">It was not; the message names the differences.</exception>
    public Func<float[], float> Load(string path, ServingSet served)
    {
        served.Check(File.ReadAllText(Beside(path)));
        var model = ml.Model.Load(path, out _);
        var schema = SchemaDefinition.Create(typeof(Flight));
        schema[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, DelayModel.Inputs.Count);
        var engine = ml.Model.CreatePredictionEngine<Flight, Forecast>(model, ignoreMissingColumns: true, inputSchemaDefinition: schema);
        return features => engine.Predict(new() { Features = features }).Probability;
    }

    private static string Beside(string path) => Path.ChangeExtension(path, ".features.json");
}
