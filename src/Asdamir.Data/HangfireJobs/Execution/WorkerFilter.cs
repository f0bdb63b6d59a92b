using System.Globalization;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Looks at a job when a worker of this app takes it, before it is executed: a job of another app is handed back,
/// a job whose job this build does not know waits for one that does, a method call the app has not allowed fails, and a job
/// that keeps killing its process is stopped.
/// Costs nothing on the usual path.
/// </summary>
internal sealed class WorkerFilter(
    JobCatalog catalog, JobLoader loader, IReadOnlySet<string> ownQueues, int maxDeliveries, UnknownJobs? unknown, TimeProvider time) : IElectStateFilter
{
    public void OnStateElection(ElectStateContext context)
    {
        // One without a job was decided about before.
        if (context.CandidateState is not ProcessingState || context.BackgroundJob.Job is not { } job)
            return;
        if (!JobEnvelope.TryUnwrap(job, out var jobName, out _))
        {
            // On our storages one that is not allowed does not get here.
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

    private ScheduledState Postponed(BackgroundJob run, string jobName, string queue)
    {
        var postponed = UnknownJob.Postponed(jobName, run.CreatedAt, time);
        unknown?.Postponed(jobName, run.Id, queue, postponed.Reason);
        return postponed;
    }

    // A job that is taken while it is Processing was lost by another worker: its process died, or it was given
    // back in an orderly shutdown, which leaves a mark.
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
                $"Job '{jobName}' was delivered {lost} times and each time its process died before it ended. Fix the job and requeue the job, or raise {HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.MaxDeliveries)}.")))
            {
                Reason = $"Delivered {lost} times without an end",
            };
        }
    }
}
