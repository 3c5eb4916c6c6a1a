namespace Distiller;

/// <summary>
/// The rows of a training set as two numbers, computed in the engine: how many there are (<c>rows</c>), and a sum of a hash of each (<c>checksum</c>), which is the same in whatever order they come.
/// </summary>
/// <remarks>
/// Equal rows have equal sums on every server, version and session of one engine, whatever strategy answers. Sums of different engines are not compared: they write numbers as text in ways of their own.
/// A hash is the first 60 bits of the MD5 of a row's values as text: instants in microseconds since 1970, bytes in hexadecimal digits, -0 as 0, every value by its length apart from the next. It finds accidents, not forgers.
/// Spine columns of an unknown type are taken as the engine writes them.
/// </remarks>
public sealed record Checksum : Statement
{
    private Checksum(TrainingSet training) => Training = training;

    /// <summary>The training set.</summary>
    public TrainingSet Training { get; private init; }

    /// <summary>How spine columns keep instants, as far as the database has said.</summary>
    internal ValueList<TimeColumn> SpineTimes { get; init; } = ValueList<TimeColumn>.Empty;

    /// <summary>The checksum of a training set.</summary>
    public static Checksum Of(TrainingSet training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return new(training);
    }

    internal override CompiledScript Build(PlanScope context) => ChecksumPlanner.Build(this, context);
}
