using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Deletes jobs.</summary>
internal sealed class DeleteAction(JobListReader jobs, JobTransitions moves) : StoredJobAction(jobs)
{
    protected override JobActionResult Do(string id, string? reason, Func<string, bool> isMine, string? expected) =>
        moves.Delete(id, reason ?? "Deleted by an operator", isMine, expected);
}
