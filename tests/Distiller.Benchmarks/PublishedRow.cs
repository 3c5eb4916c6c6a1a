namespace Distiller.Benchmarks;

/// <summary>A row as a caller has it: one key, two times, nine features.</summary>
internal sealed class PublishedRow
{
    public required long EntityId { get; init; }

    public required DateTime FeatureTimestamp { get; init; }

    public required DateTime CreatedTimestamp { get; init; }

    public double F1 { get; init; }

    public double F2 { get; init; }

    public double F3 { get; init; }

    public double F4 { get; init; }

    public double F5 { get; init; }

    public double F6 { get; init; }

    public double F7 { get; init; }

    public double F8 { get; init; }

    public double F9 { get; init; }

    public static PublishedRow Of(World world, int row) => new()
    {
        EntityId = world.Keys[row],
        FeatureTimestamp = Instants.ToDateTime(world.Events[row]),
        CreatedTimestamp = Instants.ToDateTime(world.Created[row]),
        F1 = World.Feature(row, 1),
        F2 = World.Feature(row, 2),
        F3 = World.Feature(row, 3),
        F4 = World.Feature(row, 4),
        F5 = World.Feature(row, 5),
        F6 = World.Feature(row, 6),
        F7 = World.Feature(row, 7),
        F8 = World.Feature(row, 8),
        F9 = World.Feature(row, 9),
    };

    public static FeatureSet Set(string name) => Enumerable.Range(1, 9).Aggregate(
        Entity.Create("entity").Key<long>("entity_id").FeatureSet(name), (set, i) => set.Feature<double>(FormattableString.Invariant($"f{i}")));
}
