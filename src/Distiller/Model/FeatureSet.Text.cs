namespace Distiller;

public sealed partial record FeatureSet
{
    /// <summary>The columns with their types and roles, as a table of aligned text.</summary>
    public override string ToString() => Grid.Of(this).ToText();
}
