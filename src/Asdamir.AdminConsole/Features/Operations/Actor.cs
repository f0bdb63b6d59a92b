using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Features.Operations;

/// <summary>
/// Carries out an action for the operator of this request. It continues when the page is closed and stops when the session ends; a small
/// action is waited for, so that the next page shows its outcome.
/// </summary>
internal sealed class Actor(
    RequestContext context, ICurrentRoles roles, AuditTrail trail, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    public async Task<JobOperation> DoAsync(JobActionRequest request, bool isSmall)
    {
        var user = context.Principal;
        var company = context.Company;
        var permit = new ActingPermit(() => roles.RoleAfterRenewal(user, company) == Role.Operator, time, lifetime.ApplicationStopping);
        var operation = company.Monitor.Start(
            request with
            {
                User = context.User,
                Address = context.Address,
                TraceId = RequestContext.TraceId,
                Audit = new CompanyAudit(trail, company.Code, context.Role, Identities.SubjectOf(user)),
            },
            permit.Token);
        _ = operation.Completion.ContinueWith(
            _ => permit.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (isSmall)
            await Task.WhenAny(operation.Completion, Task.Delay(Wait, CancellationToken.None)).ConfigureAwait(false);
        return operation;
    }
}
