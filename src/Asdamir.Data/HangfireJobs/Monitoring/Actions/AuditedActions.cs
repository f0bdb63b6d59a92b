using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>Carries out actions so that the audit records each of them before it begins, and its outcome.</summary>
internal sealed partial class AuditedActions(IEnumerable<IJobActionAudit> audits, SecretMask mask, ILogger<AuditedActions> log)
{
    /// <param name="more">A further audit, of this action only.</param>
    /// <param name="work">Carries the action out. It gets what records further jobs by their ids.</param>
    /// <exception cref="JobAuditException">The audit did not accept the action, so it was not carried out.</exception>
    public async Task<JobActionResult> DoAsync(
        JobAction action, IJobActionAudit? more, Func<Func<IReadOnlyList<string>, ValueTask>, Task<JobActionResult>> work,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<IJobActionAudit> all = more is null ? [.. audits] : [.. audits, more];
        await IntendAsync(all, action, cancellationToken).ConfigureAwait(false);
        JobActionResult result;
        try
        {
            result = mask.Of(await work(ids => NameAsync(all, action, ids)).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            var error = JobActionResult.Error(action.Target, mask.Of(exception.GetBaseException().Message));
            await CompleteAsync(all, action, error).ConfigureAwait(false);
            throw;
        }
        await CompleteAsync(all, action, result).ConfigureAwait(false);
        return result;
    }

    /// <summary>Records an attempt that was refused before it began.</summary>
    public ValueTask DenyAsync(JobAction action, string why) =>
        CompleteAsync(audits, action, new JobActionResult { Remarks = [new JobActionRemark(action.Target, why)] });

    private static async ValueTask IntendAsync(IEnumerable<IJobActionAudit> all, JobAction action, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var audit in all)
                await audit.IntendedAsync(action, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw new JobAuditException(exception);
        }
    }

    private static async ValueTask NameAsync(IEnumerable<IJobActionAudit> all, JobAction action, IReadOnlyList<string> ids)
    {
        foreach (var audit in all)
            await audit.NamedAsync(action, ids, CancellationToken.None).ConfigureAwait(false);
    }

    // The token of the request plays no part: what is done is recorded, even if the client has gone.
    private async ValueTask CompleteAsync(IEnumerable<IJobActionAudit> all, JobAction action, JobActionResult result)
    {
        Log.Completed(
            log, action.Kind, new LogText(action.Target), new LogText(action.User ?? "an anonymous user"),
            new LogText(action.Reason ?? "no reason given"),
            result.Done, result.Skipped, result.Failed);
        foreach (var audit in all)
        {
            try
            {
                await audit.CompletedAsync(action, result, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // The action is carried out, and the answer must say so.
                Log.OutcomeNotAudited(log, exception, action.Id, audit.GetType());
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1701, Level = LogLevel.Information,
            Message = "{Kind} of {Target} by {User} ({Reason}): {Done} done, {Skipped} skipped, {Failed} failed")]
        public static partial void Completed(
            ILogger logger, JobActionKind kind, LogText target, LogText user, LogText reason, int done, int skipped, int failed);

        [LoggerMessage(
            EventId = 1702, Level = LogLevel.Error,
            Message = "The outcome of action {ActionId} could not be recorded by {Audit}")]
        public static partial void OutcomeNotAudited(ILogger logger, Exception exception, Guid actionId, Type audit);
    }
}
