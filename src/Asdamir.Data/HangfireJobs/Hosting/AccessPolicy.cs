using System.Collections.Concurrent;
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
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Decides who may open the API and the dashboard: users who meet the configured policy. Without a policy all requests are refused,
/// except, in Development, those from this machine that no proxy forwarded.
/// </summary>
internal sealed partial class AccessPolicy(
    HangfireJobsOptions options, IHostEnvironment environment, IOptions<ForwardedHeadersOptions> forwarding, TimeProvider time,
    ILogger<AccessPolicy> log)
{
    private const string Section = $"{HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.Access)}";
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    // Each name includes all that begin with it and a '-', such as X-Forwarded-For, and X-Original-For, which the middleware leaves behind.
    private static readonly string[] ProxyHeaders =
        ["Forwarded", "X-Forwarded", "X-Original", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Via"];

    private readonly ConcurrentDictionary<string, DateTimeOffset> _logged = new(StringComparer.Ordinal);

    /// <summary>Whether the API or the dashboard is served, so that the policies are needed.</summary>
    public bool IsUsed { get; set; }

    private (string Key, string Name)[] Policies =>
        [(nameof(options.Access.Policy), options.Access.Policy), (nameof(options.Access.OperatorPolicy), options.Access.OperatorPolicy)];

    /// <summary>The faults of the configured policies.</summary>
    public async Task<IReadOnlyCollection<string>> FaultsAsync(IServiceProvider services)
    {
        List<string> faults = [];
        foreach (var (key, name) in IsUsed ? Policies.Where(static policy => policy.Name.Length > 0) : [])
        {
            if (await services.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(name).ConfigureAwait(false) is null)
                faults.Add($"{FaultOf(key, name)}.");
        }
        return faults;
    }

    /// <summary>Whether the user may open API and dashboard.</summary>
    /// <returns>0 when allowed; otherwise the status code of the refusal, 401 or 403.</returns>
    public async Task<int> CheckAsync(HttpContext http)
    {
        if (options.Access.Policy.Length > 0)
        {
            var refusal = await CheckAsync(http, nameof(options.Access.Policy), options.Access.Policy).ConfigureAwait(false);
            if (refusal == StatusCodes.Status403Forbidden)
                Explain(ReasonOf(nameof(options.Access.Policy), options.Access.Policy));
            return refusal;
        }
        if (environment.IsDevelopment() && IsFromThisMachine(http))
            return 0;
        Explain(
            $"no policy says who may look. Fix: set {Section}:{nameof(options.Access.Policy)} to an authorization policy of this app; "
            + "without one, only a browser on this machine may, in Development and without a proxy");
        return StatusCodes.Status403Forbidden;
    }

    /// <summary>Whether a user who may open API and dashboard may also act.</summary>
    public async Task<bool> MayActAsync(HttpContext http) =>
        !options.Access.ReadOnly
        && (options.Access.OperatorPolicy.Length == 0
            || await CheckAsync(http, nameof(options.Access.OperatorPolicy), options.Access.OperatorPolicy).ConfigureAwait(false) == 0);

    /// <summary>Logs which setting forbids the user to act.</summary>
    public void ExplainNoAction() => Explain(options.Access.ReadOnly
        ? $"actions are switched off. Fix: set {Section}:{nameof(options.Access.ReadOnly)} to false"
        : ReasonOf(nameof(options.Access.OperatorPolicy), options.Access.OperatorPolicy));

    /// <summary>Who has access and who may act, in the words of the settings.</summary>
    public override string ToString() =>
        !IsUsed ? "not served"
        : options.Access.Policy.Length == 0 ? environment.IsDevelopment() ? "this machine only" : "closed, as Access:Policy is empty"
        : options.Access.ReadOnly ? $"policy '{options.Access.Policy}', read-only"
        : options.Access.OperatorPolicy.Length == 0 ? $"policy '{options.Access.Policy}'"
        : $"policy '{options.Access.Policy}', to act '{options.Access.OperatorPolicy}'";

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

    private async Task<int> CheckAsync(HttpContext http, string key, string name)
    {
        // The policy's own schemes are used, so this works whether or not the host has put UseAuthentication
        // and UseAuthorization before these routes.
        var services = http.RequestServices;
        if (await services.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(name).ConfigureAwait(false) is not { } policy)
        {
            Explain(FaultOf(key, name));
            return StatusCodes.Status403Forbidden;
        }
        var evaluator = services.GetRequiredService<IPolicyEvaluator>();
        var authentication = await evaluator.AuthenticateAsync(policy, http).ConfigureAwait(false);
        if (authentication is { Succeeded: true, Principal: { } user })
            http.User = user;
        var result = await evaluator.AuthorizeAsync(policy, authentication, http, resource: http).ConfigureAwait(false);
        return result.Succeeded ? 0
            : result.Challenged ? StatusCodes.Status401Unauthorized
            : StatusCodes.Status403Forbidden;
    }

    private static string ReasonOf(string key, string name) =>
        $"the user does not meet the policy of {Section}:{key} = '{name}'. Fix: change the policy, or what the user is allowed";

    private static string FaultOf(string key, string name) =>
        $"{Section}:{key} = '{name}' is not a policy of this app. Fix: add it with AddAuthorization(…), or correct the name";

    // Each reason at most once a minute, because any sender can repeat requests.
    private void Explain(string reason)
    {
        if (!log.IsEnabled(LogLevel.Information))
            return;
        var now = time.GetUtcNow();
        if (_logged.TryGetValue(reason, out var last)
            ? now - last >= Quiet && _logged.TryUpdate(reason, now, last)
            : _logged.TryAdd(reason, now))
        {
            Log.Refused(log, reason);
        }
    }

    // The host's middleware may write anything a header says into RemoteIpAddress, so the connection's own address counts as well,
    // and a request with a trace of a proxy is never local.
    private bool IsFromThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } remote
        && IPAddress.IsLoopback(remote)
        && IsConnectionLocal(http)
        && !http.Request.Headers.Keys.Any(IsOfProxy)
        // A page of another site that resolves its name to this machine carries its own name.
        && (http.Request.Host.Host is "localhost"
            || (IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host)));

    private bool IsOfProxy(string header)
    {
        var settings = forwarding.Value;
        return ProxyHeaders.Any(name =>
            header.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (header.Length == name.Length || header[name.Length] == '-'))
            || new[]
            {
                settings.ForwardedForHeaderName, settings.ForwardedHostHeaderName, settings.ForwardedProtoHeaderName,
                settings.ForwardedPrefixHeaderName,
                settings.OriginalForHeaderName, settings.OriginalHostHeaderName, settings.OriginalProtoHeaderName,
                settings.OriginalPrefixHeaderName,
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

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1605, Level = LogLevel.Information,
            Message = "API or dashboard of the background jobs refused a request (403): {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
