using Dapper;
using DuckDB.NET.Data;

namespace Distiller.Samples.Training;

/// <summary>Scores flights twice: with the features of a training set as of now, and with those of the online store. Training and serving share one declaration, so nothing differs.</summary>
internal static class Parity
{
    private const int Flights = 500;

    /// <exception cref="InvalidOperationException">A score differs.</exception>
    public static async Task<string> CompareAsync(FeatureStore store, DuckDBConnection connection, Learner learner, IOnlineStore online, Func<float[], float> predict)
    {
        await connection.ExecuteAsync($"CREATE VIEW next AS SELECT * FROM flights WHERE tailnum IS NOT NULL ORDER BY flight_id DESC LIMIT {Flights}");
        var offline = new List<float[]>();
        var flights = new List<dynamic>();
        foreach (var row in await store.QueryAsync<dynamic>(DelayModel.AtTheEnd("next", History.End).OrderBy("flight_id")))
        {
            var cells = (IDictionary<string, object?>)row;
            offline.Add([.. DelayModel.Inputs.Select(column => cells[column] is { } value ? Convert.ToSingle(value, System.Globalization.CultureInfo.InvariantCulture) : float.NaN)]);
            flights.Add(row);
        }

        var entities = flights.Select(row => new { origin = (string)row.origin, dest = (string)row.dest, carrier = (string)row.carrier, tailnum = (string)row.tailnum });
        var served = await online.GetManyAsync(entities, DelayModel.Serving);
        for (var i = 0; i < flights.Count; i++)
        {
            var (expected, actual) = (predict(offline[i]), predict([.. served[i].ToVector(), .. offline[i][^DelayModel.OfTheFlight.Count..]]));
            if (expected != actual)
            {
                throw new InvalidOperationException($"Flight {flights[i].flight_id} scores {expected} offline and {actual} online.");
            }
        }

        return $"{flights.Count} flights score the same with the features of the online store as with those of a training set as of now.";
    }
}
