namespace Distiller.Benchmarks;

/// <summary>How large a world is.</summary>
internal sealed record WorldShape(int SpineRows, int HistoryRows, int Keys)
{
    public bool HasTies { get; init; } = true;

    /// <summary>Whether every key has the same number of rows.</summary>
    public bool IsEven { get; init; }

    public override string ToString() => FormattableString.Invariant($"{Short(SpineRows)} x {Short(HistoryRows)} x {Short(Keys)} keys");

    private static string Short(int number) => number switch
    {
        >= 1_000_000 when number % 100_000 == 0 => FormattableString.Invariant($"{number / 1_000_000.0}M"),
        >= 1_000 when number % 100 == 0 => FormattableString.Invariant($"{number / 1_000.0}k"),
        _ => FormattableString.Invariant($"{number}"),
    };
}

/// <summary>
/// A spine and a history over one year: 3 % of the history tie in event time with another row of their key, 10 % arrive up to two days late; of the spine 5 % hit an event time exactly,
/// 1 % repeat another row, 2 % have a key nothing is known of. History rows stand in the order in which they became known.
/// </summary>
internal sealed class World
{
    public const int Features = 10;

    /// <summary>Of ten values of a sparse feature, about so many are NULL.</summary>
    public const int NullTenths = 3;

    private const long Second = 1_000_000;
    private const long Day = 86_400 * Second;
    private const long Year = 365 * Day;
    private const int Exact = 1 << 20;

    private static readonly long Start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1_000;

    private World(WorldShape shape, int[] keys, long[] events, long[] created, int[] spineKeys, long[] spineTimes)
    {
        Shape = shape;
        Keys = keys;
        Events = events;
        Created = created;
        SpineKeys = spineKeys;
        SpineTimes = spineTimes;
    }

    public WorldShape Shape { get; }

    public int[] Keys { get; }

    public long[] Events { get; }

    public long[] Created { get; }

    public int[] SpineKeys { get; }

    public long[] SpineTimes { get; }

    public RowSource History => new HistoryRows(this);

    public RowSource Spine => new SpineRows(this);

    public static World Build(WorldShape shape, ulong seed = 20240101)
    {
        var random = new RandomStream(seed);
        var (keys, events, created) = BuildHistory(shape, random);
        var spineKeys = new int[shape.SpineRows];
        var spineTimes = new long[shape.SpineRows];
        for (var i = 0; i < shape.SpineRows; i++)
        {
            (spineKeys[i], spineTimes[i]) = random.Below(100) switch
            {
                < 5 when (int)random.Below(keys.Length) is var hit => (keys[hit], events[hit]),
                5 when i > 0 && (int)random.Below(i) is var other => (spineKeys[other], spineTimes[other]),
                < 8 => (shape.Keys + (int)random.Below(shape.Keys), Start + random.Below(Year)),
                _ => ((int)random.Below(shape.Keys), Start + random.Below(Year)),
            };
        }

        return new(shape, keys, events, created, spineKeys, spineTimes);
    }

    /// <summary>A feature's value: a multiple of 1/1024 below 1024, so that sums of millions are exact in whatever order an engine adds.</summary>
    public static double Feature(int row, int feature) => (RandomStream.Mix(((ulong)(uint)row << 8) | (uint)feature) & (Exact - 1)) / 1024.0;

    /// <summary>Whether a sparse set has NULL there.</summary>
    public static bool IsNull(int row, int feature) => (long)(Feature(row, feature) * 1024) % 10 < NullTenths;

    private static (int[] Keys, long[] Events, long[] Created) BuildHistory(WorldShape shape, RandomStream random)
    {
        var keys = new int[shape.HistoryRows];
        var events = new long[shape.HistoryRows];
        var created = new long[shape.HistoryRows];
        for (var i = 0; i < shape.HistoryRows; i++)
        {
            if (shape.HasTies && i > 0 && random.Chance(3))
            {
                var other = (int)random.Below(i);
                keys[i] = keys[other];
                events[i] = events[other];
                created[i] = created[other] + Second + random.Below(Day);
                continue;
            }

            keys[i] = shape.IsEven ? i % shape.Keys : (int)random.Below(shape.Keys);
            events[i] = Start + random.Below(Year);
            created[i] = events[i] + (random.Chance(10) ? random.Below(2 * Day) : random.Below(Second));
        }

        var order = new int[shape.HistoryRows];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(created, order);
        return ([.. order.Select(i => keys[i])], [.. order.Select(i => events[i])], created);
    }

    private sealed class HistoryRows(World world) : RowSource
    {
        public override IReadOnlyList<(string Name, Cell Cell)> Columns { get; } =
        [
            ("entity_id", Cell.Integer), ("feature_timestamp", Cell.Time), ("created_timestamp", Cell.Time),
            .. Enumerable.Range(1, Features).Select(i => (FormattableString.Invariant($"f{i}"), Cell.Number)),
        ];

        public override int Count => world.Keys.Length;

        public override long Integer(int row, int column) => column switch
        {
            0 => world.Keys[row],
            1 => world.Events[row],
            _ => world.Created[row],
        };

        public override double Number(int row, int column) => Feature(row, column - 2);
    }

    private sealed class SpineRows(World world) : RowSource
    {
        public override IReadOnlyList<(string Name, Cell Cell)> Columns { get; } = [("label", Cell.Integer), ("entity_id", Cell.Integer), ("event_timestamp", Cell.Time)];

        public override int Count => world.SpineKeys.Length;

        public override long Integer(int row, int column) => column switch
        {
            0 => row,
            1 => world.SpineKeys[row],
            _ => world.SpineTimes[row],
        };

        public override double Number(int row, int column) => throw new NotSupportedException();
    }
}
