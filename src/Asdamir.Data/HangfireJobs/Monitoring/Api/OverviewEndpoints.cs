using System.Security.Cryptography;
using System.Text.Json;
using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>Statistics, recurring jobs, queues, limits, servers and charts.</summary>
internal static class OverviewEndpoints
{
    private const int MaxFailures = 100;
    private const int MaxMinutes = 180;
    private const int MaxHours = 7 * 24;

    private static readonly ApiHeader NoCache = new("Cache-Control", "private, no-cache");

    public static void Map(ApiRoutes routes)
    {
        routes.Add(
                "/statistics", static (group, route) => group.MapGet(route, StatisticsAsync),
                "statistics", "Count the jobs of the schema by state")
            .With(
                new ApiParameter(
                    "If-None-Match", JsonSchemaType.String, "The ETag of an earlier response.")
                { In = ParameterLocation.Header })
            .Returns<StatisticsAnswer>(headers: [new("ETag", "The tag of this response; send it as If-None-Match.", true), NoCache])
            .Returns(
                "Nothing has changed since that response.", StatusCodes.Status304NotModified,
                new("ETag", "The tag of that response.", true), NoCache)
            .UsesStorage();
        routes.Add(
                "/recurring-jobs", static (group, route) => group.MapGet(route, RecurringJobsAsync),
                "recurringJobs", "List the recurring jobs")
            .Returns<IReadOnlyList<RecurringJobAnswer>>()
            .UsesStorage();
        routes.Add(
                "/recurring-jobs/{id}", static (group, route) => group.MapGet(route, RecurringJobAsync),
                "recurringJob", "Show one recurring job")
            .With(ApiParameter.RecurringJobId)
            .Returns<RecurringJobDetailsAnswer>()
            .MayNotFind()
            .UsesStorage();
        routes.Add(
                "/late-recurring-jobs", static (group, route) => group.MapGet(route, LateRecurringJobsAsync),
                "lateRecurringJobs", "Count the recurring jobs that are late")
            .With(ApiParameter.App)
            .Returns<IReadOnlyList<LateRecurringJobsAnswer>>(
                "One entry per app with an occurrence that is due and has not begun, the longest late first.")
            .Validates()
            .UsesStorage();
        routes.Add(
                "/queues", static (group, route) => group.MapGet(route, QueuesAsync),
                "queues", "List the queues with their waiting jobs and their servers")
            .With(ApiParameter.App)
            .Returns<IReadOnlyList<QueueAnswer>>()
            .Validates()
            .UsesStorage();
        routes.Add(
                "/limits", static (group, route) => group.MapGet(route, LimitsAsync),
                "limits", "List the limits of apps with what runs and waits under them")
            .With(ApiParameter.App)
            .Returns<IReadOnlyList<LimitAnswer>>("The limits by queue and name; none on a storage of another package.")
            .Validates()
            .UsesStorage();
        routes.Add(
                "/servers", static (group, route) => group.MapGet(route, ServersAsync),
                "servers", "List the processes that execute jobs, or did within the last 24 hours")
            .With(ApiParameter.App)
            .Returns<IReadOnlyList<ServerSummaryAnswer>>()
            .Validates()
            .UsesStorage();
        routes.Add(
                "/history", static (group, route) => group.MapGet(route, HistoryAsync),
                "history", "Count how jobs ended over time")
            .With(
                ApiParameter.App,
                new ApiParameter(
                    "step", JsonSchemaType.String, "The interval of a point.", new() { Values = ["minute", "hour"], Default = "minute" }),
                new ApiParameter(
                    "count", JsonSchemaType.Integer, "The number of points: up to 180 minutes (default 60) or 168 hours (default 24).",
                    new() { Minimum = 1, Maximum = MaxMinutes }))
            .Returns<IReadOnlyList<HistoryPointAnswer>>("One point per step, oldest first; the last interval has not ended.")
            .Validates()
            .UsesStorage();
        routes.Add(
                "/failures", static (group, route) => group.MapGet(route, FailuresAsync),
                "failures", "Rank job types by their failed jobs")
            .With(
                ApiParameter.App,
                ApiParameter.Time("from", "The earliest time of a failure; the default is one day ago."),
                new ApiParameter(
                    "size", JsonSchemaType.Integer, "The most job types to return.",
                    new() { Minimum = 1, Maximum = MaxFailures, Default = 10 }))
            .Returns<IReadOnlyList<JobFailuresAnswer>>()
            .Validates()
            .UsesStorage();
        routes.Add(
                "/failure-groups", static (group, route) => group.MapGet(route, FailureGroupsAsync),
                "failureGroups", "Group failed jobs by the kind of their error")
            .Details("The newest 20,000 failed jobs are read; on a storage of another package, the newest 1,000.")
            .With(
                ApiParameter.App,
                ApiParameter.Time("from", "The earliest time of a failure; the default is one day ago."),
                new ApiParameter(
                    "size", JsonSchemaType.Integer, "The most groups to return.",
                    new() { Minimum = 1, Maximum = MaxFailures, Default = 20 }))
            .Returns<JobFailureGroupsAnswer>()
            .Validates()
            .UsesStorage();
    }

    private static async Task<IResult> RecurringJobsAsync(IJobMonitor monitor, CancellationToken cancellationToken)
    {
        var jobs = await monitor.GetRecurringJobsAsync(cancellationToken).ConfigureAwait(false);
        return Results.Json<IReadOnlyList<RecurringJobAnswer>>(
            [.. jobs.Select(RecurringJobAnswer.Of)], MonitoringJson.Default.IReadOnlyListRecurringJobAnswer);
    }

    private static async Task<IResult> LateRecurringJobsAsync(IJobMonitor monitor, string? app, CancellationToken cancellationToken)
    {
        var late = await monitor.GetLateRecurringJobsAsync(Parameters.App(monitor, app), cancellationToken).ConfigureAwait(false);
        return Results.Json<IReadOnlyList<LateRecurringJobsAnswer>>(
            [.. late.Select(static app => new LateRecurringJobsAnswer(app.App, app.Count, app.WorstId, app.Since))],
            MonitoringJson.Default.IReadOnlyListLateRecurringJobsAnswer);
    }

    private static async Task<IResult> RecurringJobAsync(HttpContext http, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        var id = Parameters.PathSegment(http, 0);
        return await monitor.FindRecurringJobAsync(id, cancellationToken).ConfigureAwait(false) is { } job
            ? Results.Json(RecurringJobDetailsAnswer.Of(job), MonitoringJson.Default.RecurringJobDetailsAnswer)
            : MonitoringEndpoints.NotFound($"There is no recurring job '{id}'.");
    }

    // Many clients poll this, and most of the time nothing has changed.
    private static async Task<IResult> StatisticsAsync(HttpContext http, IJobMonitor monitor)
    {
        var statistics = await monitor.GetStatisticsAsync(http.RequestAborted).ConfigureAwait(false);
        var body = JsonSerializer.SerializeToUtf8Bytes(StatisticsAnswer.Of(statistics), MonitoringJson.Default.StatisticsAnswer);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8))}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        var known = http.Request.Headers.IfNoneMatch.SelectMany(static value => value?.Split(',', StringSplitOptions.TrimEntries) ?? []);
        return known.Any(one => one == "*" || one == tag || one == $"W/{tag}")
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(body, "application/json; charset=utf-8");
    }

    private static async Task<IResult> QueuesAsync(IJobMonitor monitor, TimeProvider time, string? app, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var queues = await monitor.GetQueuesAsync(Parameters.App(monitor, app), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<QueueAnswer> answer = [.. queues.Select(queue => QueueAnswer.Of(queue, now))];
        return Results.Json(answer, MonitoringJson.Default.IReadOnlyListQueueAnswer);
    }

    private static async Task<IResult> LimitsAsync(IJobMonitor monitor, string? app, CancellationToken cancellationToken)
    {
        var limits = await monitor.GetLimitsAsync(Parameters.App(monitor, app), cancellationToken).ConfigureAwait(false);
        return Results.Json<IReadOnlyList<LimitAnswer>>(
            [.. limits.Select(LimitAnswer.Of)], MonitoringJson.Default.IReadOnlyListLimitAnswer);
    }

    private static async Task<IResult> ServersAsync(IJobMonitor monitor, string? app, CancellationToken cancellationToken)
    {
        var servers = await monitor.GetServersAsync(Parameters.App(monitor, app), cancellationToken).ConfigureAwait(false);
        return Results.Json<IReadOnlyList<ServerSummaryAnswer>>(
            [.. servers.Select(ServerSummaryAnswer.Of)],
            MonitoringJson.Default.IReadOnlyListServerSummaryAnswer);
    }

    private static async Task<IResult> HistoryAsync(
        IJobMonitor monitor, string? app, string? step, string? count, CancellationToken cancellationToken)
    {
        var shown = Parameters.App(monitor, app);
        var (unit, fallback, most) = step switch
        {
            null or "" or "minute" => (HistoryStep.Minute, 60, MaxMinutes),
            "hour" => (HistoryStep.Hour, 24, MaxHours),
            _ => throw new InvalidParameterException("step", "is not one of minute, hour"),
        };
        var points = await monitor.GetHistoryAsync(
            unit, Parameters.Number("count", count, fallback, 1, most), shown, cancellationToken).ConfigureAwait(false);
        return Results.Json<IReadOnlyList<HistoryPointAnswer>>(
            [.. points.Select(static point => new HistoryPointAnswer(point.At, point.Succeeded, point.Failed, point.Deleted))],
            MonitoringJson.Default.IReadOnlyListHistoryPointAnswer);
    }

    private static async Task<IResult> FailureGroupsAsync(
        IJobMonitor monitor, TimeProvider time, string? app, string? from, string? size, CancellationToken cancellationToken)
    {
        var failures = await monitor.GetFailureGroupsAsync(
            Parameters.Time("from", from) ?? time.GetUtcNow().AddDays(-1), Parameters.Number("size", size, 20, 1, MaxFailures),
            Parameters.App(monitor, app),
            cancellationToken).ConfigureAwait(false);
        return Results.Json(JobFailureGroupsAnswer.Of(failures), MonitoringJson.Default.JobFailureGroupsAnswer);
    }

    private static async Task<IResult> FailuresAsync(
        IJobMonitor monitor, TimeProvider time, string? app, string? from, string? size, CancellationToken cancellationToken)
    {
        var failures = await monitor.GetFailuresAsync(
            Parameters.Time("from", from) ?? time.GetUtcNow().AddDays(-1), Parameters.Number("size", size, 10, 1, MaxFailures),
            Parameters.App(monitor, app),
            cancellationToken).ConfigureAwait(false);
        return Results.Json<IReadOnlyList<JobFailuresAnswer>>(
            [.. failures.Select(static type => new JobFailuresAnswer(type.Name, type.Queue, type.Count, type.LastAt, type.LastId))],
            MonitoringJson.Default.IReadOnlyListJobFailuresAnswer);
    }
}
