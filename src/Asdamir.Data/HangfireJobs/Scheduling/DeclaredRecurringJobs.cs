using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>
/// The schedules the app declares with <see cref="RecurringJobAttribute"/>. Applied at every start: added, updated,
/// and those it declared earlier but no longer declares removed. What another app declared, or what was added by a
/// call, is never touched.
/// </summary>
internal sealed partial class DeclaredRecurringJobs(
    JobCatalog catalog, AppIdentity app, OwnRecurringJobs own, RecurringJobs recurring, ILogger<DeclaredRecurringJobs> log, string assembly)
{
    // The assembly's name is part of the mark: two apps that were left without queue and prefix still do not
    // remove each other's schedules.
    private readonly string _declaredBy = $"{app.RecurringJobIdPrefix}|{app.Queue}|{assembly}";

    public void Apply()
    {
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var job in catalog.Jobs)
        {
            foreach (var attribute in job.Schedules)
            {
                var options = new RecurringOptions { Id = attribute.Id, TimeZone = attribute.TimeZone, Misfire = attribute.Misfire };
                var storedId = own.AddOrUpdate(job, [], attribute.Cron, options);
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
        [LoggerMessage(EventId = 1401, Level = LogLevel.Information, Message = "Recurring job {RecurringJobId} is no longer declared by this app and was removed")]
        public static partial void StaleRemoved(ILogger logger, LogText recurringJobId);
    }
}
