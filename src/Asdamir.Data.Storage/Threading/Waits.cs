// The only place where a thread may wait for real time.
#pragma warning disable RS0030

namespace Asdamir.Data.Storage.Threading;

/// <summary>The waits of threads, which end by a time provider: the system's, or that of a test.</summary>
internal static class Waits
{
    public static bool IsSystem(this TimeProvider time) => time == TimeProvider.System;

    /// <summary>Blocks the thread.</summary>
    public static void Sleep(this TimeProvider time, TimeSpan pause)
    {
        if (time.IsSystem())
            Thread.Sleep(pause);
        else
            Task.Delay(pause, time).Wait();
    }

    /// <summary>Releases the gate, which the thread holds, until it is pulsed or the time has passed.</summary>
    /// <returns>Whether it was pulsed.</returns>
    public static bool Wait(this TimeProvider time, object gate, TimeSpan timeout)
    {
        if (time.IsSystem() || timeout == Timeout.InfiniteTimeSpan)
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

    /// <summary>Blocks the thread until the token is cancelled or the time has passed.</summary>
    /// <returns>Whether the token was cancelled.</returns>
    public static bool Wait(this TimeProvider time, TimeSpan timeout, CancellationToken stop)
    {
        if (time.IsSystem())
            return stop.WaitHandle.WaitOne(timeout);
        using var isOver = new ManualResetEventSlim();
        using var timer = time.CreateTimer(_ => isOver.Set(), null, timeout, Timeout.InfiniteTimeSpan);
        using var registration = stop.UnsafeRegister(static isOver => ((ManualResetEventSlim)isOver!).Set(), isOver);
        isOver.Wait(CancellationToken.None);
        return stop.IsCancellationRequested;
    }
}
