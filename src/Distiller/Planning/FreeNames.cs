namespace Distiller;

/// <summary>Names for what a statement adds of its own, none of which anything in it has already.</summary>
internal sealed class FreeNames(IEnumerable<string> taken)
{
    private readonly HashSet<string> names = new(taken, Names.Comparer);

    /// <summary>The name, with as many underscores after it as it needs to be nobody else's.</summary>
    public string Take(string name)
    {
        while (!names.Add(name))
        {
            name += "_";
        }

        return name;
    }

    public ValueList<string> Take(string name, int count) => ValueList<string>.Of(Enumerable.Range(1, count).Select(i => Take(FormattableString.Invariant($"{name}_{i}"))));
}
