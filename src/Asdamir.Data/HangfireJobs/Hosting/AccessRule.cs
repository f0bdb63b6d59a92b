using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Decides who may open the API and the dashboard: those the configured policy allows. Without a policy nobody,
/// except, in Development, a request from this machine that no proxy has passed on.
/// </summary>
internal sealed class AccessRule(HangfireJobsOptions options, IHostEnvironment environment)
{
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"];

    /// <summary>Whether the sender may look.</summary>
    /// <returns>0 when allowed; otherwise the status code of the refusal, 401 or 403.</returns>
    public Task<int> CheckAsync(HttpContext http) =>
        options.Access.Policy.Length > 0
            ? CheckAsync(http, nameof(options.Access.Policy), options.Access.Policy)
            : Task.FromResult(environment.IsDevelopment() && IsFromThisMachine(http) ? 0 : StatusCodes.Status403Forbidden);

    /// <summary>Whether the sender, who may look, may also act.</summary>
    public async Task<bool> MayActAsync(HttpContext http) =>
        !options.Access.ReadOnly
        && (options.Access.OperatorPolicy.Length == 0
            || await CheckAsync(http, nameof(options.Access.OperatorPolicy), options.Access.OperatorPolicy).ConfigureAwait(false) == 0);

    /// <summary>Sends a browser that is not signed in to the host's sign-in, if the host has one.</summary>
    public static async Task RefuseAsync(HttpContext http, int refusal)
    {
        http.Response.StatusCode = refusal;
        if (refusal == StatusCodes.Status401Unauthorized
            && http.RequestServices.GetService<IAuthenticationSchemeProvider>() is { } schemes
            && await schemes.GetDefaultChallengeSchemeAsync().ConfigureAwait(false) is { } scheme)
        {
            await http.ChallengeAsync(scheme.Name).ConfigureAwait(false);
        }
    }

    private static async Task<int> CheckAsync(HttpContext http, string key, string name)
    {
        // The policy's own schemes are used, so this works whether or not the host has put UseAuthentication
        // and UseAuthorization before these routes.
        var services = http.RequestServices;
        var policy = await services.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(name).ConfigureAwait(false)
            ?? throw new InvalidOperationException(
                $"{HangfireJobsOptions.SectionName}:Access:{key} = '{name}' is not a policy of this app. Fix: add it with AddAuthorization(…), or correct the name.");
        var evaluator = services.GetRequiredService<IPolicyEvaluator>();
        var authentication = await evaluator.AuthenticateAsync(policy, http).ConfigureAwait(false);
        if (authentication is { Succeeded: true, Principal: { } user })
            http.User = user;
        var result = await evaluator.AuthorizeAsync(policy, authentication, http, resource: http).ConfigureAwait(false);
        return result.Succeeded ? 0
            : result.Challenged ? StatusCodes.Status401Unauthorized
            : StatusCodes.Status403Forbidden;
    }

    private static bool IsFromThisMachine(HttpContext http)
    {
        var remote = http.Connection.RemoteIpAddress;
        return remote is not null
            && IPAddress.IsLoopback(remote)
            && !ProxyHeaders.Any(http.Request.Headers.ContainsKey)
            // A page of another site that resolves its name to this machine carries its own name.
            && (http.Request.Host.Host is "localhost" || (IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host)));
    }
}
