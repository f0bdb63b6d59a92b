using System.Security.Cryptography;
using System.Text.Json;
using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Asdamir.Data.HangfireJobs.Monitoring.Reads;
using Asdamir.Data.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>Statistics, recurring jobs, queues, servers and charts.</summary>
internal static class OverviewEndpoints
{
    private const int MaxFailures = 100;

    private static readonly ApiHeader NoCache = new("Cache-Control", "private, no-cache");

    public static void Map(ApiRoutes routes)
    {
        routes.Get("/statistics", Statistics, "statistics", "Count the jobs of the schema by state")
            .With(new ApiParameter("If-None-Match", JsonSchemaType.String, "The ETag of an earlier response.") { In = ParameterLocation.Header })
            .Returns<StatisticsAnswer>(headers: [new("ETag", "The tag of this response; send it as If-None-Match.", true), NoCache])
            .Returns("Nothing has changed since that response.", StatusCodes.Status304NotModified, new("ETag", "The tag of that response.", true), NoCache)
            .UsesStorage();
        routes.Get("/recurring-jobs", RecurringJobs, "recurringJobs", "List the recurring jobs")
            .Returns<IReadOnlyList<RecurringJobAnswer>>()
            .UsesStorage();
        routes.Get("/recurring-jobs/{id}", RecurringJob, "recurringJob", "Show one recurring job")
            .With(ApiParameter.RecurringJobId)
            .Returns<RecurringJobDetails>()
            .MayNotFind()
            .UsesStorage();
        routes.Get("/queues", Queues, "queues", "List the queues and their waiting jobs")
            .With(ApiParameter.App)
            .Returns<IReadOnlyList<QueueAnswer>>()
            .Validates()
            .UsesStorage();
        routes.Get("/servers", Servers, "servers", "List the processes that execute jobs")
            .With(ApiParameter.App)
            .Returns<IReadOnlyList<ServerSummary>>()
            .Validates()
            .UsesStorage();
        routes.Get("/history", History, "history", "Count how jobs ended over time")
            .With(
                ApiParameter.App,
                new ApiParameter("step", JsonSchemaType.String, "The interval of a point.", new() { Values = ["minute", "hour"], Default = "minute" }),
                new ApiParameter(
                    "count", JsonSchemaType.Integer, "The number of points: up to 180 minutes (default 60) or 168 hours (default 24).",
                    new() { Minimum = 1, Maximum = HistoryReader.MaxMinutes }))
            .Returns<IReadOnlyList<HistoryPoint>>("One point per step, oldest first; the last interval has not ended.")
            .Validates()
            .UsesStorage();
        routes.Get("/failures", Failures, "failures", "Rank job types by their failed jobs")
            .With(
                ApiParameter.App,
                ApiParameter.Time("from", "The earliest time of a failure; the default is one day ago."),
                new ApiParameter("size", JsonSchemaType.Integer, "The most job types to return.", new() { Minimum = 1, Maximum = MaxFailures, Default = 10 }))
            .Returns<IReadOnlyList<JobFailures>>()
            .Validates()
            .UsesStorage();
    }

    private static IResult RecurringJobs(RecurringJobsReader reader) => Results.Json(reader.Read(), MonitoringJson.Default.IReadOnlyListRecurringJobAnswer);

    private static IResult RecurringJob(HttpContext http, RecurringJobsReader reader)
    {
        var id = Parameters.PathSegment(http, 0);
        return reader.Read(id) is { } job
            ? Results.Json(job, MonitoringJson.Default.RecurringJobDetails)
            : MonitoringEndpoints.NotFound($"There is no recurring job '{id}'.");
    }

    private static IResult Servers(ServersReader reader, AppScope scope, string? app) =>
        Results.Json(reader.Read(scope.Restrict(Parameters.Text("app", app))), MonitoringJson.Default.IReadOnlyListServerSummary);

    // Many clients poll it, and most of the time nothing has changed.
    private static IResult Statistics(HttpContext http, StatisticsReader reader)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(reader.Read(), MonitoringJson.Default.StatisticsAnswer);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8))}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        var known = http.Request.Headers.IfNoneMatch.SelectMany(static value => value?.Split(',', StringSplitOptions.TrimEntries) ?? []);
        return known.Any(one => one == "*" || one == tag || one == $"W/{tag}")
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
                Parameters.Number("size", size, 10, 1, MaxFailures)),
            MonitoringJson.Default.IReadOnlyListJobFailures);
}
