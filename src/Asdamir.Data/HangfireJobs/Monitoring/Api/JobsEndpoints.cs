using System.Globalization;
using Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api;

/// <summary>Lists of jobs, and single ones.</summary>
internal static class JobsEndpoints
{
    private const int MaxPageSize = 200;
    private const int CountLimit = 10_000;
    private const int MaxSkip = 1_000;

    public static void Map(ApiRoutes routes)
    {
        routes.Add(
                "/jobs", static (group, route) => group.MapGet(route, JobsAsync),
                "jobs", "List jobs")
            .With(
                new ApiParameter(
                    "state", JsonSchemaType.String, "Only this state; case-insensitive.", new() { Values = Enum.GetNames<JobState>() },
                    "Failed"),
                ApiParameter.App,
                new ApiParameter(
                    "name", JsonSchemaType.String, "Only this job type, by its exact name.", new() { MaxLength = Parameters.MaxText },
                    "SendInvoiceJob"),
                ApiParameter.Time(
                    "from", "The earliest time at which jobs entered their state; without an offset it is UTC.", "2026-11-24T00:00:00Z"),
                ApiParameter.Time("to", "The time before which jobs entered their state.", "2026-11-25T00:00:00Z"),
                new ApiParameter(
                    "q", JsonSchemaType.String,
                    "A text in arguments, errors or results; case-insensitive. "
                        + "A page searches a limited number of jobs; its link leads to the next.",
                    new() { MaxLength = Parameters.MaxText }, "mail server"),
                new ApiParameter(
                    "fingerprint", JsonSchemaType.String,
                    "Only jobs that failed with this kind of error, from /failure-groups or the jobs themselves.",
                    new() { MaxLength = Parameters.MaxText }),
                new ApiParameter(
                    "retries", JsonSchemaType.Boolean, "Only scheduled jobs that wait for another attempt after an error.",
                    new() { Default = false }),
                new ApiParameter(
                    "sort", JsonSchemaType.String, "By the time at which jobs entered their state.",
                    new() { Values = ["newest", "oldest"], Default = "newest" }),
                new ApiParameter(
                    "pageSize", JsonSchemaType.Integer, "The most jobs of a page.",
                    new() { Minimum = 1, Maximum = MaxPageSize, Default = 50 }),
                new ApiParameter("after", JsonSchemaType.String, "The start of the page, from the link of the page before."),
                new ApiParameter(
                    "page", JsonSchemaType.Integer,
                    "The number of the page, within the first 10,000 jobs; not together with after. "
                        + "Following links is faster, and new jobs do not shift it.",
                    new() { Minimum = 1 }))
            .Returns<IReadOnlyList<JobAnswer>>(
                "A page of jobs.",
                headers:
                [
                    new("X-Total-Count", "The number of jobs that match, up to 10,000.", true, JsonSchemaType.Integer),
                    new("X-Total-Limit", "Present if more jobs may match.", Type: JsonSchemaType.Integer),
                    new(
                        "X-Scan-Limit", "Present if only this many jobs were searched: of each state, or for a text.",
                        Type: JsonSchemaType.Integer),
                    new(
                        "Link", "The next and the previous page (RFC 8288), rel next and prev.",
                        Example: "</frameworkapi/hangfire/jobs?state=Failed&pageSize=50&after=1795504329418245.4711.0>; rel=\"next\""),
                ])
            .Validates()
            .UsesStorage();
        routes.Add(
                "/jobs/{id}", static (group, route) => group.MapGet(route, JobAsync),
                "job", "Show one job")
            .With(ApiParameter.JobId)
            .Returns<JobDetailsAnswer>()
            .MayNotFind()
            .UsesStorage();
        routes.Add(
                "/jobs/{id}/log", static (group, route) => group.MapGet(route, LogAsync),
                "jobLog", "Show the log of one job, oldest line first")
            .With(ApiParameter.JobId)
            .Returns<IReadOnlyList<JobLogLineAnswer>>()
            .MayNotFind()
            .UsesStorage();
    }

    private static async Task<IResult> JobAsync(
        IJobMonitor monitor, TimeProvider time, string id, CancellationToken cancellationToken) =>
        await monitor.FindJobAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false) is { } job
            ? Results.Json(Answer(job, time.GetUtcNow()), MonitoringJson.Default.JobDetailsAnswer)
            : NoSuchJob(id);

    private static async Task<IResult> LogAsync(IJobMonitor monitor, string id, CancellationToken cancellationToken)
    {
        if (await monitor.GetJobLogAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false) is not { } lines)
            return NoSuchJob(id);
        return Results.Json<IReadOnlyList<JobLogLineAnswer>>(
            [.. lines.Select(static line => new JobLogLineAnswer(line.At, line.Level, line.Message))],
            MonitoringJson.Default.IReadOnlyListJobLogLineAnswer);
    }

    public static IResult NoSuchJob(string id) => MonitoringEndpoints.NotFound($"There is no job '{id}'.");

    private static async Task<IResult> JobsAsync(HttpContext http, IJobMonitor monitor)
    {
        var query = http.Request.Query;
        var filter = Parameters.Filter(query, monitor);
        var size = Parameters.Number("pageSize", query["pageSize"], 50, 1, MaxPageSize);
        var hasPage = !string.IsNullOrEmpty(query["page"]);
        var page = Parameters.Number("page", query["page"], 1, 1, CountLimit);
        if (hasPage && (page - 1) * (long)size >= CountLimit)
        {
            throw new InvalidParameterException(
                "page", $"is beyond the first {CountLimit} jobs; follow the links of a request without 'page' instead");
        }
        string? after = query["after"];
        if (hasPage && !string.IsNullOrEmpty(after))
            throw new InvalidParameterException("after", "cannot be combined with 'page'");

        var listing = hasPage
            ? await PageAsync(monitor, filter, page, size, http.RequestAborted).ConfigureAwait(false)
            : await FindAsync(monitor, filter, string.IsNullOrEmpty(after) ? null : after, size, http.RequestAborted).ConfigureAwait(false);
        var total = await monitor.CountJobsAsync(filter, CountLimit, http.RequestAborted).ConfigureAwait(false);
        http.Response.Headers["X-Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
        if (total == CountLimit)
            http.Response.Headers["X-Total-Limit"] = total.ToString(CultureInfo.InvariantCulture);
        if (listing.IsPartial)
            http.Response.Headers["X-Scan-Limit"] = (listing.ScanLimit ?? CountLimit).ToString(CultureInfo.InvariantCulture);
        var next = hasPage && page * (long)size >= CountLimit ? null : listing.Next;
        if (Links(http.Request, hasPage ? page : null, next) is { Length: > 0 } links)
            http.Response.Headers.Link = links;
        return Results.Json<IReadOnlyList<JobAnswer>>([.. listing.Jobs.Select(Answer)], MonitoringJson.Default.IReadOnlyListJobAnswer);
    }

    private static async Task<JobListing> FindAsync(
        IJobMonitor monitor, JobListFilter filter, string? after, int size, CancellationToken cancellationToken)
    {
        try
        {
            return await monitor.GetJobsAsync(filter, size, after, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            throw new InvalidParameterException("after", "is no cursor; use the one of the link to the next page");
        }
    }

    // By number, as existing clients page: a walk along the cursors, bounded by the count limit.
    private static async Task<JobListing> PageAsync(
        IJobMonitor monitor, JobListFilter filter, int page, int size, CancellationToken cancellationToken)
    {
        var skip = (page - 1) * size;
        string? after = null;
        while (skip > 0)
        {
            var wanted = Math.Min(skip, MaxSkip);
            var skipped = await monitor.GetJobsAsync(filter, wanted, after, cancellationToken).ConfigureAwait(false);
            // A search for a text stops after a while with fewer jobs; continuing it could read the whole table.
            if (skipped.Next is null || skipped.Jobs.Count < wanted)
                return new JobListing { Jobs = [], IsPartial = skipped.IsPartial, ScanLimit = skipped.ScanLimit };
            skip -= skipped.Jobs.Count;
            after = skipped.Next;
        }
        return await monitor.GetJobsAsync(filter, size, after, cancellationToken).ConfigureAwait(false);
    }

    private static string Links(HttpRequest request, int? page, string? next)
    {
        var kept = request.Query.Where(static pair => pair.Key is not ("page" or "after"))
            .SelectMany(static pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value))).ToList();
        List<string> links = [];
        if (page > 1)
            links.Add(Link("page", (page.Value - 1).ToString(CultureInfo.InvariantCulture), "prev"));
        if (next is not null)
        {
            links.Add(
                page is null ? Link("after", next, "next") : Link("page", (page.Value + 1).ToString(CultureInfo.InvariantCulture), "next"));
        }
        return string.Join(", ", links);

        string Link(string name, string value, string relation) =>
            $"<{MappedRoot.Of(request.HttpContext)}/jobs{QueryString.Create(kept.Append(KeyValuePair.Create(name, (string?)value)))}>; "
                + $"rel=\"{relation}\"";
    }

    private static JobAnswer Answer(JobSummary job) => new(
        job.Id, job.Name, job.State.ToString(), job.CreatedAt, job.StartedAt, job.CompletedAt, job.Error, job.App, job.Priority,
        job.Arguments, job.DueAt, job.Attempt, job.Duration?.TotalMilliseconds, job.Latency?.TotalMilliseconds, job.ErrorType,
        job.Fingerprint);

    private static JobDetailsAnswer Answer(JobDetails job, DateTimeOffset now) => new(
        job.Id, job.Name, job.State, job.Reason, job.App, job.CreatedAt, job.ExpiresAt, job.Attempt, job.Arguments, job.Context,
        job.Error is { } error ? new JobErrorAnswer(error.Type, error.Message, error.Details) : null, job.Output, job.Progress,
        [.. job.Steps.Select(static step => new JobStepAnswer(step.Name, step.StartedAt, step.EndedAt, step.Attempt, step.Result))],
        [.. job.Cursors.Select(static cursor => new JobCursorAnswer(cursor.Name, cursor.At, cursor.Value))],
        job.RecurringJobId, job.Priority, job.FairnessKey,
        [.. job.Limits.Select(static limit => new JobLimitAnswer(limit.Name, limit.Key))],
        job.UniqueKey, job.IdempotencyKey, job.ParentId, job.WorkflowId, job.ChildIds,
        [.. job.History.Select(static entry => new JobHistoryEntryAnswer(entry.State, entry.Reason, entry.At, entry.Data))], job.LoadError,
        PauseAnswer.Of(job.QueuePause), job.UnservedQueue is { } queue ? QueueAnswer.Of(queue, now) : null,
        job.StuckSince);
}
