using Asdamir.AdminConsole.Access;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Features.Audit;

/// <summary>The audit as the actions of a company see it.</summary>
internal sealed class CompanyAudit(AuditTrail trail, string company, Role role, string? subject) : IJobActionAudit
{
    public void Intended(JobAction action) => trail.Intended(action, company, role, subject);

    /// <summary>Jobs that the target of an action selects and does not name.</summary>
    public void Named(JobAction action, IEnumerable<string> jobs) => trail.Named(action, string.Join(' ', jobs), company, role, subject);

    public void Completed(JobAction action, JobActionReport report) => trail.Completed(action, report, company, role, subject);
}
