using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Dashboard;

/// <summary>
/// The clients behind the dashboard's buttons. They follow the same rules as every other caller: nothing queued or being
/// executed is queued again, a paused recurring job stays paused, and with an AppQueue only the app's own jobs and
/// recurring jobs can be acted on, although the dashboard shows the whole schema.
/// </summary>
internal sealed class DashboardClientFactory(
    IBackgroundJobClient client, IRecurringJobManager manager, JobTransitions transitions, RecurringJobs recurring, AppIdentity app,
    JobRouting routing)
    : IBackgroundJobClientFactory, IRecurringJobManagerFactory, IBackgroundJobClient, IRecurringJobManager
{
    public IBackgroundJobClient GetClient(JobStorage storage) => this;

    public IRecurringJobManager GetManager(JobStorage storage) => this;

    public string Create(Job job, IState state) => client.Create(job, state);

    public bool ChangeState(string jobId, IState state, string expectedState) => state switch
    {
        EnqueuedState => transitions.Requeue(jobId, state.Reason, MayActOn, expectedState).IsDone,
        DeletedState => transitions.Delete(jobId, state.Reason, MayActOn, expectedState).IsDone,
        _ => throw new NotSupportedException($"The dashboard has no action that leads to {state.Name}."),
    };

    public void AddOrUpdate(string recurringJobId, Job job, string cronExpression, RecurringJobOptions options) =>
        manager.AddOrUpdate(recurringJobId, job, cronExpression, options);

    public void Trigger(string recurringJobId)
    {
        if (MayActOnRecurring(recurringJobId))
            recurring.Trigger(recurringJobId, "Triggered on the dashboard");
    }

    public void RemoveIfExists(string recurringJobId)
    {
        if (MayActOnRecurring(recurringJobId))
            recurring.Remove(recurringJobId);
    }

    private bool MayActOn(string queue) => !app.IsIsolated || routing.Owns(queue);

    private bool MayActOnRecurring(string storedId) => recurring.Read(storedId) is { } entry && MayActOn(entry.Queue);
}
