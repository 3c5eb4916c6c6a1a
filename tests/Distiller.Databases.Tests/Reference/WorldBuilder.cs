namespace Distiller.Databases.Tests.Reference;

/// <summary>An entity with the keys that have history, and some that have none.</summary>
internal sealed record WorldEntity(Entity Entity, IReadOnlyList<IReadOnlyList<object>> Keys, IReadOnlyList<IReadOnlyList<object>> Strangers);

/// <summary>Draws a world: its entities and feature sets here, their rows in <see cref="WorldHistory"/>, spine and training sets in <see cref="WorldSpines"/>.</summary>
internal sealed class WorldBuilder
{
    private static readonly FeatureType[] KeyTypes = [FeatureType.Int32, FeatureType.Int64, FeatureType.String, FeatureType.Guid, FeatureType.Date, FeatureType.Bool];

    private readonly int seed;
    private readonly WorldOptions options;
    private readonly WorldValues values;
    private readonly WorldNames names;
    private readonly WorldClock clock;
    private readonly HashSet<string> spineColumns = WorldNames.Scope();
    private readonly bool ordinal;

    public WorldBuilder(int seed, WorldOptions options)
    {
        this.seed = seed;
        this.options = options;
        values = new(new Random(seed), options);
        names = new(values, options);
        clock = new(values, options);
        ordinal = options.Ordinals && options.Existing && values.Chance(0.04);
    }

    private string Table => $"{options.TablePrefix}{(uint)seed}";

    public World Build()
    {
        List<WorldEntity> entities = [.. Enumerable.Range(0, values.Between(1, 3)).Select(Entity)];
        var sets = new List<WorldSet>();
        for (var i = values.Between(1, 4); i > 0; i--)
        {
            var entity = values.Pick(entities);
            sets.Add(new WorldHistory(Set(entity, i), entity, options, values, clock).Build());
        }

        List<WorldEntity> used = [.. entities.Where(entity => sets.Any(set => set.Set.Entity == entity.Entity))];
        var spines = new WorldSpines(TableName.Of($"{Table}_spine{names.Tail()}"), used, sets, options, values, names, clock, spineColumns);
        var spine = spines.Spine(ordinal ? TimeKind.Ordinal : values.Chance(0.4) ? Kind() : TimeKind.Instant);
        return new(seed, options, sets, spine, spines.Trainings(spine));
    }

    private WorldEntity Entity(int number)
    {
        var entity = Distiller.Entity.Create($"{Table}_entity{number}{names.Tail()}");
        for (var i = values.Between(0, 5) switch { < 3 => 1, < 5 => 2, _ => 3 }; i > 0; i--)
        {
            entity = entity.Key(names.Column(spineColumns, "key"), values.Pick(KeyTypes));
        }

        var types = entity.Keys.Select(key => key.Type).ToList();
        var keys = new List<IReadOnlyList<object>>();
        for (var i = values.Between(2, 6); i > 0; i--)
        {
            keys.Add([.. types.Select(values.Key)]);
        }

        // Two keys that a careless concatenation or a swap takes for one (fixture 13).
        if (types.Count > 1 && types[0] == types[1])
        {
            keys.Add([keys[0][1], keys[0][0], .. keys[0].Skip(2)]);
            if (types[0] == FeatureType.String)
            {
                keys.Add(["a:b", "c", .. keys[0].Skip(2)]);
                keys.Add(["a", "b:c", .. keys[0].Skip(2)]);
            }
        }

        var distinct = keys.DistinctBy(key => (IReadOnlyList<object?>)key, ValuesComparer.Instance).ToList();
        var strangers = Enumerable.Range(0, 4)
            .Select(_ => (IReadOnlyList<object>)[.. types.Select((type, part) => values.Chance(0.5) ? values.Key(type) : values.Pick(distinct)[part])])
            .ToList();
        return new(entity, distinct, strangers);
    }

    private FeatureSet Set(WorldEntity entity, int number)
    {
        var set = entity.Entity.FeatureSet($"{Table}_{number}{names.Tail()}");
        var scope = WorldNames.Scope([.. entity.Entity.Keys.Select(key => key.Name), "feature_timestamp", "created_timestamp"]);
        var existing = ordinal || (options.Existing && values.Chance(0.45));
        set = existing ? DropIn(set, number, scope) : Owned(set, number, scope);

        for (var i = values.Chance(0.2) ? 1 : values.Between(2, 6); i > 0; i--)
        {
            set = set.Feature(names.Column(scope, "f"), values.Type());
        }

        if (options.Sparse && (!existing || set.LatestTable is null) && values.Chance(0.4))
        {
            set = set.Sparse();
        }

        if (options.Tombstones && !existing && values.Chance(0.4))
        {
            set = set.Tombstones();
        }

        if (existing && set.CreatedTimeColumn is null && values.Chance(0.6))
        {
            set = WithTieBreakers(set, scope);
        }

        return !ordinal && values.Chance(0.55) ? set.MaxAge(clock.MaxAge()) : set;
    }

    private FeatureSet Owned(FeatureSet set, int number, HashSet<string> scope)
    {
        if (values.Chance(0.3))
        {
            set = set.EventTime(names.Column(scope, "happened"));
        }

        if (values.Chance(0.3))
        {
            set = set.CreatedTime(names.Column(scope, "known"));
        }

        return values.Chance(0.2)
            ? set.History($"{Table}_{number}_facts{names.Tail()}").Latest($"{Table}_{number}_now{names.Tail()}")
            : set;
    }

    private FeatureSet DropIn(FeatureSet set, int number, HashSet<string> scope)
    {
        set = set.Existing($"{Table}_{number}_theirs{names.Tail()}")
            .EventTime(names.Column(scope, "happened"), ordinal ? TimeKind.Ordinal : Kind());
        set = values.Chance(0.45) ? set.CreatedTime(names.Column(scope, "known"), Kind()) : set.WithoutCreatedTime();
        return values.Chance(0.5) ? set.Latest($"{Table}_{number}_current{names.Tail()}") : set;
    }

    private FeatureSet WithTieBreakers(FeatureSet set, HashSet<string> scope)
    {
        FeatureKind[] ordered = options.TextTieBreakers
            ? [FeatureKind.Int32, FeatureKind.Int64, FeatureKind.Date, FeatureKind.Timestamp, FeatureKind.String]
            : [FeatureKind.Int32, FeatureKind.Int64, FeatureKind.Date, FeatureKind.Timestamp];
        if (set.Features.FirstOrDefault(feature => ordered.Contains(feature.Type.Kind)) is { } feature && values.Chance(0.5))
        {
            set = set.TieBreaker(feature.Name);
        }

        if (set.TieBreakers.Count == 0 || values.Chance(0.3))
        {
            var name = names.Column(scope, "tie");
            set = values.Pick(ordered) switch
            {
                FeatureKind.Int32 => set.TieBreaker<int>(name),
                FeatureKind.Int64 => set.TieBreaker<long>(name),
                FeatureKind.Date => set.TieBreaker<DateOnly>(name),
                FeatureKind.Timestamp => set.TieBreaker<DateTime>(name),
                _ => set.TieBreaker<string>(name),
            };
        }

        return set;
    }

    /// <summary>How a table that exists already keeps its instants.</summary>
    private TimeKind Kind()
    {
        IReadOnlyList<TimeKind> kinds = [TimeKind.Instant, .. options.TimeKinds, .. options.TextTimes ? [TimeKind.Text] : Array.Empty<TimeKind>()];
        return values.Pick(kinds);
    }
}
