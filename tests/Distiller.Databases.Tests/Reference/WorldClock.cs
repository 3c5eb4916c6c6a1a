namespace Distiller.Databases.Tests.Reference;

/// <summary>Random instants that meet: few of them, and their neighbours a microsecond away.</summary>
internal sealed class WorldClock
{
    private static readonly TimeSpan Microsecond = TimeSpan.FromTicks(TimeSpan.TicksPerMicrosecond);

    private static readonly DateTime OrdinalZero = WorldValues.Utc(2024, 1, 1);

    private readonly WorldValues values;

    public WorldClock(WorldValues values, WorldOptions options)
    {
        this.values = values;
        Base = WorldValues.Utc(2024, 3, 28).AddDays(values.Between(0, 20));
        List<DateTime> anchors = [];
        for (var i = values.Between(5, 9); i > 0; i--)
        {
            anchors.Add(Base.AddSeconds(values.Between(0, 6 * 86_400)).AddTicks(values.Chance(0.5) ? 0 : 10 * (long)values.Between(0, 999_999)));
        }

        DateTime[] special =
        [
            Base, WorldValues.Utc(2024, 3, 31).AddHours(2.5), WorldValues.Utc(2024, 3, 10).AddHours(2.5), WorldValues.Utc(2024, 11, 3).AddHours(1.5),
            WorldValues.Utc(1970, 1, 1), WorldValues.Utc(1970, 1, 1) - Microsecond, WorldValues.Utc(1965, 7, 1).AddTicks(1_234_560), Base.AddDays(1) - Microsecond,
        ];
        anchors.AddRange(special.Where(_ => values.Chance(0.35)));
        if (options.ExtremeTimes && values.Chance(0.06))
        {
            anchors.Add(values.Chance(0.5) ? WorldValues.Utc(1, 1, 1).AddDays(1) : WorldValues.Utc(9999, 12, 31).AddTicks(TimeSpan.TicksPerDay - 10));
        }

        anchors.AddRange(anchors.Where(_ => values.Chance(0.3)).Select(anchor => Add(anchor, Microsecond)).ToList());
        Anchors = anchors;
    }

    /// <summary>The world's first day.</summary>
    public DateTime Base { get; }

    public IReadOnlyList<DateTime> Anchors { get; }

    /// <summary>A max age: none to a month, zero, below a second, below a microsecond, or exactly from one anchor to another.</summary>
    public TimeSpan MaxAge() => values.Between(0, 8) switch
    {
        0 => TimeSpan.Zero,
        1 => Microsecond,
        2 => TimeSpan.FromMilliseconds(250),
        3 => TimeSpan.FromSeconds(1) + TimeSpan.FromTicks(7),
        4 => TimeSpan.FromHours(values.Between(1, 48)),
        5 => TimeSpan.FromDays(values.Between(1, 30)),
        _ => (values.Pick(Anchors) - values.Pick(Anchors)).Duration(),
    };

    /// <summary>An instant about the event: on it, a microsecond beside it, exactly as old as an age, just too old, or anywhere.</summary>
    public DateTime About(DateTime instant, TimeSpan? age) => values.Between(0, 19) switch
    {
        < 6 => instant,
        < 8 => Add(instant, Microsecond),
        < 10 => Add(instant, -Microsecond),
        < 13 => Add(instant, age ?? TimeSpan.FromHours(1)),
        < 15 => Add(instant, (age ?? TimeSpan.FromDays(1)) + Microsecond),
        15 => Add(instant, (age ?? Microsecond) - Microsecond),
        16 => Base.AddDays(400),
        _ => values.Pick(Anchors),
    };

    /// <summary>What a column of the kind holds for an instant.</summary>
    public static object Held(DateTime instant, TimeKind kind) => kind == TimeKind.Ordinal
        ? (instant - OrdinalZero).Ticks / TimeSpan.TicksPerMicrosecond
        : StoredRow.Cut(instant, kind);

    /// <summary>The instant with a seventh fraction digit, where the column could hold it but for T2.</summary>
    public object Finer(object held, TimeKind kind) =>
        held is DateTime instant && kind is TimeKind.Instant or TimeKind.Timestamp or TimeKind.EpochMicroseconds && values.Chance(0.12) 
            ? instant.AddTicks(values.Between(1, 9))
            : held;

    /// <summary>The sum, or the instant itself where the calendar ends.</summary>
    public static DateTime Add(DateTime instant, TimeSpan span)
    {
        var ticks = instant.Ticks + span.Ticks;
        return ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks - 9 ? instant : Values.Floor(new(ticks, DateTimeKind.Utc));
    }
}
