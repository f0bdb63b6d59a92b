using System.Globalization;
using Hangfire;

namespace StorageComparison;

/// <summary>All storages, all measurements, in turns; the first round warms up.</summary>
internal static class Comparison
{
    private const int LatencyJobs = 300;

    public static void Run(Options options, string folder)
    {
        var report = new Report();
        var candidates = options.Storages.ConvertAll(name => Candidate.Of(name, options.ConnectionString, folder));
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var candidate in candidates)
            {
                // Slow storages get fewer jobs, so that all of them take about as long.
                var jobs = candidate.Name == Candidate.HangfirePostgreSql ? options.Jobs / 10 : options.Jobs;
                foreach (var (measure, run) in new (string, Func<JobStorage, double>)[]
                {
                    ("enqueue one by one", storage => Measurements.EnqueueOneByOne(storage, jobs)),
                    ("enqueue many", storage => Measurements.EnqueueMany(storage, jobs)),
                    ($"process, {options.Workers} workers", storage => Measurements.Process(storage, jobs, options.Workers)),
                })
                {
                    var storage = candidate.Open();
                    try
                    {
                        var before = Costs.Read(options.ConnectionString);
                        var figure = run(storage);
                        Add(measure, figure, Costs.Read(options.ConnectionString).Since(before, jobs));
                    }
                    finally
                    {
                        (storage as IDisposable)?.Dispose();
                    }
                }

                void Add(string measure, double figure, string costs)
                {
                    if (round == 0)
                        return;
                    report.Add(candidate.Name, measure, figure);
                    Console.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"  {round}/{options.Rounds} {candidate.Name,-22} {measure,-26} {figure,9:F0}/s  {costs}"));
                }
            }
        }
        report.Print();
        Console.WriteLine();
        foreach (var candidate in candidates.Where(static candidate => candidate.Name != Candidate.InMemory))
        {
            var latency = Latency.Measure(candidate, options.ConnectionString, LatencyJobs);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"pick-up by another, idle process: {candidate.Name,-22} p50 {latency.Median:F1} ms, p99 {latency.P99:F1} ms"));
        }
    }
}
