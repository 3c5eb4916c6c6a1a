using System.Globalization;

namespace Distiller;

/// <summary>Judges events before they are pivoted (F2).</summary>
internal static class EventCheck
{
    /// <summary>Refuses a source that lacks a column of the events, before anything is staged.</summary>
    public static async Task ColumnsAsync(Session session, Pivot pivot, CancellationToken cancellationToken)
    {
        var columns = await session.ColumnsAsync(EavtPlanner.Source(pivot), EavtPlanner.Event, "describe the events", pivot.Set, cancellationToken).ConfigureAwait(false);
        var problems = EavtPlanner.SourceColumns(pivot).Where(name => !columns.Any(column => Names.Comparer.Equals(column.Name, name))).Select(name =>
            $"Feature set '{pivot.Set.Name}': {pivot.Table?.ToString() ?? "the query"} has no column '{name}' of its events; it has {string.Join(", ", columns.Select(column => column.Name))}. {WayOut(name)}.").ToList();
        if (problems.Count > 0)
        {
            throw new TableMismatchException(problems);
        }

        string WayOut(string name) =>
            name == pivot.Columns.Attribute || name == pivot.Columns.Value ? "Name attribute and value with Named(...)"
            : name == pivot.Set.CreatedTimeColumn?.Name ? "Declare events without one with WithoutCreatedTime(), or name it so in a query (Pivot.FromQuery)"
            : "Name it so in a query (Pivot.FromQuery)";
    }

    /// <summary>Refuses the first event found that is no value of a feature, contradicts another, or leaves a gap.</summary>
    public static async Task RunAsync(Session session, Pivot pivot, PlanScope context, Relation from, string? row, CancellationToken cancellationToken)
    {
        foreach (var (purpose, query) in EavtPlanner.Problems(pivot, context, from, row))
        {
            var step = StatementWriter.Step(context, purpose, new QueryStatement(query)) with { FeatureSet = pivot.Set.Name };
            if (await session.RowAsync(step, cancellationToken).ConfigureAwait(false) is { } offending)
            {
                throw Refused(pivot, offending);
            }
        }
    }

    private static RowRefusedException Refused(Pivot pivot, IReadOnlyDictionary<string, object?> offending)
    {
        // By position: the row, the problem, then what identifies the fact, whose columns may have any name.
        var number = offending.Values.First() is { } row ? Convert.ToInt64(row, CultureInfo.InvariantCulture) : (long?)null;
        var fact = string.Join(", ", offending.Skip(2).Select(part => $"{part.Key} = {Shown(part.Value)}"));
        var where = number is { } known ? FormattableString.Invariant($"event {known} ({fact})") : $"an event ({fact})";
        return new($"Feature set '{pivot.Set.Name}', {pivot.Table?.ToString() ?? "the query"}, {where}: {Convert.ToString(offending.Values.ElementAt(1), CultureInfo.InvariantCulture)}. Nothing was written.", null)
        {
            FeatureSet = pivot.Set.Name,
            Row = number,
            Column = pivot.Columns.Value,
        };
    }

    private static string Shown(object? value) => value is null ? "NULL" : Names.Printable(Convert.ToString(value, CultureInfo.InvariantCulture)!);
}
