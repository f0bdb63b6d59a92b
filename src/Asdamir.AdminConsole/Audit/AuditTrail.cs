using System.Diagnostics;
using System.Security.Claims;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Database;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Audit;

/// <summary>
/// Writes down who did what and why. Lines are added, and never changed or removed. The target of an action is kept whole,
/// however many runs it names.
/// </summary>
internal sealed class AuditTrail(ConsoleDatabase database, CompanyDirectory companies, TimeProvider time)
{
    private const int MaxText = 500;

    public void Intended(JobAction action, string company, Role role, string? subject) =>
        Add("Intended", action.Kind.ToString(), company, action.User, role, action.Target, action.Reason, action.Address, action.TraceId, subject, action.Id);

    public void Completed(JobAction action, JobActionReport report, string company, Role role, string? subject) =>
        Add("Completed", action.Kind.ToString(), company, action.User, role, action.Target, action.Reason, action.Address, action.TraceId, subject, action.Id, report);

    public void Denied(Visit visit, Company company, string why) =>
        Add("Denied", "Attempt", company.Code, visit.User, Roles.Of(visit.Principal, company), Short(visit.Attempt), why, visit.Address, Visit.TraceId, Identities.SubjectOf(visit.Principal));

    /// <summary>A sign-in is a line in every company somebody came to.</summary>
    public void SignedIn(HttpContext http, ClaimsPrincipal user) => Event(http, "SignIn", user, user.Identity?.Name, null);

    public void SignedOut(HttpContext http) => Event(http, "SignOut", http.User, http.User.Identity?.Name, null);

    /// <param name="account">Whose sign-in it was, where that is known; otherwise nobody's companies are concerned.</param>
    public void SignInFailed(HttpContext http, LocalAccount? account, string why, string? name = null) =>
        Event(http, "SignInFailed", account is null ? null : Identities.Of(account), name, why);

    public void PasswordChanged(HttpContext http) => Event(http, "PasswordChanged", http.User, http.User.Identity?.Name, null);

    private void Event(HttpContext http, string action, ClaimsPrincipal? user, string? name, string? why)
    {
        var concerned = user is null ? [] : companies.All.Select(company => (company.Code, Role: Roles.Of(user, company))).Where(static one => one.Role != Role.None).ToList();
        foreach (var (code, role) in concerned.DefaultIfEmpty((null!, Role.None)))
            Add("Event", action, code, name, role, null, why, http.Connection.RemoteIpAddress?.ToString(), Activity.Current?.TraceId.ToString(), Identities.SubjectOf(user));
    }

    private void Add(
        string phase, string action, string? company, string? actor, Role role, string? target, string? reason, string? address, string? traceId,
        string? subject, Guid? actionId = null, JobActionReport? report = null) =>
        database.Execute(
            """
            INSERT INTO audit (at, phase, action, action_id, company, actor, role, target, reason, done, skipped, failed, remarks, address, trace_id, subject)
            VALUES (@at, @phase, @action, @actionId, @company, @actor, @role, @target, @reason, @done, @skipped, @failed, @remarks, @address, @traceId, @subject)
            """,
            ("@at", time.GetUtcNow().ToUnixTimeMilliseconds()), ("@phase", phase), ("@action", action), ("@actionId", actionId?.ToString()), ("@company", company),
            ("@actor", Short(actor)), ("@role", role.ToString()), ("@target", target), ("@reason", Short(reason)), ("@done", report?.Done), ("@skipped", report?.Skipped),
            ("@failed", report?.Failed), ("@remarks", report is { Remarks.Count: > 0 } ? string.Join('\n', report.Remarks.Select(static remark => $"{remark.Key}: {remark.Value}")) : null),
            ("@address", address), ("@traceId", traceId), ("@subject", subject));

    private static string? Short(string? text) => text is { Length: > MaxText } ? text[..MaxText] + "…" : text;
}
