using System.Diagnostics;
using Hangfire;
using Hangfire.States;

namespace StorageComparison;

/// <summary>From before the enqueue call to the first line of the job, in another process whose 20 workers are idle.</summary>
internal sealed class Latency
{
    private const int WarmUp = 50;

    private readonly List<double> _milliseconds = [];

    public double Median => At(50);

    public double P99 => At(99);

    public static Latency Measure(Candidate candidate, string connectionString, int jobs)
    {
        var latency = new Latency();
        var storage = candidate.Open();
        try
        {
            // Creates the tables before the other process looks for them.
            storage.GetMonitoringApi().GetStatistics();
            using var worker = new WorkerProcess(candidate, connectionString, workers: 20);
            latency.Ask(storage, jobs, () => worker.ReadJob()!.Value.Latency);
        }
        finally
        {
            (storage as IDisposable)?.Dispose();
        }
        return latency;
    }

    /// <param name="read">Waits for the next job that has begun.</param>
    public void Ask(JobStorage storage, int jobs, Func<TimeSpan> read)
    {
        var client = new BackgroundJobClient(storage);
        for (var i = 0; i < WarmUp + jobs; i++)
        {
            Thread.Sleep(Random.Shared.Next(5, 25));
            var asked = Stopwatch.GetTimestamp();
            client.Create(() => Pickup.Run(asked), new EnqueuedState());
            var latency = read().TotalMilliseconds;
            if (i >= WarmUp)
                _milliseconds.Add(latency);
        }
    }

    private double At(int percent) => _milliseconds.Order().ElementAt(_milliseconds.Count * percent / 100);
}
