using System.Globalization;
using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>An action on a limit.</summary>
internal sealed class LimitAction(JobStorage storage)
{
    private const string Anonymous = "an anonymous user";

    /// <summary>The limit as the audit names it, with the number that it gets.</summary>
    public static string TargetOf(LimitReference limit, int? maxRunning) => maxRunning is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"{limit.Queue}: {limit.Name} = {number}")
        : $"{limit.Queue}: {limit.Name}";

    /// <param name="maxRunning"><see langword="null"/> for what the app declares.</param>
    public JobActionResult On(LimitReference limit, int? maxRunning, string? user, string? reason, Func<string, bool> isMine)
    {
        if (storage is not IJobLimits limits)
        {
            return JobActionResult.Refused(
                limit.Name, $"The job storage {storage.GetType().Name} does not observe limits. Fix: use SQLite or PostgreSQL.");
        }
        try
        {
            var by = string.IsNullOrWhiteSpace(user) ? Anonymous : user;
            return isMine(limit.Queue) && limits.ChangeLimit(limit.Queue, limit.Name, maxRunning, by, reason)
                ? JobActionResult.Success
                : JobActionResult.Refused(limit.Name, $"There is no limit '{limit.Name}' in the queue '{limit.Queue}'.");
        }
        catch (Exception exception)
        {
            return JobActionResult.Error(limit.Name, exception.GetBaseException().Message);
        }
    }
}
