using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Asdamir.Data.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>
/// The actions of operators. Actions on few jobs are answered with their result; actions on more continue in the background.
/// </summary>
internal static class ActionEndpoints
{
    private const int MaxIds = 10_000;
    private const int MaxAtOnce = 200;
    private const int MaxReason = 500;
    private const int MaxId = 100;
    private const int MaxBody = 2 * 1024 * 1024;

    public static void Map(ApiRoutes routes)
    {
        routes.Add(
                "/antiforgery", static (group, route) => group.MapGet(route, Token),
                "antiforgery", "Get a token for actions of a signed-in browser")
            .Returns<AntiforgeryAnswer>(
                headers: [new("Set-Cookie", "The cookie of the token."), new("Cache-Control", "no-cache, no-store")]);
        routes.Add(
                "/operations/{id}", static (group, route) => group.MapGet(route, Find),
                "operation", "Show the progress of a bulk action")
            .Details("The process that received the request keeps its last 200 actions; the audit keeps all.")
            .With(new ApiParameter("id", JsonSchemaType.String, "The action.", new() { Format = "uuid" }) { In = ParameterLocation.Path })
            .Returns<OperationAnswer>()
            .MayNotFind();

        foreach (var kind in ActionKinds.OnJobs)
            MapOne(routes, kind);
        foreach (var kind in ActionKinds.OnJobs)
            MapMany(routes, kind);
        foreach (var kind in ActionKinds.OnRecurringJobs)
            MapRecurring(routes, kind);
        foreach (var kind in ActionKinds.OnQueues)
            MapQueue(routes, kind);
        foreach (var kind in ActionKinds.OnLimits)
            MapLimit(routes, kind);
        foreach (var kind in ActionKinds.OnWorkflows)
            MapWorkflow(routes, kind);
    }

    private static void MapOne(ApiRoutes routes, JobsActionKind kind)
    {
        var verb = VerbOf(kind.Kind);
        routes.Add(
                $"/jobs/{{id}}/{verb}",
                (group, route) => group.MapPost(
                    route, (HttpContext http, IJobMonitor monitor, string id) => OneAsync(http, monitor, kind.Kind, id)),
                $"{verb}Job", kind.Summary)
            .Details(kind.Details)
            .With(ApiParameter.JobId)
            .ExamplesOf("jobAction")
            .Takes<OpenApi.JobActionRequest>(isOptional: true)
            .Returns<ActionAnswer>("The result of the action.")
            .MayNotFind()
            .MayConflict()
            .Acts();
    }

    private static void MapMany(ApiRoutes routes, JobsActionKind kind)
    {
        var verb = VerbOf(kind.Kind);
        routes.Add(
                $"/jobs/{verb}",
                (group, route) => group.MapPost(route, (HttpContext http, IJobMonitor monitor) => ManyAsync(http, monitor, kind.Kind)),
                $"{verb}Jobs", kind.SummaryOfMany)
            .ExamplesOf("bulkAction")
            .Takes<BulkActionRequest>(isOptional: false)
            .Returns<ActionAnswer>("The result of the action, for up to 200 ids.")
            .Returns<OperationAnswer>(
                "The action runs in the background, for a filter or more ids.", StatusCodes.Status202Accepted,
                new ApiHeader("Location", "Shows the progress.", true))
            .Acts();
    }

    private static void MapRecurring(ApiRoutes routes, RecurringActionKind kind)
    {
        var verb = VerbOf(kind.Kind);
        var added = routes.Add(
                $"/recurring-jobs/{{id}}/{verb}",
                (group, route) => group.MapPost(route, (HttpContext http, IJobMonitor monitor) => RecurringAsync(http, monitor, kind.Kind)),
                $"{verb}RecurringJob", kind.Summary)
            .With(ApiParameter.RecurringJobId)
            .ExamplesOf("recurringAction")
            .Takes<RecurringActionRequest>(isOptional: true)
            .Returns<ActionAnswer>(kind.Result)
            .MayNotFind()
            .Acts();
        if (kind.MayConflict)
            added.MayConflict();
    }

    private static void MapQueue(ApiRoutes routes, QueueActionKind kind)
    {
        var added = routes.Add(
                $"/queues/{{name}}/{kind.Verb}",
                (group, route) => group.MapPost(route, (HttpContext http, IJobMonitor monitor) => QueueAsync(http, monitor, kind)),
                $"{kind.Verb}Queue", kind.Summary)
            .Details(kind.Details)
            .With(ApiParameter.Queue)
            .ExamplesOf("queueAction")
            .Returns<ActionAnswer>("The result of the action; a remark says that no app has used the queue so far.")
            .MayNotFind()
            .MayConflict()
            .Acts();
        if (kind.HasEnd)
            added.Takes<PauseQueueRequest>(isOptional: true);
        else
            added.Takes<ResumeQueueRequest>(isOptional: true);
    }

    // The name is in the body: no address can hold every name.
    private static void MapLimit(ApiRoutes routes, LimitActionKind kind)
    {
        var added = routes.Add(
                $"/limits/{kind.Verb}",
                (group, route) => group.MapPost(route, (HttpContext http, IJobMonitor monitor) => LimitAsync(http, monitor, kind)),
                $"{kind.Verb}Limit", kind.Summary)
            .Details("It applies to the jobs that begin from then on, in all processes of the app.")
            .ExamplesOf("limitAction")
            .Returns<ActionAnswer>("The result of the action.")
            .MayNotFind()
            .Acts();
        if (kind.TakesValues)
            added.Takes<LimitChangeRequest>(isOptional: false);
        else
            added.Takes<LimitResetRequest>(isOptional: false);
    }

    private static void MapWorkflow(ApiRoutes routes, WorkflowActionKind kind) =>
        routes.Add(
                $"/workflows/{{id}}/{kind.Verb}",
                (group, route) => group.MapPost(
                    route, (HttpContext http, IJobMonitor monitor, string id) => WorkflowAsync(http, monitor, kind.Kind, id)),
                $"{kind.Verb}Workflow", kind.Summary)
            .Details(kind.Details)
            .With(ApiParameter.WorkflowId)
            .ExamplesOf("workflowAction")
            .Takes<WorkflowActionRequest>(isOptional: true)
            .Returns<ActionAnswer>("The result of the action.")
            .MayNotFind()
            .MayConflict()
            .Acts();

    private static string VerbOf(JobActionKind kind) => kind.ToString().ToLowerInvariant();

    private static IResult Token(HttpContext http, IAntiforgery antiforgery)
    {
        var tokens = antiforgery.GetAndStoreTokens(http);
        return Results.Json(new AntiforgeryAnswer(tokens.HeaderName!, tokens.RequestToken!), MonitoringJson.Default.AntiforgeryAnswer);
    }

    private static IResult Find(IJobMonitor monitor, string id) =>
        Guid.TryParse(id, out var known) && monitor.FindOperation(known) is { } operation
            ? Results.Json(Answer(operation), MonitoringJson.Default.OperationAnswer)
            : MonitoringEndpoints.NotFound($"There is no operation '{id}'. Finished operations are removed after a while.");

    private static async Task<IResult> OneAsync(HttpContext http, IJobMonitor monitor, JobActionKind kind, string id)
    {
        var request = await ReadAsync(http).ConfigureAwait(false);
        if (request.Ids is not null || request.Filter is not null)
            throw new InvalidParameterException(request.Ids is not null ? "ids" : "filter", "cannot be used for a single job");
        if (await monitor.FindJobAsync(id, cancellationToken: http.RequestAborted).ConfigureAwait(false) is null)
            return JobsEndpoints.NoSuchJob(id);
        var result = await monitor.ExecuteAsync(
            Of(http, kind, request.Reason) with { Jobs = Jobs([id], request) }, null, http.RequestAborted).ConfigureAwait(false);
        return Answer(result);
    }

    private static async Task<IResult> ManyAsync(HttpContext http, IJobMonitor monitor, JobActionKind kind)
    {
        var request = await ReadAsync(http).ConfigureAwait(false);
        var action = Of(http, kind, request.Reason);
        switch (request)
        {
            case { Ids: null, Filter: null } or { Ids: not null, Filter: not null }:
                throw new InvalidParameterException("ids", "or 'filter' must be given, and not both");
            case { Ids: { Count: 0 or > MaxIds } }:
                throw new InvalidParameterException("ids", $"does not have 1 to {MaxIds} entries");
            case { Ids: { Count: <= MaxAtOnce } few }:
                var result = await monitor.ExecuteAsync(
                    action with { Jobs = Jobs(few, request) }, null, http.RequestAborted).ConfigureAwait(false);
                return Results.Json(ActionAnswer.Of(result), MonitoringJson.Default.ActionAnswer);
            case { Ids: { } many }:
                return Start(
                    http, monitor, action with { Jobs = Jobs(many, request), Target = $"{many.Count} jobs: {string.Join(' ', many)}" });
        }
        Parameters.State("expectedState", request.ExpectedState);
        var wanted = request.Filter!;
        if (string.IsNullOrEmpty(wanted.State))
            throw new InvalidParameterException("filter.state", "must be given");
        var filter = FilterOf(wanted, monitor);
        // A job that enters the state later was not meant.
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        filter = filter with { To = filter.To is { } to && to < now ? to : now };
        return Start(
            http, monitor,
            action with { Filter = filter, Target = JsonSerializer.Serialize(wanted, MonitoringJson.Default.FilterRequest) });
    }

    private static JobListFilter FilterOf(FilterRequest wanted, IJobMonitor monitor)
    {
        try
        {
            return Parameters.Filter(monitor, wanted.State, wanted.App, wanted.Name, wanted.From, wanted.To, wanted.Q, wanted.Fingerprint);
        }
        catch (InvalidParameterException exception)
        {
            throw exception.Inside("filter");
        }
    }

    private static async Task<IResult> RecurringAsync(HttpContext http, IJobMonitor monitor, JobActionKind kind)
    {
        var request = await ReadAsync(http).ConfigureAwait(false);
        foreach (var (name, value) in new[]
        {
            ("ids", (object?)request.Ids), ("filter", request.Filter), ("expectedState", request.ExpectedState)
        })
        {
            if (value is not null)
                throw new InvalidParameterException(name, "cannot be used for a recurring job");
        }
        var id = Parameters.PathSegment(http, 1);
        if (await monitor.FindRecurringJobAsync(id, http.RequestAborted).ConfigureAwait(false) is null)
            return NoSuchRecurringJob(id);
        var result = await monitor.ExecuteAsync(
            Of(http, kind, request.Reason) with { RecurringJobId = id }, null, http.RequestAborted).ConfigureAwait(false);
        var wasRemoved = result.Skipped > 0 && await monitor.FindRecurringJobAsync(id, http.RequestAborted).ConfigureAwait(false) is null;
        return wasRemoved ? NoSuchRecurringJob(id) : Answer(result);
    }

    private static async Task<IResult> QueueAsync(HttpContext http, IJobMonitor monitor, QueueActionKind kind)
    {
        var request = kind.HasEnd
            ? await ReadAsync(http, MonitoringJson.Default.PauseQueueRequest).ConfigureAwait(false)
            : new PauseQueueRequest((await ReadAsync(http, MonitoringJson.Default.ResumeQueueRequest).ConfigureAwait(false))?.Reason, null);
        CheckReason(request?.Reason);
        var until = Parameters.Time("until", request?.Until);
        if (until <= http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow())
            throw new InvalidParameterException("until", "has passed");
        var queue = Parameters.PathSegment(http, 1);
        if (monitor.App is { } app && queue != app)
            return MonitoringEndpoints.NotFound($"There is no queue '{queue}'.");
        var result = await monitor.ExecuteAsync(
            Of(http, kind.Kind, request?.Reason) with { Queue = queue, Until = until }, null, http.RequestAborted).ConfigureAwait(false);
        return Answer(result);
    }

    private static async Task<IResult> LimitAsync(HttpContext http, IJobMonitor monitor, LimitActionKind kind)
    {
        var request = kind.TakesValues
            ? await ReadAsync(http, MonitoringJson.Default.LimitChangeRequest).ConfigureAwait(false)
            : await ReadAsync(http, MonitoringJson.Default.LimitResetRequest).ConfigureAwait(false) is { } reset
                ? new LimitChangeRequest(reset.Queue, reset.Name, null, null, reset.Reason)
                : null;
        var limit = new LimitReference
        {
            Queue = Parameters.Text("queue", request?.Queue) ?? throw new InvalidParameterException("queue", "must be given"),
            Name = Parameters.Text("name", request?.Name) ?? throw new InvalidParameterException("name", "must be given"),
        };
        if (request!.MaxRunning is < 0 or > JobLimits.MaxRunning)
            throw new InvalidParameterException("maxRunning", $"is not a number from 0 to {JobLimits.MaxRunning}");
        if (kind.TakesValues && request is { MaxRunning: null, Rate: null })
            throw new InvalidParameterException("maxRunning", "or 'rate' must be given");
        if (request.Rate is not null && JobRate.FaultOf(request.Rate) is { } fault)
            throw new InvalidParameterException("rate", fault.TrimEnd('.'));
        CheckReason(request.Reason);
        _ = JobRate.TryParse(request.Rate, out var rate);
        var action = Of(http, kind.Kind, request.Reason) with { Limit = limit, MaxRunning = request.MaxRunning, Rate = rate };
        var result = await monitor.ExecuteAsync(action, null, http.RequestAborted).ConfigureAwait(false);
        return result.Skipped > 0 ? MonitoringEndpoints.NotFound(result.Reason!) : Answer(result);
    }

    private static async Task<IResult> WorkflowAsync(HttpContext http, IJobMonitor monitor, JobActionKind kind, string id)
    {
        var request = await ReadAsync(http, MonitoringJson.Default.WorkflowActionRequest).ConfigureAwait(false);
        CheckReason(request?.Reason);
        if (await monitor.FindWorkflowAsync(id, size: 1, cancellationToken: http.RequestAborted).ConfigureAwait(false) is null)
            return WorkflowEndpoints.NoSuchWorkflow(id);
        var result = await monitor.ExecuteAsync(
            Of(http, kind, request?.Reason) with { WorkflowId = id }, null, http.RequestAborted).ConfigureAwait(false);
        return Answer(result);
    }

    private static IResult NoSuchRecurringJob(string id) => MonitoringEndpoints.NotFound($"There is no recurring job '{id}'.");

    private static IResult Start(HttpContext http, IJobMonitor monitor, JobActionRequest request)
    {
        // The request is answered before the action ends, so only the end of the app stops it.
        var operation = monitor.Start(request, http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        http.Response.Headers.Location = $"{MappedRoot.Of(http)}/operations/{operation.Action.Id}";
        return Results.Json(Answer(operation), MonitoringJson.Default.OperationAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    private static IReadOnlyList<JobReference> Jobs(IReadOnlyList<string> ids, ActionRequest request)
    {
        var expected = Parameters.State("expectedState", request.ExpectedState)?.ToString();
        return [.. ids.Select(id => new JobReference { Id = id, ExpectedState = expected })];
    }

    private static JobActionRequest Of(HttpContext http, JobActionKind kind, string? reason) => new()
    {
        Kind = kind,
        Reason = reason,
        User = http.User.Identity?.Name,
        Address = http.Connection.RemoteIpAddress?.ToString(),
        TraceId = Activity.Current?.TraceId.ToString(),
    };

    /// <summary>One job or recurring job: what was not done is a conflict, with the reason.</summary>
    private static IResult Answer(JobActionResult result) =>
        result.Failed > 0 ? Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not done", detail: result.Reason)
        : result.Skipped > 0 ? Results.Problem(statusCode: StatusCodes.Status409Conflict, title: "Refused", detail: result.Reason)
        : Results.Json(ActionAnswer.Of(result), MonitoringJson.Default.ActionAnswer);

    private static OperationAnswer Answer(JobOperation operation) => new(
        operation.Action.Id.ToString(), operation.Action.Kind.ToString(), operation.Action.Target, operation.IsFinished,
        operation.Action.At,
        ActionAnswer.Of(operation.Progress), operation.Error);

    private static async Task<ActionRequest> ReadAsync(HttpContext http)
    {
        var request = await ReadAsync(http, MonitoringJson.Default.ActionRequest).ConfigureAwait(false);
        if (request?.Ids?.Any(static id => string.IsNullOrEmpty(id)) == true)
            throw new InvalidParameterException("ids", "has an empty entry");
        if (request?.Ids?.Any(static id => id.Length > MaxId) == true)
            throw new InvalidParameterException("ids", $"has an entry that is longer than {MaxId} characters");
        CheckReason(request?.Reason);
        return request ?? new ActionRequest(null, null, null, null);
    }

    private static void CheckReason(string? reason)
    {
        if (reason is { Length: > MaxReason })
            throw new InvalidParameterException("reason", $"is longer than {MaxReason} characters");
    }

    /// <returns><see langword="null"/> for a request without a body.</returns>
    private static async Task<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type) where T : class
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return null;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = Math.Min(limit.MaxRequestBodySize ?? MaxBody, MaxBody);
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException exception)
        {
            throw new InvalidParameterException(
                exception.Path is { Length: > 2 } path ? path[2..] : "body", "is not the JSON that is expected here");
        }
    }
}
