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
            .. training.Joins.SelectMany(join => join.Features.Select(feature => new ResultColumn(OutputNames.Of(training, join, feature), StoredType.Of(feature.Type), IsFeature: true)).Concat(Match(training, join))),
        ];
    }

    public static IReadOnlyList<ResultColumn> Of(Latest latest) =>
        [.. TablesPlanner.ReadColumns(latest.Set).Select(column => new ResultColumn(column.Name, column.Type, latest.Set.IsFeature(column.Name)))];

    public static IReadOnlyList<ResultColumn> Of(Unload unload) =>
    [
        .. LatestPlanner.UnloadColumns(unload.Set).Select(column => new ResultColumn(column.Name, column.Type, unload.Set.IsFeature(column.Name))),
        .. LatestPlanner.TiesBeside(unload.Set).Select(tie => new ResultColumn(tie.Name, tie.Type is { } type ? StoredType.Of(type) : null)),
    ];

    private static IEnumerable<ResultColumn> Match(TrainingSet training, TrainingJoin join) => training.HasMatch
        ? [new(OutputNames.Status(join), StoredType.Of(FeatureType.String)), new(OutputNames.FeatureTimestamp(join), StoredType.Of(join.Set.EventTimeColumn.Kind))]
        : [];

    public static IReadOnlyList<ResultColumn> Of(Why why)
    {
        var set = why.Join.Set;
        var times = new[] { set.EventTimeColumn, set.CreatedTimeColumn }.OfType<TimeColumn>().ToDictionary(column => column.Name, column => StoredType.Of(column.Kind), Names.Comparer);
        var types = set.TieBreakers.Where(tie => set.TypeOf(tie) is not null).ToDictionary(tie => tie.Name, tie => StoredType.Of(set.TypeOf(tie)!), Names.Comparer);
        return
        [
            .. WhyPlanner.Shown(why.Join).Select(name => why.Join.Features.FirstOrDefault(feature => Names.Comparer.Equals(feature.Name, name)) is { } feature
                ? new ResultColumn(feature.Name, StoredType.Of(feature.Type), IsFeature: true)
                : new(name, times.TryGetValue(name, out var time) ? time : types.TryGetValue(name, out var type) ? type : name == Names.Deleted && set.HasTombstones ? StoredType.Of(FeatureType.Bool) : null)),
            .. set.IsSparse ? why.Join.Features.Select(feature => new ResultColumn($"{feature.Name}__verdict", StoredType.Of(FeatureType.String))) : [new("verdict", StoredType.Of(FeatureType.String))],
            new("position", StoredType.Of(FeatureType.Int64)),
        ];
    }
}
