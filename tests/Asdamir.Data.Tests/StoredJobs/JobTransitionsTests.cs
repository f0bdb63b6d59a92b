using Asdamir.Data.HangfireJobs;
using Hangfire.States;

namespace Asdamir.Data.Tests.StoredJobs;

/// <summary>What an operator or an app may do to a job. No server runs here, so nothing else moves a job.</summary>
public sealed class JobTransitionsTests
{
    [Theory]
    [InlineData("Failed")]
    [InlineData("Deleted")]
    [InlineData("Succeeded")]
    [InlineData("Scheduled")]
    public async Task Requeue_StartsOverOnTheOwnQueue_WhenTheJobIsNeitherQueuedNorRunning(string state)
    {
        await using var host = await ClientAsync("crm");
        var jobId = host.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        if (state != "Scheduled")
            StoredStates.Put(host.Storage, jobId, StoredStates.Of(state));
        using (var connection = host.Storage.GetConnection())
        {
            connection.SetJobParameter(jobId, "RetryCount", "7");
            connection.SetJobParameter(jobId, "LostDeliveries", "4");
        }

        var result = host.Jobs.Requeue(jobId);

        Assert.Equal((true, 1, null), (result.IsDone, result.Done, result.Reason));
        Assert.Equal("Enqueued", host.StateOf(jobId).Name);
        Assert.Equal(("0", "0"), (host.Parameter(jobId, "RetryCount"), host.Parameter(jobId, "LostDeliveries")));
        Assert.Equal(1, host.Storage.GetMonitoringApi().EnqueuedCount("crm"));
        Assert.Equal(0, host.Storage.GetMonitoringApi().EnqueuedCount("default"));
    }

    [Fact]
    public async Task Requeue_IsRefusedWithAReason_WhenTheJobIsProcessing()
    {
        await using var host = await ClientAsync("crm");
        var jobId = host.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        StoredStates.Put(host.Storage, jobId, StoredStates.Processing);

        var result = host.Jobs.Requeue(jobId);

        AssertRefused(result, "is Processing");
        Assert.Equal("Processing", host.StateOf(jobId).Name);
        Assert.Equal(0, host.Storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    [Fact]
    public async Task Requeue_IsRefusedAndLeavesOneQueueRow_WhenTheJobIsEnqueued()
    {
        await using var host = await ClientAsync("crm");
        var jobId = host.Jobs.Enqueue<IdleJob>();

        var result = host.Jobs.Requeue(jobId);

        AssertRefused(result, "is Enqueued");
        Assert.Equal(1, host.Storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    [Fact]
    public async Task Requeue_IsRefused_WhenTheJobWaitsForItsParent()
    {
        await using var host = await ClientAsync("crm");
        var parent = host.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        var jobId = host.Jobs.ContinueWith<IdleJob>(parent);

        AssertRefused(host.Jobs.Requeue(jobId), "is Awaiting");
        Assert.Equal("Awaiting", host.StateOf(jobId).Name);
    }

    [Fact]
    public async Task Requeue_IsRefused_WhenTheScheduledJobIsDueAndMayBeQueuedAlready()
    {
        await using var host = await ClientAsync("crm");
        var jobId = host.Jobs.Schedule<IdleJob>(TimeSpan.FromSeconds(-1));

        AssertRefused(host.Jobs.Requeue(jobId), "is due");
        Assert.Equal("Scheduled", host.StateOf(jobId).Name);
        Assert.Equal(0, host.Storage.GetMonitoringApi().EnqueuedCount("crm"));
        Assert.Equal(JobState.Enqueued, host.Jobs.Find(jobId)!.State);
    }

    [Fact]
    public async Task Requeue_IsRefusedAndLeavesTheState_WhenThisProcessCannotLoadTheJob()
    {
        await using var host = await ClientAsync("crm");
        var jobId = StoredStates.CreateUnloadable(host.Storage, "crm", new FailedState(new InvalidOperationException("broken")));

        var result = host.Jobs.Requeue(jobId);

        AssertRefused(result, "cannot be loaded");
        Assert.Contains("Gone", result.Reason, StringComparison.Ordinal);
        Assert.Equal("Failed", host.StateOf(jobId).Name);
        Assert.Equal("Job.Run", host.Jobs.Find(jobId)!.JobName);
    }

    [Theory]
    [InlineData("Scheduled")]
    [InlineData("Enqueued")]
    [InlineData("Processing")]
    [InlineData("Failed")]
    [InlineData("Succeeded")]
    public async Task Delete_MovesTheJobToDeleted_FromAnyOtherState(string state)
    {
        await using var host = await ClientAsync("crm");
        var jobId = state == "Enqueued" ? host.Jobs.Enqueue<IdleJob>() : host.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        if (state is not ("Scheduled" or "Enqueued"))
            StoredStates.Put(host.Storage, jobId, StoredStates.Of(state));

        Assert.True(host.Jobs.Delete(jobId).IsDone);

        Assert.Equal(("Deleted", "Deleted by the app"), (host.StateOf(jobId).Name, host.StateOf(jobId).Reason));
        AssertRefused(host.Jobs.Delete(jobId), "already deleted");
    }

    [Theory]
    [InlineData("no-such-run")]
    [InlineData("")]
    [InlineData("123456")]
    public async Task FindRequeueAndDelete_KnowNoSuchJob_WhenTheIdIsUnknown(string jobId)
    {
        await using var host = await ClientAsync("crm");

        Assert.Null(host.Jobs.Find(jobId));
        AssertRefused(host.Jobs.Requeue(jobId), "There is no job");
        AssertRefused(host.Jobs.Delete(jobId), "There is no job");
    }

    [Fact]
    public async Task FindRequeueAndDelete_KnowNoSuchJob_WhenItBelongsToAnotherApp()
    {
        var storage = new SharedStorage();
        await using var crm = await ClientAsync("crm", storage);
        await using var hr = await ClientAsync("hr", storage);
        var jobId = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));

        Assert.Null(hr.Jobs.Find(jobId));
        AssertRefused(hr.Jobs.Requeue(jobId), "There is no job");
        AssertRefused(hr.Jobs.Delete(jobId), "There is no job");
        Assert.Throws<ArgumentException>(() => hr.Jobs.ContinueWith<IdleJob>(jobId));
        Assert.Equal(JobState.Scheduled, crm.Jobs.Find(jobId)!.State);
    }

    private static Task<JobHost> ClientAsync(string queue, SharedStorage? storage = null) => JobHost.StartClientAsync(
        jobs =>
        {
            jobs.AddJob<IdleJob>();
            if (storage is not null)
                jobs.UseStorage(_ => storage);
        },
        options => options.AppQueue = queue);

    private static void AssertRefused(JobActionResult result, string part)
    {
        Assert.False(result.IsDone);
        Assert.Equal((0, 1, 0), (result.Done, result.Skipped, result.Failed));
        Assert.Contains(part, result.Reason, StringComparison.Ordinal);
    }

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
