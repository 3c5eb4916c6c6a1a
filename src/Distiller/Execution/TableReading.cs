namespace Distiller;

/// <summary>Makes a feature set of a table: by the names given, else by the catalog's keys and by convention. What it assumes, it says.</summary>
internal sealed class TableReading
{
    private static readonly ValueList<string> EventNames = ValueList<string>.Of(["feature_timestamp", "event_timestamp", "event_time", "event_date", "valid_from", "timestamp", "ts", "as_of", "date"]);
    private static readonly ValueList<string> CreatedNames = ValueList<string>.Of(["created_timestamp", "created_at", "loaded_at", "inserted_at", "ingested_at", "known_at"]);

    private readonly Session session;
    private readonly TableName table;
    private readonly TableFacts facts;
    private readonly TableColumns given;
    private readonly List<string> notes = [];

    private TableReading(Session session, TableName table, TableFacts facts, TableColumns given)
    {
        this.session = session;
        this.table = table;
        this.facts = facts;
        this.given = given;
    }

    /// <param name="session">The session.</param>
    /// <param name="table">The table.</param>
    /// <param name="given">What the caller names.</param>
    /// <param name="spine">Columns of a spine, whose names tell keys; null = there is none.</param>
    /// <param name="cancellationToken">Watched before each statement.</param>
    public static async Task<FoundFeatureSet> ReadAsync(Session session, TableName table, TableColumns given, IReadOnlyCollection<string>? spine, CancellationToken cancellationToken)
    {
        var facts = await session.FactsAsync(table, cancellationToken).ConfigureAwait(false) ?? throw new TableMismatchException([$"The table '{table}' does not exist; name one that does, with its schema where the session does not look there."]);
        return await new TableReading(session, table, facts, given).ReadAsync(spine, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How a time column keeps its instants; null where it keeps none. Where any column holds anything, its values tell.</summary>
    public static async Task<TimeKind?> KindAsync(Session session, TableName table, ColumnFacts column, CancellationToken cancellationToken)
    {
        // A number does not tell what it counts.
        if (session.Dialect.TypeOf(column.Type)?.Kind is not (null or FeatureKind.String or FeatureKind.Date or FeatureKind.Timestamp))
        {
            return null;
        }

        foreach (var kind in new[] { TimeKind.Instant, TimeKind.Timestamp, TimeKind.Date, TimeKind.Text })
        {
            var type = StoredType.Of(kind);
            if (!session.Dialect.Fits(type, column.Type))
            {
                continue;
            }

            if (!session.Dialect.ChecksForm(type))
            {
                return kind;
            }

            const string looked = "looked_at";
            var query = ValueCheck.Query(session.Dialect, new TableRef(table, looked), looked, [new(column.Name, type, NotNull: false)], [], inOneForm: false);
            var some = new Select { Columns = ValueList<Output>.Of([new(new Number(1), "one")]), From = new TableRef(table, looked), Where = new IsNull(new ColumnRef(looked, column.Name), Negated: true), Limit = 1 };
            if (await RowAsync(some).ConfigureAwait(false) is null || await RowAsync(query).ConfigureAwait(false) is null)
            {
                return kind;
            }

            Task<IReadOnlyDictionary<string, object?>?> RowAsync(Select select) =>
                session.RowAsync(StatementWriter.Step(new(session.Dialect, SqlStyle.Parameters), $"look at the values of {table}", new QueryStatement(select)), cancellationToken);
        }

        return null;
    }

    public static ColumnFacts? Find(TableFacts facts, string name) =>
        facts.Columns.FirstOrDefault(column => column.Name == name) ?? facts.Columns.FirstOrDefault(column => Names.Comparer.Equals(column.Name, name));

    private async Task<FoundFeatureSet> ReadAsync(IReadOnlyCollection<string>? spine, CancellationToken cancellationToken)
    {
        var eventTime = await EventTimeAsync(cancellationToken).ConfigureAwait(false);
        if (eventTime is null && (given.CreatedTime ?? given.ValidTo) is { } time)
        {
            var option = given.CreatedTime is not null ? nameof(TableColumns.CreatedTime) : nameof(TableColumns.ValidTo);
            throw new TableMismatchException([$"The table '{table}' has no column of an instant to be its event time, so it is static, and TableColumns.{option} names '{time}'; name the event time with TableColumns.EventTime, or leave {option} out."]);
        }

        var created = eventTime is null ? null : await CreatedTimeAsync(cancellationToken).ConfigureAwait(false);
        var validTo = eventTime is null ? null : await ValidToAsync(eventTime, cancellationToken).ConfigureAwait(false);
        var times = new[] { eventTime, created, validTo }.OfType<TimeColumn>().Select(time => time.Name).ToHashSet(StringComparer.Ordinal);
        var keys = Keys(times, spine);
        var entity = given.Entity ?? keys.Aggregate(Entity.Create(string.Join('_', keys.Select(key => key.Name))), (made, key) => made.Key(key.Name, KeyType(key)));
        var set = entity.FeatureSet(given.Name ?? table.Name).Existing(table);
        set = eventTime is null ? set.Static() : set.EventTime(eventTime.Name, eventTime.Kind);
        set = created is not null ? set.CreatedTime(created.Name, created.Kind) : eventTime is null ? set : set.WithoutCreatedTime();
        set = validTo is null ? set : set.ValidTo(validTo.Name, validTo.Kind);
        notes.Insert(0, $"'{table}': keys {string.Join(", ", keys.Select(key => key.Name))}; "
            + (eventTime is null ? "static, because no column of an instant is known" : $"event time '{eventTime.Name}' ({eventTime.Kind}); " + (created is null ? "no created time, so its rows count as known all along" : $"created time '{created.Name}' ({created.Kind})"))
            + (validTo is null ? "." : $"; valid until '{validTo.Name}'."));
        var others = given.Features is { } named ? named.Select(Named) : facts.Columns.Where(column => !times.Contains(column.Name) && !keys.Contains(column));
        foreach (var column in others)
        {
            if (session.Dialect.TypeOf(column.Type) is { } type)
            {
                set = set.Feature(column.Name, type);
            }
            else if (given.Features is not null)
            {
                throw new TableMismatchException([$"The table '{table}' has a column '{column.Name}', named as a feature, that is {(column.Type.Length == 0 ? "of no declared type" : column.Type)}, which no feature type holds; convert it in a view."]);
            }
            else
            {
                notes.Add($"'{table}': the column '{column.Name}' is {(column.Type.Length == 0 ? "of no declared type" : column.Type)}, which no feature type holds; convert it in a view to have it.");
            }
        }

        return set.Features.Count > 0
            ? new(set, ValueList<string>.Of(notes))
            : throw new TableMismatchException([$"The table '{table}' has no column left for a feature, besides {string.Join(", ", facts.Columns.Select(column => column.Name))}."]);
    }

    private async Task<TimeColumn?> EventTimeAsync(CancellationToken cancellationToken)
    {
        if (given.EventTime is { } name)
        {
            return await TimeAsync(Named(name), given.EventKind, cancellationToken).ConfigureAwait(false);
        }

        foreach (var usual in EventNames.Select(known => Find(facts, known)).OfType<ColumnFacts>())
        {
            if ((given.EventKind ?? await KindAsync(session, table, usual, cancellationToken).ConfigureAwait(false)) is { } kind)
            {
                return new(usual.Name, kind);
            }
        }

        var instants = new List<TimeColumn>();
        foreach (var column in facts.Columns.Where(column => session.Dialect.TypeOf(column.Type)?.Kind is null or FeatureKind.Timestamp && !CreatedNames.Contains(column.Name, Names.Comparer)))
        {
            if (await KindAsync(session, table, column, cancellationToken).ConfigureAwait(false) is { } kind)
            {
                instants.Add(new(column.Name, kind));
            }
        }

        return instants.Count < 2
            ? instants.FirstOrDefault()
            : throw new TableMismatchException([$"The table '{table}' has several columns of instants: {string.Join(", ", instants.Select(time => time.Name))}; name the event time with TableColumns.EventTime."]);
    }

    private async Task<TimeColumn?> CreatedTimeAsync(CancellationToken cancellationToken)
    {
        if (given.CreatedTime is { } name)
        {
            return await TimeAsync(Named(name), given.CreatedKind, cancellationToken).ConfigureAwait(false);
        }

        foreach (var usual in CreatedNames.Select(known => Find(facts, known)).OfType<ColumnFacts>())
        {
            if ((given.CreatedKind ?? await KindAsync(session, table, usual, cancellationToken).ConfigureAwait(false)) is { } kind)
            {
                return new(usual.Name, kind);
            }
        }

        return null;
    }

    private async Task<TimeColumn?> ValidToAsync(TimeColumn eventTime, CancellationToken cancellationToken)
    {
        var column = given.ValidTo is { } name ? Named(name) : Names.Comparer.Equals(eventTime.Name, "valid_from") ? Find(facts, "valid_to") : null;
        return column is null ? null : await TimeAsync(column, eventTime.Kind, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TimeColumn> TimeAsync(ColumnFacts column, TimeKind? kind, CancellationToken cancellationToken) => new(
        column.Name,
        kind ?? await KindAsync(session, table, column, cancellationToken).ConfigureAwait(false)
            ?? throw new TableMismatchException([$"The column '{column.Name}' of '{table}' is {column.Type}, which does not tell how it keeps instants; say so with TableColumns.EventKind or CreatedKind."]));

    private List<ColumnFacts> Keys(HashSet<string> times, IReadOnlyCollection<string>? spine)
    {
        if (given.Keys is { Count: > 0 } named)
        {
            return [.. named.Select(Named)];
        }

        if (given.Entity is { } entity)
        {
            return [.. entity.Keys.Select(key => Named(key.Name))];
        }

        var candidates = facts.Columns.Where(column => !times.Contains(column.Name) && session.Dialect.TypeOf(column.Type) is { CanBeKey: true }).ToList();
        var enforced = facts.Indexes.Where(index => index.IsUnique)
            .Select(index => candidates.Where(column => index.Columns.Contains(column.Name, StringComparer.Ordinal)).ToList())
            .FirstOrDefault(columns => columns.Count > 0 && (spine is null || columns.TrueForAll(column => spine.Contains(column.Name, Names.Comparer))));
        if (enforced is not null)
        {
            return enforced;
        }

        var usual = spine is not null
            ? candidates.FindAll(column => spine.Contains(column.Name, Names.Comparer))
            : candidates.FindAll(column => column.Name.Equals("id", StringComparison.OrdinalIgnoreCase) || column.Name.EndsWith("_id", StringComparison.OrdinalIgnoreCase));
        return usual.Count == 1 || (spine is not null && usual.Count > 0)
            ? usual
            : throw new TableMismatchException([$"The keys of '{table}' are not told by an enforced key{(spine is null ? " nor by one name that ends in _id" : " nor by a column it shares with the spine")}; name them with TableColumns.Keys. It has {string.Join(", ", facts.Columns.Select(column => column.Name))}."]);
    }

    private FeatureType KeyType(ColumnFacts column) => session.Dialect.TypeOf(column.Type) is { CanBeKey: true } type
        ? type
        : throw new TableMismatchException([$"The column '{column.Name}' of '{table}' is {column.Type}, which no key can be; a key is an int32, int64, string, guid, date or bool."]);

    private ColumnFacts Named(string name) => Find(facts, name)
        ?? throw new TableMismatchException([$"The table '{table}' has no column '{name}'; it has {string.Join(", ", facts.Columns.Select(column => column.Name))}."]);
}
