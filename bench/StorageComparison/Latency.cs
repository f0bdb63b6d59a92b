using System.Diagnostics;
using Hangfire;
using Hangfire.States;

namespace StorageComparison;

/// <summary>From before the enqueue call to the first line of the job, in another process whose 20 workers are idle.</summary>
internal static class Latency
{
    private const int WarmUp = 50;

    /// <returns>In milliseconds.</returns>
    public static (double Median, double P99) Measure(Candidate candidate, string connectionString, int jobs)
    {
        var storage = candidate.Open();
        try
        {
            // Creates the tables before the other process looks for them.
            storage.GetMonitoringApi().GetStatistics();
            var client = new BackgroundJobClient(storage);
            using var worker = new WorkerProcess(candidate.Name, connectionString, candidate.File, workers: 20);
            List<double> latencies = [];
            for (var i = 0; i < WarmUp + jobs; i++)
            {
                Thread.Sleep(Random.Shared.Next(5, 25));
                var asked = Stopwatch.GetTimestamp();
                client.Create(() => Pickup.Run(asked), new EnqueuedState());
                var latency = worker.ReadJob()!.Value.Latency.TotalMilliseconds;
                if (i >= WarmUp)
                    latencies.Add(latency);
            }
            latencies.Sort();
            return (latencies[latencies.Count / 2], latencies[latencies.Count * 99 / 100]);
        }
        finally
        {
            (storage as IDisposable)?.Dispose();
        }
    }
}
