namespace Distiller.Redis.Tests.Stores;

/// <summary>A clock that stands where a test puts it.</summary>
public sealed class TestClock(DateTime now) : TimeProvider
{
    public DateTime Now { get; set; } = DateTime.SpecifyKind(now, DateTimeKind.Utc);

    public override DateTimeOffset GetUtcNow() => new(Now);
}
