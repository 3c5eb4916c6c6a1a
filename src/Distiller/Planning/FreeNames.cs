namespace Distiller;

/// <summary>Names for what a statement adds of its own, none of which anything in it has already.</summary>
/// <param name="taken">The names there are.</param>
/// <param name="text">A query of the user's within the statement: no name is one that it may speak of; null = there is none.</param>
internal sealed class FreeNames(IEnumerable<string> taken, string? text = null)
{
    private readonly HashSet<string> names = new(taken, Names.Comparer);

    /// <summary>The name, with as many underscores after it as it needs to be nobody else's.</summary>
    public string Take(string name)
    {
        while (!names.Add(name) || text?.Contains(name, StringComparison.OrdinalIgnoreCase) == true)
        {
            name += "_";
        }

        return name;
    }

    /// <summary>Takes none of these from now on.</summary>
    public void Avoid(IEnumerable<string> more) => names.UnionWith(more);

    public ValueList<string> Take(string name, int count) => ValueList<string>.Of(Enumerable.Range(1, count).Select(i => Take(FormattableString.Invariant($"{name}_{i}"))));
}
