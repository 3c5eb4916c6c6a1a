using System.Reflection;

namespace Distiller;

/// <summary>What is worked out of a serving set once: column names, which entity columns are needed and by whom, and a decoder per join.</summary>
internal sealed class ServingPlan
{
    private readonly ServingSet serving;

    // The type of entity that was asked for last, and the prefix of the store: a service rarely changes either.
    private Tuple<Type, PropertyInfo[]>? properties;
    private Tuple<string, string[]>? starts;

    public ServingPlan(ServingSet serving)
    {
        this.serving = serving;
        Decoders = [.. serving.Joins.Select(join => new OnlineDecoder(join))];
        var columns = new List<string>();
        var taken = new HashSet<string>(Names.Comparer);
        Firsts = new int[serving.Joins.Count];
        for (var j = 0; j < Firsts.Length; j++)
        {
            Firsts[j] = columns.Count;
            var join = serving.Joins[j];
            foreach (var feature in join.Features)
            {
                var name = OutputNames.Of(serving.HasShortNames, join, feature);
                columns.Add(taken.Add(name) ? name : throw Collision(name, join, feature));
            }
        }

        Columns = ValueList<string>.Of(columns);
        EntityColumns = ValueList<string>.Of(serving.Joins.SelectMany(join => join.SpineKeys).Distinct());
        var slots = EntityColumns.ToList();
        KeySlots = [.. serving.Joins.Select(join => join.SpineKeys.Select(column => slots.IndexOf(column)).ToArray())];
    }

    public ValueList<string> Columns { get; }

    /// <summary>The columns of the entity info that the joins need.</summary>
    public ValueList<string> EntityColumns { get; }

    /// <summary>Per join, which entity columns make its key.</summary>
    public int[][] KeySlots { get; }

    /// <summary>Per join, the place of its first feature among the columns.</summary>
    public int[] Firsts { get; }

    public OnlineDecoder[] Decoders { get; }

    /// <summary>Per join, what its keys begin with.</summary>
    public string[] Starts(OnlineOptions options)
    {
        var known = starts;
        if (known?.Item1 != options.Prefix)
        {
            starts = known = new(options.Prefix, [.. serving.Joins.Select(join => OnlineKeys.Start(options, join.Set))]);
        }

        return known.Item2;
    }

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
        var known = properties;
        if (known?.Item1 != type)
        {
            properties = known = new(type, Find(type));
        }

        var needed = known.Item2;
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

    private ArgumentException Collision(string name, TrainingJoin join, Feature feature)
    {
        var (other, its) = serving.Joins.SelectMany(other => other.Features.Select(its => (other, its))).First(pair => Names.Comparer.Equals(OutputNames.Of(serving.HasShortNames, pair.other, pair.its), name));
        return new($"The output column '{name}' would belong both to feature '{its.Name}' of the join '{other.Prefix}' (feature set '{other.Set.Name}') and to feature '{feature.Name}' of the join '{join.Prefix}' (feature set '{join.Set.Name}'); give one join another name with prefix: \"...\".");
    }

    private ArgumentException Lacks(string column, IReadOnlyList<string> names)
    {
        var join = serving.Joins.First(join => join.SpineKeys.Contains(column));
        var key = join.Set.Entity.Keys[join.SpineKeys.ToList().IndexOf(column)].Name;
        return new($"The entity info has no '{column}', which is the key '{key}' of the join '{join.Prefix}' (feature set '{join.Set.Name}'); it has {(names.Count == 0 ? "nothing" : string.Join(", ", names))}. Give it, with null where it is not known.");
    }
}
