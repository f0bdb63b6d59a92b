using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Runs;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

public sealed class WorkerGuardTests
{
    [Fact]
    public async Task Take_HandsARunBackToItsQueue_WhenItLiesInAnotherAppsQueue()
    {
        var storage = new SharedStorage();
        await using var crm = await StartAsync(storage, "crm");
        string runId;
        await using (var hrClient = await JobHost.StartClientAsync(jobs => jobs.AddJob<NotingJob>().UseStorage(_ => storage), options => options.AppQueue = "hr"))
            runId = hrClient.Jobs.Schedule<NotingJob>(TimeSpan.FromHours(1));

        PutIntoQueue(storage, runId, "crm", new EnqueuedState("crm"));
        await Until.TrueAsync(() => crm.StateOf(runId).Reason == "Handed back to queue 'hr', where it belongs", "the run is handed back");

        Assert.Equal(1, storage.GetMonitoringApi().EnqueuedCount("hr"));
        await using var hr = await StartAsync(storage, "hr");
        await hr.WaitForAsync(runId, RunState.Succeeded);
        Assert.Equal(["attempt 1"], hr.Probe.Notes);
        Assert.Empty(crm.Probe.Notes);
    }

    [Theory]
    [InlineData(0, "Succeeded", "1")]
    [InlineData(1, "Failed", "2")]
    public async Task Take_FailsARunThatKeepsKillingItsProcess_WhenTheDeliveryCapIsReached(int lostBefore, string state, string lostAfter)
    {
        await using var host = await StartAsync(new SharedStorage(), "crm");
        var runId = host.Jobs.Schedule<NotingJob>(TimeSpan.FromHours(1));
        SetParameter(host, runId, "LostDeliveries", lostBefore.ToString(System.Globalization.CultureInfo.InvariantCulture));

        PutIntoQueue(host.Storage, runId, "crm", StoredStates.Processing);
        var run = await host.WaitForAsync(runId, Enum.Parse<RunState>(state));

        Assert.Equal(lostAfter, host.Parameter(runId, "LostDeliveries"));
        Assert.Equal(state == "Failed" ? 0 : 1, host.Probe.Notes.Count);
        if (state == "Failed")
        {
            Assert.Equal(typeof(JobCrashedException).FullName, host.StateOf(runId).Data["ExceptionType"]);
            Assert.Contains("HangfireJobs:MaxDeliveries", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Take_CountsNoLostDelivery_WhenTheRunWasGivenBackInAnOrderlyStop()
    {
        await using var host = await StartAsync(new SharedStorage(), "crm");
        var runId = host.Jobs.Schedule<NotingJob>(TimeSpan.FromHours(1));
        SetParameter(host, runId, "LostDeliveries", "1");
        SetParameter(host, runId, "GivenBack", "true");

        PutIntoQueue(host.Storage, runId, "crm", StoredStates.Processing);
        await host.WaitForAsync(runId, RunState.Succeeded);

        Assert.Equal(("1", "false"), (host.Parameter(runId, "LostDeliveries"), host.Parameter(runId, "GivenBack")));
    }

    [Fact]
    public async Task Take_PostponesAnUnknownJobWithAClearReason_UntilABuildKnowsIt()
    {
        var storage = new SharedStorage();
        await using var client = await JobHost.StartClientAsync(jobs => jobs.AddJob<NotingJob>().UseStorage(_ => storage));
        var runId = client.Jobs.Enqueue<NotingJob>();
        await using (var old = await JobHost.StartAsync(jobs => jobs.UseStorage(_ => storage)))
        {
            var postponed = await old.WaitForAsync(runId, RunState.Scheduled);
            Assert.StartsWith("This build has no job named 'NotingJob'. Deploy one that has, ", postponed.Reason, StringComparison.Ordinal);
        }

        await using var deployed = await JobHost.StartAsync(jobs => jobs.AddJob<NotingJob>().UseStorage(_ => storage));
        // Its time comes: now and not in a quarter of a minute.
        deployed.Services.GetRequiredService<IBackgroundJobClient>().ChangeState(runId, new ScheduledState(TimeSpan.Zero), ScheduledState.StateName);
        await deployed.WaitForAsync(runId, RunState.Succeeded);

        Assert.Equal(["attempt 1"], deployed.Probe.Notes);
    }

    [Fact]
    public async Task Execute_PostponesARun_WhenItsPayloadIsOfALaterVersion()
    {
        await using var host = await StartAsync(new SharedStorage(), "crm");

        var runId = host.Services.GetRequiredService<IBackgroundJobClient>()
            .Create(JobEnvelope.Wrap(nameof(NotingJob), """{"v":2}""", "crm"), new EnqueuedState());
        var run = await host.WaitForAsync(runId, RunState.Scheduled);

        Assert.Equal("The payload has version 2, this build reads up to 1. Deploy a newer build", run.Reason);
        Assert.Empty(host.Probe.Notes);
    }

    [Fact]
    public async Task Execute_FailsForGood_WhenThePayloadIsBroken()
    {
        await using var host = await StartAsync(new SharedStorage(), "crm");

        var runId = host.Services.GetRequiredService<IBackgroundJobClient>()
            .Create(JobEnvelope.Wrap(nameof(NotingJob), "not json", "crm"), new EnqueuedState());
        var run = await host.WaitForAsync(runId, RunState.Failed);

        Assert.StartsWith("The stored payload of job 'NotingJob' is broken", run.Error, StringComparison.Ordinal);
        Assert.Equal(typeof(JobArgumentsException).FullName, host.StateOf(runId).Data["ExceptionType"]);
    }

    private static Task<JobHost> StartAsync(SharedStorage storage, string queue) => JobHost.StartAsync(
        jobs => jobs.AddJob<NotingJob>().UseStorage(_ => storage),
        options =>
        {
            options.AppQueue = queue;
            options.MaxDeliveries = 2;
        });

    private static void SetParameter(JobHost host, string runId, string name, string value)
    {
        using var connection = host.Storage.GetConnection();
        connection.SetJobParameter(runId, name, value);
    }

    private static void PutIntoQueue(JobStorage storage, string runId, string queue, IState state)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(runId, state);
        transaction.AddToQueue(queue, runId);
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
