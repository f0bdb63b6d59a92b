using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Puts jobs back into their queues, with all their attempts.</summary>
internal sealed class RequeueAction(JobListReader jobs, JobTransitions moves) : StoredJobAction(jobs)
{
    protected override JobActionResult Do(string id, string? reason, Func<string, bool> isMine, string? expected) =>
        moves.Requeue(id, reason ?? "Requeued by an operator", isMine, expected);
}
