using System.Diagnostics;
using System.Security.Claims;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Database;
using Asdamir.Data;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Hosting;

namespace Asdamir.AdminConsole.Features.Audit;

/// <summary>
/// Writes down who did what and why. Lines are added, and never changed or removed. The target of an action is kept whole,
/// however many jobs it names; what was refused is bounded.
/// </summary>
internal sealed partial class AuditTrail : IDisposable
{
    private const int MaxText = 500;

    private readonly ConsoleDatabase _database;
    private readonly CompanyDirectory _companies;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditTrail> _log;
    private readonly RefusedAttempts _attempts;
    private readonly ITimer _windows;

    public AuditTrail(ConsoleDatabase database, CompanyDirectory companies, TimeProvider time, ILogger<AuditTrail> log)
    {
        _database = database;
        _companies = companies;
        _time = time;
        _log = log;
        _attempts = new RefusedAttempts(Add, time);
        _windows = Detached.Start(() => time.CreateTimer(_ => TryFlush(), null, RefusedAttempts.Window, RefusedAttempts.Window));
    }

    public void Intended(JobAction action, string company, Role role, string? subject) =>
        Add(
            "Intended", action.Kind.ToString(), company, action.User, role, action.Target, action.Reason, action.Address, action.TraceId,
            subject, action.Id);

    public void Named(JobAction action, string jobs, string company, Role role, string? subject) =>
        Add(
            "Named", action.Kind.ToString(), company, action.User, role, jobs, action.Reason, action.Address, action.TraceId, subject,
            action.Id);

    public void Completed(JobAction action, JobActionResult result, string company, Role role, string? subject) =>
        Add(
            "Completed", action.Kind.ToString(), company, action.User, role, action.Target, action.Reason, action.Address, action.TraceId,
            subject, action.Id, result);

    /// <param name="company">The company that was asked for; <see langword="null"/> when there is none of that name.</param>
    public void Denied(RequestContext context, Company? company, string why) =>
        _attempts.Add(
            new Attempt(
                "Denied", "Attempt", company?.Code, context.User, company is null ? Role.None : Roles.Of(context.Principal, company),
                Short(context.Attempt), why, context.Address,
                RequestContext.TraceId, Identities.SubjectOf(context.Principal)),
            Identities.KeyOf(context.Principal), isAnonymous: false);

    /// <summary>A sign-in is a line in every company the user has a role in.</summary>
    public void SignedIn(HttpContext http, ClaimsPrincipal user) => Event(http, "SignIn", user, user.Identity?.Name, null);

    public void SignedOut(HttpContext http) => Event(http, "SignOut", http.User, http.User.Identity?.Name, null);

    public void SignedOutByProvider(HttpContext http, IEnumerable<(string? Actor, string? Subject)> sessions)
    {
        foreach (var (actor, subject) in sessions)
        {
            Add(
                "Event", "SignOut", null, actor, Role.None, null, "The provider ended the session.",
                http.Connection.RemoteIpAddress?.ToString(),
                Activity.Current?.TraceId.ToString(), subject);
        }
    }

    public void PasswordChanged(HttpContext http) => Event(http, "PasswordChanged", http.User, http.User.Identity?.Name, null);

    /// <param name="user">The user whose sign-in failed, if known; otherwise it concerns no company.</param>
    public void SignInFailed(HttpContext http, ClaimsPrincipal? user, string why, string? name = null)
    {
        var isAnonymous = http.User.Identity?.IsAuthenticated != true;
        foreach (var (code, role) in Concerned(user))
        {
            _attempts.Add(
                new Attempt(
                    "Event", "SignInFailed", code, Short(name), role, null, why, http.Connection.RemoteIpAddress?.ToString(),
                    Activity.Current?.TraceId.ToString(), null),
                isAnonymous ? ClientSource.Of(http.Connection.RemoteIpAddress) : Identities.KeyOf(http.User), isAnonymous);
        }
    }

    public void Dispose()
    {
        _windows.Dispose();
        Flush();
    }

    private void TryFlush()
    {
        try
        {
            Flush();
        }
        catch (Exception)
        {
            // The logger failed, too; an exception of a timer would end the process.
        }
    }

    private void Flush()
    {
        try
        {
            _attempts.Flush();
        }
        catch (Exception exception)
        {
            Log.AttemptsNotWritten(_log, exception);
        }
    }

    private List<(string? Code, Role Role)> Concerned(ClaimsPrincipal? user)
    {
        List<(string? Code, Role Role)> concerned = user is null
            ? []
            : [
                .. _companies.All.Select(company => ((string?)company.Code, Roles.Of(user, company)))
                    .Where(static one => one.Item2 != Role.None)
            ];
        return concerned.Count > 0 ? concerned : [(null, Role.None)];
    }

    private void Event(HttpContext http, string action, ClaimsPrincipal? user, string? name, string? why)
    {
        foreach (var (code, role) in Concerned(user))
        {
            Add(
                "Event", action, code, name, role, null, why, http.Connection.RemoteIpAddress?.ToString(),
                Activity.Current?.TraceId.ToString(),
                Identities.SubjectOf(user));
        }
    }

    private void Add(Attempt attempt) => Add(
        attempt.Phase, attempt.Action, attempt.Company, attempt.Actor, attempt.Role, attempt.Target, attempt.Why, attempt.Address,
        attempt.TraceId, attempt.Subject);

    private void Add(
        string phase, string action, string? company, string? actor, Role role, string? target, string? reason, string? address,
        string? traceId,
        string? subject, Guid? actionId = null, JobActionResult? result = null) =>
        _database.Execute(
            """
            INSERT INTO audit (
                at, phase, action, action_id, company, actor, role, target, reason,
                done, skipped, failed, remarks, address, trace_id, subject)
            VALUES (
                @at, @phase, @action, @actionId, @company, @actor, @role, @target, @reason,
                @done, @skipped, @failed, @remarks, @address, @traceId, @subject)
            """,
            ("@at", _time.GetUtcNow().ToUnixTimeMilliseconds()), ("@phase", phase), ("@action", action),
            ("@actionId", actionId?.ToString()), ("@company", company),
            ("@actor", Short(actor)), ("@role", role.ToString()), ("@target", target), ("@reason", Short(reason)), ("@done", result?.Done),
            ("@skipped", result?.Skipped),
            ("@failed", result?.Failed),
            ("@remarks",
                result is { Remarks.Count: > 0 }
                    ? string.Join('\n', result.Remarks.Select(static remark => $"{remark.Id}: {remark.Reason}"))
                    : null),
            ("@address", address), ("@traceId", traceId), ("@subject", subject));

    private static string? Short(string? text) => text is { Length: > MaxText } ? text[..MaxText] + "…" : text;

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 2301, Level = LogLevel.Error,
            Message = "Counted repeats of refused attempts could not be written into the audit")]
        public static partial void AttemptsNotWritten(ILogger logger, Exception exception);
    }
}
