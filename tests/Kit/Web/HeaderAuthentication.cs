using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kit;

/// <summary>
/// Signs in the user that the headers X-Role and X-User name, as a cookie would; a bearer token is the role itself.
/// </summary>
public sealed class HeaderAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Adds it, with the policies "viewer" (viewers and operators) and "operator".</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddAuthentication("Header").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("Header", null);
        services.AddAuthorizationBuilder()
            .AddPolicy("viewer", policy => policy.RequireRole("viewer", "operator"))
            .AddPolicy("operator", policy => policy.RequireRole("operator"));
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var role = Request.Headers.Authorization is [{ } bearer] && bearer.StartsWith("Bearer ", StringComparison.Ordinal)
            ? bearer["Bearer ".Length..]
            : Request.Headers["X-Role"].FirstOrDefault();
        if (role is null)
            return Task.FromResult(AuthenticateResult.NoResult());
        var user = Request.Headers["X-User"].FirstOrDefault() ?? role;
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Role, role), new Claim(ClaimTypes.Name, user), new Claim(ClaimTypes.NameIdentifier, user)], "Header");
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), "Header")));
    }
}
