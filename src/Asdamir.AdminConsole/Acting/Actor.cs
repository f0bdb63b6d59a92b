using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Audit;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;

namespace Asdamir.AdminConsole.Acting;

/// <summary>
/// Carries out what the operator of this request asked for: written down before, done, written down after. It goes on
/// when the browser has left; a small action is waited for, so that the next page already tells its outcome.
/// </summary>
internal sealed class Actor(Visit visit, AuditTrail trail, ILogger<AuditedActions> log, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    /// <param name="work">Gets where to report progress, and when the console stops.</param>
    public async Task<Operation> DoAsync(
        JobActionKind kind, string target, string? reason, bool isSmall, Func<IProgress<JobActionReport>, CancellationToken, JobActionReport> work)
    {
        var action = new JobAction(Guid.CreateVersion7(), kind, target, reason, visit.User, visit.Address, Visit.TraceId, time.GetUtcNow());
        var audited = new AuditedActions([new CompanyAudit(trail, visit.Company.Code, visit.Role)], log);
        var operation = visit.Company.Operations.Start(action, progress => audited.Do(action, () => work(progress, lifetime.ApplicationStopping)));
        if (isSmall)
            await operation.WaitAsync(Wait).ConfigureAwait(false);
        return operation;
    }
}
