using Asdamir.Data.HangfireJobs;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

/// <summary>Changes of the state of an executed job that fail at first, or always.</summary>
public sealed class AttemptStatesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Filter_ThatAlwaysThrows_FailsTheJobWithoutFilters()
    {
        await using var host = await StartAsync(jobs => jobs.AddJob<CountingJob>().AddFilter(new ThrowOnSuccess()));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<CountingJob>(), JobState.Failed);

        Assert.Equal(
            "Failed to change state to a 'Succeeded' one due to an exception after 10 retry attempts", host.StateOf(job.Id).Reason);
        Assert.Contains("no success", job.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Success_Waits_HoweverLongAnotherTransactionKeepsAJobThatItChanges()
    {
        var locked = new LockedFor(times: 25);
        await using var host = await StartAsync(jobs => jobs.AddJob<CountingJob>().AddFilter(locked));

        var job = await host.WaitForAsync(host.Jobs.Enqueue<CountingJob>(), JobState.Succeeded);

        Assert.Equal(0, locked.Left);
        Assert.Equal(["executed"], host.Probe.Notes);
        Assert.Equal(
            ["Succeeded", "Processing", "Enqueued"],
            host.Storage.GetMonitoringApi().JobDetails(job.Id).History.Select(static entry => entry.StateName));
    }

    private Task<JobHost> StartAsync(Action<IHangfireJobsBuilder> addJobs) => JobHost.StartAsync(
        addJobs,
        options =>
        {
            options.WorkerCount = 1;
            options.Storage.Provider = "Sqlite";
            options.Storage.ConnectionString = $"Data Source={Path.Combine(_folder.Path, "jobs.db")}";
        },
        static services => services.AddSingleton<TimeProvider>(new ImpatientTime()));

    private sealed class CountingJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note("executed");
            return Task.FromResult(JobResult.Success());
        }
    }

    private sealed class ThrowOnSuccess : IElectStateFilter
    {
        public void OnStateElection(ElectStateContext context)
        {
            if (context.CandidateState is SucceededState)
                throw new InvalidOperationException("no success");
        }
    }

    private sealed class LockedFor(int times) : IElectStateFilter
    {
        public int Left { get; private set; } = times;

        public void OnStateElection(ElectStateContext context)
        {
            if (context.CandidateState is not SucceededState || Left == 0)
                return;
            Left--;
            throw new DistributedLockTimeoutException("job:1:state-lock");
        }
    }

    /// <summary>Its delays are over at once.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }
}
