using System.Globalization;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Checks a job when a worker of this app takes it, before it is executed: a job of another app returns to its queue,
/// a job whose type this build does not know waits for a build that does, a method call that the app does not allow fails, and a job
/// that keeps crashing its process becomes Failed. Costs nothing on the usual path.
/// </summary>
internal sealed class WorkerFilter(
    JobCatalog catalog, JobLoader loader, IReadOnlySet<string> ownQueues, int maxDeliveries, UnknownJobs? unknown,
    TimeProvider time) : IElectStateFilter
{
    public void OnStateElection(ElectStateContext context)
    {
        // A job that was not loaded has been handled before.
        if (context.CandidateState is not ProcessingState || context.BackgroundJob.Job is not { } job)
            return;
        if (!JobEnvelope.TryUnwrap(job, out var jobName, out _))
        {
            // On our storages a call that is not allowed does not get here.
            if (!loader.Allows(job))
                context.CandidateState = new RefusedState(JobLoader.Refusal($"{job.Type.Name}.{job.Method.Name}"));
            return;
        }

        var queue = job.Queue ?? EnqueuedState.DefaultQueue;
        if (!ownQueues.Contains(queue))
            context.CandidateState = new EnqueuedState(queue) { Reason = $"Handed back to queue '{queue}', where it belongs" };
        else if (!catalog.TryGet(jobName, out _))
            context.CandidateState = Postponed(context.BackgroundJob, jobName, queue);
        else if (context.CurrentState == ProcessingState.StateName)
            CountLostDelivery(context, jobName);
    }

    private ScheduledState Postponed(BackgroundJob job, string jobName, string queue)
    {
        var postponed = UnknownJob.Postponed(jobName, job.CreatedAt, time);
        unknown?.Postponed(jobName, job.Id, queue, postponed.Reason);
        return postponed;
    }

    // A job that is taken while it is Processing was lost by another worker: its process died, or an orderly shutdown returned it,
    // which leaves a mark.
    private void CountLostDelivery(ElectStateContext context, string jobName)
    {
        if (context.GetJobParameter<bool>(JobParameters.GivenBack))
        {
            context.SetJobParameter(JobParameters.GivenBack, false);
            return;
        }
        var lost = context.GetJobParameter<int>(JobParameters.LostDeliveries) + 1;
        context.SetJobParameter(JobParameters.LostDeliveries, lost);
        if (lost >= maxDeliveries)
        {
            context.CandidateState = new FailedState(new JobCrashedException(string.Create(CultureInfo.InvariantCulture,
                $"Job '{jobName}' was delivered {lost} times and each time its process died before it ended. Fix the job type and requeue "
                    + $"the job, or raise {HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.MaxDeliveries)}.")))
            {
                Reason = $"Delivered {lost} times without an end",
            };
        }
    }
}
