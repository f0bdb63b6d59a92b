using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Testing.Hosting;

/// <summary>
/// The clock of the storage: the time is that of the test, while its waits, such as those for a lock, end by the clock on the wall. So
/// nothing inside the storage waits until the test advances the clock.
/// </summary>
internal sealed class HostClock(FakeTimeProvider clock) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
}
