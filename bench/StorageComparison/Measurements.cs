using System.Diagnostics;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.States;

namespace StorageComparison;

internal static class Measurements
{
    private const int EnqueuingThreads = 8;

    /// <returns>Jobs per second that eight threads enqueue one by one.</returns>
    public static double EnqueueOneByOne(JobStorage storage, int jobs)
    {
        var client = new BackgroundJobClient(storage);
        client.Create(static () => Work.Run(0), new EnqueuedState("warm"));
        var each = jobs / EnqueuingThreads;
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, EnqueuingThreads).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < each; i++)
                client.Create(() => Work.Run(i), new EnqueuedState());
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        return each * EnqueuingThreads / clock.Elapsed.TotalSeconds;
    }

    /// <returns>Jobs per second when one call enqueues many: all of them created on one connection, and given their state in one
    /// transaction.</returns>
    public static double EnqueueMany(JobStorage storage, int jobs)
    {
        var factory = new BackgroundJobFactory();
        var clock = Stopwatch.StartNew();
        using (var connection = storage.GetConnection())
        {
            var created = Enumerable.Range(0, jobs)
                .Select(i => factory.Create(new CreateContext(storage, connection, Job.FromExpression(() => Work.Run(i)), null)))
                .ToList();
            using var transaction = connection.CreateWriteTransaction();
            foreach (var job in created)
                factory.StateMachine.ApplyState(new ApplyStateContext(storage, connection, transaction, job, new EnqueuedState(), null));
            transaction.Commit();
        }
        return jobs / clock.Elapsed.TotalSeconds;
    }

    /// <returns>Jobs per second that a server executes.</returns>
    public static double Process(JobStorage storage, int jobs, int workers)
    {
        EnqueueMany(storage, jobs);
        return WorkOff(storage, jobs, workers, TimeSpan.FromMinutes(2)).PerSecond;
    }

    /// <returns>Jobs per second that a server executes of those that wait, and how many it did before the limit.</returns>
    public static (double PerSecond, int Jobs) WorkOff(JobStorage storage, int jobs, int workers, TimeSpan limit)
    {
        Work.Expect(jobs);
        using var server = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = workers, ShutdownTimeout = TimeSpan.FromSeconds(5) }, storage);
        return Work.NearlyAllAsync(jobs, limit).GetAwaiter().GetResult();
    }
}
