namespace Distiller;

/// <summary>One key column of an entity.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The column's type: int32, int64, string, guid, date or bool.</param>
public sealed record EntityKey(string Name, FeatureType Type);

/// <summary>A thing features describe: a name and one or more key columns, in order, each with a type.</summary>
[TypeFormatterSource(typeof(NotebookFormats))]
public sealed record Entity
{
    private Entity(string name) => Name = Names.Check(name, "An entity's name");

    /// <summary>The entity's name.</summary>
    public string Name { get; }

    /// <summary>The key columns, in order.</summary>
    public IReadOnlyList<EntityKey> Keys { get; private init; } = ValueList<EntityKey>.Empty;

    /// <summary>What the entity is, for people.</summary>
    public string? Description { get; private init; }

    /// <summary>Begins an entity; give it its keys next.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds a control character.</exception>
    public static Entity Create(string name) => new(name);

    /// <summary>Adds a key column.</summary>
    /// <typeparam name="T">int, long, string, Guid, DateOnly or bool.</typeparam>
    /// <exception cref="ArgumentException">The name is taken, or a key cannot have the type.</exception>
    public Entity Key<T>(string name) => Key(name, FeatureType.Of<T>());

    /// <summary>Adds a key column.</summary>
    /// <exception cref="ArgumentException">The name is taken, or a key cannot have the type.</exception>
    public Entity Key(string name, FeatureType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        Names.Check(name, $"A key of entity '{Name}'");
        if (!type.CanBeKey)
        {
            throw new ArgumentException($"Key '{name}' of entity '{Name}' is a {type}; a key is an int32, int64, string, guid, date or bool.", nameof(type));
        }

        if (Keys.Any(key => Names.Comparer.Equals(key.Name, name)))
        {
            throw new ArgumentException($"Entity '{Name}' has a key '{name}' already (names are compared without case).", nameof(name));
        }

        return this with { Keys = ValueList<EntityKey>.Of(Keys).Add(new(name, type)) };
    }

    /// <summary>Says what the entity is, for people.</summary>
    public Entity Describe(string description) => this with { Description = description };

    /// <summary>Refuses keys that are known to lack a column.</summary>
    internal Spine CheckKeys(Spine keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.ColumnNames.Count > 0 && Keys.FirstOrDefault(key => !keys.ColumnNames.Contains(key.Name)) is { } missing
            ? throw new ArgumentException($"The keys have no column '{missing.Name}', which entity '{Name}' needs; they have {string.Join(", ", keys.ColumnNames)}.", nameof(keys))
            : keys;
    }

    /// <summary>Begins a feature set of this entity, with owned tables <c>{name}_history</c> and <c>{name}_latest</c>.</summary>
    /// <exception cref="InvalidOperationException">The entity has no key yet.</exception>
    /// <exception cref="ArgumentException">The name is empty or holds a control character.</exception>
    public FeatureSet FeatureSet(string name) =>
        Keys.Count == 0
            ? throw new InvalidOperationException($"Entity '{Name}' has no key; call Key<T>(name) before FeatureSet(\"{name}\").")
            : Distiller.FeatureSet.Begin(this, name);
}
