using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Carries out actions so that each is in the audit before it begins and after it ended.</summary>
internal sealed partial class AuditedActions(IEnumerable<IJobActionAudit> audits, ILogger<AuditedActions> log)
{
    public JobActionReport Do(JobAction action, Func<JobActionReport> work)
    {
        foreach (var audit in audits)
            audit.Intended(action);
        JobActionReport report;
        try
        {
            report = work();
        }
        catch (Exception exception)
        {
            Complete(action, new JobActionReport(0, 0, 1, [KeyValuePair.Create(action.Target, exception.GetBaseException().Message)]));
            throw;
        }
        Complete(action, report);
        return report;
    }

    /// <summary>Writes down an attempt that was refused before it began.</summary>
    public void Deny(JobAction action, string why) =>
        Complete(action, new JobActionReport(0, 0, 0, [KeyValuePair.Create(action.Target, why)]));

    private void Complete(JobAction action, JobActionReport report)
    {
        Log.Completed(log, action.Kind, action.Target, action.User, action.Reason, report.Done, report.Skipped, report.Failed);
        foreach (var audit in audits)
            audit.Completed(action, report);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1701, Level = LogLevel.Information, Message = "{Kind} of {Target} by {User} ({Reason}): {Done} done, {Skipped} skipped, {Failed} failed")]
        public static partial void Completed(ILogger logger, JobActionKind kind, string target, string? user, string? reason, int done, int skipped, int failed);
    }
}
