using System.Collections.Concurrent;
using System.Diagnostics;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.States;

namespace StorageComparison;

/// <summary>Several processes work off one backlog.</summary>
internal static class Processes
{
    /// <returns>Jobs per second, from the first job of any process to the last one.</returns>
    public static double Measure(Candidate candidate, string connectionString, int processes, int jobs)
    {
        var storage = candidate.Open();
        List<WorkerProcess> workers = [];
        try
        {
            storage.GetMonitoringApi().GetStatistics();
            workers.AddRange(Enumerable.Range(0, processes).Select(_ => new WorkerProcess(candidate.Name, connectionString, candidate.File, workers: 20)));
            using var begun = new BlockingCollection<long>();
            foreach (var worker in workers)
                new Thread(() => Read(worker, begun)) { IsBackground = true }.Start();
            // The first backlog warms the processes up.
            WorkOff(storage, begun, jobs / 2);
            return WorkOff(storage, begun, jobs);
        }
        finally
        {
            workers.ForEach(static worker => worker.Dispose());
            (storage as IDisposable)?.Dispose();
        }
    }

    private static void Read(WorkerProcess worker, BlockingCollection<long> begun)
    {
        while (worker.ReadJob() is { Began: var at })
            begun.Add(at);
    }

    private static double WorkOff(JobStorage storage, BlockingCollection<long> begun, int jobs)
    {
        var factory = new BackgroundJobFactory();
        using (var connection = storage.GetConnection())
        {
            var created = Enumerable.Range(0, jobs).Select(_ => factory.Create(new CreateContext(storage, connection, Job.FromExpression(() => Pickup.Run(0)), null))).ToList();
            using var transaction = connection.CreateWriteTransaction();
            foreach (var job in created)
                factory.StateMachine.ApplyState(new ApplyStateContext(storage, connection, transaction, job, new EnqueuedState(), null));
            transaction.Commit();
        }
        var times = begun.GetConsumingEnumerable().Take(jobs).ToList();
        return jobs / Stopwatch.GetElapsedTime(times.Min(), times.Max()).TotalSeconds;
    }
}
