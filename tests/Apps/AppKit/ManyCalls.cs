using Asdamir.Data.HangfireJobs;

namespace Apps.Kit;

/// <summary>
/// Many asynchronous calls at once, on a thread pool of few threads: if a call held one while it waits, the others could not begin.
/// </summary>
internal static class ManyCalls
{
    private const int Threads = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static Task<string>[] _calls = [];

    /// <returns>How many of the calls wait for their commits.</returns>
    public static int Begin<TJob>(IHangfireJobService jobs, string tag, int count) where TJob : class, IJob<WorkOrder>
    {
        if (!ThreadPool.SetMinThreads(1, 1) || !ThreadPool.SetMaxThreads(Threads, Threads))
        {
            throw new InvalidOperationException(
                $"The pool could not be limited to {Threads} threads; there are {Environment.ProcessorCount} processors.");
        }
        var calls = _calls = new Task<string>[count];
        using var begun = new CountdownEvent(count);
        for (var i = 0; i < count; i++)
        {
            var number = i;
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    calls[number] = jobs.EnqueueAsync<TJob, WorkOrder>(new WorkOrder($"{tag}-{number}"));
                    begun.Signal();
                },
                null);
        }
        if (!begun.Wait(Limit))
            throw new TimeoutException($"{begun.CurrentCount} of {count} calls could not begin in {Limit}.");
        return calls.Count(static call => !call.IsCompleted);
    }

    /// <returns>The ids of the jobs, in the order of the calls.</returns>
    public static IReadOnlyList<string> End() => Task.WhenAll(_calls).GetAwaiter().GetResult();
}
