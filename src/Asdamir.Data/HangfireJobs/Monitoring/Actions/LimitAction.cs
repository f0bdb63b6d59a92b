using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>An action on a limit.</summary>
internal sealed class LimitAction(JobStorage storage)
{
    private const string Anonymous = "an anonymous user";

    /// <summary>The limit as the audit names it, with the values that it gets.</summary>
    public static string TargetOf(LimitReference limit, int? maxRunning, JobRate? rate) =>
        $"{limit.Queue}: {limit.Name}{(JobLimits.TextOf(maxRunning, rate) is { Length: > 0 } values ? $" = {values}" : "")}";

    public JobActionResult On(JobActionRequest request, Func<string, bool> isMine)
    {
        var limit = request.Limit!;
        if (storage is not IJobLimits limits)
        {
            return JobActionResult.Refused(
                limit.Name, $"The job storage {storage.GetType().Name} does not observe limits. Fix: use SQLite or PostgreSQL.");
        }
        try
        {
            var by = string.IsNullOrWhiteSpace(request.User) ? Anonymous : request.User;
            return isMine(limit.Queue)
                && limits.ChangeLimit(limit.Queue, limit.Name, request.MaxRunning, by, request.Reason, request.Rate)
                ? JobActionResult.Success
                : JobActionResult.Refused(limit.Name, $"There is no limit '{limit.Name}' in the queue '{limit.Queue}'.");
        }
        catch (Exception exception)
        {
            return JobActionResult.Error(limit.Name, exception.GetBaseException().Message);
        }
    }
}
