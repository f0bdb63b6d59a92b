using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Pauses a recurring job; it stays so over deploys.</summary>
internal sealed class PauseAction(RecurringJobs recurring) : RecurringAction(recurring)
{
    protected override (bool Found, string? JobId) Do(string storedId, string? reason) => (Recurring.Pause(storedId, reason), null);
}
