using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Decides who may open the API and the dashboard: those the configured policy allows. Without a policy nobody,
/// except, in Development, a request from this machine that no proxy has passed on.
/// </summary>
internal sealed class AccessRule(HangfireJobsOptions options, IHostEnvironment environment, IOptions<ForwardedHeadersOptions> forwarding)
{
    // Of each name also what begins with it and goes on with '-': X-Forwarded-For, and X-Original-For, which says that it was applied.
    private static readonly string[] ProxyHeaders =
        ["Forwarded", "X-Forwarded", "X-Original", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Via"];

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

    // The host's middleware may write anything a header says into RemoteIpAddress, so the connection's own address counts as well,
    // and a request with a trace of a proxy is never local.
    private bool IsFromThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } remote
        && IPAddress.IsLoopback(remote)
        && IsConnectionLocal(http)
        && !http.Request.Headers.Keys.Any(IsOfProxy)
        // A page of another site that resolves its name to this machine carries its own name.
        && (http.Request.Host.Host is "localhost" || (IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host)));

    private bool IsOfProxy(string header)
    {
        var settings = forwarding.Value;
        return ProxyHeaders.Any(name => header.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (header.Length == name.Length || header[name.Length] == '-'))
            || new[]
            {
                settings.ForwardedForHeaderName, settings.ForwardedHostHeaderName, settings.ForwardedProtoHeaderName, settings.ForwardedPrefixHeaderName,
                settings.OriginalForHeaderName, settings.OriginalHostHeaderName, settings.OriginalProtoHeaderName, settings.OriginalPrefixHeaderName,
            }.Contains(header, StringComparer.OrdinalIgnoreCase);
    }

    // Servers without sockets have no such feature; a proxy that comes through a Unix socket has no IP address.
    private static bool IsConnectionLocal(HttpContext http)
    {
        try
        {
            return http.Features.Get<IConnectionSocketFeature>() is not { Socket: var socket }
                || (socket.RemoteEndPoint is IPEndPoint remote && IPAddress.IsLoopback(remote.Address));
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            return false;
        }
    }
}
