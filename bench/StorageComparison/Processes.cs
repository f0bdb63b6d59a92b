using System.Diagnostics;
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
            var factory = new BackgroundJobFactory();
            using (var connection = storage.GetConnection())
            {
                var created = Enumerable.Range(0, jobs).Select(_ => factory.Create(new CreateContext(storage, connection, Job.FromExpression(() => Pickup.Run(0)), null))).ToList();
                using var transaction = connection.CreateWriteTransaction();
                foreach (var job in created)
                    factory.StateMachine.ApplyState(new ApplyStateContext(storage, connection, transaction, job, new EnqueuedState(), null));
                transaction.Commit();
            }
            var left = jobs;
            long first = long.MaxValue, last = 0;
            var gate = new Lock();
            var readers = workers.ConvertAll(worker => new Thread(() =>
            {
                while (worker.ReadJob() is { Began: var began })
                {
                    lock (gate)
                        (first, last) = (Math.Min(first, began), Math.Max(last, began));
                    Interlocked.Decrement(ref left);
                }
            })
            { IsBackground = true });
            readers.ForEach(static reader => reader.Start());
            while (Volatile.Read(ref left) > 0)
                Thread.Sleep(5);
            return jobs / Stopwatch.GetElapsedTime(first, last).TotalSeconds;
        }
        finally
        {
            workers.ForEach(static worker => worker.Dispose());
            (storage as IDisposable)?.Dispose();
        }
    }
}
