using Asdamir.Data.HangfireJobs;
using Hangfire.States;

namespace Asdamir.Data.Tests.Runs;

/// <summary>What an operator or an app may do to a run. No server runs here, so nothing moves by itself.</summary>
public sealed class RunMovesTests
{
    [Theory]
    [InlineData("Failed")]
    [InlineData("Deleted")]
    [InlineData("Succeeded")]
    [InlineData("Scheduled")]
    public async Task Requeue_StartsOverOnTheOwnQueue_WhenTheRunIsNeitherQueuedNorRunning(string state)
    {
        await using var host = await ClientAsync("crm");
        var runId = host.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        if (state != "Scheduled")
            StoredStates.Put(host.Storage, runId, StoredStates.Of(state));
        using (var connection = host.Storage.GetConnection())
        {
            connection.SetJobParameter(runId, "RetryCount", "7");
            connection.SetJobParameter(runId, "LostDeliveries", "4");
        }

        var result = host.Jobs.Requeue(runId);

        Assert.Equal(new RunActionResult(true, null), result);
        Assert.Equal("Enqueued", host.StateOf(runId).Name);
        Assert.Equal(("0", "0"), (host.Parameter(runId, "RetryCount"), host.Parameter(runId, "LostDeliveries")));
        Assert.Equal(1, host.Storage.GetMonitoringApi().EnqueuedCount("crm"));
        Assert.Equal(0, host.Storage.GetMonitoringApi().EnqueuedCount("default"));
    }

    [Fact]
    public async Task Requeue_IsRefusedWithAReason_WhenTheRunIsProcessing()
    {
        await using var host = await ClientAsync("crm");
        var runId = host.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        StoredStates.Put(host.Storage, runId, StoredStates.Processing);

        var result = host.Jobs.Requeue(runId);

        AssertRefused(result, "is Processing");
        Assert.Equal("Processing", host.StateOf(runId).Name);
        Assert.Equal(0, host.Storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    [Fact]
    public async Task Requeue_IsRefusedAndLeavesOneQueueRow_WhenTheRunIsEnqueued()
    {
        await using var host = await ClientAsync("crm");
        var runId = host.Jobs.Enqueue<IdleJob>();

        var result = host.Jobs.Requeue(runId);

        AssertRefused(result, "is Enqueued");
        Assert.Equal(1, host.Storage.GetMonitoringApi().EnqueuedCount("crm"));
    }

    [Fact]
    public async Task Requeue_IsRefused_WhenTheRunWaitsForItsParent()
    {
        await using var host = await ClientAsync("crm");
        var parent = host.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        var runId = host.Jobs.ContinueWith<IdleJob>(parent);

        AssertRefused(host.Jobs.Requeue(runId), "is Awaiting");
        Assert.Equal("Awaiting", host.StateOf(runId).Name);
    }

    [Fact]
    public async Task Requeue_IsRefused_WhenTheScheduledRunIsDueAndMayBeQueuedAlready()
    {
        await using var host = await ClientAsync("crm");
        var runId = host.Jobs.Schedule<IdleJob>(TimeSpan.FromSeconds(-1));

        AssertRefused(host.Jobs.Requeue(runId), "is due");
        Assert.Equal("Scheduled", host.StateOf(runId).Name);
        Assert.Equal(0, host.Storage.GetMonitoringApi().EnqueuedCount("crm"));
        Assert.Equal(RunState.Enqueued, host.Jobs.Find(runId)!.State);
    }

    [Fact]
    public async Task Requeue_IsRefusedAndLeavesTheState_WhenThisProcessCannotLoadTheRun()
    {
        await using var host = await ClientAsync("crm");
        var runId = StoredStates.CreateUnloadable(host.Storage, "crm", new FailedState(new InvalidOperationException("broken")));

        var result = host.Jobs.Requeue(runId);

        AssertRefused(result, "cannot be loaded");
        Assert.Contains("Gone", result.Reason, StringComparison.Ordinal);
        Assert.Equal("Failed", host.StateOf(runId).Name);
        Assert.Equal("Job.Run", host.Jobs.Find(runId)!.JobName);
    }

    [Theory]
    [InlineData("Scheduled")]
    [InlineData("Enqueued")]
    [InlineData("Processing")]
    [InlineData("Failed")]
    [InlineData("Succeeded")]
    public async Task Delete_MovesTheRunToDeleted_FromAnyOtherState(string state)
    {
        await using var host = await ClientAsync("crm");
        var runId = state == "Enqueued" ? host.Jobs.Enqueue<IdleJob>() : host.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        if (state is not ("Scheduled" or "Enqueued"))
            StoredStates.Put(host.Storage, runId, StoredStates.Of(state));

        Assert.True(host.Jobs.Delete(runId).Done);

        Assert.Equal(("Deleted", "Deleted by the app"), (host.StateOf(runId).Name, host.StateOf(runId).Reason));
        AssertRefused(host.Jobs.Delete(runId), "already deleted");
    }

    [Theory]
    [InlineData("no-such-run")]
    [InlineData("")]
    [InlineData("123456")]
    public async Task FindRequeueAndDelete_KnowNoSuchRun_WhenTheIdIsUnknown(string runId)
    {
        await using var host = await ClientAsync("crm");

        Assert.Null(host.Jobs.Find(runId));
        AssertRefused(host.Jobs.Requeue(runId), "There is no run");
        AssertRefused(host.Jobs.Delete(runId), "There is no run");
    }

    [Fact]
    public async Task FindRequeueAndDelete_KnowNoSuchRun_WhenItBelongsToAnotherApp()
    {
        var storage = new SharedStorage();
        await using var crm = await ClientAsync("crm", storage);
        await using var hr = await ClientAsync("hr", storage);
        var runId = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));

        Assert.Null(hr.Jobs.Find(runId));
        AssertRefused(hr.Jobs.Requeue(runId), "There is no run");
        AssertRefused(hr.Jobs.Delete(runId), "There is no run");
        Assert.Throws<ArgumentException>(() => hr.Jobs.ContinueWith<IdleJob>(runId));
        Assert.Equal(RunState.Scheduled, crm.Jobs.Find(runId)!.State);
    }

    private static Task<JobHost> ClientAsync(string queue, SharedStorage? storage = null) => JobHost.StartClientAsync(
        jobs =>
        {
            jobs.AddJob<IdleJob>();
            if (storage is not null)
                jobs.UseStorage(_ => storage);
        },
        options => options.AppQueue = queue);

    private static void AssertRefused(RunActionResult result, string part)
    {
        Assert.False(result.Done);
        Assert.Contains(part, result.Reason, StringComparison.Ordinal);
    }

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
