using System.Security.Cryptography;
using System.Text.Json;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>What concerns many jobs: statistics, recurring jobs, queues, servers, charts.</summary>
internal static class OverviewEndpoints
{
    public static void Map(ApiRoutes routes)
    {
        routes.Get("/statistics", Statistics);
        routes.Get("/recurring-jobs", static (RecurringJobsReader reader) =>
            Results.Json(reader.Read(), MonitoringJson.Default.IReadOnlyListRecurringJobAnswer));
        routes.Get("/recurring-jobs/{id}", static (HttpContext http, RecurringJobsReader reader) =>
            reader.Read(Parameters.PathSegment(http, 0)) is { } job
                ? Results.Json(job, MonitoringJson.Default.RecurringJobDetails)
                : MonitoringEndpoints.NotFound($"There is no recurring job '{Parameters.PathSegment(http, 0)}'."));
        routes.Get("/queues", Queues);
        routes.Get("/servers", static (ServersReader reader, AppScope scope, string? app) =>
            Results.Json(reader.Read(scope.Restrict(Parameters.Text("app", app))), MonitoringJson.Default.IReadOnlyListServerSummary));
        routes.Get("/history", History);
        routes.Get("/failures", Failures);
    }

    // Polled by many: most of the time nothing has changed.
    private static IResult Statistics(HttpContext http, StatisticsReader reader)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(reader.Read(), MonitoringJson.Default.StatisticsAnswer);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8))}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        return http.Request.Headers.IfNoneMatch.Any(value => value?.Split(',', StringSplitOptions.TrimEntries).Any(one => one == "*" || one == tag || one == $"W/{tag}") == true)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(body, "application/json; charset=utf-8");
    }

    private static IResult Queues(QueuesReader reader, AppScope scope, TimeProvider time, string? app)
    {
        var now = time.GetUtcNow().UtcDateTime;
        IReadOnlyList<QueueAnswer> answer =
        [
            .. reader.Read(scope.Restrict(Parameters.Text("app", app))).Select(queue => new QueueAnswer(
                queue.Name, queue.Waiting, queue.OldestAt, queue.OldestAt is { } at ? Math.Max(Math.Round((now - at).TotalSeconds, 3), 0) : null, queue.Claimed))
        ];
        return Results.Json(answer, MonitoringJson.Default.IReadOnlyListQueueAnswer);
    }

    private static IResult History(HistoryReader reader, AppScope scope, string? app, string? step, string? count)
    {
        var shown = scope.Restrict(Parameters.Text("app", app));
        return Results.Json(
            step switch
            {
                null or "" or "minute" => reader.Minutes(shown, Parameters.Number("count", count, 60, 1, HistoryReader.MaxMinutes)),
                "hour" => reader.Hours(shown, Parameters.Number("count", count, 24, 1, HistoryReader.MaxHours)),
                _ => throw new InvalidParameterException("step", "is not one of minute, hour"),
            },
            MonitoringJson.Default.IReadOnlyListHistoryPoint);
    }

    private static IResult Failures(FailuresReader reader, AppScope scope, TimeProvider time, string? app, string? from, string? size) =>
        Results.Json(
            reader.Read(
                scope.Restrict(Parameters.Text("app", app)),
                Parameters.Time("from", from) ?? time.GetUtcNow().UtcDateTime.AddDays(-1),
                Parameters.Number("size", size, 10, 1, 100)),
            MonitoringJson.Default.IReadOnlyListJobFailures);
}
