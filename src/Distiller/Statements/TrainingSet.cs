namespace Distiller;

/// <summary>What a training set may know of the created times.</summary>
public enum Knowledge
{
    /// <summary>Everything the history holds today.</summary>
    Today,

    /// <summary>Only rows created at or before one instant.</summary>
    AtInstant,

    /// <summary>Per spine row, only rows created at or before its own instant.</summary>
    AtEvent,
}

/// <summary>One feature set joined into a training set.</summary>
public sealed record TrainingJoin
{
    internal TrainingJoin(FeatureSet set) => Set = set;

    /// <summary>The feature set.</summary>
    public FeatureSet Set { get; }

    /// <summary>The chosen features, in output order.</summary>
    public IReadOnlyList<Feature> Features { get; internal init; } = ValueList<Feature>.Empty;

    /// <summary>What stands before <c>__</c> in the output names.</summary>
    public string Prefix { get; internal init; } = "";

    /// <summary>The spine column for each entity key, in the entity's key order.</summary>
    public IReadOnlyList<string> SpineKeys { get; internal init; } = ValueList<string>.Empty;

    /// <summary>The max age that holds for this join: its own, else the set's (P7).</summary>
    public TimeSpan? MaximumAge { get; internal init; }

    internal static TrainingJoin Of(
        FeatureSet set,
        IReadOnlyList<string>? features = null,
        string? prefix = null,
        IReadOnlyDictionary<string, string>? keys = null,
        TimeSpan? maxAge = null)
    {
        var join = new TrainingJoin(set)
        {
            Features = Chosen(set, features),
            Prefix = prefix is null ? set.Name : Names.Check(prefix, $"The prefix of feature set '{set.Name}'"),
            SpineKeys = Mapped(set, keys),
            MaximumAge = maxAge is { } own ? Ages.Check(own, $"The max age of the join of feature set '{set.Name}'") : set.MaximumAge,
        };
        return join.MaximumAge is null ? join
            : set.IsStatic ? throw new ArgumentException($"Feature set '{set.Name}' is joined with a max age, but it is static: its rows have no event time, hence no age.", nameof(maxAge))
            : set.EventTimeColumn.Kind == TimeKind.Ordinal
            ? throw new ArgumentException($"Feature set '{set.Name}' is joined with a max age, but its event time '{set.EventTimeColumn.Name}' is an ordinal, which has no age.", nameof(maxAge))
            : join;
    }

    private static ValueList<Feature> Chosen(FeatureSet set, IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return set.Features.Count > 0
                ? ValueList<Feature>.Of(set.Features)
                : throw new ArgumentException($"Feature set '{set.Name}' has no features to join; declare one with Feature<T>(name).", nameof(names));
        }

        if (names.Count == 0)
        {
            throw new ArgumentException($"No feature of feature set '{set.Name}' is chosen; leave features out to take all.", nameof(names));
        }

        if (names.GroupBy(name => name, Names.Comparer).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Feature '{twice.Key}' of feature set '{set.Name}' is chosen twice; name it once.", nameof(names));
        }

        return ValueList<Feature>.Of(names.Select(name =>
            set.Features.FirstOrDefault(feature => feature.Name == name)
            ?? set.Features.FirstOrDefault(feature => Names.Comparer.Equals(feature.Name, name))
            ?? throw new ArgumentException($"Feature set '{set.Name}' has no feature '{name}'; it has {string.Join(", ", set.Features.Select(feature => feature.Name))}.", nameof(names))));
    }

    private static ValueList<string> Mapped(FeatureSet set, IReadOnlyDictionary<string, string>? keys)
    {
        if (keys is not null)
        {
            foreach (var (key, column) in keys)
            {
                Names.Check(column, $"The spine column for key '{key}' of feature set '{set.Name}'");
                if (!set.Entity.Keys.Any(known => known.Name == key))
                {
                    throw new ArgumentException(
                        $"Feature set '{set.Name}' has no key '{key}'; entity '{set.Entity.Name}' has {string.Join(", ", set.Entity.Keys.Select(known => known.Name))}.", nameof(keys));
                }
            }
        }

        return ValueList<string>.Of(set.Entity.Keys.Select(key => keys is not null && keys.TryGetValue(key.Name, out var column) ? column : key.Name));
    }
}

/// <summary>
/// A point-in-time join: exactly the spine's rows, each once, with the features that were valid at each row's instant (P1 to P9). Immutable.
/// </summary>
public sealed record TrainingSet : Statement
{
    private TrainingSet(Spine spine) => Spine = spine;

    /// <summary>The rows to enrich.</summary>
    public Spine Spine { get; private init; }

    /// <summary>The joined feature sets, in output order.</summary>
    public IReadOnlyList<TrainingJoin> Joins { get; private init; } = ValueList<TrainingJoin>.Empty;

    /// <summary>What may be known of created times (P5).</summary>
    public Knowledge Knowledge { get; private init; }

    /// <summary>The instant of <see cref="Knowledge.AtInstant"/>, in UTC.</summary>
    public DateTimeOffset? KnowledgeInstant { get; private init; }

    /// <summary>Whether a set without created time refuses to be cut at an instant.</summary>
    public bool KnowledgeIsStrict { get; private init; }

    /// <summary>Whether a candidate's event time must be before the instant, not at it (W1).</summary>
    public bool IsStrict { get; private init; }

    /// <summary>Whether output columns are the features' own names, without a prefix.</summary>
    public bool HasShortNames { get; private init; }

    /// <summary>Whether each join tells if and since when it matched (P6).</summary>
    public bool HasMatch { get; private init; }

    /// <summary>The output columns the rows are ordered by; empty = no order (P8).</summary>
    public IReadOnlyList<string> OrderColumns { get; private init; } = ValueList<string>.Empty;

    /// <summary>The pinned as-of strategy; null = the dialect's first that can answer.</summary>
    public AsOf? Strategy { get; private init; }

    internal static TrainingSet Of(Spine spine) => new(spine);

    internal TrainingSet WithSpine(Spine spine) => this with { Spine = spine };

    /// <summary>The same question of another spine with other joins, under full names and in no order.</summary>
    internal TrainingSet Asked(Spine spine, IEnumerable<TrainingJoin> joins, bool hasMatch = false) =>
        this with { Spine = spine, Joins = ValueList<TrainingJoin>.Of(joins), HasShortNames = false, HasMatch = hasMatch, OrderColumns = ValueList<string>.Empty };

    /// <summary>The same question with the knowledge of an instant, or of today.</summary>
    internal TrainingSet Knowing(DateTimeOffset? instant) => instant is { } cut ? KnownAt(cut) : this with { Knowledge = Knowledge.Today, KnowledgeInstant = null };

    internal TrainingSet WithJoins(IEnumerable<TrainingJoin> joins) => this with { Joins = ValueList<TrainingJoin>.Of(joins) };

    /// <summary>Joins a feature set as of each spine row's instant.</summary>
    /// <param name="set">The feature set.</param>
    /// <param name="features">The features to take, in output order; null = all, in declared order.</param>
    /// <param name="prefix">Replaces the set's name in output names; needed to join one set twice.</param>
    /// <param name="keys">Entity key to spine column, where the names differ.</param>
    /// <param name="maxAge">Replaces the set's max age (P7).</param>
    /// <exception cref="ArgumentException">A name does not belong to the set, or two output columns would have one name.</exception>
    public TrainingSet Join(
        FeatureSet set,
        IReadOnlyList<string>? features = null,
        string? prefix = null,
        IReadOnlyDictionary<string, string>? keys = null,
        TimeSpan? maxAge = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        return (this with { Joins = ValueList<TrainingJoin>.Of(Joins).Add(TrainingJoin.Of(set, features, prefix, keys, maxAge)) }).Checked();
    }

    /// <summary>Joins everything a serving set joins, under the same names, so that a model trains on what it will be served (P12).</summary>
    /// <exception cref="ArgumentException">Two output columns would have one name, or the serving set has short names and this training set joins others already.</exception>
    public TrainingSet Join(ServingSet serving)
    {
        ArgumentNullException.ThrowIfNull(serving);
        return Joins.Count > 0 && HasShortNames != serving.HasShortNames
            ? throw new ArgumentException($"The serving set '{serving.Name}' {(serving.HasShortNames ? "has short names" : "has names with prefixes")}, and the training set's joins so far have not; join it first.", nameof(serving))
            : (this with { Joins = ValueList<TrainingJoin>.Of(Joins.Concat(serving.Joins)), HasShortNames = serving.HasShortNames }).Checked();
    }

    /// <summary>Keeps the joins (sets, features, order, prefixes, key mappings, max ages) as a value that an online store answers alike (P12). Spine, instant, knowledge and order are no part of it.</summary>
    /// <param name="name">The serving set's name.</param>
    /// <exception cref="ArgumentException">Nothing is joined yet.</exception>
    public ServingSet Serve(string name) => new(name, Joins, HasShortNames);

    /// <summary>Rebuilds what was known at an instant: only rows created at or before it (P5).</summary>
    /// <param name="instant">The instant; floored to a microsecond.</param>
    /// <param name="strict">Whether a set without created time, which cannot be cut, is refused; otherwise the notes name it.</param>
    /// <exception cref="InvalidOperationException">KnownAtEvent was called before.</exception>
    public TrainingSet KnownAt(DateTimeOffset instant, bool strict = false) =>
        Knowledge == Knowledge.AtEvent
            ? throw new InvalidOperationException("The training set is KnownAtEvent() already; KnownAt() is another cut, and only one is possible.")
            : (this with { Knowledge = Knowledge.AtInstant, KnowledgeInstant = Instants.Floor(instant), KnowledgeIsStrict = strict }).Checked();

    /// <summary>Answers as the online store would have at each row's instant: only rows created at or before it (P5).</summary>
    /// <exception cref="InvalidOperationException">KnownAt was called before.</exception>
    public TrainingSet KnownAtEvent() =>
        Knowledge == Knowledge.AtInstant
            ? throw new InvalidOperationException("The training set is KnownAt() an instant already; KnownAtEvent() is another cut, and only one is possible.")
            : (this with { Knowledge = Knowledge.AtEvent }).Checked();

    /// <summary>Takes only event times before the instant, not at it (W1). Under KnownAt and KnownAtEvent only the event clock is strict.</summary>
    public TrainingSet Strictly() => this with { IsStrict = true };

    /// <summary>Names output columns by the feature alone, without <c>{set}__</c>.</summary>
    public TrainingSet ShortNames() => (this with { HasShortNames = true }).Checked();

    /// <summary>
    /// Adds two columns after each join's features (P6): <c>{prefix}__status</c>, one of <c>hit</c>, <c>expired</c> (the newest row is older than the max age), <c>no_history</c> (no row at or before the instant),
    /// <c>no_key</c> (the key or the instant is NULL) and, where the set has tombstones, <c>deleted</c>; and <c>{prefix}__feature_timestamp</c>, the event time (UTC) of the newest row, also where it is expired
    /// or a tombstone, else NULL. A NULL feature of a hit was stored as NULL. A sparse set tells of its newest row, whatever feature it brought.
    /// </summary>
    /// <exception cref="ArgumentException">An output column has one of the names already.</exception>
    public TrainingSet WithMatch() => (this with { HasMatch = true }).Checked();

    /// <summary>Orders the rows by output columns, ascending, NULL last on every engine. Join first: a column must be there to order by it.</summary>
    /// <exception cref="ArgumentException">The spine's columns are declared, and no output column has a name.</exception>
    public TrainingSet OrderBy(params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return (this with { OrderColumns = ValueList<string>.Of(columns) }).Checked();
    }

    /// <summary>Pins the as-of strategy (P9: it changes no value).</summary>
    public TrainingSet Using(AsOf strategy) => this with { Strategy = strategy };

    /// <summary>The statement that writes the rows as a table of the database (P11).</summary>
    public TrainingTable Into(TableName table, IfExists ifExists = IfExists.Fail)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new(this, table, ifExists);
    }

    internal override CompiledScript Build(PlanScope context) => TrainingSetPlanner.Build(this, context);

    private TrainingSet Checked()
    {
        TrainingSetPlanner.Check(this);
        foreach (var set in Joins.Select(join => join.Set))
        {
            var ordinal = set is { IsStatic: false, EventTimeColumn.Kind: TimeKind.Ordinal };
            if (!set.IsStatic && ordinal != (Spine.InstantColumn.Kind == TimeKind.Ordinal))
            {
                throw new ArgumentException(
                    $"Feature set '{set.Name}' keeps its event time '{set.EventTimeColumn.Name}' as {set.EventTimeColumn.Kind}, the spine its instant '{Spine.InstantColumn.Name}' as {Spine.InstantColumn.Kind}: an ordinal meets only an ordinal.");
            }

            if (Knowledge == Knowledge.AtEvent && ordinal)
            {
                throw new ArgumentException($"Feature set '{set.Name}' keeps its event time as an ordinal, which no created time compares with; KnownAtEvent() cannot cut it.");
            }

            if (Knowledge != Knowledge.Today && set.CreatedTimeColumn?.Kind == TimeKind.Ordinal)
            {
                throw new ArgumentException($"Feature set '{set.Name}' keeps its created time '{set.CreatedTimeColumn.Name}' as an ordinal, which no instant compares with; KnownAt() and KnownAtEvent() cannot cut it.");
            }

            if (Knowledge == Knowledge.AtInstant && KnowledgeIsStrict && set.CreatedTimeColumn is null)
            {
                throw new ArgumentException($"Feature set '{set.Name}' has no created time, so KnownAt(.., strict: true) cannot cut it; leave strict out to take it as known all along.");
            }
        }

        return this;
    }
}

/// <summary>What to do where the table to write exists.</summary>
public enum IfExists
{
    /// <summary>Fail, and write nothing.</summary>
    Fail,

    /// <summary>Replace the table.</summary>
    Replace,

    /// <summary>Append to the table, column by name.</summary>
    Append,
}

/// <summary>A training set written as a table of the database: nothing passes through the client (P11).</summary>
public sealed record TrainingTable : Statement
{
    internal TrainingTable(TrainingSet training, TableName table, IfExists ifExists)
    {
        Training = training;
        Table = table;
        IfExists = ifExists;
    }

    /// <summary>The rows.</summary>
    public TrainingSet Training { get; private init; }

    /// <summary>The table to write.</summary>
    public TableName Table { get; }

    /// <summary>What to do where it exists.</summary>
    public IfExists IfExists { get; }

    internal TrainingTable WithTraining(TrainingSet training) => this with { Training = training };

    internal override CompiledScript Build(PlanScope context) => TrainingSetPlanner.BuildTable(this, context);
}
