using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Isolation;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire.Server;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Scheduling;

/// <summary>
/// Keeps this app's recurring jobs scheduled. Any server of the schema may fire them, and one that cannot (it lacks
/// the time zone, say) writes an error and, after some tries, disables the entry for all apps. Then this app, which
/// can, raises an alert and schedules it again. Also repairs entries of any app that would stop every scheduler.
/// </summary>
internal sealed partial class RecurringJobMonitor(
    AppIdentity app, JobRouting routing, RecurringJobs recurring, TimeProvider time, ILogger<RecurringJobMonitor> log) : IBackgroundProcess
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public void Execute(BackgroundProcessContext context)
    {
        Check();
        context.Wait(Interval);
    }

    /// <summary>Repairs, reports and schedules again what is broken now.</summary>
    public void Check()
    {
        foreach (var (storedId, fields) in recurring.Repair())
            Log.Repaired(log, new LogText(storedId), new LogText(string.Join(", ", fields)));
        foreach (var entry in recurring.List().Where(entry =>
            entry.Error is not null && !entry.IsPaused && app.HasOwnPrefix(entry.StoredId) && routing.Owns(entry.Queue)))
        {
            Log.CouldNotBeFired(
                log, new LogText(entry.StoredId), entry.NextExecution is null ? "was disabled" : "could not be fired",
                new LogText(entry.Error));
            if (CronSchedule.TryCreate(entry.Cron, entry.TimeZoneId, time.GetUtcNow(), out var fault) is not { } schedule)
                Log.CannotBeScheduled(log, new LogText(entry.StoredId), new LogText(fault));
            else if (recurring.FaultOf(entry) is { } refusal)
                Log.CannotBeScheduled(log, new LogText(entry.StoredId), new LogText(refusal));
            else
                recurring.Renew(entry, schedule);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1402, Level = LogLevel.Error,
            Message = "Recurring job {RecurringJobId} {What} by a server of this schema and is scheduled again by its app. "
                + "The error was: {Error}")]
        public static partial void CouldNotBeFired(ILogger logger, LogText recurringJobId, string what, LogText error);

        [LoggerMessage(
            EventId = 1404, Level = LogLevel.Error,
            Message = "Recurring job {RecurringJobId} had values that no scheduler can read, "
                + "which stopped all recurring jobs of the schema; they were replaced: {Fields}")]
        public static partial void Repaired(ILogger logger, LogText recurringJobId, LogText fields);

        [LoggerMessage(
            EventId = 1403, Level = LogLevel.Error,
            Message = "Recurring job {RecurringJobId} cannot be scheduled by its own app either: {Fault}")]
        public static partial void CannotBeScheduled(ILogger logger, LogText recurringJobId, LogText fault);
    }
}
