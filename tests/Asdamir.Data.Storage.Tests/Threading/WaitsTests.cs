using Asdamir.Data.Storage.Threading;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Storage.Tests.Threading;

public sealed class WaitsTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();
    private readonly object _gate = new();

    [Fact]
    public void Sleep_EndsByTheProvider() => Assert.True(EndsInAnHour(() => _time.Sleep(Hour)));

    [Fact]
    public void WaitForAToken_EndsByTheProvider()
    {
        var wasCancelled = true;

        Assert.True(EndsInAnHour(() => wasCancelled = _time.Wait(Hour, CancellationToken.None)));
        Assert.False(wasCancelled);
    }

    [Fact]
    public void WaitForAToken_Ends_WhenItIsCancelled() => Assert.True(_time.Wait(Hour, new CancellationToken(canceled: true)));

    [Fact]
    public void WaitForAPulse_EndsByTheProvider()
    {
        var wasPulsed = true;

        Assert.True(EndsInAnHour(() =>
        {
            lock (_gate)
                wasPulsed = _time.Wait(_gate, Hour);
        }));
        Assert.False(wasPulsed);
    }

    [Fact]
    public void WaitForAPulse_EndsByThePulse()
    {
        var wasPulsed = false;
        using var isWaiting = new ManualResetEventSlim();
        var waiting = new Thread(() =>
        {
            lock (_gate)
            {
                isWaiting.Set();
                wasPulsed = _time.Wait(_gate, Hour);
            }
        });
        waiting.Start();
        isWaiting.Wait(TestContext.Current.CancellationToken);
        lock (_gate)
            Monitor.PulseAll(_gate);

        Assert.True(waiting.Join(Until.Limit));
        Assert.True(wasPulsed);
    }

    private bool EndsInAnHour(Action wait)
    {
        var waiting = new Thread(() => wait());
        waiting.Start();
        // The wait may begin a little later than the thread.
        return SpinWait.SpinUntil(
            () =>
            {
                _time.Advance(Hour);
                return waiting.Join(TimeSpan.Zero);
            },
            Until.Limit);
    }
}
