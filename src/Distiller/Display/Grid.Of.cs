using System.Globalization;

namespace Distiller;

/// <summary>The grids of what people look at.</summary>
internal sealed partial record Grid
{
    public static Grid Of(Preview preview) => new(
        preview.Title,
        ValueList<GridColumn>.Of(preview.Columns.Select((name, i) => new GridColumn(name, IsNumber(preview.Rows.Select(row => row[i]))))),
        Cells(preview.Rows))
    {
        Footer = preview.HasMore ? string.Create(CultureInfo.InvariantCulture, $"the first {preview.Rows.Count} rows; there are more") : string.Create(CultureInfo.InvariantCulture, $"{preview.Rows.Count} rows, all there are"),
    };

    public static Grid Of(Entity entity) => new(
        $"Entity {entity.Name}",
        Named("key", "type"),
        Cells(entity.Keys.Select(key => new object?[] { key.Name, key.Type })))
    {
        Lines = Given(entity.Description),
    };

    public static Grid Of(FeatureSet set)
    {
        var rows = set.Entity.Keys.Select(key => new object?[] { key.Name, key.Type, "key", "" })
            .Concat(set.TimeColumns().Select(time => new object?[]
            {
                time.Name, Kind(time), ReferenceEquals(time, set.CreatedTimeColumn) ? "created time" : ReferenceEquals(time, set.ValidToColumn) ? "end of validity" : "event time", "",
            }))
            .Concat(set.TieBreakers.Where(tie => !set.IsFeature(tie.Name)).Select(tie => new object?[] { tie.Name, tie.Type?.ToString() ?? "", "tie-breaker", "" }))
            .Concat(set.Features.Select(feature => new object?[] { feature.Name, feature.Type, "feature", feature.Description ?? "" }));
        return new($"Feature set {set.Name} of {set.Entity.Name}", Named("column", "type", "role", "description"), Cells(rows))
        {
            Lines = ValueList<string>.Of(
            [
                .. Given(set.Description),
                $"{(set.IsStatic ? "static table" : "history")} {set.HistoryTable}{(set.IsExisting ? " (existing)" : "")}, {(set.LatestTable is { } latest ? $"latest {latest}" : "no latest table")}{(set.MaximumAge is { } age ? $", max age {WhyWords.Show(age)}" : "")}{(set.IsSparse ? ", sparse" : "")}{(set.HasTombstones ? ", tombstones" : "")}{(set.Scd2Table is { } scd2 ? $", intervals {scd2.Table}{(scd2.IsCollapsed ? " (collapsed)" : "")}" : "")}",
            ]),
        };

        static string Kind(TimeColumn column) => column.Kind == TimeKind.Instant ? "timestamp" : column.Kind.ToString();
    }

    public static Grid Of(PublishResult result) => new(
        $"Publish of {result.FeatureSet}",
        ValueList<GridColumn>.Of(new[] { "offered", "appended", "already present", "unchanged", "late", "latest inserted", "latest updated" }.Select(name => new GridColumn(name, IsNumber: true))),
        Cells([[result.Offered, result.Appended, result.AlreadyPresent, result.Unchanged, result.Late, result.LatestInserted, result.LatestUpdated]]));

    public static Grid Of(LatestRow row)
    {
        var set = row.FeatureSet;
        var cells = set.Entity.Keys.Select((key, i) => new object?[] { key.Name, row.Key[i] })
            .Concat(set.TimeColumns().Select(time => new[] { time.Name, ReferenceEquals(time, set.CreatedTimeColumn) ? row.CreatedTime : ReferenceEquals(time, set.ValidToColumn) ? row.ValidTo : row.EventTime }))
            .Concat(set.Features.Select((feature, i) => new[] { feature.Name, row.Values[i] }))
            .Concat(row.PublishedTimestamp is { } published ? [[Names.PublishedTimestamp, published]] : []);
        return new($"Latest of {set.Name}", Named("column", "value"), Cells(cells));
    }

    public static Grid Of(WhyAnswer answer)
    {
        var join = answer.Question.Join;
        var (hasCreated, isSparse) = (join.Set.CreatedTimeColumn is not null, join.Set.IsSparse);
        var columns = new[] { new GridColumn("#", IsNumber: true) }
            .Concat(isSparse ? [] : [new GridColumn("verdict")])
            .Append(new(join.Set.EventTimeColumn.Name))
            .Concat(hasCreated ? [new GridColumn(join.Set.CreatedTimeColumn!.Name)] : [])
            .Concat(join.Features.SelectMany((feature, i) => Beside(new GridColumn(feature.Name, IsNumber(answer.Rows.Select(row => row.Values[i]))), new("verdict"))));
        var rows = answer.Rows.Select(row => new object?[] { row.Position }
            .Concat(isSparse ? [] : [Told(row, row.Verdict)])
            .Append(row.EventTime)
            .Concat(hasCreated ? [row.CreatedTime] : [])
            .Concat(row.Values.SelectMany((value, i) => Beside(value, isSparse ? Told(row, row.Verdicts[i]) : null))));
        return new(WhyWords.Question(answer.Question), ValueList<GridColumn>.Of(columns), Cells(rows))
        {
            Lines = ValueList<string>.Of(answer.Notes.Select(note => "Note: " + note).Prepend(answer.Summary)),
            Footer = answer.Question.Nearby is { } nearby ? string.Create(CultureInfo.InvariantCulture, $"rows from the newest (1) on, at most {nearby} on each side of {(isSparse ? "each feature's" : "the")} winner or its place; All() shows every row") : null,
        };

        // A sparse set has a verdict beside each feature.
        IEnumerable<T> Beside<T>(T value, T verdict) => isSparse ? [value, verdict] : [value];

        static string Told(WhyRow row, Verdict verdict) => row.IsTombstone && verdict != Verdict.Deleted ? $"{WhyWords.Of(verdict)} (tombstone)" : WhyWords.Of(verdict);
    }

    private static ValueList<GridColumn> Named(params string[] names) => ValueList<GridColumn>.Of(names.Select(name => new GridColumn(name)));

    private static ValueList<string> Given(string? line) => line is null ? ValueList<string>.Empty : ValueList<string>.Of([line]);

    private static ValueList<ValueList<string?>> Cells(IEnumerable<IEnumerable<object?>> rows) =>
        ValueList<ValueList<string?>>.Of(rows.Select(row => ValueList<string?>.Of(row.Select(cell => cell is null ? null : WhyWords.Show(cell)))));

    private static bool IsNumber(IEnumerable<object?> values)
    {
        var any = false;
        foreach (var value in values)
        {
            if (value is not null)
            {
                if (value is not (sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal))
                {
                    return false;
                }

                any = true;
            }
        }

        return any;
    }
}
