using Distiller.Databases.Tests.Engines;
using Distiller.Databases.Tests.Reference;

namespace Distiller.Databases.Tests.Contract;

internal sealed partial class Scene
{
    /// <summary>Ends keys in memory, in the store and in the reference model.</summary>
    public async Task<PublishResult> RetractAsync(FeatureSet set, double at, double created, params long[] users)
    {
        var counts = reference.Retract(set, [.. users.Select(user => (IReadOnlyList<object?>)[user])], At(at), At(created));
        var result = await Store.RetractAsync(set, users.Select(user => new { user_id = user }).ToList(), At(at), At(created));
        Assert.Equal(
            (counts.Offered, counts.Appended, counts.AlreadyPresent, counts.LatestInserted, counts.LatestUpdated, counts.Late),
            ((int)result.Offered, (int)result.Appended, (int)result.AlreadyPresent, (int)result.LatestInserted, (int)result.LatestUpdated, (int)result.Late));
        await TablesAgreeAsync(set);
        return result;
    }

    /// <summary>Erases keys, in the store and in the reference model.</summary>
    public async Task<EraseResult> EraseAsync(FeatureSet set, params long[] users)
    {
        var expected = users.Sum(user => reference.Erase(set, [user]));
        var result = await Store.EraseAsync([set], users.Select(user => new { user_id = user }).ToList());
        Assert.Equal(expected, result.Tables[0].Rows);
        await TablesAgreeAsync(set);
        return result;
    }

    /// <summary>Evolves the tables, in the store and in the reference model.</summary>
    public async Task<Evolution> EvolveAsync(FeatureSet set)
    {
        var evolution = await Store.EvolveAsync([set]);
        reference.Evolve(set);
        await TablesAgreeAsync(set);
        return evolution;
    }

    /// <summary>Latest as it is read is the reference model's without the keys that ended, and so is an unload, which has them marked.</summary>
    public async Task<IReadOnlyList<LatestRow>> LatestAgreesAsync(FeatureSet set, double? at = null)
    {
        var columns = TablesPlanner.ReadColumns(set).Select(column => column.Name).ToList();
        var statement = at is { } seconds ? Latest.Of(set).At(At(seconds)) : Latest.Of(set);
        var expected = at is { } judged ? reference.LatestJudged(set, At(judged)) : reference.Visible(set);
        RowMultiset.AssertEqual([.. expected.Select(row => Only(row, columns))], await TestTables.ReadAsync(Store, statement), $"{engine}: Latest of {set.Name}", allowEmpty: true);

        var unloaded = new List<LatestRow>();
        await foreach (var row in Store.UnloadAsync(set))
        {
            unloaded.Add(row);
        }

        var all = reference.Latest(set);
        Assert.Equal(all.Count, unloaded.Count);
        foreach (var row in unloaded)
        {
            var same = all.Single(other => ValuesComparer.Instance.Equals(ReferenceModel.KeyOf(set, other), [.. row.Key]));
            Assert.Equal(ReferenceModel.IsDeleted(set, same), row.IsDeleted);
            Assert.Equal(same[set.EventTimeColumn.Name], row.EventTime);
            Assert.Equal(set.Features.Select(feature => same[feature.Name]), row.Values);
            Assert.Equal(set.IsSparse ? set.Features.Select(feature => same[ReferenceModel.TimeOf(feature)]) : null, row.FeatureTimes);
        }

        return unloaded;
    }

    private static Row Only(Row row, IEnumerable<string> columns) => new(columns.Select(column => KeyValuePair.Create(column, row[column])));
}
