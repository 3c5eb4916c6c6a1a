namespace Distiller;

/// <summary>A static set: a plain join on the key (P10). That a key has one row was checked before.</summary>
internal sealed record KeyJoin() : AsOfStrategy(AsOf.Lookup)
{
    public override bool CanAnswer(AsOfLookup lookup) => lookup.Set.IsStatic;

    public override string Reason(AsOfLookup lookup) => "a join on the key alone, because the set is static: one row per key";

    public override void Add(AsOfQuery query, AsOfLookup lookup)
    {
        query.Join(
            JoinKind.Left,
            new TableRef(lookup.Set.HistoryTable, lookup.Alias),
            Scalar.And(lookup.Set.Entity.Keys.Select((key, i) => new Compare(CompareOp.Equal, new ColumnRef(lookup.Alias, key.Name), query.SpineColumn(lookup.Join.SpineKeys[i])))));
        query.Project(lookup);
    }
}
