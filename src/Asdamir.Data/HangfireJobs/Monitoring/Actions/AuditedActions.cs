using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Carries out actions so that each is in the audit before it begins and after it ended.</summary>
internal sealed partial class AuditedActions(IEnumerable<IJobActionAudit> audits, ILogger<AuditedActions> log)
{
    /// <exception cref="AuditUnavailableException">The action is not in the audit, and so was not carried out.</exception>
    public JobActionReport Do(JobAction action, Func<JobActionReport> work)
    {
        Intend(action);
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

    private void Intend(JobAction action)
    {
        try
        {
            foreach (var audit in audits)
                audit.Intended(action);
        }
        catch (Exception exception)
        {
            throw new AuditUnavailableException(exception);
        }
    }

    private void Complete(JobAction action, JobActionReport report)
    {
        Log.Completed(log, action.Kind, new LogText(action.Target), new LogText(action.User ?? "an anonymous user"), new LogText(action.Reason ?? "no reason given"), report.Done, report.Skipped, report.Failed);
        foreach (var audit in audits)
        {
            try
            {
                audit.Completed(action, report);
            }
            catch (Exception exception)
            {
                // What is done is done: whoever asked for it must not be told otherwise.
                Log.OutcomeNotAudited(log, exception, action.Id, audit.GetType());
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1701, Level = LogLevel.Information, Message = "{Kind} of {Target} by {User} ({Reason}): {Done} done, {Skipped} skipped, {Failed} failed")]
        public static partial void Completed(ILogger logger, JobActionKind kind, LogText target, LogText user, LogText reason, int done, int skipped, int failed);

        [LoggerMessage(EventId = 1702, Level = LogLevel.Error, Message = "The outcome of action {ActionId} could not be told to {Audit}")]
        public static partial void OutcomeNotAudited(ILogger logger, Exception exception, Guid actionId, Type audit);
    }
}
