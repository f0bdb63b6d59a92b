using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.Common;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>Changes the app's jobs and recurring jobs in one storage.</summary>
internal sealed class JobControl(
    JobStorage storage, IJobFilterProvider filters, JobLoader loader, JobRouting routing, HangfireJobsOptions settings, TimeProvider time)
{
    private readonly JobTransitions _transitions = new(storage, filters, time);
    private readonly OwnRecurringJobs _recurring =
        new(new RecurringJobs(storage, filters, loader, time), routing, settings, time);

    public JobActionResult Delete(string jobId) => _transitions.Delete(jobId, "Deleted by the app", routing.Owns);

    public JobActionResult Requeue(string jobId) => _transitions.Requeue(jobId, "Requeued by the app", routing.Owns);

    public string AddOrUpdateRecurring(JobDescriptor jobType, byte[] argsJson, string cron, RecurringOptions? options) =>
        _recurring.AddOrUpdate(jobType, argsJson, cron, options ?? new RecurringOptions());

    public bool RemoveRecurring(string id) => _recurring.Remove(id);

    public string? TriggerRecurring(string id) => _recurring.Trigger(id);

    public bool PauseRecurring(string id, string? reason) => _recurring.Pause(id, reason);

    public bool ResumeRecurring(string id) => _recurring.Resume(id);
}
