namespace Distiller;

/// <summary>Creates a view that answers what a statement answers.</summary>
public sealed record CreateStatementView : Statement
{
    private CreateStatementView(Statement statement, TableName view, bool replaces)
    {
        Statement = statement;
        View = view;
        Replaces = replaces;
    }

    /// <summary>What the view answers.</summary>
    public Statement Statement { get; }

    /// <summary>The view.</summary>
    public TableName View { get; }

    /// <summary>Whether a view of that name is dropped first.</summary>
    public bool Replaces { get; }

    internal static CreateStatementView Of(Statement statement, TableName view, bool replaces)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new(statement, view, replaces);
    }

    internal override CompiledScript Build(PlanScope context)
    {
        var (query, comments) = Statement switch
        {
            Scd2 scd2 => (Scd2Planner.Query(scd2, context), Scd2Planner.Comments(scd2)),
            Eavt eavt => (EavtPlanner.Query(eavt, context), EavtPlanner.Comments(eavt)),
            _ => throw new ArgumentException($"A {Statement.GetType().Name} is no view."),
        };

        // A view cannot hold parameters; what it says is the statement's own words, always printed.
        var create = StatementWriter.Step(context with { Style = SqlStyle.Literals }, $"create the view {View}", new CreateView(View, query));
        IEnumerable<CompiledStep> steps = Replaces ? [StatementWriter.Step(context, $"drop the view {View} where it exists", new DropView(View)), create] : [create];
        return new(context.Dialect, steps, comments, []);
    }
}
