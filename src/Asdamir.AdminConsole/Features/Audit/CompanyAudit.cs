using Asdamir.AdminConsole.Access;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Features.Audit;

/// <summary>The audit as the actions of a company see it.</summary>
internal sealed class CompanyAudit(AuditTrail trail, string company, Role role, string? subject) : IJobActionAudit
{
    public ValueTask IntendedAsync(JobAction action, CancellationToken cancellationToken)
    {
        trail.Intended(action, company, role, subject);
        return ValueTask.CompletedTask;
    }

    /// <summary>Records jobs that the target of an action selects and does not name.</summary>
    public ValueTask NamedAsync(JobAction action, IEnumerable<string> jobs, CancellationToken cancellationToken)
    {
        trail.Named(action, string.Join(' ', jobs), company, role, subject);
        return ValueTask.CompletedTask;
    }

    public ValueTask CompletedAsync(JobAction action, JobActionResult result, CancellationToken cancellationToken)
    {
        trail.Completed(action, result, company, role, subject);
        return ValueTask.CompletedTask;
    }
}
