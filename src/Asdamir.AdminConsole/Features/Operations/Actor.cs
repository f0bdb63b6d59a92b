using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;

namespace Asdamir.AdminConsole.Features.Operations;

/// <summary>
/// Carries out what the operator of this request asked for: written down before, done, written down after. It continues
/// when the page is closed and stops when the session ends; a small action is waited for, so that the next page shows its outcome.
/// </summary>
internal sealed class Actor(RequestContext visit, ICurrentRoles roles, AuditTrail trail, ILogger<AuditedActions> log, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    /// <param name="work">
    /// Gets where to report progress, where to name jobs that the target does not name, and a token that is cancelled when the console stops or the right to act ends.
    /// </param>
    public async Task<Operation> DoAsync(
        JobActionKind kind, string target, string? reason, bool isSmall, Func<IProgress<JobActionResult>, Func<IEnumerable<string>, ValueTask>, CancellationToken, Task<JobActionResult>> work)
    {
        var action = new JobAction
        {
            Id = Guid.CreateVersion7(),
            Kind = kind,
            Target = target,
            Reason = reason,
            User = visit.User,
            Address = visit.Address,
            TraceId = RequestContext.TraceId,
            At = time.GetUtcNow(),
        };
        var audit = new CompanyAudit(trail, visit.Company.Code, visit.Role, Identities.SubjectOf(visit.Principal));
        var audited = new AuditedActions([audit], log);
        var (user, company) = (visit.Principal, visit.Company);
        var operation = company.Operations.Start(action, async progress =>
        {
            using var permit = new ActingPermit(() => roles.RoleOf(user, company) == Role.Operator, time, lifetime.ApplicationStopping);
            return await audited.DoAsync(
                action, () => work(progress, jobs => audit.NamedAsync(action, jobs, CancellationToken.None), permit.Token), CancellationToken.None).ConfigureAwait(false);
        });
        if (isSmall)
            await operation.WaitAsync(Wait).ConfigureAwait(false);
        return operation;
    }
}
