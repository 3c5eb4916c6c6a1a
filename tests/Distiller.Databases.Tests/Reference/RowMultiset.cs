using System.Text;

namespace Distiller.Databases.Tests.Reference;

/// <summary>Rows compared as a multiset: order of rows is nothing (P8), how often each comes is everything (P1).</summary>
public static class RowMultiset
{
    private const int Shown = 4;

    /// <param name="expected">What the reference model says.</param>
    /// <param name="actual">What the database says.</param>
    /// <param name="context">Printed with a difference: the seed, the training set, the engine.</param>
    /// <param name="allowEmpty">An expectation of no rows proves nothing and fails, unless this says that no rows are the point.</param>
    /// <param name="inOrder">Whether the columns must come in the expected order too (P2).</param>
    public static void AssertEqual(IReadOnlyList<Row> expected, IReadOnlyList<Row> actual, string context, bool allowEmpty = false, bool inOrder = true)
    {
        if (expected.Count == 0 && !allowEmpty)
        {
            Assert.Fail($"{context}: no row is expected, so the comparison would prove nothing; say allowEmpty where that is meant.");
        }

        var all = expected.Concat(actual).ToList();
        if (all.Count > 0)
        {
            var columns = all[0].Keys.ToList();
            foreach (var row in all)
            {
                if (inOrder ? !columns.SequenceEqual(row.Keys) : !columns.ToHashSet().SetEquals(row.Keys))
                {
                    Assert.Fail($"{context}: the columns differ.\n  expected: {string.Join(" | ", columns)}\n  actual:   {string.Join(" | ", row.Keys)}");
                }
            }
        }

        var (missing, extra) = Difference(expected, actual);
        if (missing.Count > 0 || extra.Count > 0)
        {
            Assert.Fail(Report(expected, actual, missing, extra, context));
        }
    }

    /// <summary>The rows of each list that find no partner in the other, each as often as it is left over.</summary>
    public static (IReadOnlyList<Row> Missing, IReadOnlyList<Row> Extra) Difference(IReadOnlyList<Row> expected, IReadOnlyList<Row> actual)
    {
        var columns = expected.Concat(actual).FirstOrDefault()?.Keys.ToList() ?? [];
        var left = new Dictionary<IReadOnlyList<object?>, Queue<Row>>(ValuesComparer.Instance);
        foreach (var row in actual)
        {
            var cells = Cells(row);
            if (!left.TryGetValue(cells, out var rows))
            {
                left.Add(cells, rows = new());
            }

            rows.Enqueue(row);
        }

        var missing = new List<Row>();
        foreach (var row in expected)
        {
            if (!left.TryGetValue(Cells(row), out var rows) || !rows.TryDequeue(out _))
            {
                missing.Add(row);
            }
        }

        return (missing, left.Values.SelectMany(rows => rows).ToList());

        List<object?> Cells(Row row) => columns.Select(column => row[column]).ToList();
    }

    private static string Report(IReadOnlyList<Row> expected, IReadOnlyList<Row> actual, IReadOnlyList<Row> missing, IReadOnlyList<Row> extra, string context)
    {
        var text = new StringBuilder($"{context}: {expected.Count} rows expected, {actual.Count} came; {missing.Count} missing, {extra.Count} too many.");
        foreach (var row in missing.Take(Shown))
        {
            text.Append("\n  missing: ").Append(row);
            var nearest = extra.MinBy(other => Differing(row, other).Count);
            if (nearest is not null)
            {
                text.Append("\n    nearest extra row differs in ").AppendJoin(", ", Differing(row, nearest).Select(column => $"{column}: expected {Values.Show(row[column])}, got {Values.Show(nearest[column])}"));
            }
        }

        foreach (var row in extra.Take(Shown))
        {
            text.Append("\n  extra:   ").Append(row);
        }

        return text.ToString();
    }

    private static List<string> Differing(Row left, Row right) => left.Keys.Where(column => !Values.Same(left[column], right[column])).ToList();
}
