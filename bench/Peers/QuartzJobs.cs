using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Quartz;
using StorageComparison;

namespace Peers;

/// <summary>
/// Quartz.NET on its ADO job store, clustered: one durable job that asks to be recovered, and a trigger for each job of it.
/// </summary>
internal sealed class QuartzJobs(string connectionString) : IPeerJobs
{
    private const string Schema = "bench_quartz";
    private static readonly JobKey Trivial = new("trivial");
    private IScheduler? _scheduler;
    private int _triggers;

    public async Task<string> EmptyAsync()
    {
        await CloseAsync();
        await using (var source = NpgsqlDataSource.Create(connectionString))
        await using (var schema = source.CreateCommand($"drop schema if exists {Schema} cascade; create schema {Schema}"))
            await schema.ExecuteNonQueryAsync();
        _scheduler = await OpenAsync(workers: 20);
        await _scheduler.AddJob(Job());
        return connectionString;
    }

    public async Task<double> EnqueueOneByOneAsync(int jobs)
    {
        var each = jobs / 8;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
                await _scheduler!.ScheduleJob(NewTrigger());
        })));
        return each * 8 / clock.Elapsed.TotalSeconds;
    }

    public async Task<double> EnqueueManyAsync(int jobs)
    {
        var clock = Stopwatch.StartNew();
        await _scheduler!.ScheduleJobs(
            new Dictionary<IJobDetail, IReadOnlyCollection<ITrigger>>
            {
                [Job()] = [.. Enumerable.Range(0, jobs).Select(_ => NewTrigger())]
            },
            ScheduleJobOptions.Replacing);
        return jobs / clock.Elapsed.TotalSeconds;
    }

    public async Task<(double PerSecond, int Jobs)> WorkOffAsync(int jobs, int workers, TimeSpan limit)
    {
        Work.Expect(jobs);
        await _scheduler!.Start();
        var done = await Work.NearlyAllAsync(jobs, limit);
        await CloseAsync();
        return done;
    }

    public async Task ListenAsync(int workers)
    {
        _scheduler = await OpenAsync(workers);
        await _scheduler.Start();
    }

    public async Task AskAsync(long asked) =>
        await _scheduler!.ScheduleJob(NewTrigger(asked.ToString(CultureInfo.InvariantCulture)));

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task CloseAsync()
    {
        if (_scheduler is not null)
            await _scheduler.Shutdown(waitForJobsToComplete: true);
        _scheduler = null;
    }

    private Task<IScheduler> OpenAsync(int workers) =>
        QuartzScheduler.OpenAsync($"{connectionString};Search Path={Schema}", "peers", workers);

    private static IJobDetail Job() => JobBuilder.Create<TrivialJob>().WithIdentity(Trivial).StoreDurably().RequestRecovery().Build();

    private ITrigger NewTrigger(string? asked = null)
    {
        var trigger = TriggerBuilder.Create().ForJob(Trivial)
            .WithIdentity($"run-{Environment.ProcessId}-{Interlocked.Increment(ref _triggers)}").StartNow();
        return (asked is null ? trigger : trigger.UsingJobData("asked", asked)).Build();
    }

    private sealed class TrivialJob : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            if (context.Trigger.JobDataMap.TryGetValue("asked", out var asked))
                Pickup.Run(long.Parse((string)asked!, CultureInfo.InvariantCulture));
            else
                Work.Run(0);
            return ValueTask.CompletedTask;
        }
    }
}
