using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.States;
using Npgsql;

namespace StorageComparison;

/// <summary>Several processes work off one backlog, then wait for single jobs.</summary>
internal static class Processes
{
    private const int Pickups = 100;
    private const string WorkerName = "bench-worker";

    public static void Run(Options options, string folder)
    {
        var columns = (from name in options.Storages.Where(static name => name != Candidate.InMemory)
                       from processes in options.Processes
                       select (Name: name, Processes: processes, PerSecond: new List<double>(), Latency: new Latency(),
                           Connections: new List<long>()))
                           .ToList();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var (name, processes, perSecond, latency, connections) in columns)
            {
                // A slow storage gets fewer jobs, so that all of them take about as long.
                var jobs = name == Candidate.HangfirePostgreSql ? options.Jobs / 10 : options.Jobs;
                var candidate = Candidate.Of(name, options.ConnectionString, folder);
                perSecond.Add(Measure(candidate, options.ConnectionString, processes, jobs, latency, connections));
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  {round}/{options.Rounds} {name,-22} {processes} × 20 workers {perSecond[^1],9:F0}/s"));
            }
        }
        Console.WriteLine(
            "| storage | processes of 20 workers | jobs per second | idle pick-up p50 ms | p99 ms | connections "
                + "|\n|---|---:|---:|---:|---:|---:|");
        foreach (var (name, processes, perSecond, latency, connections) in columns)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {processes} | {perSecond.Order().ElementAt(perSecond.Count / 2):N0} | {latency.Median:F1} | {latency.P99:F1} "
                    + $"| {connections.Max():N0} |"));
        }
    }

    /// <returns>Jobs per second, from the first job of any process to the last one.</returns>
    private static double Measure(
        Candidate candidate, string connectionString, int processes, int jobs, Latency latency, List<long> connections)
    {
        var storage = candidate.Open();
        List<WorkerProcess> workers = [];
        try
        {
            storage.GetMonitoringApi().GetStatistics();
            var theirs = connectionString.Length == 0
                ? ""
                : new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = WorkerName }.ToString();
            workers.AddRange(Enumerable.Range(0, processes).Select(_ => new WorkerProcess(candidate, theirs, workers: 20)));
            using var begun = new BlockingCollection<(long Began, TimeSpan Latency)>();
            foreach (var worker in workers)
                new Thread(() => Read(worker, begun)) { IsBackground = true }.Start();
            // The first backlog warms the processes up.
            WorkOff(storage, begun, jobs / 2);
            var perSecond = WorkOff(storage, begun, jobs);
            // Connections that were needed stay open for some minutes.
            connections.Add(candidate.Name == Candidate.Sqlite ? 0 : CountConnections(connectionString));
            latency.Ask(storage, Pickups, () => begun.Take().Latency);
            return perSecond;
        }
        finally
        {
            workers.ForEach(static worker => worker.Dispose());
            (storage as IDisposable)?.Dispose();
        }
    }

    private static void Read(WorkerProcess worker, BlockingCollection<(long Began, TimeSpan Latency)> begun)
    {
        while (worker.ReadJob() is { } job)
            begun.Add(job);
    }

    private static double WorkOff(JobStorage storage, BlockingCollection<(long Began, TimeSpan Latency)> begun, int jobs)
    {
        var factory = new BackgroundJobFactory();
        using (var connection = storage.GetConnection())
        {
            var created = Enumerable.Range(0, jobs)
                .Select(_ => factory.Create(new CreateContext(storage, connection, Job.FromExpression(() => Pickup.Run(0)), null)))
                .ToList();
            using var transaction = connection.CreateWriteTransaction();
            foreach (var job in created)
                factory.StateMachine.ApplyState(new ApplyStateContext(storage, connection, transaction, job, new EnqueuedState(), null));
            transaction.Commit();
        }
        var times = begun.GetConsumingEnumerable().Take(jobs).Select(static job => job.Began).ToList();
        return jobs / Stopwatch.GetElapsedTime(times.Min(), times.Max()).TotalSeconds;
    }

    private static long CountConnections(string connectionString)
    {
        using var source = NpgsqlDataSource.Create(connectionString);
        using var count = source.CreateCommand($"select count(*) from pg_stat_activity where application_name = '{WorkerName}'");
        return (long)count.ExecuteScalar()!;
    }
}
