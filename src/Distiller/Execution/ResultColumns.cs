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
            .. training.Joins.SelectMany(join => join.Features.Select(feature => new ResultColumn(OutputNames.Of(training, join, feature), StoredType.Of(feature.Type))).Concat(Match(training, join))),
        ];
    }

    public static IReadOnlyList<ResultColumn> Of(Latest latest) => [.. TablesPlanner.ReadColumns(latest.Set).Select(column => new ResultColumn(column.Name, column.Type))];

    public static IReadOnlyList<ResultColumn> Of(Unload unload) =>
    [
        .. LatestPlanner.UnloadColumns(unload.Set).Select(column => new ResultColumn(column.Name, column.Type)),
        .. LatestPlanner.TiesBeside(unload.Set).Select(tie => new ResultColumn(tie.Name, tie.Type is { } type ? StoredType.Of(type) : null)),
    ];

    private static IEnumerable<ResultColumn> Match(TrainingSet training, TrainingJoin join) => training.HasMatch
        ? [new(OutputNames.Status(join), StoredType.Of(FeatureType.String)), new(OutputNames.FeatureTimestamp(join), StoredType.Of(join.Set.EventTimeColumn.Kind))]
        : [];
}
