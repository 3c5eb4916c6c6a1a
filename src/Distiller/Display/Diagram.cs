namespace Distiller;

/// <summary>How entities, feature sets and a training set hang together: a picture (SVG), and Mermaid text for documents.</summary>
[TypeFormatterSource(typeof(NotebookFormats), PreferredMimeTypes = [NotebookFormats.Html, NotebookFormats.Plain, NotebookFormats.Mermaid])]
public sealed record Diagram
{
    private Diagram(ValueList<FeatureSet> sets, TrainingSet? training)
    {
        Sets = sets;
        Training = training;
    }

    /// <summary>The feature sets.</summary>
    public IReadOnlyList<FeatureSet> Sets { get; }

    /// <summary>The training set; null where the diagram shows feature sets alone.</summary>
    public TrainingSet? Training { get; }

    /// <summary>The diagram of feature sets and their entities.</summary>
    public static Diagram Of(params IEnumerable<FeatureSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return new(ValueList<FeatureSet>.Of(sets.Distinct()), null);
    }

    /// <summary>The diagram of a training set: its spine, its joins with their keys, the feature sets and their entities.</summary>
    public static Diagram Of(TrainingSet training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return new(ValueList<FeatureSet>.Of(training.Joins.Select(join => join.Set).Distinct()), training);
    }

    /// <summary>The diagram as inline SVG, without script or outside links.</summary>
    public string ToSvg() => DiagramPicture.Of(DiagramParts.Of(this));

    /// <summary>The diagram as Mermaid flowchart text.</summary>
    public string ToMermaid() => DiagramMermaid.Of(DiagramParts.Of(this));

    /// <summary>The diagram as indented text.</summary>
    public override string ToString() => DiagramParts.Of(this).ToText();
}
