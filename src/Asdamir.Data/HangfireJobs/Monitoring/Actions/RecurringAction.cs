using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Common;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>An action on a recurring job, by its stored id.</summary>
internal sealed class RecurringAction(RecurringActionKind kind, RecurringJobs recurring)
{
    public JobActionResult On(string storedId, string? reason, Func<string, bool> isMine)
    {
        if (recurring.Read(storedId) is not { } entry || !isMine(entry.Queue))
            return JobActionResult.Refused(storedId, $"There is no recurring job '{storedId}'.");
        try
        {
            return kind.Execute(recurring, storedId, reason)
                ?? JobActionResult.Refused(storedId, $"There is no recurring job '{storedId}' any more.");
        }
        catch (JobLoadException exception)
        {
            return JobActionResult.Refused(
                storedId, $"This process does not have the job of '{storedId}': {(exception.InnerException ?? exception).Message}");
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
