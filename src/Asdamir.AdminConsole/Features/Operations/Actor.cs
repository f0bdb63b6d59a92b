using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.AdminConsole.Features.SignIn;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;

namespace Asdamir.AdminConsole.Features.Operations;

/// <summary>
/// Carries out what the operator of this request asked for: written down before, done, written down after. It continues
/// when the page is closed and stops when the session ends; a small action is waited for, so that the next page shows its outcome.
/// </summary>
internal sealed class Actor(RequestContext visit, Sessions sessions, AuditTrail trail, ILogger<AuditedActions> log, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    /// <param name="work">
    /// Gets where to report progress, where to name runs that the target does not name, and when to stop: with the console, and with the right to act.
    /// </param>
    public async Task<Operation> DoAsync(
        JobActionKind kind, string target, string? reason, bool isSmall, Func<IProgress<JobActionReport>, Action<IEnumerable<string>>, CancellationToken, JobActionReport> work)
    {
        var action = new JobAction(Guid.CreateVersion7(), kind, target, reason, visit.User, visit.Address, RequestContext.TraceId, time.GetUtcNow());
        var audit = new CompanyAudit(trail, visit.Company.Code, visit.Role, Identities.SubjectOf(visit.Principal));
        var audited = new AuditedActions([audit], log);
        var (user, company) = (visit.Principal, visit.Company);
        var operation = company.Operations.Start(action, progress =>
        {
            using var permit = new ActingPermit(() => sessions.RoleOf(user, company) == Role.Operator, time, lifetime.ApplicationStopping);
            return audited.Do(action, () => work(progress, jobs => audit.Named(action, jobs), permit.Token));
        });
        if (isSmall)
            await operation.WaitAsync(Wait).ConfigureAwait(false);
        return operation;
    }
}
