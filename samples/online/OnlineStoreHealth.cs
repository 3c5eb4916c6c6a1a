using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Distiller.Samples.Online;

/// <summary>Healthy where the online store answers and every feature set was loaded not long ago.</summary>
internal sealed class OnlineStoreHealth(IOnlineStore online, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan LongAgo = TimeSpan.FromHours(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            foreach (var set in ShopModel.Serving.Joins.Select(join => join.Set))
            {
                var watermark = await online.WatermarkAsync(set, cancellationToken);
                if (watermark is not { } loaded || clock.GetUtcNow() - loaded > LongAgo)
                {
                    return HealthCheckResult.Degraded($"{set.Name} was loaded up to {watermark?.ToString("u") ?? "nothing"}.");
                }
            }

            return HealthCheckResult.Healthy();
        }
        catch (OnlineStoreException failure)
        {
            return HealthCheckResult.Unhealthy(failure.Message, failure);
        }
    }
}
