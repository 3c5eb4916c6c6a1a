namespace Distiller.Databases.Tests.Reference;

/// <summary>Draws the spine and the training sets over it.</summary>
internal sealed class WorldSpines(
    TableName table,
    IReadOnlyList<WorldEntity> entities,
    IReadOnlyList<WorldSet> sets,
    WorldOptions options,
    WorldValues values,
    WorldNames names,
    WorldClock clock,
    HashSet<string> scope)
{
    private static readonly FeatureType[] LabelTypes =
        [FeatureType.Bool, FeatureType.Int32, FeatureType.Int64, FeatureType.Float64, FeatureType.String, FeatureType.Date, FeatureType.Timestamp, FeatureType.Guid, FeatureType.Decimal(9, 2)];

    private readonly List<Role> roles = [];
    private readonly ReferenceStore store = new();

    /// <summary>What an entity is to a spine row (sender, recipient), and the columns of its key.</summary>
    private sealed record Role(WorldEntity Entity, IReadOnlyList<string> Columns)
    {
        public Dictionary<string, string>? Keys => Entity.Entity.Keys.Select(key => key.Name).SequenceEqual(Columns)
            ? null
            : Entity.Entity.Keys.Zip(Columns).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }

    private sealed record Join(FeatureSet Set, IReadOnlyList<string>? Features, string? Prefix, Dictionary<string, string>? Keys, TimeSpan? MaxAge);

    public WorldSpine Spine(TimeKind kind)
    {
        foreach (var set in sets)
        {
            foreach (var batch in set.Batches)
            {
                World.Play(store, set, batch);
            }
        }

        foreach (var entity in entities)
        {
            var own = entity.Entity.Keys.Select(key => key.Name).ToList();
            roles.Add(new(entity, values.Chance(0.2) ? Renamed(entity) : own));
            if (values.Chance(0.5))
            {
                roles.Add(new(entity, Renamed(entity)));
            }
        }

        // The role's columns, the instant and the labels in any order: nothing may depend on where they stand.
        var columns = roles.SelectMany(role => role.Columns.Zip(role.Entity.Entity.Keys, (name, key) => new WorldColumn(name, key.Type, null, true))).ToList();
        var instant = values.Chance(0.6) && scope.Add("event_timestamp") ? "event_timestamp" : names.Column(scope, "at");
        columns.Insert(values.Between(0, columns.Count), new(instant, null, kind, true));
        List<FeatureType> labels = [.. LabelTypes.Where(type => options.FeatureKinds.Contains(type.Kind))];
        for (var i = values.Between(1, 3); i > 0 && labels.Count > 0; i--)
        {
            columns.Insert(values.Between(0, columns.Count), new(names.Column(scope, "label"), values.Pick(labels), null, true));
        }

        var rows = new List<Row>();
        for (var i = Math.Min(options.MaxSpineRows, values.Chance(0.3) ? values.Between(65, Math.Max(65, options.MaxSpineRows)) : values.Between(6, 60)); i > 0; i--)
        {
            rows.Add(rows.Count > 0 && values.Chance(0.15) ? Again(values.Pick(rows), columns) : SpineRow(columns, instant, kind));
        }

        return new(table, columns, rows, Distiller.Spine.From(table).At(instant, kind).Columns([.. columns.Select(column => column.Name)]));
    }

    public IReadOnlyList<WorldTraining> Trainings(WorldSpine spine)
    {
        var isOrdinal = spine.Declared.InstantColumn.Kind == TimeKind.Ordinal;
        var all = Joins();
        List<WorldTraining> trainings =
        [
            Training("today", all, set => set),
            Training("strictly", all, set => set.Strictly()),
            Training("known at", all, set => set.KnownAt(KnowledgeInstant())),
            Training("strictly known at", Some(all), set => set.Strictly().KnownAt(KnowledgeInstant())),
            Training("short names", [new(all[0].Set, null, null, all[0].Keys, null)], Short),
        ];
        if (!isOrdinal)
        {
            trainings.Add(Training("known at the event", all, set => set.KnownAtEvent()));
            trainings.Add(Training("max age on the join", Aged(all), set => set));
            trainings.Add(Training("max age, strictly, known at the event", Aged(Some(all)), set => set.Strictly().KnownAtEvent()));
        }

        return trainings;

        // The random part is drawn once, so that every build of one training set is the same.
        WorldTraining Training(string name, IReadOnlyList<Join> joins, Func<TrainingSet, TrainingSet> finish)
        {
            var drawn = finish(Over(spine.Declared, joins));
            drawn = options.Match && values.Chance(0.4) ? drawn.WithMatch() : drawn;
            return new(name, other => Finished(Over(other, joins)), drawn);

            TrainingSet Finished(TrainingSet set)
            {
                set = drawn.IsStrict ? set.Strictly() : set;
                set = drawn.HasShortNames ? set.ShortNames() : set;
                set = drawn.HasMatch ? set.WithMatch() : set;
                return drawn.Knowledge switch
                {
                    Knowledge.AtInstant => set.KnownAt(drawn.KnowledgeInstant!.Value),
                    Knowledge.AtEvent => set.KnownAtEvent(),
                    _ => set,
                };
            }
        }

        TrainingSet Short(TrainingSet set) =>
            set.Joins[0].Features.Any(feature => spine.Columns.Any(column => string.Equals(column.Name, feature.Name, StringComparison.OrdinalIgnoreCase))) ? set : set.ShortNames();
    }

    private static TrainingSet Over(Spine spine, IReadOnlyList<Join> joins)
    {
        var first = spine.Join(joins[0].Set, joins[0].Features, joins[0].Prefix, joins[0].Keys, joins[0].MaxAge);
        return joins.Skip(1).Aggregate(first, (set, join) => set.Join(join.Set, join.Features, join.Prefix, join.Keys, join.MaxAge));
    }

    /// <summary>Every set in every role; the second time with a prefix of its own, and sometimes only some features, in another order.</summary>
    private List<Join> Joins()
    {
        var prefixes = WorldNames.Scope();
        var joins = new List<Join>();
        foreach (var set in sets.Select(set => set.Set))
        {
            var isFirst = true;
            foreach (var role in roles.Where(role => role.Entity.Entity == set.Entity))
            {
                var prefix = isFirst && values.Chance(0.7) ? null : names.Column(prefixes, "role");
                IReadOnlyList<string>? features = values.Chance(0.3) ? [.. set.Features.Where(_ => values.Chance(0.6)).Append(set.Features[0]).Distinct().Reverse().Select(feature => feature.Name)] : null;
                joins.Add(new(set, features, prefix, role.Keys, null));
                isFirst = false;
            }
        }

        return joins;
    }

    private List<Join> Some(List<Join> joins) => [.. joins.Where((_, i) => i == 0 || values.Chance(0.6))];

    private List<Join> Aged(List<Join> joins) => [.. joins.Select(join => values.Chance(0.7) ? join with { MaxAge = clock.MaxAge() } : join)];

    private DateTimeOffset KnowledgeInstant()
    {
        List<DateTime> created = [clock.Base.AddDays(2), .. sets.SelectMany(set => store.History(set.Set).Select(row => set.Set.CreatedTimeColumn is { } column ? row[column.Name] : null)).OfType<DateTime>()];
        var instant = clock.About(values.Pick(created), null);
        var utc = new DateTimeOffset(instant);
        return instant.Year is > 1 and < 9999 && values.Chance(0.3) ? utc.ToOffset(TimeSpan.FromMinutes(330)).AddTicks(values.Between(0, 9)) : utc;
    }

    private List<string> Renamed(WorldEntity entity) => [.. entity.Entity.Keys.Select(_ => names.Column(scope, "ref"))];

    /// <summary>A row about one fact of one set, told to one role: its key, and an instant on it or near it. The other roles are anybody.</summary>
    private Row SpineRow(List<WorldColumn> columns, string instant, TimeKind kind)
    {
        var cells = new Dictionary<string, object?>();
        foreach (var column in columns.Where(column => column.Type is not null))
        {
            cells[column.Name] = Values.Stored(values.Value(column.Type!, nulls: 0.15));
        }

        foreach (var role in roles)
        {
            var strange = values.Chance(0.15);
            SetKey(role, values.Pick(strange ? role.Entity.Strangers : role.Entity.Keys));
        }

        var set = values.Pick(sets);
        var fact = values.Pick(store.History(set.Set));
        if (values.Chance(0.8))
        {
            SetKey(values.Pick(roles.Where(role => role.Entity.Entity == set.Set.Entity).ToList()), [.. ReferenceModel.KeyOf(set.Set, fact).Select(part => part!)]);
        }

        if (values.Chance(0.08))
        {
            cells[values.Pick(values.Pick(roles).Columns)] = null;
        }

        cells[instant] = values.Chance(0.06) ? null : Instant(fact[set.Set.EventTimeColumn.Name]!, set.Set.MaximumAge, kind);
        return new(columns.Select(column => KeyValuePair.Create(column.Name, cells[column.Name])));

        void SetKey(Role role, IReadOnlyList<object> key)
        {
            for (var part = 0; part < key.Count; part++)
            {
                cells[role.Columns[part]] = key[part];
            }
        }
    }

    private object Instant(object happened, TimeSpan? age, TimeKind kind)
    {
        if (happened is long ordinal)
        {
            return ordinal + values.Between(-1, 1);
        }

        var held = WorldClock.Held(clock.About((DateTime)happened, age), kind);
        return options.SpineBelowMicroseconds ? clock.Finer(held, kind) : held;
    }

    /// <summary>A row once more: the whole of it, or with another label (fixture 1).</summary>
    private Row Again(Row row, List<WorldColumn> columns)
    {
        if (values.Chance(0.5))
        {
            return row;
        }

        var keys = roles.SelectMany(role => role.Columns).ToHashSet(StringComparer.Ordinal);
        return columns.Where(column => column.Type is not null && !keys.Contains(column.Name))
            .Aggregate(row, (copy, column) => copy.With(column.Name, Values.Stored(values.Value(column.Type!, nulls: 0.15))));
    }
}
