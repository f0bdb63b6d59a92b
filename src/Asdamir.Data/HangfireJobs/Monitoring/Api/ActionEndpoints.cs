using System.Diagnostics;
using System.Text.Json;
using Asdamir.Data.HangfireJobs.Monitoring.Actions;
using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>The actions of operators. Actions on few jobs are answered with their result; actions on more continue in the background.</summary>
internal static class ActionEndpoints
{
    private const int MaxIds = 10_000;
    private const int MaxAtOnce = 200;
    private const int MaxReason = 500;
    private const int MaxId = 100;
    private const int MaxBody = 2 * 1024 * 1024;

    public static void Map(ApiRoutes routes)
    {
        routes.Get("/antiforgery", Token, "antiforgery", "Get a token for actions of a signed-in browser")
            .Returns<AntiforgeryAnswer>(headers: [new("Set-Cookie", "The cookie of the token."), new("Cache-Control", "no-cache, no-store")]);
        routes.Get("/operations/{id}", Find, "operation", "Show the progress of a bulk action")
            .Details("The process that received the request keeps its last 200 actions; the audit keeps all.")
            .With(new ApiParameter("id", JsonSchemaType.String, "The action.", new() { Format = "uuid" }) { In = ParameterLocation.Path })
            .Returns<OperationAnswer>()
            .MayNotFind();

        MapOne<RequeueAction>(routes, "requeue", "Put a job back into its queue")
            .Details(
                "A failed, succeeded, deleted or scheduled job starts over with all its attempts. A job that waits in its queue or is being executed "
                + "is refused.");
        MapOne<DeleteAction>(routes, "delete", "Delete a job").Details("The token of a job that is being executed is cancelled within 5 seconds.");
        MapMany<RequeueAction>(routes, "requeue", "Put many jobs back into their queues");
        MapMany<DeleteAction>(routes, "delete", "Delete many jobs");
        MapRecurring<TriggerAction>(routes, "trigger", "Start a recurring job now", "The result of the action; jobId is the new job.").MayConflict();
        MapRecurring<PauseAction>(routes, "pause", "Pause a recurring job, also across restarts");
        MapRecurring<ResumeAction>(routes, "resume", "Resume a paused recurring job").MayConflict();
    }

    private static ApiRoute MapOne<TAction>(ApiRoutes routes, string verb, string summary) where TAction : StoredJobAction =>
        routes.Post($"/jobs/{{id}}/{verb}", static (HttpContext http, string id) => OneAsync<TAction>(http, id), $"{verb}Job", summary)
            .With(ApiParameter.JobId)
            .Takes<JobActionRequest>(isOptional: true)
            .Returns<ActionAnswer>("The result of the action.")
            .MayNotFind()
            .MayConflict()
            .Acts();

    private static void MapMany<TAction>(ApiRoutes routes, string verb, string summary) where TAction : StoredJobAction =>
        routes.Post($"/jobs/{verb}", (Delegate)ManyAsync<TAction>, $"{verb}Jobs", summary)
            .Takes<BulkActionRequest>(isOptional: false)
            .Returns<ActionAnswer>("The result of the action, for up to 200 ids.")
            .Returns<OperationAnswer>(
                "The action runs in the background, for a filter or more ids.", StatusCodes.Status202Accepted, new ApiHeader("Location", "Shows the progress.", true))
            .Acts();

    private static ApiRoute MapRecurring<TAction>(ApiRoutes routes, string verb, string summary, string result = "The result of the action.")
        where TAction : RecurringAction =>
        routes.Post($"/recurring-jobs/{{id}}/{verb}", (Delegate)RecurringAsync<TAction>, $"{verb}RecurringJob", summary)
            .With(ApiParameter.RecurringJobId)
            .Takes<RecurringActionRequest>(isOptional: true)
            .Returns<ActionAnswer>(result)
            .MayNotFind()
            .Acts();

    private static IResult Token(HttpContext http, IAntiforgery antiforgery)
    {
        var tokens = antiforgery.GetAndStoreTokens(http);
        return Results.Json(new AntiforgeryAnswer(tokens.HeaderName!, tokens.RequestToken!), MonitoringJson.Default.AntiforgeryAnswer);
    }

    private static IResult Find(Operations operations, string id) =>
        Guid.TryParse(id, out var known) && operations.Find(known) is { } operation
            ? Results.Json(Answer(operation), MonitoringJson.Default.OperationAnswer)
            : MonitoringEndpoints.NotFound($"There is no operation '{id}'. Finished operations are removed after a while.");

    private static async Task<IResult> OneAsync<TAction>(HttpContext http, string id) where TAction : StoredJobAction
    {
        var request = await ReadAsync(http).ConfigureAwait(false);
        if (request.Ids is not null || request.Filter is not null)
            throw new InvalidParameterException(request.Ids is not null ? "ids" : "filter", "cannot be used for a single job");
        var (action, scope) = (http.RequestServices.GetRequiredService<TAction>(), http.RequestServices.GetRequiredService<AppScope>());
        if (http.RequestServices.GetRequiredService<JobDetailsReader>().Read(id, scope.App) is null)
            return JobsEndpoints.NoSuchJob(id);
        var expected = Parameters.State("expectedState", request.ExpectedState)?.ToString();
        return Answer(await DoAsync(
            http, action.Kind, id, request, () => action.OnJobsAsync([id], expected, request.Reason, scope.MayActOn, null, http.RequestAborted)).ConfigureAwait(false));
    }

    private static async Task<IResult> ManyAsync<TAction>(HttpContext http) where TAction : StoredJobAction
    {
        var request = await ReadAsync(http).ConfigureAwait(false);
        var (action, scope) = (http.RequestServices.GetRequiredService<TAction>(), http.RequestServices.GetRequiredService<AppScope>());
        var expected = Parameters.State("expectedState", request.ExpectedState)?.ToString();
        // The request is answered before the action ends, so only the end of the app stops it.
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        switch (request)
        {
            case { Ids: null, Filter: null } or { Ids: not null, Filter: not null }:
                throw new InvalidParameterException("ids", "or 'filter' must be given, and not both");
            case { Ids: { Count: 0 or > MaxIds } }:
                throw new InvalidParameterException("ids", $"does not have 1 to {MaxIds} entries");
            case { Ids: { Count: <= MaxAtOnce } few }:
                var result = await DoAsync(
                    http, action.Kind, string.Join(' ', few), request,
                    () => action.OnJobsAsync(few, expected, request.Reason, scope.MayActOn, null, http.RequestAborted)).ConfigureAwait(false);
                return Results.Json(ActionAnswer.Of(result), MonitoringJson.Default.ActionAnswer);
            case { Ids: { } many }:
                return Start(http, action.Kind, $"{many.Count} jobs: {string.Join(' ', many)}", request,
                    progress => action.OnJobsAsync(many, expected, request.Reason, scope.MayActOn, progress, stopping));
        }
        var wanted = request.Filter!;
        if (string.IsNullOrEmpty(wanted.State))
            throw new InvalidParameterException("filter.state", "must be given");
        var filter = FilterOf(wanted, scope);
        // A job that enters the state later was not meant.
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        filter = filter with { To = filter.To is { } to && to < now ? to : now };
        return Start(http, action.Kind, JsonSerializer.Serialize(wanted, MonitoringJson.Default.FilterRequest), request,
            progress => action.OnMatchingAsync(filter, request.Reason, scope.MayActOn, progress, stopping));
    }

    private static JobListFilter FilterOf(FilterRequest wanted, AppScope scope)
    {
        try
        {
            return Parameters.Filter(scope, wanted.State, wanted.App, wanted.Name, wanted.From, wanted.To, wanted.Q);
        }
        catch (InvalidParameterException exception)
        {
            throw exception.Inside("filter");
        }
    }

    private static async Task<IResult> RecurringAsync<TAction>(HttpContext http) where TAction : RecurringAction
    {
        var request = await ReadAsync(http).ConfigureAwait(false);
        foreach (var (name, value) in new[] { ("ids", (object?)request.Ids), ("filter", request.Filter), ("expectedState", request.ExpectedState) })
        {
            if (value is not null)
                throw new InvalidParameterException(name, "cannot be used for a recurring job");
        }
        var id = Parameters.PathSegment(http, 1);
        var (action, scope) = (http.RequestServices.GetRequiredService<TAction>(), http.RequestServices.GetRequiredService<AppScope>());
        if (!action.Exists(id, scope.MayActOn))
            return MonitoringEndpoints.NotFound($"There is no recurring job '{id}'.");
        return Answer(await DoAsync(
            http, action.Kind, id, request,
            () => DedicatedThread.RunAsync(() => action.On(id, request.Reason, scope.MayActOn), http.RequestAborted)).ConfigureAwait(false));
    }

    private static Task<JobActionResult> DoAsync(HttpContext http, JobActionKind kind, string target, ActionRequest request, Func<Task<JobActionResult>> work) =>
        http.RequestServices.GetRequiredService<AuditedActions>().DoAsync(ActionOf(http, kind, target, request), work, http.RequestAborted);

    private static IResult Start(HttpContext http, JobActionKind kind, string target, ActionRequest request, Func<IProgress<JobActionResult>, Task<JobActionResult>> work)
    {
        var action = ActionOf(http, kind, target, request);
        var audited = http.RequestServices.GetRequiredService<AuditedActions>();
        var operation = http.RequestServices.GetRequiredService<Operations>().Start(action, progress => audited.DoAsync(action, () => work(progress), CancellationToken.None));
        http.Response.Headers.Location = $"{MappedRoot.Of(http)}/operations/{action.Id}";
        return Results.Json(Answer(operation), MonitoringJson.Default.OperationAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>One job or recurring job: what was not done is a conflict, with the reason.</summary>
    private static IResult Answer(JobActionResult result) =>
        result.Failed > 0 ? Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not done", detail: result.Reason)
        : result.Skipped > 0 ? Results.Problem(statusCode: StatusCodes.Status409Conflict, title: "Refused", detail: result.Reason)
        : Results.Json(ActionAnswer.Of(result), MonitoringJson.Default.ActionAnswer);

    private static OperationAnswer Answer(Operation operation) => new(
        operation.Action.Id.ToString(), operation.Action.Kind.ToString(), operation.Action.Target, operation.IsFinished, operation.StartedAt,
        ActionAnswer.Of(operation.Progress), operation.Error);

    private static JobAction ActionOf(HttpContext http, JobActionKind kind, string target, ActionRequest request) => new()
    {
        Id = Guid.CreateVersion7(),
        Kind = kind,
        Target = target,
        Reason = request.Reason,
        User = http.User.Identity?.Name,
        Address = http.Connection.RemoteIpAddress?.ToString(),
        TraceId = Activity.Current?.TraceId.ToString(),
        At = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
    };

    private static async Task<ActionRequest> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return new ActionRequest(null, null, null, null);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = Math.Min(limit.MaxRequestBodySize ?? MaxBody, MaxBody);
        ActionRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync(http.Request.Body, MonitoringJson.Default.ActionRequest, http.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException exception)
        {
            throw new InvalidParameterException(exception.Path is { Length: > 2 } path ? path[2..] : "body", "is not the JSON that is expected here");
        }
        if (request?.Ids?.Any(static id => string.IsNullOrEmpty(id)) == true)
            throw new InvalidParameterException("ids", "has an empty entry");
        if (request?.Ids?.Any(static id => id.Length > MaxId) == true)
            throw new InvalidParameterException("ids", $"has an entry that is longer than {MaxId} characters");
        return request?.Reason is { Length: > MaxReason }
            ? throw new InvalidParameterException("reason", $"is longer than {MaxReason} characters")
            : request ?? new ActionRequest(null, null, null, null);
    }
}
