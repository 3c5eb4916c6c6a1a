using System.Collections.Concurrent;
using System.Reflection;

namespace Distiller;

/// <summary>What is worked out of a serving set once: column names, which entity columns are needed and by whom, and a decoder per join.</summary>
internal sealed class ServingPlan
{
    private readonly ServingSet serving;
    private readonly ConcurrentDictionary<Type, PropertyInfo[]> properties = new();

    public ServingPlan(ServingSet serving)
    {
        this.serving = serving;
        Decoders = [.. serving.Joins.Select(join => new OnlineDecoder(join))];
        var columns = new List<string>();
        var owners = new Dictionary<string, string>(Names.Comparer);
        var firsts = new List<int>();
        foreach (var join in serving.Joins)
        {
            firsts.Add(columns.Count);
            foreach (var feature in join.Features)
            {
                var name = OutputNames.Of(serving.HasShortNames, join, feature);
                var owner = $"feature '{feature.Name}' of the join '{join.Prefix}' (feature set '{join.Set.Name}')";
                columns.Add(owners.TryAdd(name, owner)
                    ? name
                    : throw new ArgumentException($"The output column '{name}' would belong both to {owners[name]} and to {owner}; give one join another name with prefix: \"...\"."));
            }
        }

        Columns = ValueList<string>.Of(columns);
        Firsts = [.. firsts];
        EntityColumns = ValueList<string>.Of(serving.Joins.SelectMany(join => join.SpineKeys).Distinct());
        KeySlots = [.. serving.Joins.Select(join => join.SpineKeys.Select(column => EntityColumns.ToList().IndexOf(column)).ToArray())];
    }

    public ValueList<string> Columns { get; }

    /// <summary>The columns of the entity info that the joins need.</summary>
    public ValueList<string> EntityColumns { get; }

    /// <summary>Per join, which entity columns make its key.</summary>
    public int[][] KeySlots { get; }

    /// <summary>Per join, the place of its first feature among the columns.</summary>
    public int[] Firsts { get; }

    public OnlineDecoder[] Decoders { get; }

    /// <summary>The needed columns of one entity.</summary>
    /// <exception cref="ArgumentException">A needed one is not there.</exception>
    public object?[] Entity<T>(T entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return entity switch
        {
            IReadOnlyDictionary<string, object?> dictionary => Entity(dictionary.Keys, name => dictionary[name]),
            IDictionary<string, object?> dictionary => Entity(dictionary.Keys, name => dictionary[name]),
            _ => Entity(entity, typeof(T).IsSealed ? typeof(T) : entity.GetType()),
        };
    }

    private object?[] Entity(object entity, Type type)
    {
        var needed = properties.GetOrAdd(type, Find);
        var values = new object?[needed.Length];
        for (var i = 0; i < needed.Length; i++)
        {
            values[i] = needed[i].GetValue(entity);
        }

        return values;
    }

    private object?[] Entity(IEnumerable<string> keys, Func<string, object?> get)
    {
        var names = keys.ToList();
        var values = new object?[EntityColumns.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var position = ColumnMatch.Position(names, EntityColumns[i]);
            values[i] = position >= 0 ? get(names[position]) : throw Lacks(EntityColumns[i], names);
        }

        return values;
    }

    private PropertyInfo[] Find(Type type)
    {
        var all = ColumnMatch.Properties(type);
        var found = ColumnMatch.Find(type, all, EntityColumns);
        return [.. found.Select((property, i) => property ?? throw Lacks(EntityColumns[i], [.. all.Select(other => other.Name)]))];
    }

    private ArgumentException Lacks(string column, IReadOnlyList<string> names)
    {
        var join = serving.Joins.First(join => join.SpineKeys.Contains(column));
        var key = join.Set.Entity.Keys[join.SpineKeys.ToList().IndexOf(column)].Name;
        return new($"The entity info has no '{column}', which is the key '{key}' of the join '{join.Prefix}' (feature set '{join.Set.Name}'); it has {(names.Count == 0 ? "nothing" : string.Join(", ", names))}. Give it, with null where it is not known.");
    }
}
