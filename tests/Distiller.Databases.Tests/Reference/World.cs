namespace Distiller.Databases.Tests.Reference;

/// <summary>What an engine can hold; the defaults suit SQLite (without NaN), DuckDB and PostgreSQL.</summary>
public sealed record WorldOptions
{
    /// <summary>Leads every table and feature set name, before the seed.</summary>
    public string TablePrefix { get; init; } = "w";

    /// <summary>NaN among float features.</summary>
    public bool NotANumber { get; init; } = true;

    /// <summary>Infinities among float features.</summary>
    public bool Infinities { get; init; } = true;

    /// <summary>U+0000 inside text features.</summary>
    public bool NulCharacters { get; init; }

    /// <summary>The empty string, and strings that end in blanks or differ by them.</summary>
    public bool EdgeBlanks { get; init; } = true;

    /// <summary>Now and then a text or bytes feature of 10,000.</summary>
    public bool LongValues { get; init; } = true;

    /// <summary>The years 1 and 9999, in features and (rarely) as event times.</summary>
    public bool ExtremeTimes { get; init; } = true;

    /// <summary>Column and table names with quotes, dots, blanks, reserved words, other scripts.</summary>
    public bool HostileNames { get; init; } = true;

    /// <summary>Names that no column gets (compared without case); by default the system column names that PostgreSQL refuses.</summary>
    public IReadOnlyList<string> ForbiddenNames { get; init; } = ["ctid"];

    /// <summary>Drop-in sets on tables that exist already.</summary>
    public bool Existing { get; init; } = true;

    /// <summary>The kinds, besides the instant, in which drop-in tables and spines keep instants.</summary>
    public IReadOnlyList<TimeKind> TimeKinds { get; init; } =
        [TimeKind.Timestamp, TimeKind.Date, TimeKind.EpochSeconds, TimeKind.EpochMilliseconds, TimeKind.EpochMicroseconds];

    /// <summary>Text of 0 to 7 fraction digits as one of those kinds. Only values of whole microseconds are generated.</summary>
    public bool TextTimes { get; init; }

    /// <summary>A few worlds whose event times and spine instants are ordinals.</summary>
    public bool Ordinals { get; init; } = true;

    /// <summary>Tie-breaker columns of text, which need a binary collation.</summary>
    public bool TextTieBreakers { get; init; } = true;

    /// <summary>Sparse sets.</summary>
    public bool Sparse { get; init; } = true;

    /// <summary>Owned sets with tombstones, and batches that are retractions.</summary>
    public bool Tombstones { get; init; } = true;

    /// <summary>Training sets that tell of their matches.</summary>
    public bool Match { get; init; } = true;

    /// <summary>Publishes with onlyChanged.</summary>
    public bool OnlyChanged { get; init; } = true;

    /// <summary>Spine instants with a seventh fraction digit, which whoever loads the spine must floor (T2). Published rows have them always.</summary>
    public bool SpineBelowMicroseconds { get; init; }

    /// <summary>The feature kinds to draw from.</summary>
    public IReadOnlyList<FeatureKind> FeatureKinds { get; init; } = Enum.GetValues<FeatureKind>();

    /// <summary>The most digits of a decimal feature.</summary>
    public int MaxDecimalPrecision { get; init; } = 28;

    /// <summary>The most rows of a set's batches together.</summary>
    public int MaxHistoryRows { get; init; } = 80;

    /// <summary>The most rows of a spine.</summary>
    public int MaxSpineRows { get; init; } = 140;
}

/// <summary>A column of a table a test must create itself.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The declared type; null where it is a time column.</param>
/// <param name="Time">How a time column keeps its instants; null where it is none.</param>
/// <param name="IsNullable">Whether it holds NULLs.</param>
public sealed record WorldColumn(string Name, FeatureType? Type, TimeKind? Time, bool IsNullable);

/// <summary>Rows that reach a feature set together.</summary>
/// <param name="Rows">The rows; times are <see cref="DateTime"/> (Utc) whatever the column's kind, or <see cref="long"/> where it is an ordinal.</param>
/// <param name="Created">The call's created time.</param>
/// <param name="OnlyChanged">Whether to publish only changes (B11).</param>
public sealed record WorldBatch(IReadOnlyList<Row> Rows, DateTime Created, bool OnlyChanged)
{
    /// <summary>The keys that end instead of rows that are published; null = rows.</summary>
    public IReadOnlyList<IReadOnlyList<object?>>? EndedKeys { get; init; }

    /// <summary>When they end.</summary>
    public DateTime EndedAt { get; init; }
}

/// <summary>A batch that must be refused, and by which sentence (B5 or B6), once every batch of its set is in.</summary>
public sealed record WorldRefusal(WorldBatch Batch, string Rule);

/// <summary>A feature set with all that happens to it.</summary>
/// <param name="Set">The declaration.</param>
/// <param name="Columns">The columns of its tables (latest has the same), for the test to create where the set is a drop-in.</param>
/// <param name="Batches">What is written, in order.</param>
/// <param name="Refusals">What is refused afterwards.</param>
public sealed record WorldSet(FeatureSet Set, IReadOnlyList<WorldColumn> Columns, IReadOnlyList<WorldBatch> Batches, IReadOnlyList<WorldRefusal> Refusals)
{
    /// <summary>Whether batches are published; else (a drop-in without a latest table) the test inserts them into the history itself, every row as it is.</summary>
    public bool IsPublished => Set.LatestTable is not null;
}

/// <summary>The rows to enrich, as a table the test creates.</summary>
/// <param name="Table">The table.</param>
/// <param name="Columns">Its columns; every one may be NULL.</param>
/// <param name="Rows">Its rows; instants as in <see cref="WorldBatch"/>.</param>
/// <param name="Declared">The table with all its columns declared.</param>
public sealed record WorldSpine(TableName Table, IReadOnlyList<WorldColumn> Columns, IReadOnlyList<Row> Rows, Spine Declared);

/// <summary>A training set over the world's spine.</summary>
/// <param name="Name">What it varies.</param>
/// <param name="Over">Builds it over any spine with the same columns (a query, say).</param>
/// <param name="Set">It, over the spine's table.</param>
public sealed record WorldTraining(string Name, Func<Spine, TrainingSet> Over, TrainingSet Set);

/// <summary>
/// A random feature store with its history, a spine and training sets: ties, gaps, duplicates, NULLs, late rows, corrections, hostile names and values. The same seed and options give the same world.
/// </summary>
public sealed class World
{
    internal World(int seed, WorldOptions options, IReadOnlyList<WorldSet> sets, WorldSpine spine, IReadOnlyList<WorldTraining> trainings)
    {
        Seed = seed;
        Options = options;
        Sets = sets;
        Spine = spine;
        Trainings = trainings;
    }

    public int Seed { get; }

    public WorldOptions Options { get; }

    public IReadOnlyList<WorldSet> Sets { get; }

    public WorldSpine Spine { get; }

    public IReadOnlyList<WorldTraining> Trainings { get; }

    public static World Create(int seed, WorldOptions? options = null) => new WorldBuilder(seed, options ?? new()).Build();

    /// <summary>Every batch of every set played into a reference store.</summary>
    public ReferenceStore Play()
    {
        var store = new ReferenceStore();
        foreach (var set in Sets)
        {
            foreach (var batch in set.Batches)
            {
                Play(store, set, batch);
            }
        }

        return store;
    }

    /// <summary>One batch: published, with its counts, or loaded as somebody else's job would, without.</summary>
    public static ReferenceCounts? Play(ReferenceStore store, WorldSet set, WorldBatch batch)
    {
        if (batch.EndedKeys is { } keys)
        {
            return store.Retract(set.Set, keys, batch.EndedAt, batch.Created);
        }

        if (set.IsPublished)
        {
            return store.Publish(set.Set, batch.Rows, batch.Created, batch.OnlyChanged);
        }

        store.Load(set.Set, batch.Rows);
        return null;
    }

    /// <summary>What a training set must answer over the spine's rows.</summary>
    public IReadOnlyList<Row> Expected(WorldTraining training, ReferenceStore store) => ReferenceModel.TrainingSet(training.Set, Spine.Rows, store.History);

    public override string ToString()
    {
        var sets = Sets.Select(set => $"{set.Set.Name} of {set.Set.Entity.Keys.Count} keys, {set.Set.Features.Count} features, {(set.Set.IsExisting ? $"drop-in {set.Set.EventTimeColumn.Kind}" : "owned")}{(set.Set.IsSparse ? ", sparse" : "")}{(set.Set.HasTombstones ? ", tombstones" : "")}, batches of {string.Join("+", set.Batches.Select(batch => batch.Rows.Count))}");
        return $"World seed {Seed}: {string.Join("; ", sets)}; spine of {Spine.Rows.Count} rows ({Spine.Declared.InstantColumn.Kind}); {Trainings.Count} training sets";
    }
}
