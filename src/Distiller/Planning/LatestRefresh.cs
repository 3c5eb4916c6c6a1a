namespace Distiller;

/// <summary>The steps that bring an owned sparse latest up to date from history (B2): for the keys a batch touches, under their lock, or for all.</summary>
internal sealed class LatestRefresh(FeatureSet set, PlanScope context, TableName fresh)
{
    public const string Inserted = "inserted";
    public const string Updated = "updated";

    private const string Fresh = "fresh";
    private const string LatestAlias = "latest";

    private static readonly ColumnRef Published = new(LatestAlias, Names.PublishedTimestamp);

    private readonly List<string> keys = [.. set.Entity.Keys.Select(key => key.Name)];
    private readonly List<string> content = [.. TablesPlanner.LatestColumns(set).Select(column => column.Name).Where(name => name != Names.PublishedTimestamp && !set.Entity.Keys.Any(key => key.Name == name))];

    /// <summary>What latest must be, what of it is news, and the write.</summary>
    /// <param name="filter">Which history rows count, by the alias <c>history</c>; null = all.</param>
    /// <param name="taken">The table the filter reads.</param>
    public IEnumerable<CompiledStep> Steps(Scalar? filter, params IEnumerable<string> taken)
    {
        yield return Step($"what latest of {set.Name} must be{(filter is null ? "" : " for the keys of the batch")}", new CreateTableAs(fresh, SparseLatest.Query(set, filter, taken)) { IsTemporary = true }, StepRole.Run);
        yield return Step($"count keys of {set.Name} that latest gains, and that it changes", new QueryStatement(Count()), StepRole.Count);
        yield return Step("bring latest up to date", Write(), StepRole.Run);
    }

    public CompiledStep Drop() => Step("drop the temporary tables", new DropTable(fresh, IsTemporary: true), StepRole.Clean);

    private CompiledStep Step(string purpose, SqlStatement what, StepRole role) => StatementWriter.Step(context, purpose, what, role) with { FeatureSet = set.Name };

    private Select Count() => new()
    {
        Columns = ValueList<Output>.Of([new(Aggregate.CountWhereOrZero(IsNew), Inserted), new(Aggregate.CountWhereOrZero(Scalar.And(new Not(IsNew), Differs(Fresh, LatestAlias))), Updated)]),
        From = WithLatest(),
    };

    /// <summary>Only rows that differ are written, and the clock then moves on for their key even where it stands still or runs back: a reader of the table sees every change.</summary>
    private SqlStatement Write()
    {
        var columns = keys.Concat(content).Append(Names.PublishedTimestamp).ToList();
        var next = new FromMicroseconds(TimeKind.Instant, new Arithmetic(ArithmeticOp.Add, new ToMicroseconds(TimeKind.Instant, Published), new Number(1)));
        var rows = new Select
        {
            Columns = ValueList<Output>.Of(keys.Concat(content).Select(name => new Output(new ColumnRef(Fresh, name)))
                .Append(new(new Case(IsNew, new Clock(), new GreaterOf(new Clock(), next)), Names.PublishedTimestamp))),
            From = WithLatest(),
        };
        return context.Dialect.Upsert.Write(new(set.LatestTable!, ValueList<string>.Of(keys), ValueList<string>.Of(columns), rows, Differs));
    }

    private static IsNull IsNew => new(Published);

    private Scalar Differs(string left, string right) => Scalar.Or(content.Select(name => new Compare(CompareOp.IsDistinct, new ColumnRef(left, name), new ColumnRef(right, name))));

    private Joined WithLatest() => new(
        JoinKind.Left,
        new TableRef(fresh, Fresh, IsTemporary: true),
        new TableRef(set.LatestTable!, LatestAlias),
        Scalar.And(keys.Select(name => new Compare(CompareOp.Equal, new ColumnRef(LatestAlias, name), new ColumnRef(Fresh, name)))));
}
