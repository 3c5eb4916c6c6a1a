using StackExchange.Redis;

namespace Distiller;

/// <summary>
/// An online store on Redis 7, on a Redis Cluster, or (without streaming publish) on Garnet. It uses the caller's multiplexer, owns no connection, and any number of threads may use it.
/// </summary>
/// <remarks>
/// Reads are one <c>MGET</c> (on a cluster one per slot, side by side); writes are scripts that compare and set many keys in one step of the server. The layout is documented, so that clients in any language may read the values.
/// MGET answers nothing for a key that holds a list or the like: such a key reads as missing, and is refused when it is written.
/// </remarks>
public sealed partial class RedisOnlineStore : IOnlineStore
{
    private readonly IConnectionMultiplexer redis;
    private readonly IDatabase database;

    /// <summary>A store on a multiplexer.</summary>
    /// <param name="redis">The caller's multiplexer. It should wait for replies as long as the caller can: its timeouts hold.</param>
    /// <param name="options">Prefix, buckets, retention, clock; null = the defaults.</param>
    /// <param name="database">The number of the database; -1 = the multiplexer's default.</param>
    public RedisOnlineStore(IConnectionMultiplexer redis, OnlineOptions? options = null, int database = -1)
    {
        ArgumentNullException.ThrowIfNull(redis);
        this.redis = redis;
        this.database = redis.GetDatabase(database);
        Options = options ?? new();
    }

    /// <inheritdoc/>
    public OnlineOptions Options { get; }

    /// <inheritdoc/>
    public string SystemName => "redis";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>?>> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var values = new ReadOnlyMemory<byte>?[keys.Count];
        try
        {
            await SideBySideAsync(RedisSlots.Of(redis, keys, key => key), group => ReadAsync(keys, group, values, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw RedisFailures.Explained(failure, "reading", redis);
        }

        return values;
    }

    /// <inheritdoc/>
    public async Task<int> WriteAsync(IReadOnlyList<OnlineWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var written = 0;
        try
        {
            await SideBySideAsync(
                RedisSlots.Of(redis, writes, write => write.Key),
                async group => Interlocked.Add(ref written, await WriteAsync(writes, group, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw RedisFailures.Explained(failure, "writing", redis);
        }

        return written;
    }

    private async Task ReadAsync(IReadOnlyList<string> keys, RedisSlots.Group group, ReadOnlyMemory<byte>?[] values, CancellationToken cancellationToken)
    {
        var asked = new RedisKey[group.Count];
        for (var i = 0; i < asked.Length; i++)
        {
            asked[i] = keys[group[i]];
        }

        RedisValue[] found;
        try
        {
            found = await database.StringGetAsync(asked).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException moving) when (asked.Length > 1 && RedisFailures.IsMoving(moving))
        {
            // While a slot moves, its keys lie on two nodes: one by one each is found.
            found = await Task.WhenAll(asked.Select(key => database.StringGetAsync(key))).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        for (var i = 0; i < asked.Length; i++)
        {
            values[group[i]] = found[i].IsNull ? default(ReadOnlyMemory<byte>?) : (ReadOnlyMemory<byte>)found[i];
        }
    }

    private async Task<int> WriteAsync(IReadOnlyList<OnlineWrite> writes, RedisSlots.Group group, CancellationToken cancellationToken)
    {
        var keys = new RedisKey[group.Count];
        var arguments = new RedisValue[3 * keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            var write = writes[group[i]];
            keys[i] = write.Key;
            arguments[3 * i] = write.Value;
            arguments[(3 * i) + 1] = write.RankLength;
            arguments[(3 * i) + 2] = Milliseconds(write.ExpiresAt);
        }

        try
        {
            return (int)await database.ScriptEvaluateAsync(RedisScripts.Write, keys, arguments).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException moving) when (keys.Length > 1 && RedisFailures.IsMoving(moving))
        {
            return (await Task.WhenAll(keys.Select((key, i) => database.ScriptEvaluateAsync(RedisScripts.Write, [key], arguments[(3 * i)..(3 * i + 3)]))).WaitAsync(cancellationToken).ConfigureAwait(false)).Sum(result => (int)result);
        }
        catch (RedisServerException refusal) when (RedisFailures.OfKey(refusal, keys) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>The last millisecond in which a value may be served: rounded up (O5), and never before 1970, which the server refuses.</summary>
    private static RedisValue Milliseconds(DateTimeOffset? expiresAt) =>
        expiresAt is { } instant ? Math.Max(1, -Instants.FloorDivide(-Instants.Microseconds(instant), 1000)) : RedisValue.EmptyString;

    private static Task SideBySideAsync(IReadOnlyList<RedisSlots.Group> groups, Func<RedisSlots.Group, Task> one) => groups.Count == 1 ? one(groups[0]) : Task.WhenAll(groups.Select(one));
}
