using Asdamir.AdminConsole.Access;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Audit;

/// <summary>The audit as the actions of a company see it.</summary>
internal sealed class CompanyAudit(AuditTrail trail, string company, Role role, string? subject) : IJobActionAudit
{
    public void Intended(JobAction action) => trail.Intended(action, company, role, subject);

    public void Completed(JobAction action, JobActionReport report) => trail.Completed(action, report, company, role, subject);
}
