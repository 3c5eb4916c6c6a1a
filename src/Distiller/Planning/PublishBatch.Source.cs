namespace Distiller;

internal sealed partial class PublishBatch
{
    private const string Source = "source";

    private TableName KeysStage => context.Stage(StageSteps.NameFor("keys_", Set.Name));

    /// <summary>The columns a source brings: those that are written, but whether a row is a tombstone.</summary>
    public static ValueList<ColumnDefinition> SourceColumns(FeatureSet set) => ValueList<ColumnDefinition>.Of(Columns(set).Where(column => !IsDeleted(set, column.Name)));

    /// <summary>Whether a column is the owned one that marks tombstones.</summary>
    public static bool IsDeleted(FeatureSet set, string column) => set.HasTombstones && column == Names.Deleted;

    /// <summary>Keys in memory, which a retraction then reads like a table.</summary>
    private IEnumerable<CompiledStep> StageKeys() => statement.Ended?.Keys.InMemory is { } rows
        ? StageSteps.CreateAndLoad(context, KeysStage, [.. rows.Columns.Select(column => new ColumnDefinition(column.Name, column.Type, NotNull: false))], "the keys", rows)
        : [];

    private Select FromSource()
    {
        Relation from = statement.Ended?.Keys.InMemory is not null ? new TableRef(KeysStage, Source, IsTemporary: true)
            : statement.Table is { } table ? new TableRef(table, Source)
            : new TextRef(statement.QueryText!, Source);
        return new()
        {
            Columns = Outputs(columns.Select(column => new Output(statement.Ended is { } ended ? Ended(column, ended.At) : Published(column), column.Name))
                .Prepend(new(new Window(WindowOp.RowNumber, null, ValueList<Scalar>.Empty, ValueList<SortKey>.Empty), row))),
            From = from,
        };
    }

    private Scalar Published(ColumnDefinition column)
    {
        var value = new ColumnRef(Source, column.Name);
        if (IsDeleted(Set, column.Name))
        {
            return statement.BringsTombstones ? value : new Flag(false);
        }

        if (column.Name == Set.EventTimeColumn.Name)
        {
            return TimeMath.Convert(statement.EventKind, value, Set.EventTimeColumn.Kind);
        }

        if (Set.CreatedTimeColumn is not { } created || column.Name != created.Name)
        {
            return Set.IsExisting ? value : new InForm(column.Type, value);
        }

        var call = created.Kind == TimeKind.Instant ? CallCreated : TimeMath.Convert(TimeKind.Instant, CallCreated, created.Kind);
        return !statement.SourceHasCreatedTime ? call
            : Set.IsExisting ? TimeMath.Convert(statement.CreatedKind, value, created.Kind)
            : new Coalesce(TimeMath.Convert(statement.CreatedKind, value, created.Kind), call);
    }

    /// <summary>A tombstone: the key, the instant it ends at, and no value.</summary>
    private Scalar Ended(ColumnDefinition column, DateTimeOffset at) =>
        Keys.Any(key => key.Name == column.Name) ? new InForm(column.Type, new ColumnRef(Source, column.Name))
        : column.Name == Set.EventTimeColumn.Name ? new Value(StoredType.Instant, at.UtcDateTime)
        : column.Name == Set.CreatedTimeColumn!.Name ? CallCreated
        : IsDeleted(Set, column.Name) ? new Flag(true)
        : new NullOf(column.Type);

    private Scalar CallCreated => statement.CreatedInstant is { } instant ? new Value(StoredType.Instant, instant.UtcDateTime) : new Clock();

    /// <summary>Whether the batch touches the key of a history row.</summary>
    private Exists InBatch() => new(new()
    {
        Columns = Outputs([new(new Number(1))]),
        From = Stage(Batch),
        Where = Scalar.And(Keys.Select(key => new Compare(CompareOp.Equal, new ColumnRef(Batch, key.Name), new ColumnRef(History, key.Name)))),
    });
}
