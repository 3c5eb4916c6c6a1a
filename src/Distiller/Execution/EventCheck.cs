using System.Globalization;

namespace Distiller;

/// <summary>Judges events before they are pivoted (F2).</summary>
internal static class EventCheck
{
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
