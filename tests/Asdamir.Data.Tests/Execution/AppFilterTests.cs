using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Monitoring;
using Hangfire.Client;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Execution;

/// <summary>Hangfire's filters, added for all jobs of an app.</summary>
public sealed class AppFilterTests
{
    [Fact]
    public async Task Filter_SeesEveryJobBeingCreatedAndExecuted_WithServicesOfTheHost()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<IdleJob>().AddJob<OtherJob>().AddFilter<Recorder>());

        foreach (var jobId in new[] { host.Jobs.Enqueue<IdleJob>(), host.Jobs.Enqueue<OtherJob>() })
        {
            await host.WaitForAsync(jobId, JobState.Succeeded);
            await host.Probe.NotedAsync($"performed {jobId}");
            var notes = host.Probe.Notes.Where(note => note.EndsWith($" {jobId}", StringComparison.Ordinal)).ToList();
            Assert.Equal(
                [$"performing {jobId}", $"performed {jobId}"],
                notes.Where(static note => !note.StartsWith("created", StringComparison.Ordinal)));
            Assert.Single(notes, $"created {jobId}");   // a worker may begin the job before the client's filters are called
        }
    }

    [Fact]
    public async Task Filter_CanElectAnotherState_BeforeOurRetries()
    {
        await using var host = await JobHost.StartAsync(jobs => jobs.AddJob<BadJob>().AddFilter(new DeleteFailures(), order: 1));

        await host.WaitForAsync(host.Jobs.Enqueue<BadJob, string>("broken"), JobState.Deleted);
    }

    [Fact]
    public async Task Filter_LeavesTheJobsOfOtherAppsAlone()
    {
        var storage = new SharedStorage();
        await using var hr = await JobHost.StartClientAsync(
            jobs => jobs.AddJob<OtherJob>().UseStorage(_ => storage), options => options.AppQueue = "hr");
        var jobId = hr.Jobs.Schedule<OtherJob>(TimeSpan.Zero);

        // The server of this app moves it to its queue.
        await using var crm = await JobHost.StartAsync(
            jobs => jobs.AddJob<IdleJob>().AddFilter(new DeleteFailures()).AddFilter(new DeleteEnqueued()).UseStorage(_ => storage),
            options => options.AppQueue = "crm");

        await crm.WaitForAsync(crm.Jobs.Enqueue<IdleJob>(), JobState.Deleted);
        await Until.TrueAsync(() => hr.Jobs.Find(jobId)?.State == JobState.Enqueued, "the other app's job waits in its queue");
    }

    [Fact]
    public void AddFilter_RefusesWhatIsNoFilter()
    {
        var jobs = new ServiceCollection().AddCoreHangfireJobs(static _ => { });

        Assert.Contains(
            "System.String is not a filter. Fix: ", Assert.Throws<ArgumentException>(() => jobs.AddFilter("text")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "is not a filter. Fix: ", Assert.Throws<ArgumentException>(() => jobs.AddFilter<Probe>()).Message, StringComparison.Ordinal);
    }

    private sealed class Recorder(Probe probe, IHangfireJobService jobs) : IClientFilter, IServerFilter
    {
        public void OnCreating(CreatingContext context)
        {
        }

        public void OnCreated(CreatedContext context) => probe.Note($"created {context.BackgroundJob.Id}");

        public void OnPerforming(PerformingContext context) => probe.Note($"performing {context.BackgroundJob.Id}");

        public void OnPerformed(PerformedContext context) => probe.Note($"performed {jobs.Find(context.BackgroundJob.Id)!.Id}");
    }

    private sealed class DeleteFailures : IElectStateFilter
    {
        public void OnStateElection(ElectStateContext context)
        {
            if (context.CandidateState is FailedState)
                context.CandidateState = new DeletedState();
        }
    }

    private sealed class DeleteEnqueued : IElectStateFilter
    {
        public void OnStateElection(ElectStateContext context)
        {
            if (context.CandidateState is EnqueuedState)
                context.CandidateState = new DeletedState();
        }
    }
}
