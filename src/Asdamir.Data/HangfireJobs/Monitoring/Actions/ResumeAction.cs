using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Resumes a paused recurring job.</summary>
internal sealed class ResumeAction(RecurringJobs recurring) : RecurringAction(recurring)
{
    public override JobActionKind Kind => JobActionKind.Resume;

    protected override (bool Found, string? JobId) Do(string storedId, string? reason) => (Recurring.Resume(storedId), null);
}
