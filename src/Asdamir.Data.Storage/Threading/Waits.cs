namespace Asdamir.Data.Storage.Threading;

/// <summary>The waits of threads, which end by a time provider: the system's, or that of a test.</summary>
internal static class Waits
{
    /// <summary>Blocks the thread.</summary>
    public static void Sleep(this TimeProvider time, TimeSpan pause)
    {
        if (time == TimeProvider.System)
            Thread.Sleep(pause);
        else
            Task.Delay(pause, time).Wait();
    }

    /// <summary>Releases the gate, which the thread holds, until it is pulsed or the time has passed.</summary>
    /// <returns>Whether it was pulsed.</returns>
    public static bool Wait(this TimeProvider time, object gate, TimeSpan timeout)
    {
        if (time == TimeProvider.System || timeout == Timeout.InfiniteTimeSpan)
            return Monitor.Wait(gate, timeout);
        var isOver = false;
        using var timer = time.CreateTimer(
            _ =>
            {
                lock (gate)
                {
                    isOver = true;
                    Monitor.PulseAll(gate);
                }
            },
            null, timeout, Timeout.InfiniteTimeSpan);
        if (!isOver)
            Monitor.Wait(gate);
        return !isOver;
    }
}
