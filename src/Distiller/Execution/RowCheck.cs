using System.Globalization;

namespace Distiller;

/// <summary>Runs <see cref="CheckRows"/> and tells what it found.</summary>
internal static class RowCheck
{
    /// <summary>The first contradiction among a set's rows; null where there is none, or the table's own key rules it out.</summary>
    public static async Task<string?> ProblemAsync(Session session, FeatureSet set, TableFacts facts, CancellationToken cancellationToken)
    {
        if (!RowCheckPlanner.Checks(set) || (set.IsStatic && HasKey(set, facts)))
        {
            return null;
        }

        var step = CheckRows.Of(set).Build(new(session.Dialect, SqlStyle.Parameters)).Single;
        if (await session.RowAsync(step, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return null;
        }

        var problem = row.Values.First();
        var key = string.Join(", ", row.Skip(1).Select(part => $"{part.Key} = {Names.Printable(Convert.ToString(part.Value, CultureInfo.InvariantCulture)!)}"));
        return set.IsStatic
            ? $"Feature set '{set.Name}': the table '{set.HistoryTable}' holds {problem} for {key}; a static set has one row per key: remove the others, or declare an event time that tells which holds when."
            : $"Feature set '{set.Name}': in the table '{set.HistoryTable}', for {key}, {problem}; correct the table, or leave ValidTo(\"{set.ValidToColumn!.Name}\") out to let each row hold until the next.";
    }

    private static bool HasKey(FeatureSet set, TableFacts facts)
    {
        var keys = set.Entity.Keys.Select(key => key.Name).ToHashSet(Names.Comparer);
        return facts.Indexes.Any(index => index.IsUnique && keys.SetEquals(index.Columns));
    }
}
