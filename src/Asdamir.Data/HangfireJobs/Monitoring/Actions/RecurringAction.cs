using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Common;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>An action on a recurring job, by its stored id.</summary>
internal abstract class RecurringAction(RecurringJobs recurring)
{
    protected RecurringJobs Recurring => recurring;

    /// <returns>The id of a new job, or <see langword="null"/>; and whether there was such a recurring job.</returns>
    protected abstract (bool Found, string? JobId) Do(string storedId, string? reason);

    private bool Exists(string storedId, Func<string, bool> isMine) => recurring.Read(storedId) is { } entry && isMine(entry.Queue);

    public JobActionResult On(string storedId, string? reason, Func<string, bool> isMine)
    {
        if (!Exists(storedId, isMine))
            return JobActionResult.Refused(storedId, $"There is no recurring job '{storedId}'.");
        try
        {
            var (found, jobId) = Do(storedId, reason);
            return found ? JobActionResult.Success with { JobId = jobId } : JobActionResult.Refused(storedId, $"There is no recurring job '{storedId}' any more.");
        }
        catch (JobLoadException exception)
        {
            return JobActionResult.Refused(storedId, $"This process does not have the job of '{storedId}': {(exception.InnerException ?? exception).Message}");
        }
        catch (InvalidOperationException exception) when (exception is not ObjectDisposedException)
        {
            return JobActionResult.Refused(storedId, exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return JobActionResult.Error(storedId, exception.GetBaseException().Message);
        }
    }
}
