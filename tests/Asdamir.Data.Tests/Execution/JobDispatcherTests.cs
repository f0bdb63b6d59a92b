using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Execution;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

/// <summary>The server on a storage of ours, which executes jobs without a thread for each.</summary>
public sealed class JobDispatcherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Filters_SeeTheJobAndItsStates_AroundAnAwait()
    {
        await using var host = await StartAsync(workers: 2, jobs => jobs.AddJob<WaitingJob>().AddFilter<Recorder>());
        var jobId = host.Jobs.Enqueue<WaitingJob, int>(1);
        await host.Probe.NotedAsync("begun");
        Assert.Equal(["elected Processing", "applied Processing", "performing"], host.Probe.Notes.Where(static note => note != "begun"));

        host.Probe.Open("go");
        await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal(
            [
                "elected Processing", "applied Processing", "performing", "begun", "ended", "performed",
                "elected Succeeded of the filter around", "applied Succeeded",
            ],
            host.Probe.Notes);
    }

    [Fact]
    public async Task History_NamesTheServer_AsHangfiresWorkerDoes()
    {
        await using var host = await StartAsync(workers: 1, jobs => jobs.AddJob<WaitingJob>());
        var jobId = host.Jobs.Enqueue<WaitingJob, int>(1);
        await host.Probe.NotedAsync("begun");
        var processing = host.StateOf(jobId);
        host.Probe.Open("go");
        await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal("Processing", processing.Name);
        Assert.Equal(host.Storage.GetMonitoringApi().Servers().Single().Name, processing.Data["ServerId"]);
        Assert.False(string.IsNullOrEmpty(processing.Data["WorkerId"]));
        Assert.Equal(
            ["Succeeded", "Processing", "Enqueued"],
            host.Storage.GetMonitoringApi().JobDetails(jobId).History.Select(static entry => entry.StateName));
    }

    [Fact]
    public async Task Slots_AreNeverExceeded()
    {
        await using var host = await StartAsync(workers: 3, jobs => jobs.AddJob<CountingJob>(), AddGauge);
        var gauge = host.Services.GetRequiredService<Gauge>();

        var jobIds = host.Jobs.EnqueueMany<CountingJob, int>(Enumerable.Range(0, 60));
        foreach (var jobId in jobIds)
            await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.InRange(gauge.Most, 1, 3);
        Assert.Equal(60, gauge.Entered);
    }

    [Fact]
    public async Task BlockingJobs_StarveNeitherEachOtherNorThePool()
    {
        const int Workers = 60;
        await using var host = await StartAsync(
            Workers, jobs => jobs.AddJob<BlockingJob>(), static services => services.AddSingleton(new CountdownEvent(Workers)));

        var jobIds = host.Jobs.EnqueueMany<BlockingJob, int>(Enumerable.Range(0, Workers));
        foreach (var jobId in jobIds)
            await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal(Workers, host.Probe.Count("off the pool"));
    }

    [Fact]
    public async Task WaitingJobs_NeedFewThreads()
    {
        const int Jobs = 2_000;
        await using var host = await StartAsync(Jobs, jobs => jobs.AddJob<WaitingJob>());

        var jobIds = host.Jobs.EnqueueMany<WaitingJob, int>(Enumerable.Range(0, Jobs));
        await host.Probe.NotedAsync("begun", Jobs);

        // On a busy machine more of them were needed to begin the jobs; those end.
        var threads = host.Services.GetRequiredService<JobThreads>();
        await Until.TrueAsync(() => threads.Count <= Jobs / 10, "all jobs wait on few threads", () => $"{threads.Count} threads");
        host.Probe.Open("go");
        foreach (var jobId in jobIds)
            await host.WaitForAsync(jobId, JobState.Succeeded);
    }

    [Fact]
    public async Task Stop_GivesBackWhatDoesNotEndInTime_AndTheNextHostExecutesIt()
    {
        string jobId;
        await using (var first = await StartAsync(workers: 2, jobs => jobs.AddJob<WaitingJob>()))
        {
            jobId = first.Jobs.Enqueue<WaitingJob, int>(1);
            await first.Probe.NotedAsync("begun");
            await first.StopAsync();
            Assert.Contains("cancelled", first.Probe.Notes);
        }

        await using var second = await StartAsync(workers: 2, jobs => jobs.AddJob<WaitingJob>());
        second.Probe.Open("go");
        await second.WaitForAsync(jobId, JobState.Succeeded);

        Assert.True(second.Parameter(jobId, "RetryCount") is null or "0");
        Assert.True(second.Parameter(jobId, "LostDeliveries") is null or "0", "An orderly stop is no crash");
    }

    [Fact]
    public async Task Stop_LetsAJobEnd_ThatEndsInTime()
    {
        await using var host = await StartAsync(
            workers: 2, jobs => jobs.AddJob<WaitingJob>(), configure: static options => options.StopTimeout = Until.Limit);
        var jobId = host.Jobs.Enqueue<WaitingJob, int>(1);
        await host.Probe.NotedAsync("begun");

        var stopping = host.StopAsync();
        Assert.False(stopping.IsCompleted);
        host.Probe.Open("go");
        await stopping;

        Assert.Equal("Succeeded", host.StateOf(jobId).Name);
    }

    [Fact]
    public async Task Delete_CancelsTheToken_AndTheJobStaysDeleted()
    {
        await using var host = await StartAsync(workers: 2, jobs => jobs.AddJob<WaitingJob>());
        var jobId = host.Jobs.Enqueue<WaitingJob, int>(1);
        await host.Probe.NotedAsync("begun");

        Assert.True(host.Jobs.Delete(jobId).IsDone);
        await host.Probe.NotedAsync("cancelled");
        await host.StopAsync();

        Assert.Equal("Deleted", host.StateOf(jobId).Name);
        Assert.True(host.Parameter(jobId, "RetryCount") is null or "0");
    }

    [Fact]
    public async Task Delete_ByAnotherProcess_CancelsTheToken_WhileTheServerStops()
    {
        await using var host = await StartAsync(
            workers: 1, jobs => jobs.AddJob<WaitingJob>(), static services => services.AddSingleton<TimeProvider>(new NeverInAMinute()),
            static options => options.StopTimeout = Until.Limit);
        await using var other = await StartAsync(
            workers: 1, jobs => jobs.AddJob<WaitingJob>(), configure: static options => options.RunServer = false);
        var jobId = host.Jobs.Enqueue<WaitingJob, int>(1);
        await host.Probe.NotedAsync("begun");
        var stopping = host.StopAsync();

        Assert.True(other.Jobs.Delete(jobId).IsDone);
        await host.Probe.NotedAsync("cancelled");
        await stopping;

        Assert.Equal("Deleted", other.StateOf(jobId).Name);
    }

    [Fact]
    public async Task Delete_IsNotUndone_ByTheEndOfTheJob()
    {
        await using var host = await StartAsync(workers: 1, jobs => jobs.AddJob<WaitingJob>().AddJob<CountingJob>(), AddGauge);
        var jobId = host.Jobs.Enqueue<WaitingJob, int>(1);
        await host.Probe.NotedAsync("begun");

        Assert.True(host.Jobs.Delete(jobId).IsDone);
        host.Probe.Open("go");
        // Its slot is free again.
        await host.WaitForAsync(host.Jobs.Enqueue<CountingJob, int>(1), JobState.Succeeded);

        Assert.Equal("Deleted", host.StateOf(jobId).Name);
    }

    private static void AddGauge(IServiceCollection services) => services.AddSingleton<Gauge>();

    private Task<JobHost> StartAsync(
        int workers, Action<IHangfireJobsBuilder> addJobs, Action<IServiceCollection>? services = null,
        Action<HangfireJobsOptions>? configure = null) =>
        JobHost.StartAsync(
            addJobs,
            options =>
            {
                options.WorkerCount = workers;
                options.StopTimeout = TimeSpan.FromMilliseconds(50);
                options.Storage.Provider = "Sqlite";
                options.Storage.ConnectionString = $"Data Source={Path.Combine(_folder.Path, "jobs.db")}";
                configure?.Invoke(options);
            },
            services);

    private sealed class WaitingJob(Probe probe) : IJob<int>
    {
        public async Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("begun");
            try
            {
                await probe.GateAsync("go", ct);
            }
            catch (OperationCanceledException)
            {
                probe.Note("cancelled");
                throw;
            }
            probe.Note("ended");
            return JobResult.Success();
        }
    }

    private sealed class BlockingJob(Probe probe, CountdownEvent begun) : IJob<int>
    {
        public Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note(Thread.CurrentThread.IsThreadPoolThread ? "on the pool" : "off the pool");
            begun.Signal();
            begun.Wait(ct);
            return Task.FromResult(JobResult.Success());
        }
    }

    private sealed class CountingJob(Gauge gauge) : IJob<int>
    {
        public async Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default)
        {
            gauge.Enter();
            await Task.Yield();
            gauge.Leave();
            return JobResult.Success();
        }
    }

    private sealed class Gauge
    {
        private readonly Lock _gate = new();
        private int _inside;

        public int Most { get; private set; }

        public int Entered { get; private set; }

        public void Enter()
        {
            lock (_gate)
            {
                Entered++;
                Most = Math.Max(Most, ++_inside);
            }
        }

        public void Leave()
        {
            lock (_gate)
                _inside--;
        }
    }

    private sealed class Recorder(Probe probe) : IServerFilter, IElectStateFilter, IApplyStateFilter
    {
        public void OnPerforming(PerformingContext context)
        {
            context.Items["around"] = "of the filter around";
            probe.Note("performing");
        }

        public void OnPerformed(PerformedContext context) => probe.Note("performed");

        public void OnStateElection(ElectStateContext context)
        {
            if (context.CandidateState is ProcessingState or SucceededState)
                probe.Note($"elected {context.CandidateState.Name} {context.CustomData?["around"]}".TrimEnd());
        }

        public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
        {
            if (context.NewState is ProcessingState or SucceededState)
                probe.Note($"applied {context.NewState.Name}");
        }

        public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
        {
        }
    }

    /// <summary>Without the timer that looks after jobs each minute, in case they were moved without notice.</summary>
    private sealed class NeverInAMinute : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(
                callback, state, dueTime >= TimeSpan.FromMinutes(1) ? Timeout.InfiniteTimeSpan : dueTime, period);
    }
}
