using System.Diagnostics;
using System.Globalization;
using System.Threading.RateLimiting;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;
using Asdamir.Data.HangfireJobs.Monitoring.Api;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Stands before every route and file of the API: who may look, who may act and whether they meant to, how often, and what
/// becomes of errors. Whatever happens, the answer is a problem and never a stack trace.
/// </summary>
internal sealed partial class AccessFilter(
    HangfireJobsOptions options, AccessPolicy access, IAntiforgery antiforgery, AuditedActions audit, TimeProvider time,
    ILogger<AccessFilter> log)
    : IEndpointFilter, IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<HttpContext> _requests = Limiter(options.Access.RequestsPerMinute);
    private readonly PartitionedRateLimiter<HttpContext> _actions = Limiter(options.Access.ActionsPerMinute);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        // Answers carry texts of others, which no browser shall take for a page.
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            return await RefuseAsync(http).ConfigureAwait(false) ?? await next(context).ConfigureAwait(false);
        }
        catch (InvalidParameterException exception)
        {
            return MonitoringEndpoints.Invalid(exception);
        }
        catch (JobAuditException exception)
        {
            Log.AuditFailed(log, exception, http.Request.Path);
            return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not done", detail: exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            return Results.Problem(statusCode: exception.StatusCode, title: "Bad request", detail: exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested)
        {
            Log.StorageFailed(log, exception, http.Request.Path);
            return Results.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, detail: "The job storage did not answer. Try again.");
        }
    }

    public void Dispose()
    {
        _requests.Dispose();
        _actions.Dispose();
    }

    private async ValueTask<IResult?> RefuseAsync(HttpContext http)
    {
        var acts = !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);
        var refusal = await access.CheckAsync(http).ConfigureAwait(false);
        // Also for those who are refused, as each of their attempts to act fills the audit.
        if (Limit(http, _requests) is { } tooMany)
            return tooMany;
        if (refusal != 0)
            return await DenyAsync(http, acts, refusal, "You may not see the background jobs of this app.").ConfigureAwait(false);
        if (!acts)
            return null;
        if (!await access.MayActAsync(http).ConfigureAwait(false))
        {
            access.ExplainNoAction();
            return await DenyAsync(
                http, acts, StatusCodes.Status403Forbidden,
                options.Access.ReadOnly ? "This API is read-only." : "You may look, but not act.").ConfigureAwait(false);
        }
        // A page of another site cannot send a bearer token. Beside a cookie, the cookie may be what signs the user in.
        if (!(HasBearerToken(http) && http.Request.Headers.Cookie.Count == 0)
            && !await antiforgery.IsRequestValidAsync(http).ConfigureAwait(false))
        {
            return await DenyAsync(
                http, acts, StatusCodes.Status400BadRequest,
                "The antiforgery token is missing or invalid. "
                    + $"Get one from {MappedRoot.Of(http)}/antiforgery, or send a bearer token and no cookie.").ConfigureAwait(false);
        }
        return Limit(http, _actions);
    }

    private async ValueTask<IResult> DenyAsync(HttpContext http, bool acts, int status, string why)
    {
        if (acts && KindOf(http.Request.Path.Value!) is { } kind)
        {
            var action = new JobAction
            {
                Id = Guid.CreateVersion7(),
                Kind = kind,
                Target = http.Request.Path,
                User = http.User.Identity?.Name,
                Address = http.Connection.RemoteIpAddress?.ToString(),
                TraceId = Activity.Current?.TraceId.ToString(),
                At = time.GetUtcNow(),
            };
            await audit.DenyAsync(action, why).ConfigureAwait(false);
        }
        return Results.Problem(statusCode: status, detail: why);
    }

    /// <returns><see langword="null"/> for a path that is no action.</returns>
    private static JobActionKind? KindOf(string path) => path.Split('/') switch
    {
        [.., "queues", _, var verb] => ActionKinds.OnQueues.FirstOrDefault(kind => kind.Verb == verb)?.Kind,
        [.., "limits", var verb] => ActionKinds.OnLimits.FirstOrDefault(kind => kind.Verb == verb)?.Kind,
        [.., "workflows", _, var verb] => ActionKinds.OnWorkflows.FirstOrDefault(kind => kind.Verb == verb)?.Kind,
        [.., var verb] when Enum.TryParse<JobActionKind>(verb, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
            && !char.IsAsciiDigit(path[^1]) => kind,
        _ => null,
    };

    private static IResult? Limit(HttpContext http, PartitionedRateLimiter<HttpContext> limiter)
    {
        using var lease = limiter.AttemptAcquire(http);
        if (lease.IsAcquired)
            return null;
        http.Response.Headers.RetryAfter = Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return Results.Problem(statusCode: StatusCodes.Status429TooManyRequests, detail: "Too many requests. Wait a moment and try again.");
    }

    private static bool HasBearerToken(HttpContext http) =>
        http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    private static PartitionedRateLimiter<HttpContext> Limiter(int permits) => PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetSlidingWindowLimiter(
            http.User.Identity is { IsAuthenticated: true, Name: { } name }
                ? "user " + name
                : $"address {ClientSource.Of(http.Connection.RemoteIpAddress)}",
            _ => new SlidingWindowRateLimiterOptions { PermitLimit = permits, Window = Window, SegmentsPerWindow = 6 }));

    private static partial class Log
    {
        [LoggerMessage(EventId = 1601, Level = LogLevel.Error, Message = "{Path} could not be answered: the job storage failed")]
        public static partial void StorageFailed(ILogger logger, Exception exception, PathString path);

        [LoggerMessage(EventId = 1602, Level = LogLevel.Error, Message = "{Path} was not carried out: the audit failed")]
        public static partial void AuditFailed(ILogger logger, Exception exception, PathString path);
    }
}
