using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Apps.Storage;

/// <summary>
/// A server that waits with free slots and starts no job, in a process that enqueues. While the pool is busy, no thread of it hands the
/// job to the server that a commit has claimed.
/// </summary>
internal static class StalledServer
{
    public static void Run(SqlJobStorage storage, bool isPoolBusy)
    {
        // Not disposed: the process is killed.
        var claims = storage.OpenClaims(["default"], "stalled");
        Enqueue(storage);
        using (var first = claims.ClaimAsync(2).GetAwaiter().GetResult()[0])
            first.RemoveFromQueue();
        _ = claims.ClaimAsync(2);
        if (isPoolBusy)
            OccupyThePool();
        var enqueuing = new Thread(() => Enqueue(storage)) { IsBackground = true };
        enqueuing.Start();
        if (isPoolBusy)
            enqueuing.Join();
    }

    private static void Enqueue(SqlJobStorage storage) =>
        new BackgroundJobClient(storage).Create(Job.FromExpression(() => Work.Run(0, 0, null!)), new EnqueuedState());

    private static void OccupyThePool()
    {
        var threads = Environment.ProcessorCount;
        ThreadPool.SetMinThreads(threads, threads);
        ThreadPool.SetMaxThreads(threads, threads);
        using var busy = new CountdownEvent(threads);
        for (var i = 0; i < threads; i++)
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                busy.Signal();
                Thread.Sleep(Timeout.Infinite);
            });
        }
        busy.Wait();
    }
}
