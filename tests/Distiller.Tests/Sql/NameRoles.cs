namespace Distiller.Tests.Sql;

/// <summary>The names of one small world; <see cref="With"/> puts one name in every role.</summary>
internal sealed record NameRoles
{
    public string Table { get; init; } = "plain";

    public string Key { get; init; } = "plain_key";

    public string Feature { get; init; } = "plain_feature";

    public string EventTime { get; init; } = "happened";

    public string CreatedTime { get; init; } = "stored_at";

    public string SpineTable { get; init; } = "plain_spine";

    public string SpineKey { get; init; } = "who";

    public string Instant { get; init; } = "at";

    public string Label { get; init; } = "label";

    public string Prefix { get; init; } = "p";

    /// <summary>Whether the set's name makes its tables' names, as it does by default.</summary>
    public bool NamesTables { get; init; } = true;

    /// <summary>The name in every role, as many at once as may share it.</summary>
    public static IEnumerable<NameRoles> With(string name)
    {
        yield return new() { Table = name, Prefix = name, Key = name, Label = name };
        yield return new() { Table = name, NamesTables = false, EventTime = name, SpineKey = name };
        yield return new() { SpineTable = name, Feature = name, Instant = name };
        yield return new() { CreatedTime = name, SpineKey = name, Prefix = name };
    }

    public FeatureSet Set()
    {
        var set = Entity.Create(Table).Key<string>(Key).FeatureSet(NamesTables ? Table : "plain").EventTime(EventTime).CreatedTime(CreatedTime).Feature<string>(Feature);
        return NamesTables ? set : set.History(Table).Latest(Table + "2");
    }
}
