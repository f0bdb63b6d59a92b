using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Resumes a paused recurring job.</summary>
internal sealed class ResumeAction(RecurringJobs recurring) : RecurringAction(recurring)
{
    protected override (bool Found, string? JobId) Do(string storedId, string? reason) => (Recurring.Resume(storedId), null);
}
