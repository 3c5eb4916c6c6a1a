namespace Distiller;

/// <summary>Whose rows are read, for errors.</summary>
/// <param name="FeatureSet">The feature set, or "the spine".</param>
/// <param name="Table">The table the rows are for; empty for a spine.</param>
internal sealed record RowOwner(string FeatureSet, string Table)
{
    public static readonly RowOwner Spine = new("the spine", "");

    public override string ToString() => Table.Length == 0 ? "The spine" : $"Feature set '{FeatureSet}', table '{Table}'";
}
