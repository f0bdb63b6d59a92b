using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Starts a recurring job now.</summary>
internal sealed class TriggerAction(RecurringJobs recurring) : RecurringAction(recurring)
{
    protected override (bool Found, string? JobId) Do(string storedId, string? reason) =>
        Recurring.Trigger(storedId, reason ?? "Triggered by an operator") is { } jobId ? (true, jobId) : (false, null);
}
