using System.Diagnostics;
using System.Security.Claims;
using Asdamir.AdminConsole.Companies;

namespace Asdamir.AdminConsole.Access;

/// <summary>Who is here, in which company, and what they may do there. Set once for a request.</summary>
internal sealed class RequestContext(IHttpContextAccessor accessor)
{
    private HttpContext Http => accessor.HttpContext ?? throw new InvalidOperationException("There is no request.");

    /// <exception cref="InvalidOperationException">The request is not for a company.</exception>
    public Company Company => CompanyOrNone ?? throw new InvalidOperationException("The request is not for a company.");

    public Company? CompanyOrNone { get; private set; }

    public Role Role { get; private set; }

    public bool MayAct => Role == Role.Operator;

    public bool IsSignedIn => Http.User.Identity?.IsAuthenticated == true;

    public ClaimsPrincipal Principal => Http.User;

    public string User => Http.User.Identity?.Name ?? "";

    public string? Address => Http.Connection.RemoteIpAddress?.ToString();

    public static string? TraceId => Activity.Current?.TraceId.ToString();

    public IQueryCollection Query => Http.Request.Query;

    public string Path => Http.Request.Path;

    /// <summary>What is asked for, for the audit.</summary>
    public string Attempt => $"{Http.Request.Method} {Path}";

    /// <summary>The app all pages are narrowed to; <see langword="null"/> for all apps.</summary>
    public string? App => Query["app"].ToString() is { Length: > 0 and <= 50 } app && !app.Any(char.IsControl) ? app : null;

    public string? Cookie(string name) => Http.Request.Cookies[name];

    /// <summary>Whether they have a role in every company.</summary>
    public bool SeesAll(CompanyDirectory companies) => companies.All.All(company => Roles.Of(Principal, company) != Role.None);

    public void Enter(Company company, Role role)
    {
        CompanyOrNone = company;
        Role = role;
    }
}
