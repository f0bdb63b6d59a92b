using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>The cancellation of a workflow.</summary>
internal sealed class WorkflowAction(JobStorage storage, JobTransitions transitions)
{
    private const string Anonymous = "an anonymous user";

    public JobActionResult Cancel(string id, string? user, string? reason, Func<string, bool> isMine)
    {
        if (storage is not IJobWorkflows workflows)
        {
            return JobActionResult.Refused(
                id, $"The job storage {storage.GetType().Name} has no workflows. Fix: use SQLite or PostgreSQL.");
        }
        try
        {
            var by = string.IsNullOrWhiteSpace(user) ? Anonymous : user;
            if (workflows.FindWorkflow(id) is not { } workflow || !isMine(workflow.Queue))
                return JobActionResult.Refused(id, $"There is no workflow '{id}'.");
            if (workflow is { Running: 0, Waiting: 0 })
                return JobActionResult.Refused(id, $"Workflow {id} has finished.");
            // Those that are executed or scheduled, with their filters; one that has ended meanwhile need not be deleted.
            foreach (var job in workflows.CancelWorkflow(id, by, reason) ?? [])
                transitions.Delete(job, $"Its workflow was cancelled by {by}", isMine);
            return JobActionResult.Success;
        }
        catch (Exception exception)
        {
            return JobActionResult.Error(id, exception.GetBaseException().Message);
        }
    }
}
