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

    public ValueTask NamedAsync(JobAction action, IReadOnlyList<string> jobIds, CancellationToken cancellationToken)
    {
        trail.Named(action, string.Join(' ', jobIds), company, role, subject);
        return ValueTask.CompletedTask;
    }

    public ValueTask CompletedAsync(JobAction action, JobActionResult result, CancellationToken cancellationToken)
    {
        trail.Completed(action, result, company, role, subject);
        return ValueTask.CompletedTask;
    }
}
