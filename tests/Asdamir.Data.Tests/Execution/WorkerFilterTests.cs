using Asdamir.Data.HangfireJobs;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

public sealed class WorkerFilterTests
{
    [Fact]
    public async Task Take_HandsAJobBackToItsQueue_WhenItLiesInAnotherAppsQueue()
    {
        var storage = new SharedStorage();
        await using var crm = await StartAsync(storage, "crm");
        string jobId;
        await using (
            var hrClient = await JobHost.StartClientAsync(
                jobs => jobs.AddJob<NotingJob>().UseStorage(_ => storage), options => options.AppQueue = "hr"))
            jobId = hrClient.Jobs.Schedule<NotingJob>(TimeSpan.FromHours(1));

        PutIntoQueue(storage, jobId, "crm", new EnqueuedState("crm"));
        await Until.TrueAsync(() => crm.StateOf(jobId).Reason == "Handed back to queue 'hr', where it belongs", "the job is handed back");

        Assert.Equal(1, storage.GetMonitoringApi().EnqueuedCount("hr"));
        await using var hr = await StartAsync(storage, "hr");
        await hr.WaitForAsync(jobId, JobState.Succeeded);
        Assert.Equal(["attempt 1"], hr.Probe.Notes);
        Assert.Empty(crm.Probe.Notes);
    }

    [Theory]
    [InlineData(0, "Succeeded", "1")]
    [InlineData(1, "Failed", "2")]
    public async Task Take_FailsAJobThatKeepsKillingItsProcess_WhenTheDeliveryCapIsReached(int lostBefore, string state, string lostAfter)
    {
        await using var host = await StartAsync(new SharedStorage(), "crm");
        var jobId = host.Jobs.Schedule<NotingJob>(TimeSpan.FromHours(1));
        SetParameter(host, jobId, "LostDeliveries", lostBefore.ToString(System.Globalization.CultureInfo.InvariantCulture));

        PutIntoQueue(host.Storage, jobId, "crm", StoredStates.Processing);
        var job = await host.WaitForAsync(jobId, Enum.Parse<JobState>(state));

        Assert.Equal(lostAfter, host.Parameter(jobId, "LostDeliveries"));
        Assert.Equal(state == "Failed" ? 0 : 1, host.Probe.Notes.Count);
        if (state == "Failed")
        {
            Assert.Equal(typeof(JobCrashedException).FullName, host.StateOf(jobId).Data["ExceptionType"]);
            Assert.Contains("HangfireJobs:MaxDeliveries", job.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Take_CountsNoLostDelivery_WhenTheJobWasGivenBackInAnOrderlyStop()
    {
        await using var host = await StartAsync(new SharedStorage(), "crm");
        var jobId = host.Jobs.Schedule<NotingJob>(TimeSpan.FromHours(1));
        SetParameter(host, jobId, "LostDeliveries", "1");
        SetParameter(host, jobId, "GivenBack", "true");

        PutIntoQueue(host.Storage, jobId, "crm", StoredStates.Processing);
        await host.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal(("1", "false"), (host.Parameter(jobId, "LostDeliveries"), host.Parameter(jobId, "GivenBack")));
    }

    [Fact]
    public async Task Take_PostponesAnUnknownJobWithAClearReason_UntilABuildKnowsIt()
    {
        var storage = new SharedStorage();
        await using var client = await JobHost.StartClientAsync(jobs => jobs.AddJob<NotingJob>().UseStorage(_ => storage));
        var jobId = client.Jobs.Enqueue<NotingJob>();
        await using (var old = await JobHost.StartAsync(jobs => jobs.UseStorage(_ => storage)))
        {
            var postponed = await old.WaitForAsync(jobId, JobState.Scheduled);
            Assert.StartsWith(
                "This build has no job named 'NotingJob'. Deploy a build that has it, ", postponed.Reason, StringComparison.Ordinal);
        }

        await using var deployed = await JobHost.StartAsync(jobs => jobs.AddJob<NotingJob>().UseStorage(_ => storage));
        // Its time comes: now and not in a quarter of a minute.
        deployed.Services.GetRequiredService<IBackgroundJobClient>()
            .ChangeState(jobId, new ScheduledState(TimeSpan.Zero), ScheduledState.StateName);
        await deployed.WaitForAsync(jobId, JobState.Succeeded);

        Assert.Equal(["attempt 1"], deployed.Probe.Notes);
    }

    [Fact]
    public async Task Execute_PostponesAJob_WhenItsPayloadIsOfALaterVersion()
    {
        await using var host = await StartAsync(new SharedStorage(), "crm");

        var jobId = host.Services.GetRequiredService<IBackgroundJobClient>()
            .Create(JobEnvelope.Wrap(nameof(NotingJob), """{"v":2}""", "crm"), new EnqueuedState());
        var job = await host.WaitForAsync(jobId, JobState.Scheduled);

        Assert.Equal("The payload has version 2, this build reads up to 1. Deploy a newer build", job.Reason);
        Assert.Empty(host.Probe.Notes);
    }

    [Fact]
    public async Task Execute_FailsForGood_WhenThePayloadIsBroken()
    {
        await using var host = await StartAsync(new SharedStorage(), "crm");

        var jobId = host.Services.GetRequiredService<IBackgroundJobClient>()
            .Create(JobEnvelope.Wrap(nameof(NotingJob), "not json", "crm"), new EnqueuedState());
        var job = await host.WaitForAsync(jobId, JobState.Failed);

        Assert.StartsWith("The stored payload of job 'NotingJob' is broken", job.Error, StringComparison.Ordinal);
        Assert.Equal(typeof(JobArgumentsException).FullName, host.StateOf(jobId).Data["ExceptionType"]);
    }

    private static Task<JobHost> StartAsync(SharedStorage storage, string queue) => JobHost.StartAsync(
        jobs => jobs.AddJob<NotingJob>().UseStorage(_ => storage),
        options =>
        {
            options.AppQueue = queue;
            options.MaxDeliveries = 2;
        });

    private static void SetParameter(JobHost host, string jobId, string name, string value)
    {
        using var connection = host.Storage.GetConnection();
        connection.SetJobParameter(jobId, name, value);
    }

    private static void PutIntoQueue(JobStorage storage, string jobId, string queue, IState state)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(jobId, state);
        transaction.AddToQueue(queue, jobId);
        transaction.Commit();
    }

    private sealed class NotingJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note($"attempt {ctx.Attempt}");
            return Task.FromResult(JobResult.Success());
        }
    }
}
