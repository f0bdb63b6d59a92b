using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>
/// The schedules the app declares with <see cref="RecurringJobAttribute"/>. Applied at every start: added, updated,
/// and those it declared earlier but no longer declares removed. Schedules of other apps, and those added by a
/// call, are never changed.
/// </summary>
internal sealed partial class DeclaredRecurringJobs(
    JobCatalog catalog, AppIdentity app, OwnRecurringJobs own, RecurringJobs recurring, ILogger<DeclaredRecurringJobs> log, string assembly)
{
    // With the name of the assembly, two apps without queue and prefix do not remove each other's schedules.
    private readonly string _declaredBy = $"{app.RecurringJobIdPrefix}|{app.Queue}|{assembly}";

    public void Apply()
    {
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var jobType in catalog.Jobs)
        {
            foreach (var attribute in jobType.Schedules)
            {
                var options = new RecurringOptions { Id = attribute.Id, TimeZone = attribute.TimeZone, Misfire = attribute.Misfire };
                var storedId = own.AddOrUpdate(jobType, [], attribute.Cron, options);
                declared.Add(storedId);
                recurring.MarkDeclared(storedId, _declaredBy);
            }
        }

        foreach (var stale in recurring.List().Where(entry =>
            entry.DeclaredBy == _declaredBy && app.HasOwnPrefix(entry.StoredId) && !declared.Contains(entry.StoredId)))
        {
            recurring.Remove(stale.StoredId);
            Log.StaleRemoved(log, new LogText(stale.StoredId));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1401, Level = LogLevel.Information,
            Message = "Recurring job {RecurringJobId} is no longer declared by this app and was removed")]
        public static partial void StaleRemoved(ILogger logger, LogText recurringJobId);
    }
}
