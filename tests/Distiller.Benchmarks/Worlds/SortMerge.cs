namespace Distiller.Benchmarks;

/// <summary>What a training set over a world must add up to, by a sort-merge in memory.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="Found">Rows with a winner.</param>
/// <param name="First">The sum of the first feature.</param>
/// <param name="Last">The sum of the last feature.</param>
/// <param name="Placed">The sum of the first feature times the label modulo 97: whether values stand beside the right spine rows.</param>
internal sealed record Checksum(double Rows, double Found, double First, double Last, double Placed)
{
    public const int Modulus = 97;

    public static Checksum Of(IReadOnlyList<double> row) => new(row[0], row[1], row[2], row[3], row[4]);
}

internal static class SortMerge
{
    public static Checksum Expected(World world)
    {
        var (starts, order) = ByKey(world);
        double found = 0, first = 0, last = 0, placed = 0;
        for (var i = 0; i < world.SpineKeys.Length; i++)
        {
            var key = world.SpineKeys[i];
            if (key >= world.Shape.Keys || Winner(world, order.AsSpan(starts[key], starts[key + 1] - starts[key]), world.SpineTimes[i]) is not (>= 0 and var row))
            {
                continue;
            }

            found++;
            first += World.Feature(row, 1);
            last += World.Feature(row, World.Features);
            placed += World.Feature(row, 1) * (i % Checksum.Modulus);
        }

        return new(world.SpineKeys.Length, found, first, last, placed);
    }

    /// <summary>The same for a sparse set: each feature from the newest row that knows it.</summary>
    public static Checksum ExpectedSparse(World world, bool isLastNull)
    {
        var (starts, order) = ByKey(world);
        double found = 0, first = 0, last = isLastNull ? double.NaN : 0, placed = 0;
        for (var i = 0; i < world.SpineKeys.Length; i++)
        {
            var key = world.SpineKeys[i];
            if (key >= world.Shape.Keys)
            {
                continue;
            }

            var rows = order.AsSpan(starts[key], starts[key + 1] - starts[key]);
            if (Known(world, rows, i, 1) is >= 0 and var row)
            {
                found++;
                first += World.Feature(row, 1);
                placed += World.Feature(row, 1) * (i % Checksum.Modulus);
            }

            if (!isLastNull && Known(world, rows, i, World.Features) is >= 0 and var other)
            {
                last += World.Feature(other, World.Features);
            }
        }

        return new(world.SpineKeys.Length, found, first, last, placed);
    }

    private static int Known(World world, ReadOnlySpan<int> rows, int spineRow, int feature)
    {
        for (var i = CountUntil(world, rows, world.SpineTimes[spineRow]) - 1; i >= 0; i--)
        {
            if (!World.IsNull(rows[i], feature))
            {
                return rows[i];
            }
        }

        return -1;
    }

    /// <summary>The row of greatest event time at or before the instant, and of those the one of greatest created time.</summary>
    private static int Winner(World world, ReadOnlySpan<int> rows, long instant) => CountUntil(world, rows, instant) is > 0 and var count ? rows[count - 1] : -1;

    private static int CountUntil(World world, ReadOnlySpan<int> rows, long instant)
    {
        var (low, high) = (0, rows.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = world.Events[rows[middle]] <= instant ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Row numbers grouped by key, in event and created time order, and where each key's begin.</summary>
    private static (int[] Starts, int[] Order) ByKey(World world)
    {
        var starts = new int[world.Shape.Keys + 1];
        foreach (var key in world.Keys)
        {
            starts[key + 1]++;
        }

        for (var key = 1; key < starts.Length; key++)
        {
            starts[key] += starts[key - 1];
        }

        var next = starts[..^1];
        var order = new int[world.Keys.Length];
        for (var row = 0; row < order.Length; row++)
        {
            order[next[world.Keys[row]]++] = row;
        }

        for (var key = 0; key + 1 < starts.Length; key++)
        {
            order.AsSpan(starts[key], starts[key + 1] - starts[key]).Sort((a, b) =>
                world.Events[a] != world.Events[b] ? world.Events[a].CompareTo(world.Events[b]) : world.Created[a].CompareTo(world.Created[b]));
        }

        return (starts, order);
    }
}
