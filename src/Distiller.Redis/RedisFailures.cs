using System.Globalization;
using StackExchange.Redis;

namespace Distiller;

/// <summary>What the server or its client says, with what to do about it.</summary>
internal static class RedisFailures
{
    /// <summary>Whether a command failed because its keys are moving from one node to another.</summary>
    public static bool IsMoving(RedisServerException failure) => Says(failure, "TRYAGAIN") || failure.Message.Contains("TRYAGAIN", StringComparison.Ordinal);

    /// <summary>The failure of a script that is about one key; null where it is another.</summary>
    public static OnlineStoreException? OfKey(RedisServerException failure, ReadOnlySpan<RedisKey> keys)
    {
        var message = failure.Message;
        foreach (var kind in new[] { RedisScripts.Foreign, RedisScripts.Newer, RedisScripts.Conflict, RedisScripts.Ahead })
        {
            if (message.IndexOf(kind, StringComparison.Ordinal) is not (>= 0 and var at))
            {
                continue;
            }

            var words = message[(at + kind.Length)..].Split(' ');
            var key = keys[int.Parse(words[0], CultureInfo.InvariantCulture) - 1].ToString();
            return kind switch
            {
                RedisScripts.Foreign => OnlineLayout.Foreign(key),
                RedisScripts.Newer => OnlineLayout.Newer(key, long.Parse(words[1], CultureInfo.InvariantCulture)),
                RedisScripts.Conflict => new($"The event for the key '{key}' has the event and created time of the value that is there, and says something else: give it a later created time, or none, if it corrects that value. It was neither written nor logged.") { Key = key },
                _ => new($"The value of the key '{key}' was created more than five minutes after now, {words[1]} {words[2]} by the clock of the server: correct the clock that is wrong, or publish the event with a created time of its own. It was neither written nor logged.") { Key = key },
            };
        }

        return null;
    }

    public static OnlineStoreException Explained(Exception failure, string doing, IConnectionMultiplexer redis)
    {
        var where = string.Join(", ", redis.GetEndPoints().Select(point => EndPointCollection.ToString(point)));
        var why = failure switch
        {
            RedisServerException server when Says(server, "OOM") => "it is out of memory (maxmemory): give it more, or let fewer feature sets or a shorter max age into it",
            RedisServerException server when Says(server, "READONLY") => "it is a read-only replica: connect to the primary",
            RedisServerException server when Says(server, "NOPERM") || Says(server, "NOAUTH") || Says(server, "WRONGPASS") => "its user may not do that: it needs MGET, EVALSHA, EVAL, SCRIPT, and for streaming the stream commands, on the keys of the prefix",
            RedisServerException server when Says(server, "CLUSTERDOWN") => "its cluster is down or lacks nodes",
            RedisServerException server when Says(server, "LOADING") => "it is still loading its data",
            RedisServerException server when Says(server, "MISCONF") => "it cannot save its data to disk and so refuses writes",
            RedisCommandException => "no connected server takes the command; a write needs a primary",
            RedisConnectionException => "it cannot be reached",
            TimeoutException => "it did not answer in time",
            _ => "it refused",
        };
        return new($"Redis at {where} failed while {doing} online values: {why}. Nothing is half written; doing it again does no harm. ({Names.Printable(failure.Message)})", failure);
    }

    private static bool Says(RedisServerException failure, string code) =>
        failure.Message.StartsWith(code + " ", StringComparison.Ordinal) || failure.Message.Contains("-" + code + " ", StringComparison.Ordinal) || failure.Message.Contains(" " + code + " ", StringComparison.Ordinal);
}
