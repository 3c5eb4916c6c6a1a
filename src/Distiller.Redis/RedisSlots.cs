using StackExchange.Redis;

namespace Distiller;

/// <summary>On a cluster one command may only name keys of one slot: items are grouped by it. Elsewhere they are one group.</summary>
internal static class RedisSlots
{
    public static IReadOnlyList<Group> Of<T>(IConnectionMultiplexer redis, IReadOnlyList<T> items, Func<T, string> keyOf)
    {
        if (items.Count == 0)
        {
            return [];
        }

        // No slot: no cluster.
        if (items.Count == 1 || redis.HashSlot(keyOf(items[0])) < 0)
        {
            return [new(items.Count)];
        }

        return [.. items.Select((item, i) => (Slot: redis.HashSlot(keyOf(item)), Place: i)).GroupBy(item => item.Slot, item => item.Place).Select(places => new Group([.. places]))];
    }

    /// <summary>The places of items that go into one command.</summary>
    internal readonly struct Group
    {
        private readonly int[]? places;

        public Group(int count) => Count = count;

        public Group(int[] places)
        {
            this.places = places;
            Count = places.Length;
        }

        public int Count { get; }

        public int this[int index] => places is null ? index : places[index];
    }
}
