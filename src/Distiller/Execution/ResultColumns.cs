namespace Distiller;

/// <summary>The declared types of a statement's result.</summary>
internal static class ResultColumns
{
    public static IReadOnlyList<ResultColumn> Of(TrainingSet training)
    {
        var inMemory = training.Spine.InMemory?.Columns.ToDictionary(column => column.Name, column => (StoredType?)column.Type);
        return
        [
            .. training.Spine.ColumnNames.Select(name => new ResultColumn(name, inMemory?.GetValueOrDefault(name))),
            .. training.Joins.SelectMany(join => join.Features.Select(feature => new ResultColumn(OutputNames.Of(training, join, feature), StoredType.Of(feature.Type)))),
        ];
    }

    public static IReadOnlyList<ResultColumn> Of(FeatureSet set, bool forUnload) =>
    [
        .. (forUnload && !set.IsExisting ? TablesPlanner.LatestColumns(set) : TablesPlanner.HistoryColumns(set)).Select(column => new ResultColumn(column.Name, column.Type)),
        .. forUnload ? LatestPlanner.TiesBeside(set).Select(tie => new ResultColumn(tie.Name, tie.Type is { } type ? StoredType.Of(type) : null)) : [],
    ];
}
